package retrieve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
)

// titled makes an index of products with these titles.
func titled(t *testing.T, titles ...string) *Index {
	t.Helper()
	products := map[uint32]engine.Product{}
	for i, title := range titles {
		products[uint32(i)] = engine.Product{ID: fmt.Sprint(i), Title: title}
	}
	return indexOf(t, english(t), products)
}

func TestWiden(t *testing.T) {
	x := titled(t, "wireless headphones", "Sony WH-1000XM5 headphones", "headset", "desk lamp", "lamp shade", "phone 15.6 inch", "keyboard", "Tastatur für Büro")
	for _, test := range []struct {
		query  string
		typing bool
		want   string // added terms with their reasons
	}{
		{"headphnes", false, "headphone:typo"},
		{"haedphones", false, "headphone:typo"},
		{"keybroad lmap", false, "keyboard:typo lamp:typo"},
		{"headphones", false, ""},
		{"leadphones", false, "headphone:typo"},
		{"sonny", false, "sony:typo"},
		{"WH-1000XM4", false, ""}, // another product, not a mistake
		{"15.5 inch", false, ""},
		{"lmp", false, ""}, // too short to tell
		{"head", false, ""},
		{"head", true, "headphone:prefix headset:prefix"},
		{"head ", true, ""},
		{"desk la", true, "lamp:prefix"},
		{"wh1000x", true, "wh1000xm5:prefix"},
		{"headphn", true, "headphone:typo"},
		{"h", true, ""},
	} {
		a := english(t).Analyze(test.query)
		if err := x.Widen(&a, test.typing); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, term := range a.Terms {
			if term.Added != "" {
				got = append(got, term.Text+":"+term.Added)
				if term.Weight <= 0 || term.Weight >= 1 {
					t.Errorf("%q: %q weighs %v", test.query, term.Text, term.Weight)
				}
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: added %v, want %q", test.query, got, test.want)
		}
	}
}

func TestCorrectedWordsFind(t *testing.T) {
	x := titled(t, "wireless headphones", "desk lamp", "phone")
	a := english(t).Analyze("desk lapm")
	if err := x.Widen(&a, false); err != nil {
		t.Fatal(err)
	}
	found, err := x.Retrieve(context.Background(), engine.Request{Analysis: a})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Items) != 1 || found.Items[0].Product != "1" || found.Items[0].Matched[engine.InTitle] != 3 {
		t.Errorf("found %+v", found.Items)
	}
}

// TestRareWordsAreCorrectedBeside: a word that the catalogue has stays, and what
// it was probably meant to be is added.
func TestRareWordsAreCorrectedBeside(t *testing.T) {
	titles := []string{"keyboerd"}
	for range rareIn + 1 {
		titles = append(titles, "keyboard")
	}
	x := titled(t, titles...)
	a := english(t).Analyze("keyboerd")
	if err := x.Widen(&a, false); err != nil {
		t.Fatal(err)
	}
	if len(a.Terms) != 2 || a.Terms[0].Added != "" || a.Terms[1].Text != "keyboard" || a.Terms[1].Weight != besideWeight {
		t.Errorf("terms %+v", a.Terms)
	}
}

// editDistance is the textbook table, with neighbours that changed places as one
// edit.
func editDistance(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

// TestWithinLikeTwin holds the automaton to the table, on words that are near
// each other.
func TestWithinLikeTwin(t *testing.T) {
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abcé]{4,7}`)
		titles := rapid.SliceOfNDistinct(word, 1, 60, rapid.ID).Draw(t, "words")
		products := map[uint32]engine.Product{}
		for i, title := range titles {
			products[uint32(i)] = engine.Product{ID: title, Title: title}
		}
		x := indexOf(t, a, products)
		terms := map[string]bool{}
		for _, title := range titles {
			for token := range a.Tokens(title) {
				terms[token.Text] = true
			}
		}
		typed := rapid.StringMatching(`[abcz]{4,7}`).Draw(t, "typed")
		distance := rapid.Uint8Range(1, 2).Draw(t, "distance")
		var want []string
		for term := range terms {
			away := editDistance([]rune(term), []rune(typed))
			if away > 0 && away <= int(distance) && (away == 1 || term[0] == typed[0]) {
				want = append(want, term)
			}
		}
		list, err := x.within(typed, distance)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range list {
			if cost := editDistance([]rune(f.text), []rune(typed)); f.cost/2 != cost {
				t.Fatalf("%q is %d edits from %q, want %d", f.text, f.cost/2, typed, cost)
			}
			got = append(got, f.text)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("within %d of %q: %v, want %v", distance, typed, got, want)
		}
	})
}
