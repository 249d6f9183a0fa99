package wordpiece

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// vocabulary is a small one, in which words split in many ways.
var vocabulary = strings.Join([]string{
	"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
	"a", "ab", "abc", "b", "c", "i", "e", "σ", "ﬁ", "手", "机", "ᄒ", "中", "1", "12", "A", "É", "İ",
	"##a", "##b", "##bc", "##c", "##e", "##σ", "##ᅡ", "##ᆫ", "##机", "##1", "##3", "##́", "##i", "##̇",
	"-", "[", "]", "#", ".", "，", "«", ";", "$", "##", "x",
}, "\n") + "\n"

// slowEncode is Encode as Hugging Face's documentation tells it: one step after
// the other over the whole text.
func slowEncode(t *Tokenizer, text string, maxLen int) []int32 {
	ids := []int32{}
	for text != "" {
		next, token := len(text), special{}
		for _, s := range t.specials {
			if i := strings.Index(text, s.text); i >= 0 && i < next {
				next, token = i, s
			}
		}
		for _, word := range slowWords(t.config, text[:next]) {
			ids = append(ids, slowPieces(t, word)...)
		}
		if text = text[next:]; token.text != "" {
			ids = append(ids, token.id)
			text = text[len(token.text):]
		}
	}
	ids = ids[:min(len(ids), maxLen-2)]
	return append(append([]int32{t.start}, ids...), t.end)
}

func slowWords(c Config, text string) []string {
	var clean []rune
	for _, r := range text {
		switch {
		case r == 0 || r == 0xFFFD || isControl(r) && !strings.ContainsRune("\t\n\r", r):
		case unicode.IsSpace(r):
			clean = append(clean, ' ')
		case c.SplitCJK && isChinese(r):
			clean = append(clean, ' ', r, ' ')
		default:
			clean = append(clean, r)
		}
	}
	text = string(clean)
	if c.StripAccents {
		text = strings.Map(func(r rune) rune {
			if isNonspacingMark(r) {
				return -1
			}
			return r
		}, norm.NFD.String(text))
	}
	if c.LowerCase {
		text = strings.Map(unicode.ToLower, strings.ReplaceAll(text, "İ", "i̇"))
	}
	var spaced strings.Builder
	for _, r := range text {
		if isPunctuation(r) || r < utf8.RuneSelf && unicode.In(r, unicode.P, unicode.S) {
			spaced.WriteString(" " + string(r) + " ")
		} else {
			spaced.WriteRune(r)
		}
	}
	return strings.Fields(spaced.String())
}

func slowPieces(t *Tokenizer, word string) []int32 {
	if utf8.RuneCountInString(word) > 100 {
		return []int32{t.unknown}
	}
	var ids []int32
	for runes, prefix := []rune(word), ""; len(runes) > 0; prefix = "##" {
		n := len(runes)
		for ; n > 0; n-- {
			if id, ok := t.heads[prefix+string(runes[:n])]; ok {
				ids = append(ids, id)
				break
			}
		}
		if n == 0 {
			return []int32{t.unknown}
		}
		runes = runes[n:]
	}
	return ids
}

// reorders reports a text in which canonical ordering, which Encode leaves out,
// could show: marks that combine and yet take up space.
func reorders(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return norm.NFD.PropertiesString(string(r)).CCC() != 0 && !isNonspacingMark(r)
	})
}

func newTestTokenizer(t interface{ Fatal(...any) }, lower, strip, cjk bool) *Tokenizer {
	config := DefaultConfig()
	config.LowerCase, config.StripAccents, config.SplitCJK = lower, strip, cjk
	tokenizer, err := New([]byte(vocabulary), config)
	if err != nil {
		t.Fatal(err)
	}
	return tokenizer
}

func TestEncodeEqualsSlowTwin(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom(strings.Split(strings.TrimSpace(vocabulary), "\n")),
		rapid.SampledFrom([]string{" ", "\t", "\v", "\u0085", "\u2028", "\u200b", "\u00ad", "한", "É", "é", "ΑΣ", "İ", "ﬁ", "\u037e", "\ufffd", "\x80", "\ue000", "手机", "豈", "𠀀", "－", "«", "`", strings.Repeat("ab", 50)}),
		rapid.StringN(0, 4, -1),
	)
	rapid.Check(t, func(t *rapid.T) {
		tokenizer := newTestTokenizer(t, rapid.Bool().Draw(t, "lower"), rapid.Bool().Draw(t, "strip"), rapid.Bool().Draw(t, "cjk"))
		text := strings.Join(rapid.SliceOfN(piece, 0, 20).Draw(t, "text"), "")
		maxLen := rapid.IntRange(2, 40).Draw(t, "maxLen")
		if reorders(text) {
			t.Skip("canonical ordering is not done")
		}
		if got, want := tokenizer.Encode(nil, text, maxLen), slowEncode(tokenizer, text, maxLen); !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, want %v", text, got, want)
		}
	})
}

func FuzzEncode(f *testing.F) {
	for _, seed := range []string{"", "abc-Ab", "手机[SEP]x", "한국 É é", "\x00\xff\ufffd", strings.Repeat("x", 101)} {
		f.Add(seed, 12)
	}
	uncased, cased := newTestTokenizer(f, true, true, true), newTestTokenizer(f, false, false, true)
	f.Fuzz(func(t *testing.T, text string, maxLen int) {
		maxLen = max(2, maxLen%600)
		for _, tokenizer := range []*Tokenizer{uncased, cased} {
			got := tokenizer.Encode(nil, text, maxLen)
			if !reorders(text) && !slices.Equal(got, slowEncode(tokenizer, text, maxLen)) {
				t.Errorf("%q: got %v, want %v", text, got, slowEncode(tokenizer, text, maxLen))
			}
		}
	})
}
