package source

import "unicode"

// separates says whether a full-width comma stands where YAML wants its own: between the members of a list, or before
// the next key inside braces. Elsewhere it is punctuation of a value.
func (x *lexer) separates(rest []rune) bool {
	if len(x.flow) == 0 {
		return false
	}
	if !x.inFlowMap() {
		return true
	}
	for len(rest) > 0 && isBlank(rest[0]) {
		rest = rest[1:]
	}
	n := keyLength(rest)
	for n > 0 && n < len(rest) && isBlank(rest[n]) {
		n++
	}
	return n > 0 && n < len(rest) && (rest[n] == ':' || rest[n] == '：')
}

// key reads a key of ASCII letters with its colon, repairing a full-width colon, a wide blank after the colon or a
// missing one. It gives the number of characters read, 0 if no key stands here.
func (x *lexer) key(l []rune) int {
	n := keyLength(l)
	end := n
	for end < len(l) && isBlank(l[end]) {
		end++
	}
	if n == 0 || end == len(l) || l[end] != '：' && (l[end] != ':' || !x.takesColon(l[end+1:])) {
		return 0
	}
	if len(x.flow) == 0 {
		x.keyColumn = x.col
	}
	x.entry, x.value = false, true
	x.write(string(l[:end]))
	x.write(":")
	return end + 1 + x.afterColon(string(l[:n]), end, l[end:])
}

// afterColon sees to the blank that YAML wants after a colon; l begins with the colon, which stands end characters
// after the lexer's column. It gives the number of characters it took behind the colon.
func (x *lexer) afterColon(key string, end int, l []rune) int {
	next := ' '
	if len(l) > 1 {
		next = l[1]
	}
	switch {
	case l[0] == '：':
		x.faultAt(x.col+end, wideColon, key)
		if !isBlank(next) {
			x.shift(" ")
		}
	case next == '\u3000' || next == '\u00A0':
		x.faultAt(x.col+end+1, wideSpace)
		x.write(" ")
		return 1
	case !isBlank(next):
		x.faultAt(x.col+end, colonSpace, key)
		x.shift(" ")
	}
	return 0
}

// takesColon says whether a colon with rest behind it makes a key: it does before a blank, and at the start of a line or
// inside braces it was surely meant to; http://host, and host:5432 in a list, are values.
func (x *lexer) takesColon(rest []rune) bool {
	if len(rest) == 0 || isBlank(rest[0]) {
		return true
	}
	return rest[0] != '/' && !(x.items > 0 && unicode.IsDigit(rest[0]))
}

// keyLength is the length of the ASCII word that l begins with, if a key may be written so.
func keyLength(l []rune) int {
	n := 0
	for n < len(l) && (l[n] < 0x80 && (unicode.IsLetter(l[n]) || n > 0 && (unicode.IsDigit(l[n]) || l[n] == '-')) || l[n] == '_') {
		n++
	}
	return n
}
