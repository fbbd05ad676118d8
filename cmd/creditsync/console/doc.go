// Package console shows people what the jobs say: the status page, and the sentences that page and command line share. It
// calls the same functions as the verbs and keeps nothing.
//
// It promises that every page says how old its facts are and which node answered, that it reads without JavaScript in
// Chromium 86, and that a page whose facts cannot be had says so in grey instead of showing old ones. It does not promise
// to be reachable: it listens on loopback and has no users yet.
package console
