// Package engine runs jobs on River, on either database, and hides River from everyone else. What a job does it does not
// know: it is given functions by name.
//
// It promises that work enqueued in a transaction exists if and only if that transaction commits; that a job never runs
// beside itself for the same target, on however many machines, as long as no machine stalls for longer than its timeout;
// that a panic or an error of a job ends neither the process nor its schedule; that the plan job runs at the start and then
// every minute somewhere; and that Stop ends within its bound. It does not promise that work runs exactly once: a job that
// was cut off runs again, so handlers repeat safely. Nothing that must survive rests on River's rows: with its tables
// emptied, the plan job enqueues everything anew from the store's own.
package engine
