package retrieve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

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
		{"wireles", false, "wireless:typo"},
		{"headphones", false, ""},
		{"leadphones", false, "headphone:typo"},
		{"sonny", false, "sony:typo"},
		{"WH-1000XM4", false, ""}, // another product, not a mistake
		{"15.5 inch", false, ""},
		{"lmp", false, ""},  // too short to tell
		{"damp", false, ""}, // too short for another first letter
		{"alpm", false, ""},
		{"almp", false, "lamp:typo"},
		{"head", false, ""},
		{"head", true, "headphone:prefix headset:prefix"},
		{"head ", true, ""},
		{"desk la", true, "lamp:prefix"},
		{"wh1000x", true, "wh1000xm5:prefix"},
		{"headphnoe", true, "headphone:typo"},
		{"h", true, ""},
		{strings.Repeat("keyboard", 10000), false, ""}, // no word
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

// lexicon knows the words that it has.
type lexicon []string

func (l lexicon) Knows(word string) bool { return slices.Contains(l, word) }

// TestWordsOfTheLanguage: a word that the catalogue lacks is no typing mistake
// where it is one of the language. What it is one edit from stands beside it where
// much of the catalogue has that, and never where the catalogue has the word.
func TestWordsOfTheLanguage(t *testing.T) {
	few := []string{"battery drains", "move files", "van", "store", "keyboard", "canon"}
	many := slices.Clone(few)
	for range muchMore {
		many = append(many, "canon camera")
	}
	sold := append(slices.Clone(many), "cannon")
	for _, test := range []struct {
		titles []string
		query  string
		want   string // terms, and the reasons of those that were added
	}{
		{few, "train", "train"},
		{few, "trains", "train"},
		{few, "moves", "move"},
		{few, "stoves", "stove"}, // known in the singular
		{few, "cannon", "cannon"},
		{few, "vans", "van:typo"},
		{few, "keybaord", "keyboard:typo"},
		{many, "cannon", "cannon canon:typo"},
		{sold, "cannon", "cannon"},
	} {
		x := titled(t, test.titles...)
		x.lexicon = lexicon{"train", "trains", "stove", "vans", "cannon"}
		a := english(t).Analyze(test.query)
		if err := x.Widen(&a, false); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, term := range a.Terms {
			got = append(got, strings.TrimSuffix(term.Text+":"+term.Added, ":"))
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q among %d products: %v, want %q", test.query, len(test.titles), got, test.want)
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

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"lamp", "lamp", 0}, {"lamp", "lmap", 1}, {"lamp", "lamps", 1}, {"lamp", "amp", 1}, {"babb", "baaa", 2}, {"büro", "buro", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3}} {
		if got := distance([]rune(test.a), []rune(test.b)); got != test.want || got != distance([]rune(test.b), []rune(test.a)) {
			t.Errorf("%s, %s: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// TestWithinLikeTwin holds the walk through the dictionary to measuring every
// word of it.
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
		most := rapid.Uint8Range(1, 2).Draw(t, "distance")
		var want []string
		for term := range terms {
			away := distance([]rune(term), []rune(typed))
			begins := term[0] == typed[0] || away == 1 && (utf8.RuneCountInString(typed) >= sureStart || term[0] == typed[1] && term[1] == typed[0])
			if away > 0 && away <= int(most) && begins {
				want = append(want, term)
			}
		}
		list, err := x.within(typed, most)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range list {
			if cost := distance([]rune(f.text), []rune(typed)); f.cost/2 != cost {
				t.Fatalf("%q is %d edits from %q, want %d", f.text, f.cost/2, typed, cost)
			}
			got = append(got, f.text)
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("within %d of %q: %v, want %v", most, typed, got, want)
		}
	})
}
