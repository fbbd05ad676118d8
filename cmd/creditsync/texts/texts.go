// Package texts is the one catalogue of sentences for people, Chinese first, English by choice. Every code of a fault, a
// reason or a state has a sentence in each language; a test holds it so. A library's English error stands behind our
// sentence, never alone.
package texts

// text is one sentence: %[1]s and so on stand for the arguments.
type text struct{ code, zh, en string }
