package exchange

import (
	"strconv"
	"strings"
	"time"
)

// dateOrder says what comes first in dates such as 03/04/2024. Dates with
// points (03.04.2024) and with dashes (03-04-2024) always start with the day.
// With slashes the month comes first, as in the United States, unless a date of
// the same column has a first part above 12.
type dateOrder int

const (
	monthFirst dateOrder = iota
	dayFirst
)

// dateLayouts are tried in turn on what is left when the order is known; the
// slashed ones come from slashLayouts.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST",
	"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006-1-2", "2006-01", "2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2", "2006/1",
	"2006.1.2", "2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2.1.06", "2-1-2006", "2-1-2006 15:04", "2-1-2006 15:04:05",
	"2006年1月2日 15:04:05", "2006年1月2日 15:04", "2006年1月2日", "2006年1月", "2006年",
	time.RFC1123, time.RFC1123Z, time.RFC850, time.ANSIC, time.UnixDate,
	"Jan 2, 2006", "January 2, 2006", "Jan 2 2006", "January 2 2006", "2 Jan 2006", "2 January 2006", "2-Jan-2006", "2-Jan-06", "2. January 2006", "January 2006", "Jan 2006",
	"Jan 2, 2006 3:04 PM", "Jan 2, 2006 15:04",
}

var slashLayouts = [...][]string{
	monthFirst: {"1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/2006", "1/2/06"},
	dayFirst:   {"2/1/2006 15:04:05", "2/1/2006 15:04", "2/1/2006 3:04:05 PM", "2/1/2006 3:04 PM", "2/1/2006", "2/1/06"},
}

// parseDate reads a point in time; where the text names no zone it is UTC, and
// where it names only a month or a year it is their first day.
func parseDate(s string, order dateOrder) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if t, ok := numericDate(s); ok {
		return t, true
	}
	if len(s) < 6 || len(s) > 40 {
		return time.Time{}, false
	}
	layouts := dateLayouts
	if i := strings.IndexByte(s, '/'); i == 1 || i == 2 {
		layouts = slashLayouts[order]
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), plausible(t)
		}
	}
	return time.Time{}, false
}

// numericDate reads a year, a day as eight digits, a spreadsheet's count of
// days since 1899-12-30, or Unix time in seconds, milliseconds or microseconds,
// told apart by their size.
func numericDate(s string) (time.Time, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || v <= 0 {
		return time.Time{}, false
	}
	digits := len(s)
	if i := strings.IndexByte(s, '.'); i >= 0 {
		digits = i
	}
	var t time.Time
	switch {
	case digits == 4 && len(s) == 4:
		t = time.Date(int(v), 1, 1, 0, 0, 0, 0, time.UTC)
	case digits == 5:
		days := int(v)
		t = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Add(time.Duration((v - float64(days)) * 24 * float64(time.Hour))).Round(time.Second)
	case digits == 8 && len(s) == 8:
		if t, err = time.Parse("20060102", s); err != nil {
			return time.Time{}, false
		}
	case digits == 9 || digits == 10:
		t = time.Unix(int64(v), 0).UTC()
	case digits == 12 || digits == 13:
		t = time.UnixMilli(int64(v)).UTC()
	case digits == 15 || digits == 16:
		t = time.UnixMicro(int64(v)).UTC()
	}
	return t, plausible(t)
}

// plausible guards against numbers that merely look like dates.
func plausible(t time.Time) bool { return t.Year() >= 1800 && t.Year() < 2200 }

// orderOf looks for a slashed date that starts with a day.
func orderOf(values []string) dateOrder {
	for _, v := range values {
		first, _, ok := strings.Cut(strings.TrimSpace(v), "/")
		if n, err := strconv.Atoi(first); ok && err == nil && n > 12 && n <= 31 {
			return dayFirst
		}
	}
	return monthFirst
}
