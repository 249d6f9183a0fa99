package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"
)

// TestCutLikeOneByOne holds what cut leaves of a text to what taking one letter
// after another away does.
func TestCutLikeOneByOne(t *testing.T) {
	test.NewTempApp(t)
	const size = 14
	wide := func(s string) float32 { return fyne.MeasureText(s, size, fyne.TextStyle{}).Width }
	slow := func(text string, width float32) string {
		if width <= 0 || wide(text) <= width {
			return text
		}
		runes := []rune(text)
		for n := len(runes) - 1; n > 0; n-- {
			if s := string(runes[:n]) + "…"; wide(s) <= width {
				return s
			}
		}
		return ""
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([iW耳 m.a-z]{1,8} ?){0,6}`).Draw(t, "text")
		width := float32(rapid.IntRange(-1, 400).Draw(t, "width"))
		if got, want := cut(text, width, size, fyne.TextStyle{}), slow(text, width); got != want {
			t.Fatalf("%q in %v: %q, not %q", text, width, got, want)
		}
	})
}
