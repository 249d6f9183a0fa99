package exchange

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParsePrice(t *testing.T) {
	tests := []struct {
		text     string
		style    numberStyle
		value    float64
		currency string
	}{
		{"1.299,00 €", 0, 1299, "€"},
		{"$1,299.00", 0, 1299, "$"},
		{"1 299,00", 0, 1299, ""},
		{"1\u00a0299,00 kr", 0, 1299, "kr"},
		{"1\u202f299,50 €", 0, 1299.5, "€"},
		{"CHF 12.-", 0, 12, "CHF"},
		{"CHF 1'299.50", 0, 1299.5, "CHF"},
		{"29,- EUR", 0, 29, "EUR"},
		{"¥199", 0, 199, "¥"},
		{"12,50", 0, 12.5, ""},
		{"EUR 5", 0, 5, "EUR"},
		{"199元", 0, 199, "元"},
		{"1.2万", 0, 12000, ""},
		{"1.2万元", 0, 12000, "元"},
		{"￥1,999.00 起", 0, 1999, "￥"},
		{"US$ 10.99", 0, 10.99, "US$"},
		{"10.00 - 20.00 USD", 0, 10, "USD"},
		{"10-20", 0, 10, ""},
		{"from £7", 0, 7, "£"},
		{"0.999", 0, 0.999, ""},
		{"1.299", 0, 1299, ""},
		{"1.299", '.', 1.299, ""},
		{"1,299", '.', 1299, ""},
		{"1,299", ',', 1.299, ""},
		{"1.234.567", 0, 1234567, ""},
		{"1,234,567.89", 0, 1234567.89, ""},
		{"1.234.567,89", 0, 1234567.89, ""},
		{".5", 0, 0.5, ""},
		{"12345.678", 0, 12345.678, ""},
		{"2.5k", 0, 2500, ""},
		{"5 kg", 0, 5, ""},
		{"99 Krone", 0, 99, ""},
		{"0", 0, 0, ""},
	}
	for _, test := range tests {
		value, currency, ok := parsePrice(test.text, test.style)
		if !ok || value != test.value || currency != test.currency {
			t.Errorf("parsePrice(%q, %q) = %v %q %v, want %v %q", test.text, test.style, value, currency, ok, test.value, test.currency)
		}
	}
	for _, text := range []string{"", "free", "auf Anfrage", "€", "-5", "EUR -5", "−3 €", "1e"} {
		if value, _, ok := parsePrice(text, 0); ok && text != "1e" {
			t.Errorf("parsePrice(%q) = %v, want none", text, value)
		}
	}
	if _, ok := findNumber(strings.Repeat("9", 400), 0); ok {
		t.Error("a number beyond float64 was read")
	}
}

// TestPricesInEveryWriting writes amounts as the countries of the world do, and
// reads them back.
func TestPricesInEveryWriting(t *testing.T) {
	group := func(digits, mark string) string {
		for i := len(digits) - 3; i > 0; i -= 3 {
			digits = digits[:i] + mark + digits[i:]
		}
		return digits
	}
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(0, 1e12).Draw(t, "cents")
		marks := rapid.SampledFrom([][2]string{{",", "."}, {".", ","}, {" ", ","}, {" ", "."}, {"'", "."}, {"’", "."}, {"\u00a0", ","}, {"\u202f", ","}, {"\u2009", "."}, {"", "."}, {"", ","}}).Draw(t, "marks")
		currency := rapid.SampledFrom(currencies).Draw(t, "currency")
		text := group(strconv.FormatInt(cents/100, 10), marks[0]) + marks[1] + fmt.Sprintf("%02d", cents%100)
		if rapid.Bool().Draw(t, "before") {
			text = currency + " " + text
		} else {
			text += " " + currency
		}
		value, got, ok := parsePrice(text, 0)
		if want, _ := strconv.ParseFloat(fmt.Sprintf("%d.%02d", cents/100, cents%100), 64); !ok || value != want || got != currency {
			t.Fatalf("parsePrice(%q) = %v %q %v, want %v %q", text, value, got, ok, want, currency)
		}
	})
}

func TestStyleOfColumn(t *testing.T) {
	tests := []struct {
		values []string
		want   numberStyle
	}{
		{[]string{"1.299", "12,50 €"}, ','},
		{[]string{"1,299", "12.50"}, '.'},
		{[]string{"1.299", "2.499"}, 0},
		{[]string{"12", "", "free"}, 0},
		{[]string{"1.5", "2,5"}, 0},
	}
	for _, test := range tests {
		if got := styleOf(test.values); got != test.want {
			t.Errorf("styleOf(%q) = %q, want %q", test.values, got, test.want)
		}
	}
}

func TestParseRating(t *testing.T) {
	tests := []struct {
		text string
		want float64
		ok   bool
	}{
		{"4.5 out of 5", 4.5, true}, {"4,5", 4.5, true}, {"4.5/5", 4.5, true}, {"4.8分", 4.8, true}, {"4.125", 4.125, true},
		{"★★★★☆", 4, true}, {"5", 5, true}, {"none", 0, false}, {"-1", -1, false}, {"", 0, false},
	}
	for _, test := range tests {
		if got, ok := parseRating(test.text); ok != test.ok || ok && got != test.want {
			t.Errorf("parseRating(%q) = %v %v, want %v %v", test.text, got, ok, test.want, test.ok)
		}
	}
}

func TestCounts(t *testing.T) {
	tests := map[string]float64{"1,234": 1234, "1.2万": 12000, "3000+": 3000, "1.2k sold": 1200, "3.4M": 3.4e6, "(98 reviews)": 98, "5 months": 5, "1.5亿": 1.5e8}
	for text, want := range tests {
		if n, ok := findNumber(text, 0); !ok || n.value != want {
			t.Errorf("findNumber(%q) = %v %v, want %v", text, n.value, ok, want)
		}
	}
}
