package jobs

import (
	"encoding/json"
	"slices"

	"creditsync/jobs/store"
)

// The kinds of line in the sync log.
const (
	KindRun      = "run"
	KindAttempt  = "attempt"
	KindDecision = "decision"
	KindPerson   = "person"
	KindAlarm    = "alarm"
)

// The reasons why something stands as it does: one enumeration for the log, the page and the metric. Each has a sentence
// in each language.
const (
	ReasonPanic    = "job.panic"
	ReasonStopped  = "job.stopped"
	ReasonInternal = "job.internal"

	NoSuchStream   = "rules.no_such_stream"
	NoSuchRegistry = "rules.no_such_registry"
	NoSuchChannel  = "rules.no_such_channel"
	NoSuchResource = "rules.no_such_resource"
	WrongDirection = "rules.wrong_direction"
	StreamTwice    = "rules.stream_twice"
	CodesTwice     = "rules.codes_twice"
	AfterUnknown   = "rules.after_unknown"
	AfterCircle    = "rules.after_circle" // stream, the stream it waits for
	AnswersUnknown = "rules.answers_unknown"
	CalendarFault  = "rules.calendar"

	InvalidRow      = "collect.invalid"
	WithheldRow     = "collect.withheld"
	NotReadyYet     = "collect.not_ready"
	WaitsFor        = "collect.waits_for"
	WaitsForAbsent  = "collect.waits_for_absent"
	OutsideStream   = store.ReasonOutside
	DuplicateKey    = "collect.duplicate_key"
	NullKey         = "collect.null_key"
	KeyNotUnique    = "collect.key_not_unique"
	Shrunk          = "collect.shrunk"
	ChangedTooMuch  = "collect.changed_too_much"
	ReleasedChange  = "collect.released"
	SourceFinding   = "collect.finding"
	SpoolUnreadable = "collect.spool"
	CountDiffers    = "collect.count_differs"
	ReadUnderWay    = "collect.under_way"
	ReadOvertaken   = "collect.overtaken"
	RowGone         = "collect.row_gone"

	RejectedRow     = "deliver.rejected"
	BatchRefused    = "deliver.batch_refused"
	NoReceipt       = "deliver.no_receipt"
	Contradictory   = "deliver.contradictory_receipt"
	Strangers       = "deliver.strange_receipts"
	ClaimedTooLate  = "deliver.claimed_too_late"
	AcceptedByPush  = "deliver.accepted"
	ChannelBreaking = "deliver.breaker"

	SeenPublished = "prove.published"
	NotPublished  = "prove.not_published"
	Differs       = "prove.differs"
	AbsentOnce    = "prove.absent_once"
	AbsentTwice   = "prove.absent_twice"
	Repeated      = "prove.repeated"
	NoLookUp      = "prove.no_lookup"

	BooksDiffer   = "compare.books_differ"
	BalanceBroken = "compare.balance_broken"

	PullTotalMismatch = "pull.total_mismatch"
	PullEmpty         = "pull.empty"
	PullShrunk        = "pull.shrunk"
	PullEndless       = "pull.endless"
	EntryFaulty       = "pull.entry_faulty"
	PullSwitched      = "pull.switched"
	TooFewInspectors  = "pull.too_few_inspectors"
	CertificateEnded  = "pull.certificate_expired"

	RemindOverdue      = "remind.overdue"
	RemindDue          = "remind.due"
	RemindStaleList    = "remind.stale_list"
	RemindBalance      = "remind.balance"
	RemindBooks        = "remind.books"
	RemindCalendar     = "remind.calendar"
	RemindProof        = "remind.proof_old"
	RemindStopped      = "remind.stopped"
	RemindBlocked      = "remind.blocked"
	RemindBackup       = "remind.backup_old"
	RemindNoBackup     = "remind.backup_never"
	BackupFailed       = "backup.failed"
	RemindHeld         = "remind.held"
	RemindReadOld      = "remind.read_old"
	RemindNeverRead    = "remind.never_read"
	RemindReadFailed   = "remind.read_failed"
	RemindUncounted    = "remind.uncounted"
	RemindUnread       = "remind.unread"
	RemindInvalid      = "remind.invalid"
	RemindUnknownState = "remind.unknown"
	RemindRejected     = "remind.rejected"
	RemindMock         = "remind.mock"
	Recovered          = "remind.recovered"

	DoubtfulCode      = "screen.doubtful_code"
	NobodyAsked       = "screen.nobody"
	ScreenedHit       = "screen.hit"
	ScreenedCandidate = "screen.candidate"
	ScreenedClear     = "screen.clear"
	ScreenedStale     = "screen.stale"

	ResendOrdered = "resend.ordered"
	NotRefused    = "resend.not_refused"
	NoSuchRecord  = "resend.no_such_record"

	NothingHeld = "release.nothing_held"
	GuardDiffer = "release.guard_differs"
)

// Reasons is the whole enumeration, with the claim's reasons of the store.
func Reasons() []string {
	return slices.Concat([]string{
		ReasonPanic, ReasonStopped, ReasonInternal,
		NoSuchStream, NoSuchRegistry, NoSuchChannel, NoSuchResource, WrongDirection, StreamTwice, CodesTwice, AfterUnknown,
		AnswersUnknown, CalendarFault,
		InvalidRow, WithheldRow, NotReadyYet, WaitsFor, WaitsForAbsent, OutsideStream, DuplicateKey, NullKey, KeyNotUnique,
		Shrunk, ChangedTooMuch, ReleasedChange, SourceFinding, SpoolUnreadable,
		CountDiffers, ReadUnderWay, ReadOvertaken, RowGone,
		RejectedRow, BatchRefused, NoReceipt, Contradictory, Strangers, ClaimedTooLate, AcceptedByPush, ChannelBreaking,
		SeenPublished, NotPublished, Differs, AbsentOnce, AbsentTwice, Repeated, NoLookUp,
		BooksDiffer, BalanceBroken,
		PullTotalMismatch, PullEmpty, PullShrunk, PullEndless, EntryFaulty, PullSwitched, TooFewInspectors, CertificateEnded,
		RemindOverdue, RemindDue, RemindStaleList, RemindBalance, RemindBooks, RemindCalendar, RemindProof, RemindStopped, RemindBlocked, RemindBackup,
		RemindNoBackup, BackupFailed, RemindHeld,
		RemindReadOld, RemindNeverRead, RemindReadFailed, RemindUncounted, RemindUnread, RemindInvalid, RemindUnknownState, RemindRejected, RemindMock, Recovered,
		DoubtfulCode, NobodyAsked, ScreenedHit, ScreenedCandidate, ScreenedClear, ScreenedStale, ResendOrdered, NotRefused, NoSuchRecord, NothingHeld, GuardDiffer,
	}, []string{
		store.NothingDue, store.Stopped, store.QuietHours, store.RateLimit, store.DailyQuota, store.InFlight, store.Breaker, store.NewEpoch, store.Blocked,
		store.CauseRestored, store.CauseReplaced, store.CauseCopied, store.CauseConfirmed, store.CauseSilent, store.CauseRolledBack,
		store.CauseClock, store.ReasonEpoch,
	})
}

// sameDetail compares details as they stand in the log: as JSON.
func sameDetail(a, b map[string]any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}
