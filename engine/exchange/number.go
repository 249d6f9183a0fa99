package exchange

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberStyle says which mark parts the decimals in a column, where its values
// show it: '.', ',' or 0 when none does.
type numberStyle byte

// number is the first number in a text and what stands around it.
type number struct {
	value  float64
	before string
	after  string
}

// findNumber reads the first number of a text, with its sign, its grouping of
// thousands (1,299.00 1.299,00 1 299,00 1'299.00) and a following 万, 亿, k, K
// or M. One mark followed by exactly three digits ("1.299") groups thousands
// unless the style says that it parts the decimals.
func findNumber(s string, style numberStyle) (number, bool) {
	start := strings.IndexFunc(s, isDigit)
	if start < 0 {
		return number{}, false
	}
	// ".5" and ",5"
	if start > 0 && (s[start-1] == '.' || s[start-1] == ',') && (start == 1 || !isLetterBefore(s[:start-1])) {
		start--
	}
	end := numberEnd(s, start)
	value, err := strconv.ParseFloat(plainNumber(s[start:end], style), 64)
	if err != nil || math.IsInf(value, 0) {
		return number{}, false
	}
	n := number{value: value, before: s[:start], after: s[end:]}
	if sign := strings.TrimRightFunc(n.before, unicode.IsSpace); strings.HasSuffix(sign, "-") || strings.HasSuffix(sign, "−") {
		if head := strings.TrimRight(sign, "-−"); head == "" || !isLetterBefore(head) {
			n.value = -n.value
		}
	}
	n.scale()
	return n, true
}

// multipliers follow a number directly or after a space.
var multipliers = []struct {
	mark  string
	times float64
}{{"万", 1e4}, {"萬", 1e4}, {"亿", 1e8}, {"億", 1e8}, {"千", 1e3}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}}

func (n *number) scale() {
	rest := strings.TrimLeft(n.after, " ")
	for _, m := range multipliers {
		after, ok := strings.CutPrefix(rest, m.mark)
		if !ok {
			continue
		}
		// "5 kg" and "3 months" are not thousands and millions.
		if r, _ := utf8.DecodeRuneInString(after); m.mark[0] < utf8.RuneSelf && unicode.IsLetter(r) {
			continue
		}
		n.value *= m.times
		n.after = after
		return
	}
}

// numberEnd is where the number that starts at start ends: after its last
// digit, over marks that stand between digits. A space counts as such a mark
// before exactly three digits.
func numberEnd(s string, start int) int {
	end := start
	for i := start; i < len(s); {
		if isDigit(rune(s[i])) {
			i++
			end = i
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case (r == '.' || r == ',' || r == '\'' || r == '’') && i+n < len(s) && isDigit(rune(s[i+n])):
		case isGroupSpace(r) && threeDigits(s[i+n:]) && end > start:
		default:
			return end
		}
		i += n
	}
	return end
}

func isGroupSpace(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009' }

func threeDigits(s string) bool {
	return len(s) >= 3 && isDigit(rune(s[0])) && isDigit(rune(s[1])) && isDigit(rune(s[2])) &&
		(len(s) == 3 || !isDigit(rune(s[3])))
}

// plainNumber takes the grouping out and makes the decimal mark a point.
func plainNumber(s string, style numberStyle) string {
	decimal := decimalMark(s, style)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case isDigit(rune(s[i])):
			b.WriteByte(s[i])
		case i == decimal:
			b.WriteByte('.')
		}
	}
	return b.String()
}

// decimalMark is the position of the mark that parts the decimals, −1 for none.
func decimalMark(s string, style numberStyle) int {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		return -1
	}
	mark := s[last]
	other := byte('.' + ',' - mark)
	switch {
	case strings.IndexByte(s, other) >= 0: // both kinds: the last one, once
		if strings.IndexByte(s, mark) != last {
			return -1
		}
		return last
	case strings.IndexByte(s, mark) != last: // several of one kind
		return -1
	case numberStyle(mark) == style:
		return last
	case len(s)-last-1 == 3 && last > 0 && last <= 3 && s[0] != '0':
		return -1
	}
	return last
}

// styleOf looks for values that show the decimal mark: one mark, or the last of
// two kinds, with one or two digits after it.
func styleOf(values []string) numberStyle {
	votes := map[byte]int{}
	for _, v := range values {
		start := strings.IndexFunc(v, isDigit)
		if start < 0 {
			continue
		}
		s := v[start:numberEnd(v, start)]
		last := strings.LastIndexAny(s, ".,")
		if last < 0 {
			continue
		}
		if decimals := len(s) - last - 1; decimals == 1 || decimals == 2 {
			votes[s[last]]++
		}
	}
	switch {
	case votes['.'] > votes[',']:
		return '.'
	case votes[','] > votes['.']:
		return ','
	}
	return 0
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLetterBefore(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// currencies are the codes and signs kept with a price, the longest first where
// one starts another.
var currencies = []string{
	"USD", "EUR", "GBP", "CNY", "RMB", "JPY", "CHF", "AUD", "CAD", "NZD", "HKD", "TWD", "SGD", "KRW", "INR", "RUB", "PLN",
	"CZK", "SEK", "NOK", "DKK", "HUF", "RON", "TRY", "BRL", "MXN", "ZAR", "AED", "SAR", "ILS", "THB", "VND", "IDR", "MYR",
	"PHP", "UAH", "BGN", "ISK", "Euro", "euro",
	"US$", "CA$", "AU$", "A$", "C$", "HK$", "NT$", "S$", "R$", "NZ$", "$", "€", "£", "¥", "￥", "元", "円", "₽", "₹", "₩", "₺",
	"₴", "฿", "₫", "₪", "zł", "Kč", "kr", "Ft", "лв", "Fr.",
}

// findCurrency returns the currency in the text around a number, as written.
func findCurrency(around string) string {
	for _, c := range currencies {
		at := strings.Index(around, c)
		if at < 0 {
			continue
		}
		if unicode.IsLetter([]rune(c)[0]) && c[0] < utf8.RuneSelf { // "kr" is not in "krone"
			next, _ := utf8.DecodeRuneInString(around[at+len(c):])
			if at > 0 && isLetterBefore(around[:at]) || unicode.IsLetter(next) {
				continue
			}
		}
		return c
	}
	return ""
}

// parsePrice reads the first number of a text and the currency near it. A
// range gives its lower end. No price is negative.
func parsePrice(s string, style numberStyle) (value float64, currency string, ok bool) {
	n, ok := findNumber(s, style)
	if !ok || n.value < 0 {
		return 0, "", false
	}
	return n.value, findCurrency(n.before + " " + n.after), true
}
