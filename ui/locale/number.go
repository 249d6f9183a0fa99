package locale

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Number writes v with digits after the point, grouped, with a true minus and
// without a sign before zero.
func Number(v float64, digits int) string {
	s := current.Load().printer.Sprintf("%.*f", digits, v)
	if strings.Trim(s, "-0.,") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, "-", "−", 1)
}

// Signed writes a change with its sign, a true minus and digits of its size.
func Signed(v float64, digits int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	switch {
	case strings.Trim(s, "0.") == "":
		return "±0"
	case v < 0:
		return "−" + s
	}
	return "+" + s
}

// Share writes a share between 0 and 1 in per cent: "78 %", "78%".
func Share(v float64) string { return T("%.0f %%", 100*v) }

// Date writes a day.
func Date(t time.Time) string {
	if Current() == Chinese {
		return t.Format("2006年1月2日")
	}
	return t.Format("2 Jan 2006")
}

// Month writes a month.
func Month(t time.Time) string {
	if Current() == Chinese {
		return t.Format("2006年1月")
	}
	return t.Format("Jan 2006")
}

// Clock writes the time of day.
func Clock(t time.Time) string { return t.Format("15:04:05") }

// Price writes an amount with its currency: a sign goes before the number, a
// code after it; "" is none. Whole amounts have no digits after the point.
func Price(amount float64, currency string) string {
	digits := 2
	if amount == math.Trunc(amount) {
		digits = 0
	}
	s := Number(amount, digits)
	switch {
	case currency == "":
		return s
	case len([]rune(currency)) == 1:
		return currency + s
	}
	return s + " " + currency
}
