// Package schema holds creditsync's own names for what the streams carry: what a mapping's `as:` may name, and what
// rules, deadlines and screening refer to, whatever a bureau's columns or a platform's fields are called. The names
// follow the field lists of the sister systems (NECIPS, 省级双随机平台, 互联网+监管). Pure; imports nothing of ours.
package schema
