package source

import (
	"strconv"
	"strings"

	"creditsync/mapping"
)

// Mapping reads one file of config/mappings. Beyond the strict reading it finds full-width signs in expressions, which
// look right on the screen and never hold.
func Mapping(file string, b []byte) (mapping.Spec, mapping.Faults) {
	var s mapping.Spec
	d := parse(file, b)
	decodeDocument(d, &s)
	for _, e := range expressions(s) {
		d.wideSigns(e)
	}
	return s, sorted(d.faults)
}

// An expression of a mapping and the path it stands at.
type expression struct{ path, text string }

// expressions are all the expressions of a mapping.
func expressions(s mapping.Spec) []expression {
	es := []expression{{"$.registry.where", s.Registry.Where}, {"$.ready", s.Ready}}
	if s.Deadline != nil {
		es = append(es, expression{"$.deadline.starts", s.Deadline.Starts})
	}
	for i, r := range s.Route {
		es = append(es, expression{indexed("$.route", i) + ".when", r.When})
	}
	for i, w := range s.Withhold {
		es = append(es, expression{indexed("$.withhold", i) + ".when", w.When})
	}
	es = append(es, fieldExpressions("$.fields", s.Fields)...)
	if s.Items != nil {
		es = append(es, expression{"$.items.where", s.Items.Where})
		es = append(es, fieldExpressions("$.items.fields", s.Items.Fields)...)
	}
	return es
}

func fieldExpressions(path string, fs []mapping.Field) []expression {
	var es []expression
	for i, f := range fs {
		es = append(es, expression{indexed(path, i) + ".expr", f.Expr})
	}
	return es
}

func indexed(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

// wideSigns reports full-width signs outside the quotes of an expression, with what to write instead.
func (d *document) wideSigns(e expression) {
	wide, ascii, found := firstWide(e.text)
	if !found {
		return
	}
	for _, root := range d.roots {
		if at, ok := walk(root, splitPath(e.path)); ok {
			at.path = e.path
			d.fault(wideInExpr, at, wide, ascii)
			return
		}
	}
}

// firstWide finds the first full-width sign that stands outside ASCII quotes.
func firstWide(text string) (wide, ascii string, found bool) {
	pairs := map[rune]string{
		'“': `"`, '”': `"`, '‘': `'`, '’': `'`, '＂': `"`, '＇': `'`, '，': ",", '（': "(", '）': ")", '＝': "=", '！': "!",
		'＞': ">", '＜': "<", '＋': "+", '－': "-", '＆': "&", '｜': "|", '\u3000': " ",
	}
	quote := rune(0)
	for _, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'' || r == '`':
			quote = r
		case pairs[r] != "":
			return string(r), pairs[r], true
		}
	}
	return "", "", false
}

// Codes reads one file of config/codes. A word that stands for two codes is a fault: a value must mean one thing.
func Codes(file string, b []byte) (mapping.CodeList, mapping.Faults) {
	var l mapping.CodeList
	d := parse(file, b)
	decodeDocument(d, &l)
	meaning := map[string]string{}
	for i, c := range l.Codes {
		for _, word := range append([]string{c.Code, c.Name}, c.Aliases...) {
			word = strings.TrimSpace(word)
			if other, taken := meaning[word]; taken && other != c.Code && word != "" {
				d.codeTwice(i, word, other, c.Code)
			}
			if _, taken := meaning[word]; !taken {
				meaning[word] = c.Code
			}
		}
	}
	d.sameCodes(l.Codes)
	return l, sorted(d.faults)
}

// sameCodes reports a code that is listed twice.
func (d *document) sameCodes(cs []mapping.CodeItem) {
	seen := map[string]bool{}
	for i, c := range cs {
		if c.Code != "" && seen[c.Code] {
			d.codeTwice(i, c.Code, c.Code, c.Code)
		}
		seen[c.Code] = true
	}
}

func (d *document) codeTwice(i int, word, first, second string) {
	for _, root := range d.roots {
		if at, ok := walk(root, []string{"codes", strconv.Itoa(i)}); ok {
			at.path = indexed("$.codes", i)
			d.fault(codeTwice, at, word, first, second)
			return
		}
	}
}
