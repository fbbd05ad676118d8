package store

import "creditsync/mapping"

// Filter selects rows of a listing; zero fields select all.
type Filter struct {
	Stream string
	State  State
	Owner  string
	Key    string
	Until  mapping.Date // due up to and including
	After  string       // paging: the last key seen
	// AfterStream is the stream of After when Stream is empty.
	AfterStream string
	Limit       int // 100 when 0
}
