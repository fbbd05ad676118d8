package mapping

// Finder gives a function that looks up a local value, with the rules by which a record's values are looked up.
func (l CodeList) Finder() func(value string) (CodeItem, bool) {
	t, _ := newCodeTable(l)
	return func(value string) (CodeItem, bool) { return t.find(clean(value)) }
}

// DateShape says how a text writes a day, such as yyyy-MM-dd, yyyy年M月d日 or yyyyMMdd, with the time of day as HH:mm:ss;
// false if it is none that a field of kind date takes. An open-ended date (长期) has the shape 长期.
func DateShape(s string) (shape string, ok bool) {
	s = clean(s)
	if openEnded(s) {
		return "长期", true
	}
	m, code := parseMoment(s)
	if code != "" || m.check() != "" {
		return "", false
	}
	return shapeOf(clean(halfWidth(s))), true
}

// shapeOf writes the letters of a date format in place of the digits.
func shapeOf(s string) string {
	letters := []string{"yyyy", "M", "d", "H", "m", "s", "f"}
	out := make([]byte, 0, len(s)+2)
	for i, part := 0, 0; i < len(s); {
		n := leadingDigits(s[i:])
		switch {
		case n == 0:
			out = append(out, s[i])
			i++
			continue
		case n == 8 && part == 0:
			out, part = append(out, "yyyyMMdd"...), 3
		case n == 14 && part == 0:
			out, part = append(out, "yyyyMMddHHmmss"...), 6
		default:
			letter := letters[min(part, len(letters)-1)]
			out = append(out, letter...)
			if n == 2 && part > 0 && part < 6 {
				out = append(out, letter...)
			}
			part++
		}
		i += n
	}
	return string(out)
}
