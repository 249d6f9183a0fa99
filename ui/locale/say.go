package locale

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Say is what the engine said, in the present language: a word, a sentence,
// several sentences, or an error of parts with ": " between them. A sentence is
// recognised by the template it was made of, and so are the words filled into
// it. What is not known stays English.
func Say(text string) string {
	t := current.Load()
	if t.texts == nil || text == "" {
		return text
	}
	if said, ok := t.say(text); ok {
		return said
	}
	if said, ok := t.sayLast(text); ok {
		return said
	}
	if before, after, ok := strings.Cut(text, ". "); ok {
		return Say(before+".") + Say(after)
	}
	if bare, ok := strings.CutSuffix(text, "."); ok {
		if said := Say(bare); said != bare {
			return said + "。"
		}
	}
	if before, after, ok := strings.Cut(text, "; "); ok {
		if first, second := Say(before), Say(after); first != before || second != after {
			return first + "；" + second
		}
	}
	for at := strings.Index(text, ": "); at >= 0; {
		// The longest known beginning wins: parts may hold colons themselves.
		if said, ok := t.say(text[:at]); ok {
			return said + "：" + Say(text[at+2:])
		}
		next := strings.Index(text[at+2:], ": ")
		if next < 0 {
			break
		}
		at += 2 + next
	}
	return text
}

// sayLast translates a text whose end, after one of its colons, is a known
// sentence, which may have colons and semicolons itself.
func (t *tongue) sayLast(text string) (string, bool) {
	for at := strings.Index(text, ": "); at >= 0; {
		if said, ok := t.say(text[at+2:]); ok {
			return Say(text[:at]) + "：" + said, true
		}
		next := strings.Index(text[at+2:], ": ")
		if next < 0 {
			break
		}
		at += 2 + next
	}
	return "", false
}

// sentence is a template that can be recognised.
type sentence struct {
	template string
	pattern  *regexp.Regexp
	literal  int    // bytes that are no verbs: more of them say more
	longest  string // literal part, which is looked for first
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*[\d*]*(?:\.[\d*]+)?([a-zA-Z%])`)

// sentences are the templates among texts, those that say most first.
func sentences(texts map[string]string) []sentence {
	var out []sentence
	for template := range texts {
		s := sentence{template: template}
		pattern, rest, verbs := "^", template, 0
		for _, at := range verb.FindAllStringSubmatchIndex(template, -1) {
			literal := template[len(template)-len(rest) : at[0]]
			rest = template[at[1]:]
			pattern += regexp.QuoteMeta(literal)
			s.literal += len(literal)
			if len(literal) > len(s.longest) {
				s.longest = literal
			}
			switch template[at[4]:at[5]] {
			case "%":
				pattern += "%"
				continue
			case "d":
				pattern += `([-−+]?[\d,]+)`
			case "f", "g", "e":
				pattern += `([-−+±]?[\d.,e+-]*\d)`
			case "q":
				pattern += `(".*?")`
			default:
				pattern += `(.+?)`
			}
			verbs++
		}
		if verbs == 0 || letterCount(verb.ReplaceAllString(template, "")) < leastLetters {
			continue
		}
		s.literal += len(rest)
		if len(rest) > len(s.longest) {
			s.longest = rest
		}
		s.pattern = regexp.MustCompile("(?s)" + pattern + regexp.QuoteMeta(rest) + "$")
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b sentence) int {
		return cmp.Or(cmp.Compare(b.literal, a.literal), strings.Compare(a.template, b.template))
	})
	return out
}

// leastLetters is how much of a template must stand fast for it to be told from
// other text.
const leastLetters = 4

func letterCount(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// say translates a whole text, if it is known.
func (t *tongue) say(text string) (string, bool) {
	if said, ok := t.texts[text]; ok {
		return said, true
	}
	if number, ok := strings.CutSuffix(text, " %"); ok && number != "" && strings.Trim(number, "0123456789.,") == "" {
		return fill(t.texts["%.0f %%"], []string{number}), true // too short for a sentence
	}
	for _, s := range t.sentences {
		if !strings.Contains(text, s.longest) {
			continue
		}
		found := s.pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		args := make([]string, 0, len(found)-1)
		for _, arg := range found[1:] {
			if !strings.HasPrefix(arg, `"`) { // what is quoted is of people
				arg = Say(arg)
			}
			args = append(args, arg)
		}
		return fill(t.texts[s.template], args), true
	}
	return "", false
}

// fill puts arguments that are already text into a template.
func fill(template string, args []string) string {
	next := 0
	return verb.ReplaceAllStringFunc(template, func(v string) string {
		parts := verb.FindStringSubmatch(v)
		if parts[2] == "%" {
			return "%"
		}
		if parts[1] != "" {
			next = int(parts[1][0] - '1')
		}
		if next >= len(args) {
			return v
		}
		next++
		return args[next-1]
	})
}
