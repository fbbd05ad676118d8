// Package platform talks to the supervision platform over HTTP, as a profile describes it: paths, fields, codes, signature,
// pages and limits stand in YAML, none of them in Go.
//
// It promises that every failure is a *connector.Reason which says whether a byte may have left; that a receipt or a
// sighting is given only for a record that was asked about, matched by id; that a verdict which contradicts itself is no
// verdict; that no secret stands in a reason; and that it never repeats a request by itself, follows no redirect and uses
// no proxy the profile does not name. It does not promise that the profile is true of the platform.
package platform
