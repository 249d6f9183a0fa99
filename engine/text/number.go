package text

import "strings"

// number writes a number in its normal form: no thousands separators, a point
// before decimals, no zeros at the end of decimals. "1,299.00", "1.299,00" and
// "1299" are one. What is no number ("1.2.3") comes back as it is.
func number(s string) string {
	points, commas := strings.Count(s, "."), strings.Count(s, ",")
	switch {
	case points == 0 && commas == 0:
		return s
	case commas > 0 && points > 0:
		// The one that comes last separates decimals.
		if strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.') {
			s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
		} else {
			s = strings.ReplaceAll(s, ",", "")
		}
	case commas > 0:
		if thousands(s) {
			s = strings.ReplaceAll(s, ",", "")
		} else {
			s = strings.Replace(s, ",", ".", 1)
		}
	}
	if strings.Count(s, ".") == 1 && !strings.Contains(s, ",") {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// thousands reports whether every comma of s stands before exactly three
// digits and the first after one to three: 12,000 but not 15,6.
func thousands(s string) bool {
	groups := strings.Split(s, ",")
	if n := len(groups[0]); n == 0 || n > 3 || groups[0] == "0" {
		return false
	}
	for _, g := range groups[1:] {
		if len(g) != 3 {
			return false
		}
	}
	return true
}
