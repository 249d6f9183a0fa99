package exchange

import "strings"

// parseRating reads "4.5", "4,5", "4.5 out of 5", "4.8分" or a row of stars. In
// a rating one mark always parts the decimals.
func parseRating(s string) (float64, bool) {
	style := numberStyle('.')
	if strings.Contains(s, ",") && !strings.Contains(s, ".") {
		style = ','
	}
	if n, ok := findNumber(s, style); ok {
		return n.value, n.value >= 0
	}
	if stars := strings.Count(s, "★"); stars > 0 {
		return float64(stars), true
	}
	return 0, false
}
