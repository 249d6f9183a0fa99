package locale

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"touchstone/assets"
)

// Language is a language of the window.
type Language string

// The languages.
const (
	English Language = "en"
	Chinese Language = "zh"
)

// Languages are all of them with their own names, which are never translated.
var Languages = []struct {
	Language Language
	Name     string
}{{English, "English"}, {Chinese, "中文"}}

// tongue is a language with its translations.
type tongue struct {
	language  Language
	printer   *message.Printer
	texts     map[string]string // nil for English
	sentences []sentence        // of texts, for Say
}

var (
	english = &tongue{language: English, printer: message.NewPrinter(language.English)}
	current atomic.Pointer[tongue]
)

func init() { current.Store(english) }

// Current is the language that was set, English at first.
func Current() Language { return current.Load().language }

// Set changes the language of everything that is written from now on. It may be
// called anywhere.
func Set(l Language) error {
	if l == Current() {
		return nil
	}
	if l == English {
		current.Store(english)
		return nil
	}
	t, err := load(l)
	if err != nil {
		return err
	}
	current.Store(t)
	return nil
}

func load(l Language) (*tongue, error) {
	files, err := assets.Translations(string(l))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there are no translations for the language %q", l)
	}
	t := &tongue{language: l, printer: message.NewPrinter(language.Make(string(l))), texts: map[string]string{}}
	for _, b := range files {
		if err := json.Unmarshal(b, &t.texts); err != nil {
			return nil, fmt.Errorf("translations of %q: %w", l, err)
		}
	}
	t.sentences = sentences(t.texts)
	return t, nil
}

// OfDesktop is the language that the environment asks for.
func OfDesktop() Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			if strings.HasPrefix(value, string(Chinese)) {
				return Chinese
			}
			break
		}
	}
	return English
}

// T is a text in the present language. With arguments, the text is a template
// as of fmt.Sprintf, and numbers are grouped as the language does.
func T(text string, args ...any) string {
	t := current.Load()
	if translated, ok := t.texts[text]; ok {
		text = translated
	}
	if len(args) == 0 {
		return text
	}
	return t.printer.Sprintf(text, args...)
}

// N is T for one of two texts, by number: "%d product", "%d products". The
// number is the first argument of both; further ones follow it. Languages
// without plurals translate the second.
func N(n int, one, many string, args ...any) string {
	text := many
	if n == 1 && Current() == English {
		text = one
	}
	return T(text, append([]any{n}, args...)...)
}

// Mark is for text that is kept in a table and shown with T later: it returns
// the text as it is.
func Mark(text string) string { return text }

// Name is for names that are the same in every language.
func Name(text string) string { return text }
