// Package mapping says what a record means on each side: how a row of a local registry becomes a record of the
// platform, and back. It is pure: no clock, no file, no network, no database.
//
// It promises that applying a compiled Plan to the same row always gives the same record, that every fault of a row is
// reported at once, and that an unknown code or an unreadable value makes the record invalid with its reason, never an
// empty value. Numbers are decimal digits throughout: integers, decimals and money go out as JSON numbers with exactly
// the digits that the registry held. A fault never shows a whole citizen id or mobile number.
//
// It does not promise that the platform accepts a valid record, nor that a registry which gives child rows in another
// order gives the same payload. A key is trimmed and otherwise taken as it stands, so that the registry finds it again;
// references to other streams' records are normalised as the mapping reads their columns.
//
// Of the rooms below, mapping uses identity and schema, which import nothing of ours.
package mapping
