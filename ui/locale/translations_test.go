package locale

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"touchstone/assets"
)

const ui = ".." // the folder of the window's code

// areas are the translations of a language by file.
func areas(t *testing.T) map[string]map[string]string {
	t.Helper()
	names, err := filepath.Glob("../../assets/translations/zh/*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no translations: %v", err)
	}
	files := map[string]map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		files[filepath.Base(name)] = texts
	}
	return files
}

// TestNoTextIsShownUntranslated: what looks like text for people goes through
// this package.
func TestNoTextIsShownUntranslated(t *testing.T) {
	for _, f := range readSource(t, ui).plain {
		t.Errorf("%s: %q is shown as it is: write locale.T(…), or locale.Name(…) for a name", f.where, f.text)
	}
}

// TestEveryTextHasChinese: what goes through this package is translated.
func TestEveryTextHasChinese(t *testing.T) {
	texts := map[string]string{}
	for _, area := range areas(t) {
		for key, text := range area {
			texts[key] = text
		}
	}
	source := readSource(t, ui)
	if len(source.translated) < 100 {
		t.Fatalf("only %d texts found: the test looks at the wrong place", len(source.translated))
	}
	missing := map[string]bool{}
	for _, f := range source.translated {
		if f.text != "" && texts[f.text] == "" && !missing[f.text] && hasLetter(f.text) {
			missing[f.text] = true
			t.Errorf("%s: %q has no Chinese in assets/translations/zh", f.where, f.text)
		}
	}
}

// TestTranslationsTakeTheSameArguments: a translation has the verbs of its key,
// in its own order where it numbers them, and no text twice.
func TestTranslationsTakeTheSameArguments(t *testing.T) {
	seen := map[string]string{}
	for name, area := range areas(t) {
		for key, text := range area {
			if other, ok := seen[key]; ok && other != text {
				t.Errorf("%s: %q is translated as %q and as %q", name, key, other, text)
			}
			seen[key] = text
			if a, b := argumentsOf(key), argumentsOf(text); !slices.Equal(a, b) {
				t.Errorf("%s: %q takes %v, its translation %q takes %v", name, key, a, text, b)
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %q is translated as nothing", name, key)
			}
		}
	}
}

// argumentsOf are the kinds of a template's verbs in the order of its arguments.
func argumentsOf(template string) []string {
	of := map[int]string{}
	next := 0
	for _, v := range verb.FindAllStringSubmatch(template, -1) {
		if v[2] == "%" {
			continue
		}
		if v[1] != "" {
			next = int(v[1][0] - '1')
		}
		of[next] = v[2]
		next++
	}
	kinds := make([]string, len(of))
	for i := range kinds {
		kinds[i] = of[i]
	}
	return kinds
}

// TestNoTranslationIsOfNothing: a key that stands nowhere in the code is left
// over from text that has changed. What the engine says is looked for as text.
func TestNoTranslationIsOfNothing(t *testing.T) {
	used := map[string]bool{}
	for _, f := range readSource(t, ui).translated {
		used[f.text] = true
	}
	engine := literals(t, "../../engine", "../../storage", "../..")
	for name, area := range areas(t) {
		for key := range area {
			if !used[key] && !engine[key] {
				t.Errorf("%s: %q is shown nowhere", name, key)
			}
		}
	}
}

func TestSamplesOfEveryLanguage(t *testing.T) {
	for _, l := range Languages {
		if _, err := assets.Translations(string(l.Language)); err != nil {
			t.Error(err)
		}
	}
}
