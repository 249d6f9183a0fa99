package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine"
)

func TestClicksStandBesideGrades(t *testing.T) {
	sc := newScreen(t)
	sc.shell.goTo(placeModels)
	sc.settle()
	c := sc.shell.models.clicks
	if c.any() || !strings.Contains(words(c.content), "UBI") {
		t.Fatalf("without a log it says %q", words(c.content))
	}
	sc.shell.files.open = func(_ string, _ []string, then func(string)) { then("/shop/ubi.ndjson.gz") }
	press(t, c.content, "Import a log…")
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "ubi.ndjson.gz: 150 results of 2 queries shown, 15 clicked; 12 events of 3 shoppers.") {
		t.Errorf("notices say %q", got)
	}
	got := words(c.content)
	for _, want := range []string{"Position-based model · in use", "1.00 0.62 0.44", "Orders 70 % of 40 pairs", "0.93", "0.20"} {
		if !strings.Contains(got, want) {
			t.Errorf("the pane says %q, want %q in it", got, want)
		}
	}
	press(t, c.content, "Import a log…")
	sc.settle()
	if got := sc.told(); !strings.Contains(got, "All 165 shown or clicked were counted before and are not again.") {
		t.Errorf("of the same file again notices say %q", got)
	}
	press(t, c.content, "Use")
	sc.settle()
	if sc.b.clickModel != "coec" || !strings.Contains(words(c.content), "Clicks over expected clicks · in use") {
		t.Errorf("%q is in use: %q", sc.b.clickModel, words(c.content))
	}
	c.set("coec", 0.5, weighPause)
	sc.settle()
	if sc.b.clickWeight != 0.5 {
		t.Errorf("clicks count %v", sc.b.clickWeight)
	}
	var table fyne.CanvasObject
	closed := false
	sc.shell.over = func(_ string, content fyne.CanvasObject, _ ...fyne.CanvasObject) func() {
		table = content
		return func() { closed = true }
	}
	press(t, c.content, "What clicks say")
	sc.settle()
	if got := words(table); !strings.Contains(got, "Studio closed-back") || !strings.Contains(got, "30 of 120") || !strings.Contains(got, "2.8\n2.6\n–") || !strings.Contains(got, "0.3\n0.2\n0") {
		t.Errorf("the table says %q", got)
	}
	press(t, table, "headphones")
	sc.settle()
	if !closed || sc.s.page == nil || sc.s.page.Query != "headphones" {
		t.Errorf("closed %v, page %+v", closed, sc.s.page)
	}
}

func TestRankersAreExportedInEveryForm(t *testing.T) {
	b := newFakeBench()
	b.ranker.Kind = engine.Trees
	sc := newScreenOf(t, b)
	sc.shell.goTo(placeModels)
	sc.settle()
	var names []string
	sc.shell.files.save = func(_, name string, then func(string)) {
		names = append(names, name)
		then("/tmp/" + name)
	}
	m := sc.shell.models
	used := b.Ranker()
	for _, f := range rankerFormsOf(used.Kind) {
		m.export(&used, f)
		sc.settle() // the fake's list is not for several tasks at once
	}
	if got := strings.Join(b.exports, "\n"); len(b.exports) != 5 || !strings.Contains(got, "spring 7 as es-ltr in /tmp/spring-elasticsearch.json") || !strings.Contains(got, "as ranklib in /tmp/spring-ranklib.txt") {
		t.Errorf("exported %q as %q", got, names)
	}
	if !strings.Contains(sc.told(), "fine steps") {
		t.Errorf("notices say %q", sc.told())
	}
	if forms := rankerFormsOf(engine.DNN); len(forms) != 1 || forms[0].format != "touchstone" {
		t.Errorf("a network goes to %+v", forms)
	}
}
