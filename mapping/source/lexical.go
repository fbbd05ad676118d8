package source

import (
	"strconv"
	"strings"

	"creditsync/mapping"
)

// A lexer walks the text before YAML sees it and names the slips that a Chinese input method or a tab key makes:
// YAML's own parser would complain somewhere else, or take them for part of a value. It repairs its copy of the text,
// so that the rest of the file is still checked.
type lexer struct {
	file   string
	faults mapping.Faults
	out    strings.Builder
	// shifts tells, for each line, the repaired columns at which one character more stands than in the file.
	shifts map[int][]int

	line, col int    // of the next character, counting from 1
	wrote     int    // characters written of this line
	flow      []rune // open brackets
	quote     rune   // open quote, 0 for none
	block     int    // a block scalar lasts while lines are indented by at least this much; 0: no block scalar

	deep bool // nested deeper than anyone writes; the text is not read further

	entry     bool // a key may stand here
	value     bool // a value may start here: a quote opens, a bar begins a block scalar
	items     int  // dashes that the line began with
	keyColumn int  // where the line's key stands
}

// scan gives the repaired text, its column shifts and the faults.
func scan(file, text string) *lexer {
	x := &lexer{file: file, shifts: map[int][]int{}}
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		x.line, x.col, x.wrote = i+1, 1, 0
		x.scanLine([]rune(l))
		if i < len(lines)-1 {
			x.out.WriteByte('\n')
		}
	}
	return x
}

func (x *lexer) scanLine(l []rune) {
	if x.quote != 0 {
		x.tokens(l, false)
		return
	}
	indent := 0
	for indent < len(l) && isBlank(l[indent]) {
		indent++
	}
	if indent == len(l) {
		return
	}
	if x.block > 0 {
		if indent >= x.block {
			x.write(string(l))
			return
		}
		x.block = 0
	}
	if l[indent] != '#' {
		x.indentation(l[:indent])
	} else {
		x.write(strings.Repeat(" ", indent))
	}
	x.col = indent + 1
	x.tokens(l[indent:], len(x.flow) == 0 || x.inFlowMap())
}

// indentation reports tabs and wide blanks before the first word of a line; inside brackets YAML does not mind them.
func (x *lexer) indentation(blanks []rune) {
	for i, r := range blanks {
		x.col = i + 1
		switch {
		case r == '\t' && len(x.flow) == 0:
			x.fault(tab)
			x.write(" ")
			x.shift(" ")
		case r == '\u3000' || r == '\u00A0':
			x.fault(wideSpace)
			x.write(" ")
			if r == '\u3000' { // as wide as two
				x.shift(" ")
			}
		default:
			x.write(string(r))
		}
	}
}

// tokens walks the rest of a line. entry says that a key may stand at its start.
func (x *lexer) tokens(l []rune, entry bool) {
	x.entry, x.value, x.items, x.keyColumn = entry, true, 0, x.col
	for i := 0; i < len(l); {
		n := 0
		switch {
		case x.quote != 0:
			n = x.quoted(l[i:])
		case x.entry:
			if n = x.key(l[i:]); n == 0 {
				n = x.step(l, i)
			}
		default:
			n = x.step(l, i)
		}
		x.col += n
		i += n
	}
}

// step writes what stands at i, where no key begins, and gives the number of characters it took.
func (x *lexer) step(l []rune, i int) int {
	r, last := l[i], i+1 == len(l)
	switch {
	case isBlank(r):
		x.write(string(r))
	case r == '#' && (i == 0 || isBlank(l[i-1])), x.value && (r == '|' || r == '>') && len(x.flow) == 0:
		if r != '#' {
			x.block = x.keyColumn
		}
		x.write(string(l[i:]))
		return len(l) - i
	case r == '-' && x.entry && len(x.flow) == 0 && (last || isBlank(l[i+1])):
		x.write("-")
		x.items++
		x.nested(x.items)
	case x.value && (r == '"' || r == '\''):
		x.quote = r
		x.write(string(r))
		x.entry = false
	case x.value && isWideQuote(r):
		x.entry, x.value = false, false
		return x.wideQuoted(l[i:])
	default:
		x.value, x.entry = x.plain(l, i)
	}
	return 1
}

// plain writes one character outside quotes and says what may follow it.
func (x *lexer) plain(l []rune, i int) (value, entry bool) {
	r := l[i]
	switch {
	case r == '[' && x.value || r == '{' && x.value || (r == '[' || r == '{') && len(x.flow) > 0:
		x.flow = append(x.flow, r)
		x.nested(len(x.flow))
		x.write(string(r))
		return true, r == '{'
	case (r == ']' || r == '}') && len(x.flow) > 0:
		x.flow = x.flow[:len(x.flow)-1]
	case r == ',' && len(x.flow) > 0:
		x.write(",")
		return true, x.inFlowMap()
	case r == '，' && x.separates(l[i+1:]):
		x.fault(wideComma)
		x.write(",")
		x.shift(" ")
		return true, x.inFlowMap()
	case r == ':' && (i+1 == len(l) || isBlank(l[i+1])):
		x.write(":")
		return true, false
	}
	x.write(string(r))
	return false, false
}

// maxDepth bounds nesting: the parser's time grows with its square.
const maxDepth = 64

// nested reports nesting that no file has which a person wrote.
func (x *lexer) nested(depth int) {
	if depth > maxDepth && !x.deep {
		x.deep = true
		x.fault(tooDeep, strconv.Itoa(maxDepth))
	}
}

// quoted reads up to the end of an open quote or of the line.
func (x *lexer) quoted(l []rune) int {
	for i := 0; i < len(l); i++ {
		switch {
		case x.quote == '"' && l[i] == '\\':
			i++
		case l[i] == x.quote && x.quote == '\'' && i+1 < len(l) && l[i+1] == '\'':
			i++
		case l[i] == x.quote:
			x.quote = 0
			x.value = false
			x.write(string(l[:i+1]))
			return i + 1
		}
	}
	x.write(string(l))
	return len(l)
}

// wideQuoted reads a value that stands wholly in Chinese quotes: the administrator meant ASCII ones. A value that only
// begins with a quoted word, such as “双随机”工作, is left alone.
func (x *lexer) wideQuoted(l []rune) int {
	end := 1
	for end < len(l) && !isWideQuote(l[end]) {
		end++
	}
	if end == len(l) || !x.endsValue(l[end+1:]) {
		x.write(string(l[0]))
		return 1
	}
	inner := string(l[1:end])
	x.fault(wideQuote, inner)
	x.write("'" + strings.ReplaceAll(inner, "'", " ") + "'")
	return end + 1
}

func (x *lexer) endsValue(rest []rune) bool {
	blanks := 0
	for len(rest) > blanks && isBlank(rest[blanks]) {
		blanks++
	}
	if len(rest) == blanks {
		return true
	}
	r := rest[blanks]
	return r == '#' && blanks > 0 || len(x.flow) > 0 && strings.ContainsRune(",，]}", r)
}

func (x *lexer) inFlowMap() bool { return len(x.flow) > 0 && x.flow[len(x.flow)-1] == '{' }

func (x *lexer) fault(code string, args ...string) { x.faultAt(x.col, code, args...) }

func (x *lexer) faultAt(col int, code string, args ...string) {
	x.faults = append(x.faults, mapping.Fault{What: code, Args: args, File: x.file, Line: x.line, Col: col})
}

func (x *lexer) write(s string) {
	x.out.WriteString(s)
	x.wrote += len([]rune(s))
}

// shift writes a character that the file does not have.
func (x *lexer) shift(s string) {
	x.write(s)
	x.shifts[x.line] = append(x.shifts[x.line], x.wrote)
}

// column maps a column of the repaired text back to the file's.
func (x *lexer) column(line, col int) int {
	back := 0
	for _, at := range x.shifts[line] {
		if col > at {
			back++
		}
	}
	return col - back
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\u3000' || r == '\u00A0' }

func isWideQuote(r rune) bool { return strings.ContainsRune("“”‘’＂＇", r) }
