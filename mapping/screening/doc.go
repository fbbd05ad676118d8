// Package screening says whether an entry of a credit list means a subject that is asked for, how surely, and why.
//
// It grades by what identifies a subject in law: the credit code (GB 32100-2015), the organisation code inside it (GB
// 11714-1997), the 15-digit registration number (GS15-2006), the keyed hash of a citizen's number, the exact name. Each of
// these is a hit. What only resembles, or what many may bear, is a candidate for a person to decide, with a score and its
// reasons. Two valid codes that differ mean two subjects, whatever their names.
//
// It promises that an empty, fragmentary, masked or made-up identifier (all zeros, 无) never matches, and that two parties
// with anything in common share a key of Marks.Keys, so that whoever looks entries up by them misses none. It
// does not promise that a hit by name is the subject: a name is unique only where it is registered.
//
// Pure: no clock, no store, no list of its own.
package screening
