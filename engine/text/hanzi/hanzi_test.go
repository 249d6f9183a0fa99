package hanzi

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestSimplified(t *testing.T) {
	for text, want := range map[string]string{
		"手機殼":                  "手机壳",
		"藍牙耳機 WH-1000XM5 的充電線": "蓝牙耳机 WH-1000XM5 的充电线",
		"頭髮後面，麵條裡":             "头发后面，面条里",
		"手机":                   "手机",
		"phone":                "phone",
		"\xff機\xff":            "\xff机\xff",
		"":                     "",
	} {
		if got := Simplified(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestCharacters holds the table to what makes it usable: pairs of equal size,
// each traditional character once, and no simplified one that is read on to
// another.
func TestCharacters(t *testing.T) {
	from, to, _ := strings.Cut(strings.TrimSuffix(characters, "\n"), "\n")
	if n := utf8.RuneCountInString(from); n != utf8.RuneCountInString(to) || n != len(simplified()) || n < 3000 {
		t.Fatalf("%d traditional and %d simplified characters, %d different ones", n, utf8.RuneCountInString(to), len(simplified()))
	}
	for traditional, s := range simplified() {
		if utf8.RuneLen(traditional) != utf8.RuneLen(s) {
			t.Errorf("%c and %c take different sizes", traditional, s)
		}
		if again, ok := simplified()[s]; ok {
			t.Errorf("%c is read as %c, and that as %c", traditional, s, again)
		}
	}
}

func TestSimplifiedKeepsPlaces(t *testing.T) {
	some := rapid.SampledFrom([]string{"機", "手", "𠮷", "a", "é", "\xff", " "})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(some).Draw(t, "text"), "")
		if got := Simplified(text); len(got) != len(text) || got != strings.ReplaceAll(text, "機", "机") {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
