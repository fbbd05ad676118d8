package engine

import (
	"context"
	"errors"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// resignation is River's topic on which the other machines hear that nobody leads.
const resignation = "river_leadership"

// dethrone ends the lead that a killed process of this node still holds. Else nobody would lead until it expires, 15 s
// later, and until then the plan does not come and nothing that is scheduled becomes due.
func (e *Engine) dethrone(ctx context.Context) error {
	exec := e.driver.GetExecutor()
	leader, err := exec.LeaderGetElectedLeader(ctx, &riverdriver.LeaderGetElectedLeaderParams{})
	if errors.Is(err, rivertype.ErrNotFound) {
		return nil
	}
	if err != nil {
		return &Fault{What: NotAdopted, Err: err}
	}
	if !e.ours(leader.LeaderID) {
		return nil
	}
	p := &riverdriver.LeaderResignParams{ElectedAt: leader.ElectedAt, LeaderID: leader.LeaderID, LeadershipTopic: resignation}
	if _, err := exec.LeaderResign(ctx, p); err != nil {
		return &Fault{What: NotAdopted, Err: err}
	}
	return nil
}

// ours says whether what an earlier process left under this name is this one's to take up: SQLite's lock file lets one
// process at a time have the store; on PostgreSQL the node's name tells.
func (e *Engine) ours(node string) bool {
	return e.o.Store.Dialect() == "sqlite" || e.o.Node != "" && node == e.o.Node
}
