package mapping

import "strings"

// node is one name in the paths of a pull mapping: data.subject.code is three of them. A node either has children or is
// a field.
type node struct {
	name     string
	path     string
	field    int
	children []*node
}

// insert notes that field i stands at path; ok is false if another field stands there already, or above or below it.
func (n *node) insert(path string, i int) (ok bool) {
	names := strings.Split(strings.TrimPrefix(path, "$."), ".")
	at := n
	for depth, name := range names {
		next := at.find([]byte(name))
		last := depth == len(names)-1
		switch {
		case next == nil:
			next = &node{name: name, path: strings.Join(names[:depth+1], "."), field: -1}
			at.children = append(at.children, next)
		case last || next.children == nil:
			return false
		}
		if last {
			next.field = i
		}
		at = next
	}
	return true
}

func (n *node) find(name []byte) *node {
	for _, c := range n.children {
		if c.name == string(name) {
			return c
		}
	}
	return nil
}
