package simulation

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Plan is everything that a seed stands for: the world, what people do in it, and what goes wrong.
type Plan struct {
	Seed    uint64    `json:"seed"`
	Begin   time.Time `json:"begin"`
	Nodes   int       `json:"nodes"`
	Objects int       `json:"objects"`
	Results int       `json:"results"`
	Every   int       `json:"every"` // minutes between two reads of a stream
	Rate    string    `json:"rate"`
	Flight  int       `json:"inFlight"`
	Most    int       `json:"most"` // records in a batch
	// Publishing is how long the platform takes to publish what it accepted.
	Publishing time.Duration `json:"publishing"`
	Active     time.Duration `json:"active"` // how long people work and things go wrong
	// Beyond: the platform commits later than its profile says. Then a doubling is no fault of ours, if it is reported.
	Beyond bool    `json:"beyond"`
	Steps  []Step  `json:"steps"`
	Faults []Fault `json:"faults"`
}

// Step is something that people do.
type Step struct {
	At  time.Duration `json:"at"`
	Do  string        `json:"do"`
	Row int           `json:"row"`
	// Lag is how long after it was stamped a change becomes visible: a transaction that commits late.
	Lag time.Duration `json:"lag,omitzero"`
}

// String is the step as a trace names it.
func (s Step) String() string {
	text := fmt.Sprintf("at %s: %s, row %d", s.At.Round(time.Second), s.Do, s.Row)
	if s.Lag > 0 {
		text += fmt.Sprintf(", visible %s later", s.Lag)
	}
	return text
}

// Fault is something that goes wrong: at the Nth commit or exchange, or at a time and for a while.
type Fault struct {
	What string        `json:"what"`
	Nth  int           `json:"nth,omitzero"`
	At   time.Duration `json:"at,omitzero"`
	For  time.Duration `json:"for,omitzero"`
	Node int           `json:"node,omitzero"`
}

// String is the fault as a trace names it.
func (f Fault) String() string {
	switch {
	case slices.Contains(timed(), f.What):
		return fmt.Sprintf("at %s: %s for %s (node %d)", f.At.Round(time.Second), f.What, f.For, f.Node)
	case f.What == crashBefore || f.What == crashAfter:
		return fmt.Sprintf("commit %d: %s", f.Nth, f.What)
	}
	return fmt.Sprintf("exchange %d: %s (%s)", f.Nth, f.What, f.For)
}

// What goes wrong at a commit.
const (
	crashBefore = "crash before the commit"
	crashAfter  = "crash after the commit"
)

// What goes wrong with an exchange.
const (
	refusedConn     = "connection refused"
	lostRequest     = "request lost"
	lostAnswer      = "answer lost"
	crashUnsent     = "crash before the request leaves"
	crashSent       = "crash when the request has left, which arrives later"
	crashCommitted  = "crash after the platform committed"
	crashAnswered   = "crash when the answer is there"
	lateCommit      = "answer lost, committed later"
	tooLateCommit   = "answer lost, committed after the bound"
	partialBatch    = "half of the batch, half of the receipts"
	strangeReceipts = "receipts of strangers"
	doubleReceipt   = "one receipt twice"
	wrongType       = "receipts that are no list"
	emptyAnswer     = "an empty answer"
	gatewayPage     = "a gateway's page"
	serverError     = "503 before the commit"
	errorAfter      = "503 after the commit"
	throttled       = "throttled"
	signatureOld    = "signature expired"
	reordered       = "receipts in another order"
	contradicted    = "a receipt that contradicts another"
	receiptShort    = "one receipt too few"
	stalledAnswer   = "answer stalled"
	requestTwice    = "request delivered twice"
)

// What goes wrong for a while.
const (
	outage       = "platform out of reach"
	storm        = "platform answers 503"
	hanging      = "platform does not answer"
	wallJump     = "wall clock jumps"
	platformSkew = "platform's clock is off"
)

func timed() []string { return []string{outage, storm, hanging, wallJump, platformSkew} }

func exchanged() []string {
	return []string{refusedConn, lostRequest, lostAnswer, crashUnsent, crashSent, crashCommitted, crashAnswered, lateCommit,
		partialBatch, strangeReceipts, doubleReceipt, wrongType, emptyAnswer, gatewayPage, serverError, errorAfter, throttled,
		signatureOld, reordered, contradicted, receiptShort, stalledAnswer, requestTwice}
}

// What people do.
const (
	insertRow   = "insert"
	editRow     = "edit"
	hideRow     = "mark secret"
	openRow     = "no longer secret"
	unreadyRow  = "take back the approval"
	readyRow    = "approve"
	excludeRow  = "move out of the stream"
	includeRow  = "move into the stream"
	spoilRow    = "write nonsense"
	mendRow     = "correct nonsense"
	weakenRow   = "make it unacceptable to the platform"
	mendWeak    = "make it acceptable"
	deleteRow   = "delete"
	recreateRow = "create again"
	twinRow     = "write the row a second time"
	untwinRow   = "remove the second row"
	editObject  = "edit the object"
	newObject   = "insert the object"
	wipeRows    = "delete most rows"
	restoreRows = "bring the rows back"
	releaseHeld = "release what is held"
	changeRules = "change the rules"
	loadNotice  = "load the notice of next year"
)

// common are what people do every day; the pairs undo each other.
func common() []string {
	return []string{insertRow, insertRow, editRow, editRow, editRow, hideRow, hideRow, openRow, unreadyRow, readyRow, excludeRow,
		includeRow, spoilRow, mendRow, weakenRow, mendWeak, deleteRow, deleteRow, recreateRow, recreateRow, twinRow, untwinRow,
		editObject, newObject}
}

// PlanOf draws a plan.
func PlanOf(seed uint64) Plan {
	r := planner(seed)
	p := Plan{
		Seed: seed, Nodes: one(r, 1, 1, 2), Objects: 1 + r.IntN(4), Results: 3 + r.IntN(8), Every: one(r, 10, 15, 30),
		Rate: one(r, "20/s", "2/s", "3/60s"), Flight: one(r, 1, 2, 4), Most: one(r, 2, 4, 50),
		Publishing: one(r, 0, 20*time.Second, 4*time.Minute), Active: time.Duration(40+r.IntN(80)) * time.Minute,
		Begin:  time.Date(2026, 12, 7+r.IntN(24), r.IntN(24), r.IntN(60), 0, 0, shanghai()),
		Beyond: r.IntN(10) == 0,
	}
	if r.IntN(8) == 0 {
		p.Results = 30 + r.IntN(12)
	}
	p.steps(r)
	p.faults(r)
	return p
}

func (p *Plan) steps(r *rand.Rand) {
	hot := r.IntN(p.Results) // of one row more is told than of the others: what one change does to another comes out there
	for range r.IntN(4 + min(p.Results, 16)) {
		s := Step{At: p.moment(r), Do: one(r, common()...), Row: one(r, hot, r.IntN(p.Results+4))}
		if r.IntN(4) == 0 {
			s.Lag = time.Duration(r.IntN(40*60)) * time.Second
		}
		p.Steps = append(p.Steps, s)
	}
	for _, rare := range []string{changeRules, loadNotice} {
		if r.IntN(4) == 0 {
			p.Steps = append(p.Steps, Step{At: p.moment(r), Do: rare})
		}
	}
	if p.Results >= 30 && r.IntN(2) == 0 {
		at := p.moment(r)
		p.Steps = append(p.Steps, Step{At: at, Do: wipeRows},
			Step{At: at + time.Duration(r.IntN(3600))*time.Second, Do: one(r, restoreRows, releaseHeld)})
	}
	slices.SortStableFunc(p.Steps, func(a, b Step) int { return cmp.Compare(a.At, b.At) })
}

func (p *Plan) moment(r *rand.Rand) time.Duration {
	return time.Duration(r.Int64N(int64(p.Active))).Truncate(time.Second)
}

func (p *Plan) faults(r *rand.Rand) {
	for range r.IntN(7) {
		f := Fault{What: one(r, exchanged()...), Nth: 1 + r.IntN(24), For: time.Duration(r.IntN(570)) * time.Second}
		p.Faults = append(p.Faults, f)
	}
	for range r.IntN(3) {
		p.Faults = append(p.Faults, Fault{What: one(r, crashBefore, crashAfter), Nth: 10 + r.IntN(250)})
	}
	for range r.IntN(3) {
		p.Faults = append(p.Faults, Fault{What: one(r, timed()...), At: p.moment(r), For: time.Duration(1+r.IntN(40)) * time.Minute, Node: r.IntN(p.Nodes)})
	}
	if p.Beyond {
		p.Faults = append(p.Faults, Fault{What: tooLateCommit, Nth: 1 + r.IntN(16), For: 10*time.Minute + time.Duration(r.IntN(30))*time.Minute})
	}
}

// shanghai is the bureau's time zone; it needs no zone file.
func shanghai() *time.Location { return time.FixedZone("Asia/Shanghai", 8*3600) }
