// Package store is the daemon's own memory: what was collected, what is on its way, what was proven, what was pulled, what
// the rules were, and the log of it all. It holds the only SQL of ours, for SQLite and PostgreSQL alike.
//
// # A delivery
//
// A record's state is its exception if it has one, else the state of the delivery that carries it. A delivery is formed
// once, at collect, and moves along these arrows and no others. They are the rows of Transitions, a test holds the two
// together, and triggers in the database refuse whatever is not among them:
//
//	          ──formed──────────► waiting
//	          ──epoch───────────► unknown
//	waiting ──intended────────► sending
//	waiting ──emptied─────────► void
//	waiting ──epoch───────────► unknown
//	sending ──not_sent────────► waiting
//	sending ──unclear─────────► unknown
//	sending ──expired─────────► unknown
//	sending ──answered────────► acknowledged
//	sending ──epoch───────────► unknown
//	unknown ──seen_accepted───► acknowledged
//	unknown ──seen_published──► proven
//	unknown ──absent_twice────► waiting
//	unknown ──repeated────────► waiting
//	unknown ──concluded───────► proven, rejected or void
//	acknowledged ──seen_published──► proven
//	acknowledged ──absent_twice────► waiting
//	acknowledged ──concluded───────► proven, rejected or void
//	proven ──base_changed────► acknowledged
//
// What each cause means stands beside its constant. Rejected and void are ends: what is to go after all goes in a new
// delivery. An attempt begins when a delivery stops waiting, and nowhere else. Every transition is compare-and-set on (id, attempt, state):
// whoever comes late gets ErrStale, and what is not drawn is ErrUndrawn.
//
// # An exception
//
// A record that fares differently from its delivery has an exception beside it, in one of these states:
//
//	invalid, withheld, not_ready, waiting (for another record), excluded
//	             collect puts them and takes them away again, as the row and the rules say; a line that has not gone yet
//	             is dropped from its delivery
//	missing      a full read did not see the row; it ends when one does. What is published stays
//	unknown      no receipt, or other content was seen: open, settled by a look
//	acknowledged seen, not yet published, in a delivery that is not acknowledged itself: open, settled by a look
//	proven       seen published in a delivery that is not proven itself
//	rejected     the platform refused the record, in its own words; it ends with a new version
//
// # An epoch
//
// When the store may have forgotten what it did (see Epochs), an epoch begins:
//
//   - what waits, or is on its way, becomes unknown (from waiting by a new attempt: one may have been made);
//   - what is unknown or acknowledged is looked at again from the beginning: first_absent is forgotten.
//
// Until the first whole read of a stream that began in the epoch is completed, the stream is in doubt: what is formed
// begins as unknown, nothing waiting is claimed, nothing absent goes again. A record whose exception was put before that
// begins as unknown too, whenever it goes out. The seam for a test that puts an older copy back is Epochs.Begin.
//
// # Promised
//
//   - An intent to send is on disk before Claim returns; commits survive loss of power (SQLite synchronous=FULL, PostgreSQL
//     synchronous_commit, both checked by Open).
//
//   - Balance equals Recount at every moment: the live counters of the deliveries move with the records, in their
//     transaction.
//
//   - All daemons share one clock, one rate limit, one quota, one breaker and one stop switch per channel.
//
//   - No statement per record where records come in thousands, and no memory that grows with the rows.
//
//   - The log is sealed: CheckSeals finds any change of a line older than its block, and by a printed root also a log that
//     was cut off or sealed anew.
//
// # Not promised
//
//   - Absence is recorded per delivery, not per record: the caller looks twice before it says Resend.
//   - Due days inside the lines of a body are those of the day it was formed; records carry those in force.
//   - On SQLite one process writes; others may read and give orders beside it (Options.Beside).
package store
