package ui

import (
	"math"
	"path/filepath"
	"strings"
	"time"

	"touchstone/engine"
	"touchstone/ui/locale"
)

// took writes how long a search took.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return locale.T("< 1 ms")
	case d < time.Second:
		return locale.T("%d ms", d.Milliseconds())
	}
	return locale.T("%.1f s", d.Seconds())
}

// left writes how much longer something takes, "" while no one knows.
func left(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < 90*time.Second:
		return locale.T("%d s left", int(math.Ceil(d.Seconds())))
	case d < 90*time.Minute:
		return locale.T("%d min left", int(math.Ceil(d.Minutes())))
	}
	return locale.T("%.1f h left", d.Hours())
}

// signed writes a change with its sign, a true minus and digits of its size.
func signed(v float64, digits int) string { return locale.Signed(v, digits) }

// number writes v with digits after the point and a true minus.
func number(v float64, digits int) string { return locale.Number(v, digits) }

// metric writes the name of a metric as the field does: NDCG@10.
func metric(name string) string { return strings.ToUpper(name) }

// price writes a product's price, "" for none.
func price(p *engine.Product) string {
	if !p.Price.Known {
		return ""
	}
	return locale.Price(p.Price.Value, p.Currency)
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

// together puts parts of a sentence behind each other, with the language's commas.
func together(parts ...string) string {
	text := parts[0]
	for _, part := range parts[1:] {
		text = locale.T("%s, %s", text, part)
	}
	return text
}
