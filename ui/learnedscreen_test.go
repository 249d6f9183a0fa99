package ui

import (
	"image"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

func TestModelsScreen(t *testing.T) {
	b := newFakeBench()
	older, learned := fakeRanker(), fakeRanker()
	older.Version = 6
	learned.Made = engine.Provenance{From: "default v1", Judgments: 12, Queries: 3, Before: 0.7, After: 0.75}
	b.rankers = []engine.Ranker{older, learned}
	b.ranker = learned
	sc := newScreenOf(t, b)
	sc.shell.goTo(placeModels)
	sc.settle()
	m := sc.shell.models
	if text := words(m.list); !strings.Contains(text, "spring v7 · in use") || !strings.Contains(text, "12 grades of 3 queries") || !strings.Contains(text, "0.700 → 0.750") {
		t.Errorf("the list says %q", text)
	}
	m.explain(&learned)
	sc.settle()
	if text := words(m.list); !strings.Contains(text, "“headphones”, 50.0 % of what moved it") || !strings.Contains(text, "grade 3") || !strings.Contains(text, "Over-ear") || !strings.Contains(text, "not judged") {
		t.Errorf("the reasons are %q", text)
	}
	m.use(&older)
	sc.settle()
	if got := b.Ranker().Version; got != 6 {
		t.Errorf("version %d is in use, want 6", got)
	}

	b.hold = make(chan struct{})
	m.tune()
	if m.stop == nil {
		t.Fatal("fine-tuning did not begin")
	}
	m.stop()
	sc.settle()
	if b.head != "" || m.stop != nil {
		t.Error("a cancelled fine-tuning was adopted")
	}
	b.hold = nil
	m.tune()
	sc.settle()
	if text := words(m.encoder); b.head != "tuned@1" || !strings.Contains(text, "tuned v1 · in use") || !strings.Contains(text, "5 better, 1 worse") {
		t.Errorf("the encoder says %q", text)
	}
	m.drawCurve()
	sc.settle()
	if text := words(m.curve); !strings.Contains(text, "More would help.") {
		t.Errorf("the curve says %q", text)
	}
}

// TestJudgmentOfAReason: a click on a product among the reasons opens it under its
// query, and the keys grade it there.
func TestJudgmentOfAReason(t *testing.T) {
	sc := newScreen(t)
	sc.shell.goTo(placeModels)
	sc.settle()
	for range 2 { // found anew, and on the page that is there
		sc.shell.goTo(placeModels)
		sc.shell.models.judgment("headphones", "P002", "Over-ear", 3).(*fyne.Container).Objects[1].(*fyne.Container).Objects[0].(*widgets.Button).Tapped(nil)
		sc.settle()
		if r := sc.s.result(); r == nil || r.Product.ID != "P002" || sc.s.query != "headphones" {
			t.Errorf("%+v of %q is selected", r, sc.s.query)
		}
		if sc.canvas.Focused() != sc.s.results {
			t.Errorf("the keys go to %T", sc.canvas.Focused())
		}
	}
}

// TestModelsBeforeTheyAreRead: which encoder is in use is said once it is known.
func TestModelsBeforeTheyAreRead(t *testing.T) {
	b := newFakeBench()
	b.heads, b.head = []engine.Head{{Name: "tuned", Version: 1, Base: "minilm"}}, "tuned@1"
	sc := newScreenOf(t, b)
	if text := words(newModels(sc.shell).encoder); strings.Contains(text, "in use") || strings.Contains(text, "As shipped") {
		t.Errorf("before anything is read the encoder says %q", text)
	}
	sc.shell.goTo(placeModels)
	sc.settle()
	if text := words(sc.shell.models.encoder); !strings.Contains(text, "tuned v1 · in use") || !strings.Contains(text, "As shipped\nUse\nminilm") {
		t.Errorf("once read the encoder says %q", text)
	}
}

// TestLearnedElsewhere: a ranker that is learned while the rankers are looked at
// is listed at once.
func TestLearnedElsewhere(t *testing.T) {
	sc := newScreen(t)
	sc.shell.goTo(placeModels)
	sc.settle()
	learned := fakeRanker()
	learned.Name, learned.Version = "fresh", 1
	sc.b.rankers = append(sc.b.rankers, learned)
	sc.s.learned(&workbench.Learned{Ranker: learned, Adopted: true}, nil, false)
	sc.settle()
	if text := words(sc.shell.models.list); !strings.Contains(text, "fresh v1") {
		t.Errorf("the list says %q", text)
	}
}

func TestWeightsFollowEachGrade(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.s.grade("P001", grade(3))
	sc.settle()
	if sc.s.draft != nil {
		t.Fatal("the weights moved without being asked to")
	}
	sc.b.learned = &workbench.Learned{Ranker: sc.b.ranker, Why: "2 of 3 got worse."}
	first := sc.s.page.Results[0].Product.ID
	sc.s.live.on = true
	sc.shell.tasks.hurry = false // the check waits for a pause
	sc.s.grade("P002", grade(2))
	for sc.s.draft == nil {
		(<-sc.loop.queue)()
	}
	if !sc.s.live.trying || !strings.Contains(sc.s.inspector.version.Text(), "trying") {
		t.Errorf("the weights are shown as %q", sc.s.inspector.version.Text())
	}
	if sc.s.page.Results[0].Product.ID == first {
		t.Error("the page is in the old order")
	}
	used := sc.b.Ranker().Version
	sc.shell.tasks.hurry = true
	sc.s.check() // the pause is over
	sc.settle()
	if sc.s.live.trying || sc.s.draft != nil || sc.s.outcome == nil || sc.b.Ranker().Version != used {
		t.Errorf("weights that failed the check stayed: trying %v, draft %v", sc.s.live.trying, sc.s.draft)
	}
	// A person's own sliders are left alone.
	sc.s.setWeight("cosine", 0.3)
	sc.s.grade("P003", grade(1))
	sc.settle()
	if sc.s.live.trying || sc.s.weights().Weights[0].Weight != 0.3 {
		t.Error("the grades moved a slider that a person had set")
	}
}

func TestSwap(t *testing.T) {
	result := func(cosine, title float64) *engine.Result {
		return &engine.Result{Score: 0.6*cosine + 0.4*title, Contributions: []engine.Contribution{
			{Feature: "cosine", Value: cosine, Weight: 0.6, Contribution: 0.6 * cosine},
			{Feature: "bm25_title", Value: title, Weight: 0.4, Contribution: 0.4 * title},
		}}
	}
	upper, lower := result(0.9, 0.2), result(0.5, 0.7)
	feature, from, to, ok := swap(upper, lower, fakeFeatures)
	if !ok || from == to {
		t.Fatalf("%s from %v to %v, %v", feature, from, to, ok)
	}
	at := map[string]float64{"cosine": 0.6, "bm25_title": 0.4}
	at[feature] = to
	score := func(r *engine.Result) float64 {
		return at["cosine"]*r.Contributions[0].Value + at["bm25_title"]*r.Contributions[1].Value
	}
	if d := score(upper) - score(lower); d > 1e-9 || d < -1e-9 {
		t.Errorf("at %s %v one is still %v ahead", feature, to, d)
	}
	if _, _, _, ok := swap(result(0.9, 0.9), result(0.9, 0.9), nil); ok {
		t.Error("two alike results would swap")
	}
}

func TestTwoResultsAreSetAgainstEachOther(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	in := sc.s.inspector
	in.choose(true)
	if text := words(in.why.content); !strings.Contains(text, "Exact: the score is the sum of value × weight.") {
		t.Errorf("the reasons say %q", text)
	}
	sc.s.pick(sc.s.page.Results[0].Product.ID)
	in.compareWith()
	if text := words(in.why.content); !strings.Contains(text, "Select the result to compare it with.") {
		t.Errorf("with one result it says %q", text)
	}
	sc.s.pick(sc.s.page.Results[2].Product.ID)
	text := words(in.why.content)
	if !strings.Contains(text, "No longer compare with #1") || !strings.Contains(text, "#1, “Over-ear headphones") || !strings.Contains(text, "They would swap if") {
		t.Errorf("the two are set against each other as %q", text)
	}
	// The differences add up to that of the scores.
	a, b := sc.s.page.Results[2], sc.s.page.Results[0]
	if want := signed(a.Score-b.Score, 3); in.why.sum.Text() != want {
		t.Errorf("the difference is shown as %s, want %s", in.why.sum.Text(), want)
	}
	sc.b.ranker.Kind = engine.Trees
	sc.s.ranker.Kind = engine.Trees
	in.why.show()
	if text := words(in.why.content); strings.Contains(text, "would swap") || !strings.Contains(text, "Shapley") {
		t.Errorf("of trees it says %q", text)
	}
	// Nor are there weights to drag: a slider would move nothing.
	in.show()
	if in.weights[0].content.Visible() || in.more.Visible() || !in.unweighed.Visible() {
		t.Error("trees have weights to drag")
	}
	in.compareWith()
	// Of trees value × weight is not what a feature adds: the sum's part stands there.
	if text := words(in.why.content); strings.Contains(text, "No longer") || strings.Contains(text, "× 0") || !strings.Contains(text, "sum\nadds") {
		t.Errorf("after letting go it says %q", text)
	}
}

// The parts of the side pane grow and shrink with what they tell: none may lie
// over the next one. With TOUCHSTONE_PICTURES=DIR the pictures are kept.
func TestModelsSideKeepsItsPartsApart(t *testing.T) {
	if testing.Short() {
		t.Skip("pictures take seconds under the race detector")
	}
	t.Cleanup(func() {
		if err := locale.Set(locale.English); err != nil {
			t.Error(err)
		}
	})
	for _, c := range []struct {
		name     string
		language locale.Language
		mode     theme.Mode
		size     image.Point
	}{
		{"models-light", locale.English, theme.Light, image.Pt(1440, 900)},
		{"models-dark-small", locale.English, theme.Dark, image.Pt(1000, 640)},
		{"models-zh-dark", locale.Chinese, theme.Dark, image.Pt(1440, 900)},
		{"models-zh-small", locale.Chinese, theme.Light, image.Pt(1000, 640)},
	} {
		if err := locale.Set(c.language); err != nil {
			t.Fatal(err)
		}
		b := newFakeBench()
		learned := fakeRanker()
		learned.Made = engine.Provenance{From: "default v1", Judgments: 12, Queries: 3, Before: 0.7, After: 0.75}
		b.rankers, b.ranker = []engine.Ranker{learned}, learned
		o := newOffscreen(b, c.size, c.mode)
		sc := &screen{offscreen: o, t: t, b: b, s: o.shell.search}
		sc.settle()
		sc.shell.goTo(placeModels)
		sc.settle()
		m := sc.shell.models
		m.tune()
		sc.settle()
		m.drawCurve()
		sc.settle()
		sc.shell.files.open = func(_ string, _ []string, then func(string)) { then("/shop/ubi.ndjson.gz") }
		m.clicks.pick()
		sc.settle()
		m.explain(&learned)
		sc.settle()
		if !m.clicks.any() {
			t.Fatal("the clicks are not shown")
		}
		below := float32(0)
		for _, part := range []*fyne.Container{m.encoder, m.curve, m.clicks.content} {
			if part.Position().Y < below {
				t.Errorf("%s: a part begins at %v, the one above it ends at %v", c.name, part.Position().Y, below)
			}
			below = part.Position().Y + part.MinSize().Height
		}
		keepPicture(t, c.name, o.canvas.Capture())
		o.close()
	}
}
