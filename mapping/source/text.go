package source

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"creditsync/mapping"
)

// maxBytes bounds a file: the longest code list of a province is far below it.
const maxBytes = 4 << 20

// decodeText turns the bytes of a file into text with LF line endings. A fault here ends the reading.
func decodeText(file string, b []byte) (string, mapping.Faults) {
	if len(b) > maxBytes {
		return "", whole(file, tooLarge, strconv.Itoa(len(b)), strconv.Itoa(maxBytes))
	}
	if bytes.HasPrefix(b, []byte{0xFF, 0xFE}) || bytes.HasPrefix(b, []byte{0xFE, 0xFF}) {
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(b)
		if err != nil {
			return "", whole(file, badEncoding)
		}
		b = wide
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF"))
	if at := bytes.IndexByte(b, 0); at >= 0 {
		return "", mapping.Faults{at0(file, b, at, binary)}
	}
	if !utf8.Valid(b) {
		local, faults := decodeGB18030(file, b)
		if faults != nil {
			return "", faults
		}
		b = local
	}
	text := strings.ReplaceAll(string(b), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return text, controlCharacters(file, text)
}

// decodeGB18030 reads what Chinese Windows calls ANSI. A UTF-8 file with a few damaged bytes is not taken for GB18030:
// that would turn it into other words without anyone noticing.
func decodeGB18030(file string, b []byte) ([]byte, mapping.Faults) {
	valid, broken, first := utf8Share(b)
	if valid > broken {
		return nil, mapping.Faults{at0(file, b, first, badEncoding)}
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	if err != nil {
		return nil, whole(file, badEncoding)
	}
	if at := bytes.IndexRune(text, utf8.RuneError); at >= 0 {
		return nil, mapping.Faults{at0(file, text, at, badEncoding)}
	}
	return text, nil
}

// utf8Share counts well-formed characters of three bytes, which is how UTF-8 writes Chinese, against broken bytes, and
// gives the place of the first broken one.
func utf8Share(b []byte) (valid, broken, first int) {
	first = -1
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			broken++
			if first < 0 {
				first = i
			}
		case n >= 3:
			valid++
		}
		i += n
	}
	return valid, broken, first
}

// controlCharacters finds what no editor shows: YAML forbids it, and it hides in copied text.
func controlCharacters(file, text string) mapping.Faults {
	var faults mapping.Faults
	line, col := 1, 0
	for _, r := range text {
		col++
		switch {
		case r == '\n':
			line, col = line+1, 0
		case r < ' ' && r != '\t', r == 0x7F:
			faults = append(faults, mapping.Fault{
				What: controlChar, Args: []string{"U+" + strings.ToUpper(strconv.FormatInt(int64(r)+0x10000, 16)[1:])},
				File: file, Line: line, Col: col,
			})
		}
	}
	return faults
}

// whole is a fault of the file as such.
func whole(file, code string, args ...string) mapping.Faults {
	return mapping.Faults{{What: code, Args: args, File: file, Line: 1, Col: 1}}
}

// at0 is a fault at a byte offset.
func at0(file string, b []byte, at int, code string) mapping.Fault {
	before := b[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	return mapping.Fault{
		What: code, File: file,
		Line: bytes.Count(before, []byte{'\n'}) + 1, Col: utf8.RuneCount(before[start:]) + 1,
	}
}
