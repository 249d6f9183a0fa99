package ui

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"touchstone/ui/locale"
	"touchstone/ui/widgets"
)

func lexiconOf(t *testing.T, l locale.Language) *lexicon {
	t.Helper()
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	if err := locale.Set(l); err != nil {
		t.Fatal(err)
	}
	x, err := readLexicon()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestLexiconFindsWholeWords(t *testing.T) {
	x := lexiconOf(t, locale.English)
	for text, want := range map[string]string{
		"NDCG@10 · standard":           "NDCG@10",
		"NDCG@5":                       "NDCG@10",
		"Title words (BM25)":           "BM25",
		"Weighted kappa":               "Kappa",
		"ERR@10 P@5":                   "ERR@10 P@5",
		"p = 0.002":                    "Interval",
		"95 % interval +0.1, p = 0.04": "Interval",
		"Krippendorff's alpha, all":    "Krippendorff's alpha",
		"A hyper-expensive alphabet":   "",
		"shipping":                     "",
		"LambdaMART, 40 trees":         "LambdaRank",
		"":                             "",
	} {
		var got []string
		for _, e := range x.in(text) {
			got = append(got, e.terms[0])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q needs %q, want %q", text, got, want)
		}
	}
	x = lexiconOf(t, locale.Chinese)
	if found := x.in("95 % 区间 +0.130 至 +0.317 · 加权 kappa"); len(found) != 2 {
		t.Errorf("found %v", found)
	}
}

// TestBothGlossariesExplainTheSame: each entry has its twin.
func TestBothGlossariesExplainTheSame(t *testing.T) {
	en, zh := lexiconOf(t, locale.English), lexiconOf(t, locale.Chinese)
	if len(en.entries) < 20 || len(en.entries) != len(zh.entries) {
		t.Errorf("%d entries in English, %d in Chinese", len(en.entries), len(zh.entries))
	}
}

// plainAbbreviations need no explanation: forms of files, things of the trade,
// keys, products' names.
var plainAbbreviations = strings.Fields("CSV TSV JSON XML HTML TREC BEIR LETOR SVM UBI ID IDs OK GB MB USB URL HTTP HTTPS DISPLAY EAN GTIN AND OR NOT UTF PDF SKU PNG XLSX SVG COLUMN FILE EOF CJK MIT BSD NOTICE L6 WANDS ESCI")

// TestEveryAbbreviationIsExplained: whatever abbreviation the window can show in
// a sentence of its own is in the glossary.
func TestEveryAbbreviationIsExplained(t *testing.T) {
	x := lexiconOf(t, locale.English)
	files, err := filepath.Glob("../assets/translations/zh/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no translations: %v", err)
	}
	abbreviation := regexp.MustCompile(`\b[A-Z][A-Z0-9]+s?\b(@\d+)?`)
	for _, file := range files {
		if slices.Contains([]string{"errors.json", "engine.json", "remote.json"}, filepath.Base(file)) {
			continue // they quote what files and servers say, in its words
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatal(err)
		}
		for text := range texts {
			for _, a := range abbreviation.FindAllString(text, -1) {
				if len(x.in(a)) == 0 && !slices.Contains(plainAbbreviations, a) {
					t.Errorf("%q in %q is explained nowhere: add it to docs/glossary.md and docs/zh/glossary.md, behind the numbers", a, text)
				}
			}
		}
	}
}

// pointAt moves the pointer to the middle of a text and returns what explains it.
func (sc *screen) pointAt(text string) string {
	sc.t.Helper()
	s := sc.shell.content
	var found bool
	var walk func(o fyne.CanvasObject, at fyne.Position)
	walk = func(o fyne.CanvasObject, at fyne.Position) {
		if found || !o.Visible() {
			return
		}
		if w, ok := o.(interface{ Text() string }); ok {
			if strings.Contains(w.Text(), text) {
				found = true
				s.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at.AddXY(4, o.Size().Height/2)}})
			}
			return
		}
		for _, child := range parts(o) {
			walk(child, at.Add(child.Position()))
		}
	}
	walk(s.inner, fyne.Position{})
	if !found {
		sc.t.Fatalf("%q is not on screen", text)
	}
	if !s.explains() {
		return ""
	}
	return words(s.tip)
}

func TestPointingAtAWordExplainsIt(t *testing.T) {
	t.Cleanup(func() { _ = locale.Set(locale.English) })
	sc := newScreen(t)
	sc.find("headphones")
	if got := sc.pointAt("NDCG@10"); !strings.Contains(got, "no order would be better") {
		t.Errorf("NDCG is explained as %q", got)
	}
	tip := sc.shell.content.tip.Objects[0]
	if end, all := tip.Position().AddXY(tip.Size().Width, tip.Size().Height), sc.canvas.Size(); tip.Position().X < 0 || end.X > all.Width || end.Y > all.Height {
		t.Errorf("it ends at %v of %v", end, all)
	}
	if got := sc.pointAt("Meaning (BERT)"); !strings.Contains(got, "mall language model") {
		t.Errorf("BERT is explained as %q", got)
	}
	if got := sc.pointAt("Over-ear headphones"); got != "" {
		t.Errorf("a product is explained as %q", got)
	}
	widgets.Hovered(sc.shell.search.inspector.weightsTab, "")
	sc.pointAt("NDCG@10")
	sc.shell.content.MouseOut()
	if sc.shell.content.explains() {
		t.Error("the explanation stays when the pointer leaves")
	}
	if err := locale.Set(locale.Chinese); err != nil {
		t.Fatal(err)
	}
	if got := sc.pointAt("NDCG@10"); !strings.Contains(got, "没有更好的顺序") {
		t.Errorf("NDCG is explained as %q", got)
	}
}

// TestExplanationGoesWithWhatItExplains, though the pointer rests: what changes on
// screen comes through post.
func TestExplanationGoesWithWhatItExplains(t *testing.T) {
	sc := newScreen(t)
	s := sc.shell.content
	column := container.NewVBox()
	sc.shell.middle.Add(column)
	change := func(do func()) {
		sc.shell.post(do)
		sc.settle()
	}
	for name, then := range map[string]func(fyne.CanvasObject){
		"replaced": func(fyne.CanvasObject) {
			column.Objects = []fyne.CanvasObject{widgets.NewText("NDCG@10", widgets.Style{})}
		},
		"hidden":   func(o fyne.CanvasObject) { o.Hide() },
		"its pane": func(fyne.CanvasObject) { column.Hide() },
		"pressed":  func(o fyne.CanvasObject) { o.(*widgets.Button).Tapped(nil) },
		"reworded": func(o fyne.CanvasObject) { o.(*widgets.Button).SetLabel("Grades") },
	} {
		b := widgets.NewButton("NDCG@10", widgets.Bordered, nil)
		column.Objects = []fyne.CanvasObject{b}
		column.Show()
		s.over(b, b.Label(), fyne.Position{})
		if !s.explains() {
			t.Fatal("nothing is explained")
		}
		if change(func() {}); !s.explains() {
			t.Errorf("%s: the explanation goes though nothing changes", name)
		}
		if change(func() { then(b) }); s.explains() {
			t.Errorf("%s: the explanation stays", name)
		}
	}
}

// TestNothingIsExplainedThatIsGone: a button that its own press replaces, before
// the pointer has rested long enough.
func TestNothingIsExplainedThatIsGone(t *testing.T) {
	sc := newScreen(t)
	column := container.NewVBox(widgets.NewButton("NDCG@10", widgets.Bordered, nil))
	sc.shell.middle.Add(column)
	b := column.Objects[0].(*widgets.Button)
	column.RemoveAll()
	sc.shell.content.over(b, b.Label(), fyne.Position{})
	if sc.shell.content.explains() {
		t.Error("what is gone is explained")
	}
}

func TestWordsOfThePageWithoutAPointer(t *testing.T) {
	w, _ := upkeepWindow(t)
	w.shell.search.open("headphones")
	w.settle()
	w.shell.act("help.words")
	got := words(w.win.Canvas().Overlays().Top())
	for _, want := range []string{"NDCG@10", "BM25", "BERT", "Ranker"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not explained:\n%s", want, got)
		}
	}
	if strings.Contains(got, "Krippendorff") {
		t.Error("a word is explained that is not on the page")
	}
}
