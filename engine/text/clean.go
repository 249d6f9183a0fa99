package text

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

// Clean makes the plain form of a text: valid UTF-8 in normal form NFKC (so
// that full-width letters are ordinary ones), without HTML tags and entities,
// control characters and trade marks, with single spaces.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, " ")
	}
	s = withoutHTML(s)
	s = strings.Map(visible, s)
	s = norm.NFKC.String(s)
	return strings.Join(strings.Fields(s), " ")
}

// plain reports whether Clean would leave s as it is: printable ASCII with
// nothing that could be HTML and only single spaces inside.
func plain(s string) bool {
	last := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c > '~' || c == '<' || c == '&' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return len(s) == 0 || last != ' '
}

// visible drops what has no meaning for matching. Trade marks go before NFKC
// would spell ™ as the letters TM in the middle of a name.
func visible(r rune) rune {
	switch {
	case r == '™' || r == '®' || r == '©' || r == '℠':
		return ' '
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	case r == '\u00ad' || unicode.Is(unicode.Cf, r): // soft hyphen, zero width, byte order mark
		return -1
	case r == '″': // NFKC would make two primes of the inch mark
		return '"'
	}
	return r
}

// withoutHTML keeps the text between tags. Tags of blocks separate words;
// inline ones (<b>) do not.
func withoutHTML(s string) string {
	if !looksLikeHTML(s) {
		if strings.Contains(s, "&") {
			s = html.UnescapeString(s)
		}
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	skipped := 0 // depth inside <script> and <style>
	z := nethtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case nethtml.ErrorToken: // the end: a tokenizer of a string has no other error
			return b.String()
		case nethtml.TextToken:
			if skipped == 0 {
				b.Write(z.Text())
			}
		case nethtml.StartTagToken:
			if tag := tagOf(z); tag == atom.Script || tag == atom.Style {
				skipped++
			} else if !inline[tag] {
				b.WriteByte(' ')
			}
		case nethtml.EndTagToken:
			if tag := tagOf(z); (tag == atom.Script || tag == atom.Style) && skipped > 0 {
				skipped--
			} else if !inline[tag] {
				b.WriteByte(' ')
			}
		case nethtml.SelfClosingTagToken:
			if !inline[tagOf(z)] {
				b.WriteByte(' ')
			}
		}
	}
}

// looksLikeHTML reports whether s holds something that opens like a tag and is
// closed: "size <XL" is text.
func looksLikeHTML(s string) bool {
	s = s[:strings.LastIndexByte(s, '>')+1]
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 == len(s) {
			return false
		}
		s = s[i+1:]
		if c := s[0]; c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '/' || c == '!' {
			return true
		}
	}
}

func tagOf(z *nethtml.Tokenizer) atom.Atom {
	name, _ := z.TagName()
	return atom.Lookup(name)
}

// inline are the tags that may stand inside a word.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Em: true, atom.Font: true, atom.I: true, atom.Mark: true, atom.Small: true,
	atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.U: true, atom.Wbr: true,
}
