package draft

import (
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// initials are the first letters of the pinyin of a term, as vendors name columns: TYSHXYDM for 统一社会信用代码. The
// characters of the first level of GB 2312-80 stand in the order of their pinyin, so that the code of one tells its letter.
// "" if a character is none of them.
func initials(term string) string {
	var out strings.Builder
	for _, r := range term {
		switch {
		case r < 0x80:
			if f := fold(string(r)); f != "" {
				out.WriteString(f)
			}
		case initial(r) != 0:
			out.WriteByte(initial(r))
		case fold(string(r)) != "":
			return ""
		}
	}
	return out.String()
}

// initial is the letter of one character, 0 if it is not known.
func initial(r rune) byte {
	code, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
	if err != nil || len(code) != 2 {
		return 0
	}
	at := int(code[0])<<8 | int(code[1])
	// The first character of each letter: 啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝.
	const letters = "abcdefghjklmnopqrstwxyz"
	starts := [...]int{0xb0a1, 0xb0c5, 0xb2c1, 0xb4ee, 0xb6ea, 0xb7a2, 0xb8c1, 0xb9fe, 0xbbf7, 0xbfa6, 0xc0ac, 0xc2e8, 0xc4c3, 0xc5b6,
		0xc5be, 0xc6da, 0xc8bb, 0xc8f6, 0xcbfa, 0xcdda, 0xcef4, 0xd1b9, 0xd4d1, 0xd7fa}
	for i := range letters {
		if at >= starts[i] && at < starts[i+1] {
			return letters[i]
		}
	}
	return 0
}
