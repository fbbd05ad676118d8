package jobs

import "bytes"

// enclosing finds the innermost JSON object around the first place where the quoted name stands, "" if there is none. The
// text may be several JSON values, one after another.
func enclosing(raw, name []byte) string {
	at := bytes.Index(raw, name)
	if at < 0 {
		return ""
	}
	var open []int
	inText := false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{':
			open = append(open, i)
		case c == '}' && len(open) > 0:
			from := open[len(open)-1]
			open = open[:len(open)-1]
			if from < at && i > at {
				return string(raw[from : i+1])
			}
		}
	}
	return ""
}
