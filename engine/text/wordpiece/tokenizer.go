package wordpiece

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Config is what tokenizer_config.json says.
type Config struct {
	LowerCase    bool
	StripAccents bool // Hugging Face's null means: as LowerCase
	SplitCJK     bool // each Chinese character is a word of its own

	// The special tokens; each must be in the vocabulary except Mask and Pad.
	// Written in a text, exactly so, they stand for themselves.
	Unknown, Start, End, Pad, Mask string
}

// DefaultConfig is BertTokenizer's: uncased, accents stripped.
func DefaultConfig() Config {
	return Config{
		LowerCase: true, StripAccents: true, SplitCJK: true,
		Unknown: "[UNK]", Start: "[CLS]", End: "[SEP]", Pad: "[PAD]", Mask: "[MASK]",
	}
}

// maxWordRunes is the length from which on a word is unknown without a look at
// the vocabulary (max_input_chars_per_word).
const maxWordRunes = 100

// Tokenizer splits text into WordPiece tokens. It is safe for concurrent use.
type Tokenizer struct {
	config  Config
	heads   map[string]int32 // tokens that begin a word
	tails   map[string]int32 // tokens that go on with a word, without their ##
	longest int              // bytes of the longest token
	size    int

	unknown, start, end int32
	specials            []special
}

type special struct {
	text string
	id   int32
}

// New makes a tokenizer from a vocab.txt: one token a line, its id the line's
// number from 0.
func New(vocab []byte, config Config) (*Tokenizer, error) {
	vocab = bytes.TrimSuffix(vocab, []byte("\n"))
	if len(vocab) == 0 {
		return nil, errors.New("the vocabulary is empty")
	}
	lines := bytes.Count(vocab, []byte("\n")) + 1
	t := &Tokenizer{
		config: config,
		heads:  make(map[string]int32, lines),
		tails:  make(map[string]int32, lines/4),
		size:   lines,
	}
	// One string holds all tokens, so that the maps' keys are not allocated one by one.
	for id, line := range strings.Split(string(vocab), "\n") {
		token := strings.TrimSuffix(line, "\r")
		t.heads[token] = int32(id)
		if tail, ok := strings.CutPrefix(token, "##"); ok && tail != "" {
			t.tails[tail] = int32(id)
		}
		t.longest = max(t.longest, len(token))
	}
	for _, s := range []struct {
		text     string
		id       *int32
		required bool
	}{
		{config.Unknown, &t.unknown, true},
		{config.Start, &t.start, true},
		{config.End, &t.end, true},
		{config.Pad, new(int32), false},
		{config.Mask, new(int32), false},
	} {
		id, ok := t.heads[s.text]
		switch {
		case ok && s.text != "":
			*s.id = id
			t.specials = append(t.specials, special{s.text, id})
		case s.required:
			return nil, fmt.Errorf("the vocabulary of %d tokens has no %q", lines, s.text)
		}
	}
	return t, nil
}

// Size is the number of tokens in the vocabulary; ids are below it.
func (t *Tokenizer) Size() int { return t.size }

// Whole reports whether a word is one token of the vocabulary, not pieced
// together of several.
func (t *Tokenizer) Whole(word string) bool {
	var room [4]int32
	ids := t.Encode(room[:0], word, len(room))
	return len(ids) == 3 && ids[1] != t.unknown
}

// Encode appends the token ids of text to dst: [CLS], at most maxLen-2 tokens,
// [SEP]. A maxLen below 2 counts as 2. It allocates only where dst must grow.
func (t *Tokenizer) Encode(dst []int32, text string, maxLen int) []int32 {
	w := word{t: t, ids: append(dst, t.start), limit: len(dst) + max(maxLen, 2) - 1}
	for i := 0; i < len(text) && len(w.ids) < w.limit; {
		if c := text[i]; c < utf8.RuneSelf {
			if s, ok := t.specialAt(text[i:]); ok {
				w.flush()
				w.put(s.id)
				i += len(s.text)
				continue
			}
			w.addASCII(c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		w.addRune(r)
	}
	w.flush()
	return append(w.ids, t.end)
}

// specialAt returns the special token that text begins with.
func (t *Tokenizer) specialAt(text string) (special, bool) {
	for _, s := range t.specials {
		if text[0] == s.text[0] && strings.HasPrefix(text, s.text) {
			return s, true
		}
	}
	return special{}, false
}
