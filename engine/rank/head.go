package rank

import (
	"cmp"
	"slices"
	"strings"

	"touchstone/engine"
)

// A title names what a product is and often what it is for: "Case for iPhone 7"
// is a case, 手机壳 (phone case) is not a 手机 (phone). The words that only say
// what it is for are its modifiers.

// meantFor are words after which a title says what a product fits.
var meantFor = []string{
	"for", "fit", "fits", "compatible", // English
	"für", "pour", "para", "per", "voor", // German, French, Spanish and Portuguese, Italian, Dutch
}

// meantForPrefix are the Chinese ones, which stand directly before.
var meantForPrefix = []string{"适用", "适用于", "适配", "兼容", "专用于"}

// reach is how many words after one of meantFor still belong to it.
const reach = 3

// modifiers lists the words, as hashes in rising order, that a text uses only
// to say what the thing is for.
func modifiers(a *engine.Analysis) []uint32 {
	modifies := map[uint32]bool{} // false once a word was seen on its own
	for i := range a.Terms {
		word := hash(a.Terms[i].Text)
		already, seen := modifies[word]
		modifies[word] = (already || !seen) && isModifier(a, i)
	}
	var list []uint32
	for word, only := range modifies {
		if only {
			list = append(list, word)
		}
	}
	slices.Sort(list)
	return slices.Clip(list)
}

// headOf is the word that says what a query asks for: the last one that is no
// modifier; false where there is none.
func headOf(a *engine.Analysis) (uint32, bool) {
	for i, t := range slices.Backward(a.Terms) {
		if t.Kind == engine.Word && isWord(a.Terms, i) && !isModifier(a, i) {
			return hash(t.Text), true
		}
	}
	return 0, false
}

// isModifier reports whether term i begins a longer word that is written
// without spaces, or follows a word that says what a thing is for.
func isModifier(a *engine.Analysis, i int) bool {
	t := &a.Terms[i]
	if t.Kind == engine.Word {
		for k := range a.Terms {
			other := &a.Terms[k]
			if other.Kind != engine.Word || k == i {
				continue
			}
			begins := t.Part && other.Pos == t.Pos && t.End < other.End
			precedes := !t.Part && other.Start == t.End
			if (begins || precedes) && isWord(a.Terms, k) {
				return true
			}
		}
	}
	text := cmp.Or(a.Simplified, a.Clean)
	before := strings.TrimRight(text[:min(t.Start, len(text))], " ")
	for _, marker := range meantForPrefix {
		if strings.HasSuffix(before, marker) {
			return true
		}
	}
	for range reach {
		space := strings.LastIndexByte(before, ' ')
		if slices.Contains(meantFor, strings.ToLower(before[space+1:])) {
			return true
		}
		if space < 0 {
			break
		}
		before = strings.TrimRight(before[:space], " ")
	}
	return false
}
