// Package simulation is the other place where the rooms are joined: one seed drives a virtual clock, the workload and
// everything that goes wrong, and what must hold is checked against a model that shares nothing with the code.
//
// # What is real
//
// The jobs (collect, deliver, prove, compare, remind, plan), the store on SQLite, the platform's client with its profile,
// and the mock platform's own rules, books and signatures.
//
// # What is simulated
//
// Time: the only clock moves to the next event, so that hours pass in milliseconds. The engine: work is unique while it
// waits or runs, and the minutes at which the plan would find nothing are skipped. Runs of jobs are coroutines, of one or two
// daemons, that give way to each other where no transaction is open: after a commit, in an exchange, in a pause. The bureau:
// its tables, transactions that commit later than their stamp, rows that come, change, vanish, come again, become secret.
// What goes wrong: a crash before and after any commit and at each point of an exchange; requests and answers lost,
// delivered twice, stalled, arriving minutes later; receipts too few, twice, strange, contradicting, in another order;
// outages, 503, throttling, expired signatures, clocks that jump or are off; rules that change, a notice that arrives.
//
// # What is checked
//
// Nothing is lost: when all has been well for long enough, every row stands where the bureau's own tables say, and the
// platform holds its last version. Nothing is published twice, no version is overtaken by an older one. Nothing is sent
// that every read since the last completed one barred when the intent was committed. The live counters equal a scan, and
// the balance is exact. Work comes to its end. No job fails for an internal reason.
//
// # What is not
//
// PostgreSQL, several machines with their own clocks, real sockets and real kills: these have tests of their own. The time
// of a whole HTTP exchange is bounded by the wire of the simulation, not by the context's timer.
package simulation
