// Package mapping says what a record means on each side: how a row of a local registry becomes a record of the
// platform, and back. It is pure: no clock, no file, no network, no database.
//
// It promises that applying a compiled Plan to the same row always gives the same record, that every fault of a row is
// reported at once, and that an unknown code or an unreadable value makes the record invalid with its reason, never an
// empty value. It does not promise that the platform accepts a valid record.
package mapping
