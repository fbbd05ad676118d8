// Package registry reads the bureau's own registries: PostgreSQL and SQLite databases, and folders of workbooks and csv
// files as clerks keep them. Nothing here ever writes to a registry.
//
// It promises that every row of the source is either handed out, or passed over with a finding that says where and why
// (a totals row, a hidden sheet); that a cell which cannot be read for what it is (a code that Excel turned into a
// number, an error cell, broken text) is a fault of its row and never a silent empty value; that a read is one
// consistent snapshot, of a database by its own transaction, of a file by a private copy that was whole; and that memory
// does not grow with the number of rows. Whatever goes wrong with the source as a whole is a *connector.Reason.
//
// It does not promise an order of rows across files, nor that two rows never carry the same key: that is for the
// collector to see. It trims what no person can see (blanks around a cell of a file, the padding of char(n)) and
// interprets nothing else.
package registry
