package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// How much of time may be missing.
const (
	// silence is how long a stopped store may stay without a sign of life before its next start doubts it: longer than a
	// restart takes, shorter than it takes to put an older copy in its place.
	silence = 30 * time.Second
	// gap is how far the store's clock and a running process may disagree about the time that passed between two looks.
	gap = 10 * time.Second
	// Beats is how often a living process gives a sign of life.
	Beats = 5 * time.Second
)

// memory is what a process remembers of its store, so that it notices when the store goes back in time under it.
type memory struct {
	mu     sync.Mutex
	epoch  int64 // -1: nothing is remembered
	beats  int64
	claims map[string]int64 // by channel
	steady func() time.Time // the process's own clock, nil before Join or when there is none
	ours   time.Time        // by steady, and
	theirs int64            // by the store's clock, at the last agreement
}

// errBack says that the store is older than what the process remembers, or time has passed that it did not see.
type errBack struct{ cause string }

func (e errBack) Error() string { return "the store went back in time: " + e.cause }

// judge compares what the store says with what is remembered and gives the cause of a new epoch, "" if there is none.
func (m *memory) judge(epoch, now int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch < m.epoch {
		return CauseRolledBack
	}
	if m.steady == nil || m.theirs == 0 {
		return ""
	}
	ours := m.steady()
	if off := now - m.theirs - ours.Sub(m.ours).Milliseconds(); off > gap.Milliseconds() || off < -gap.Milliseconds() {
		return CauseClock
	}
	m.theirs, m.ours = now, ours
	return ""
}

// counted says whether the store remembers fewer claims of a channel than the process does.
func (m *memory) counted(epoch int64, channel string, claims int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return epoch > m.epoch || claims >= m.claims[channel]
}

// note remembers what the store was seen to say, after it was committed.
func (m *memory) note(epoch int64, claims map[string]int64, beats int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch < m.epoch {
		return
	}
	if epoch > m.epoch || m.claims == nil {
		m.epoch, m.claims, m.beats = epoch, map[string]int64{}, 0
	}
	for channel, n := range claims {
		m.claims[channel] = max(m.claims[channel], n)
	}
	m.beats = max(m.beats, beats)
}

// follow forgets what was before an epoch.
func (m *memory) follow(epoch int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch, m.claims, m.beats, m.theirs = epoch, map[string]int64{}, 0, 0
}

// agree sets the clocks beside one another.
func (m *memory) agree(now int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.steady != nil {
		m.theirs, m.ours = now, m.steady()
	}
}

// Beat gives a sign of life, and begins an epoch if the store went back in time since the process last saw it. Every
// process that may send beats every Beats, and joins first.
func (e *Epochs) Beat(ctx context.Context) (now Epoch, begun bool, err error) {
	var b beat
	err = e.db.transact(ctx, "beat", func(tx *Tx) error {
		if b, err = tx.readBeat(ctx); err != nil {
			return err
		}
		if cause := b.judge(&e.db.memory, tx.now); cause != "" {
			begun = true
			if b.Epoch, err = tx.beginEpoch(ctx, cause); err != nil {
				return err
			}
		}
		return tx.beat(ctx)
	})
	if err != nil {
		return Epoch{}, false, fmt.Errorf("sign of life: %w", err)
	}
	e.remember(b, begun)
	return b.Epoch, begun, nil
}

func (e *Epochs) remember(b beat, begun bool) {
	if begun {
		e.db.memory.follow(b.Number)
		b.claims, b.beats = nil, -1
	}
	e.db.memory.note(b.Number, b.claims, b.beats+1)
	e.db.memory.agree(b.now)
}

// beat is what the store says of its own life.
type beat struct {
	Epoch
	at, beats int64
	place     string
	claims    map[string]int64
	now       int64
}

func (tx *Tx) readBeat(ctx context.Context) (b beat, err error) {
	b.now = tx.now
	if err := tx.row(ctx, "SELECT beat, beats, place FROM life"+tx.db.d.lock).Scan(&b.at, &b.beats, &b.place); err != nil {
		return b, fmt.Errorf("read the last beat: %w", err)
	}
	if b.Epoch, err = tx.epochs(ctx); err != nil {
		return b, fmt.Errorf("read the epoch: %w", err)
	}
	rows, err := tx.query(ctx, "SELECT name, claims FROM channels")
	type count struct {
		channel string
		claims  int64
	}
	all, err := collect(rows, err, func(rows *sql.Rows, c *count) error { return rows.Scan(&c.channel, &c.claims) })
	b.claims = make(map[string]int64, len(all))
	for _, c := range all {
		b.claims[c.channel] = c.claims
	}
	return b, err
}

func (b *beat) judge(m *memory, now int64) string {
	if cause := m.judge(b.Number, now); cause != "" {
		return cause
	}
	m.mu.Lock()
	fewer := b.Number == m.epoch && b.beats < m.beats
	m.mu.Unlock()
	for channel, n := range b.claims {
		fewer = fewer || !m.counted(b.Number, channel, n)
	}
	if fewer {
		return CauseRolledBack
	}
	return ""
}

func (tx *Tx) beat(ctx context.Context) error {
	if _, err := tx.exec(ctx, "UPDATE life SET beat = ?, beats = beats + 1", tx.now); err != nil {
		return fmt.Errorf("note a sign of life: %w", err)
	}
	return nil
}

// goneBack turns the refusal of a claim into an epoch: nothing was handed out.
func (d *Deliveries) goneBack(ctx context.Context, err error) (Claimed, error) {
	var back errBack
	if !errors.As(err, &back) {
		return Claimed{}, err
	}
	if _, err := (&Epochs{d.db}).Begin(ctx, back.cause); err != nil {
		return Claimed{}, err
	}
	return Claimed{Reason: NewEpoch}, nil
}
