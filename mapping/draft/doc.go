// Package draft makes a first mapping of what a registry holds: it surveys the columns of a table, says what they look
// like, and pairs them with the fields of a stream by name (terms.yaml: the trade's terms, abbreviations, initials of the
// pinyin, English) and by content (check digits, dates, values of code lists). Pure.
//
// It promises a reason for each pair, that a name which its content contradicts makes no pair, and that no personal number
// and no person's name is shown. It does not promise that a pair is right: a draft is for a person to read.
package draft
