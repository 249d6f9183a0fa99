package wordpiece

import (
	"slices"
	"strings"
	"testing"
)

func TestEncode(t *testing.T) {
	tokenizer := newTestTokenizer(t, true, true, true)
	cased := newTestTokenizer(t, false, false, true)
	tokens := strings.Split(vocabulary, "\n")
	for _, c := range []struct {
		name      string
		tokenizer *Tokenizer
		text      string
		maxLen    int
		want      string
	}{
		{"nothing", tokenizer, "", 9, "[CLS] [SEP]"},
		{"longest first", tokenizer, "abcbc", 9, "[CLS] abc ##bc [SEP]"},
		{"one unknown piece makes the word unknown", tokenizer, "abcz a", 9, "[CLS] [UNK] a [SEP]"},
		{"case and accents", tokenizer, "É é", 9, "[CLS] e e [SEP]"},
		{"cased keeps both", cased, "É A a", 9, "[CLS] É A a [SEP]"},
		{"Chinese characters are words", tokenizer, "手机", 9, "[CLS] 手 机 [SEP]"},
		{"punctuation is a word", tokenizer, "a-b，c", 9, "[CLS] a - b ， c [SEP]"},
		{"control characters vanish", tokenizer, "a\u200bb\x00c", 9, "[CLS] abc [SEP]"},
		{"invalid UTF-8 vanishes", tokenizer, "a\xffb", 9, "[CLS] ab [SEP]"},
		{"special tokens stand for themselves", tokenizer, "a[SEP]b [sep]", 12, "[CLS] a [SEP] b [ [UNK] ] [SEP]"},
		{"hash marks in the text are punctuation", tokenizer, "##a", 9, "[CLS] # # a [SEP]"},
		{"cut", tokenizer, "a b c a b c", 5, "[CLS] a b c [SEP]"},
		{"cut inside a word", tokenizer, "abcbcbc", 4, "[CLS] abc ##bc [SEP]"},
		{"the shortest sequence", tokenizer, "a", 0, "[CLS] [SEP]"},
		{"100 characters", tokenizer, "x " + "a" + strings.Repeat("b", 99), 3, "[CLS] x [SEP]"},
		{"101 characters", tokenizer, "a" + strings.Repeat("b", 100), 200, "[CLS] [UNK] [SEP]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, id := range c.tokenizer.Encode(nil, c.text, c.maxLen) {
				got = append(got, tokens[id])
			}
			if joined := strings.Join(got, " "); joined != c.want {
				t.Errorf("%q: got %s, want %s", c.text, joined, c.want)
			}
		})
	}
}

func TestEncodeAppends(t *testing.T) {
	tokenizer := newTestTokenizer(t, true, true, true)
	dst := append(make([]int32, 0, 64), 7)
	if got, want := tokenizer.Encode(dst, "abc", 9), append([]int32{7}, tokenizer.Encode(nil, "abc", 9)...); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if n := testing.AllocsPerRun(100, func() { tokenizer.Encode(dst, "ÉABC-12 手机 한 unknown", 60) }); n != 0 {
		t.Errorf("%v allocations for a text that fits into dst, want none", n)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, vocab := range map[string]string{
		"empty":      "",
		"no [UNK]":   "[CLS]\n[SEP]\na\n",
		"no [SEP]":   "[CLS]\n[UNK]\na\n",
		"only lines": "\n\n",
	} {
		if _, err := New([]byte(vocab), DefaultConfig()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	lines, err := New([]byte(strings.ReplaceAll(vocabulary, "\n", "\r\n")), DefaultConfig())
	if err != nil || lines.Size() != strings.Count(vocabulary, "\n") {
		t.Errorf("Windows line ends: %v", err)
	}
}
