// Package identity reads the numbers by which subjects are known: the unified social credit code, the organisation
// code, the business registration number and the citizen identity number. It is pure and imports nothing of ours.
//
// It promises to tell a well-formed number from a damaged one by the standard's own check digit, and to name the damage.
// It does not promise that a well-formed number was ever issued, nor that it belongs to the name beside it.
package identity
