// Package connector holds the contracts with other people's systems: the local registries, the platform, the county
// site. A contract lives here, its implementations in the rooms below; jobs knows only this package.
//
// It promises that whatever goes wrong on the far side arrives as a *Reason, which says whether a byte may have left.
package connector
