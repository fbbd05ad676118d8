// Package jobs holds one file per job of the daemon: collect, deliver, prove, compare, pull and remind, with plan, which
// starts them, and what verbs and console share: status, why, due, balance, screen and release. A job is a function of
// (ctx, Deps, target); it knows no engine, no concrete connector and no clock of its own.
//
// It promises that a job may be run again, twice at once, or broken off at any commit without losing a record or sending
// one twice; that every decision leaves its named reason in the log; and that a panic ends its run, not the process. It
// does not promise that a platform keeps the bound its profile states: what is published beyond it is found and reported.
package jobs
