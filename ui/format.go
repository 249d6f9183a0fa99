package ui

import (
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"touchstone/engine"
)

var printer = message.NewPrinter(language.English)

// count writes a number with its noun: "1 product", "19,406 products".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return printer.Sprintf("%d %s", n, many)
}

// took writes how long a search took.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "< 1 ms"
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// left writes how much longer something takes, "" while no one knows.
func left(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < 90*time.Second:
		return fmt.Sprintf("%d s left", int(math.Ceil(d.Seconds())))
	case d < 90*time.Minute:
		return fmt.Sprintf("%d min left", int(math.Ceil(d.Minutes())))
	}
	return fmt.Sprintf("%.1f h left", d.Hours())
}

// signed writes a change with its sign, a true minus and digits of its size.
func signed(v float64, digits int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', digits, 64)
	if strings.Trim(s, "0.") == "" {
		return "±0"
	}
	if v < 0 {
		return "−" + s
	}
	return "+" + s
}

// number writes v with digits after the point and a true minus.
func number(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(s, "-0.") == "" {
		return strings.TrimPrefix(s, "-")
	}
	return strings.Replace(s, "-", "−", 1)
}

// metric writes the name of a metric as the field does: NDCG@10.
func metric(name string) string { return strings.ToUpper(name) }

// price writes a price with its currency: a sign goes before the number, a code
// after it.
func price(p *engine.Product) string {
	if !p.Price.Known {
		return ""
	}
	digits := 2
	if p.Price.Value == math.Trunc(p.Price.Value) {
		digits = 0
	}
	amount := printer.Sprintf("%.*f", digits, p.Price.Value)
	switch {
	case p.Currency == "":
		return amount
	case len([]rune(p.Currency)) == 1:
		return p.Currency + amount
	}
	return amount + " " + p.Currency
}

// about says what kind of thing a product is: brand · category · price.
func about(p *engine.Product) string {
	var parts []string
	for _, s := range []string{p.Brand, p.Category, price(p)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// workspaceName is a workspace's file name without its folder.
func workspaceName(path string) string { return filepath.Base(path) }
