package identity

import "strings"

// Mask hides what points to a person and keeps what tells two numbers apart by eye: the first 6 and the last 2 characters
// of a citizen ID, the first 3 and the last 4 of a mobile number. Anything else of more than 4 characters keeps its
// first and last one. Credit codes of enterprises are public and need no mask.
func Mask(text string) string {
	runes := []rune(text)
	head, tail := 1, 1
	switch {
	case len(runes) >= 15 && digits(string(runes[:15])):
		head, tail = 6, 2
	case len(runes) == 11 && digits(text):
		head, tail = 3, 4
	case len(runes) <= 4:
		head, tail = 0, 0
	}
	return string(runes[:head]) + strings.Repeat("*", len(runes)-head-tail) + string(runes[len(runes)-tail:])
}
