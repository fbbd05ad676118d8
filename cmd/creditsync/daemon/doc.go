// Package daemon joins the rooms: it opens the store, the registries and the channels that the settings name, keeps the
// rules in force, and runs the jobs on the engine beside a small HTTP server.
//
// It promises that New and Start fail whole or not at all, that a reload builds everything new before the first live
// change (a bad file leaves the rules in force and says so), and that Stop finishes or safely abandons what is in flight:
// an abandoned delivery is unknown and is looked up first by whoever runs next. It does not promise to end sooner than one
// send timeout when the far side hangs.
package daemon
