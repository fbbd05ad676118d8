package registry

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"github.com/xuri/nfp"
)

// format is what a number format makes of a number.
type format struct {
	date, scientific, general bool
	zeros                     int // shown with at least so many digits: 000123
}

// builtinFormat gives the formats that a workbook does not spell out (ECMA-376 part 1, 18.8.30); 27 to 36 and 50 to 58 are
// the dates of the Chinese editions.
func builtinFormat(id int) format {
	switch {
	case id == 0 || id == 49:
		return format{general: true}
	case id == 11 || id == 48:
		return format{scientific: true}
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 45 && id <= 47, id >= 50 && id <= 58:
		return format{date: true}
	}
	return format{}
}

func parseFormat(code string) format {
	if len(code) > 1 && strings.Trim(code, "0") == "" {
		return format{zeros: len(code)}
	}
	ps := nfp.NumberFormatParser()
	var f format
	sections := ps.Parse(code)
	if len(sections) == 0 {
		return format{general: true}
	}
	for _, token := range sections[0].Items { // the others are for negative numbers, zero and text
		switch token.TType {
		case nfp.TokenTypeDateTimes, nfp.TokenTypeElapsedDateTimes:
			f.date = true
		case nfp.TokenTypeExponential:
			f.scientific = true
		case nfp.TokenTypeGeneral, nfp.TokenTypeTextPlaceHolder:
			f.general = true
		}
	}
	return f
}

// generalLimit is where Excel's General format turns to scientific notation: beyond 11 digits.
const generalLimit = 1e11

// number makes text of a stored number, or refuses it: a code of 18 digits that became a number has lost its end.
func (f format) number(stored string, date1904 bool) cell {
	x, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return textCell(stored)
	}
	size := math.Abs(x)
	switch {
	case f.date:
		return dateCell(x, date1904)
	case size >= maxExact:
		return cell{fault: cellLostDigits, shown: strconv.FormatFloat(x, 'E', 5, 64)}
	case f.scientific, f.general && size >= generalLimit:
		return cell{fault: cellScientific, shown: strconv.FormatFloat(x, 'E', 5, 64)}
	}
	text := plainNumber(x)
	if f.zeros > len(text) && digits(text) {
		text = strings.Repeat("0", f.zeros-len(text)) + text
	}
	return cell{text: text}
}

// lastSerial is 9999-12-31, beyond which Excel shows a row of hash signs.
const lastSerial = 2958466

func dateCell(serial float64, date1904 bool) cell {
	if serial < 0 || serial >= lastSerial {
		return cell{fault: cellError, shown: "########"}
	}
	t, err := excelize.ExcelDateToTime(serial, date1904)
	if err != nil {
		return cell{fault: cellError, shown: "########"}
	}
	midnight := t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0
	switch {
	case midnight:
		return cell{text: t.Format(time.DateOnly)}
	case serial < 1:
		return cell{text: t.Format(time.TimeOnly)}
	}
	return cell{text: t.Format(time.DateTime)}
}
