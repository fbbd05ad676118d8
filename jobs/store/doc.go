// Package store is the daemon's own memory: what was collected, what is on its way, what was proven, what was pulled, what
// the rules were, and the log of it all. It holds the only SQL of ours, for SQLite and PostgreSQL alike.
//
// # A delivery
//
// A record's state is its exception if it has one, else the state of the delivery that carries it. A delivery is formed
// once, at collect, and moves so:
//
//	          Claim                Settle: answered
//	waiting ────────► sending ───────────────────► acknowledged ──Looked──► proven
//	 ▲ ▲ ▲               │ │ └─ all refused ─► rejected  │  ▲  ▲                │
//	 │ │ └─ not sent ────┘ └─ unclear, or send_until     │  │  └─ base changed ─┘
//	 │ │                      has passed (Expire)        │  │
//	 │ │                             ▼                   │  │
//	 │ └──── Looked twice, absent ─ unknown ── Looked ───│──┘ (present, not yet published)
//	 │       or Repeat (harmless)    └──────── Looked ───│────────────────► proven
//	 └────── Looked twice, absent ───────────────────────┘
//
// A delivery that no record counts on any more (superseded, vanished, withheld, moved) is void. Every transition is
// compare-and-set on (id, attempt, state): whoever comes late gets ErrStale.
//
// # An epoch
//
// When the store may have forgotten what it did (see Epochs), an epoch begins:
//
//	waiting ──epoch──► unknown (attempt + 1: one may have been made)      sending ──epoch──► unknown
//	unknown, acknowledged: looked at again from the beginning, first_absent is forgotten
//
// Until the first whole read of a stream that began in the epoch is completed, the stream is in doubt: what is formed
// begins as unknown, nothing waiting is claimed, nothing absent goes again. A record whose exception was put before that
// begins as unknown too, whenever it goes out. The seam for a test that puts an older copy back is Epochs.Begin.
//
// # Promised
//
//   - An intent to send is on disk before Claim returns; commits survive loss of power (SQLite synchronous=FULL, PostgreSQL
//     synchronous_commit, both checked by Open).
//   - Balance equals Recount at every moment: the live counters of the deliveries move with the records, in their
//     transaction.
//   - All daemons share one clock, one rate limit, one quota, one breaker and one stop switch per channel.
//   - No statement per record where records come in thousands, and no memory that grows with the rows.
//
// # Not promised
//
//   - Absence is recorded per delivery, not per record: the caller looks twice before it says Resend.
//   - Due days inside the lines of a body are those of the day it was formed; records carry those in force.
//   - On SQLite one process writes; others may read and give orders beside it (Options.Beside).
package store
