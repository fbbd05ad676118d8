// Package deadline counts legal limits in working days by the State Council's own calendar. It is pure: the calendar is
// data, today is an argument.
//
// It promises that a day counts as the notices in force say, that a limit which rests on a notice not yet published is
// marked provisional, and that a start before the first notice is an error and never a guess passed off as the law. It does
// not promise what a record's start day is: that is the mapping's, with its legal basis.
package deadline
