// Package config holds the settings of creditsync: their shape, their defaults and their checks; and it embeds the files
// that people edit.
//
// It promises that all faults of the settings are reported at once, each with its path and, where the settings file holds
// it, its line and column; that no setting is accepted which it does not know; and that a secret stands in the
// environment or in a file of its own, never in the settings file. It does not promise that a database or a platform
// answers: that is what `creditsync check` asks.
//
// It is a leaf: it imports nothing of ours and is imported by cmd alone. Environment and clock are handed in.
package config
