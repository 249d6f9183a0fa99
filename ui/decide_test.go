package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/widgets"
)

// at enters a place and waits for what it reads.
func (sc *screen) at(id string) *place {
	sc.t.Helper()
	sc.shell.goTo(id)
	sc.settle()
	return sc.shell.place
}

func TestCompareAnswersInOneSentence(t *testing.T) {
	sc := newScreen(t)
	p := sc.at(placeCompare)
	said := words(p.content)
	for _, want := range []string{"B is better: NDCG@10 +0.", "95 % interval +0.", "32 won, 8 lost", "Jaccard"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing from:\n%s", want, said)
		}
	}
	side := words(p.side)
	for _, want := range []string{"query 00 <script>", "−0.", "NDCG@10", "ERR@10", "have no grade", "Judge these 20"} {
		if !strings.Contains(side, want) {
			t.Errorf("%q is missing from:\n%s", want, side)
		}
	}
	// The worst query is open, and its moved products say so.
	if !strings.Contains(said, "A · “query") || !strings.Contains(said, "▼2") || !strings.Contains(said, "▲2") {
		t.Errorf("the pages of the worst query:\n%s", said)
	}
}

func TestCompareIsAdoptedReportedAndSettled(t *testing.T) {
	sc := newScreen(t)
	sc.shell.files.save = func(_, name string, then func(string)) { then("/tmp/" + name) }
	sc.at(placeCompare)
	sc.shell.act("compare.adopt")
	sc.settle()
	if len(sc.b.adopted) != 1 || !strings.HasPrefix(sc.b.adopted[0], "B is better") || !strings.Contains(sc.told(), "@7 is in use.\nUndo") {
		t.Errorf("adopted for %q, told %q", sc.b.adopted, sc.told())
	}
	sc.shell.act("compare.report.xlsx")
	sc.settle()
	if len(sc.b.reports) != 1 || sc.b.reports[0] != "/tmp/report.xlsx" {
		t.Errorf("reports %q", sc.b.reports)
	}
	before := sc.b.compared
	sc.shell.act("compare.swap")
	sc.settle()
	if sc.b.compared != before+1 {
		t.Errorf("swapping compared %d times", sc.b.compared-before)
	}
	if err := sc.b.SetJudge("ann"); err != nil {
		t.Fatal(err)
	}
	sc.shell.person.keep("ann")
	sc.shell.act("compare.settle")
	sc.settle()
	if sc.shell.place.kind.id != placeJudge || len(sc.shell.judge.items) != 20 || !strings.HasPrefix(sc.shell.judge.item().Query.Text, "query") {
		t.Errorf("in %s with %d items", sc.shell.place.kind.id, len(sc.shell.judge.items))
	}
}

func TestCompareSaysWhatFailed(t *testing.T) {
	sc := newScreen(t)
	sc.b.decideErr = errDecide
	p := sc.at(placeCompare)
	if !strings.Contains(sc.told(), "the disk is full") || !strings.Contains(words(p.content), "Is B better than A?") {
		t.Errorf("told %q:\n%s", sc.told(), words(p.content))
	}
}

func TestTimelineInTheWindow(t *testing.T) {
	sc := newScreen(t)
	p := sc.at(placeCompare)
	sc.shell.act("compare.timeline")
	sc.settle()
	if said := words(p.content); !strings.Contains(said, "learned v7") || !strings.Contains(said, "0.810") || !strings.Contains(said, "Go back") || !strings.Contains(said, "taken by learned v6") {
		t.Errorf("the timeline:\n%s", said)
	}
	line := sc.shell.compare.timeline
	line.goBack("snapshot:before spring")
	sc.settle()
	if len(sc.b.wentBack) != 1 || !strings.Contains(sc.told(), "is in use") {
		t.Errorf("went back to %q, told %q", sc.b.wentBack, sc.told())
	}
	line.snapshot() // without a name
	line.name.SetText("after")
	line.snapshot()
	sc.settle()
	if len(sc.b.snapshots) != 1 || sc.b.snapshots[0] != "after" || !strings.Contains(sc.told(), "“after” holds 1 query.") || line.name.Text != "" {
		t.Errorf("snapshots %q, told %q", sc.b.snapshots, sc.told())
	}
	sc.shell.files.open = func(_ string, _ []string, then func(string)) { then("/tmp/theirs.run") }
	sc.shell.act("compare.run")
	sc.settle()
	if got := sc.b.snapshots[1:]; !slices.Equal(got, []string{"</tmp/theirs.run"}) || !strings.Contains(sc.told(), "“configA” holds 1 query. 3 products of it are not in this catalogue.") {
		t.Errorf("read %q, told %q", got, sc.told())
	}
	compared := sc.b.compared
	sc.shell.compare.compareWith("snapshot:before spring")
	sc.settle()
	c := sc.shell.compare
	if sc.b.compared != compared+1 || c.shown != viewCompare || c.a.Selected != "Snapshot: before spring" || c.b.Selected != "In use: learned v7" {
		t.Errorf("compared %d times: %s against %s", sc.b.compared-compared, c.a.Selected, c.b.Selected)
	}
}

func TestSweepInTheWindow(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeCompare)
	c := sc.shell.compare
	c.view(viewSweep)
	c.sweep.choose.SetSelectedIndex(2)
	sc.settle()
	if said := words(c.sweep.content); !strings.Contains(said, "Best at 3: 0.720 → 0.760") || !strings.Contains(said, "20 that were left out") || !strings.Contains(said, "Strong: the queries that choose") {
		t.Errorf("the sweep:\n%s", said)
	}
	c.sweep.hover(2)
	if !strings.Contains(c.sweep.caption.Text(), "2: 0.740 on the queries that choose, 0.700") {
		t.Errorf("under the pointer: %q", c.sweep.caption.Text())
	}
	c.sweep.useBest()
	sc.settle()
	if told := words(sc.shell.notices.told); sc.b.taken != 3 || !strings.Contains(told, "Timeline") {
		t.Errorf("point %d was taken: %s", sc.b.taken, told)
	}
}

// TestSweptDepthComesBack holds that what the timeline knows nothing of leads
// back by itself, and that any point can be taken.
func TestSweptDepthComesBack(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeCompare)
	s := sc.shell.compare.sweep
	sc.shell.compare.view(viewSweep)
	s.choose.SetSelectedIndex(0)
	sc.settle()
	press(t, s.points, "Use")
	sc.settle()
	if told := words(sc.shell.notices.told); sc.b.taken != 4 || !strings.Contains(told, "How many candidates are ranked: 4 from now on.") {
		t.Errorf("point %d was taken: %s", sc.b.taken, told)
	}
	press(t, sc.shell.notices.told, "Undo")
	sc.settle()
	if told := words(sc.shell.notices.told); sc.b.taken != 1 || !strings.Contains(told, "How many candidates are ranked: 1 again.") || strings.Contains(told, "Undo") {
		t.Errorf("point %d was taken: %s", sc.b.taken, told)
	}
}

func TestPlotsNameWhatIsUnderThePointer(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeCompare)
	c := sc.shell.compare
	counted := 0
	for i, b := range c.histogram.Bins() {
		c.hoverBin(i)
		said := c.caption.Text()
		counted += b.Count
		if b.Count > 0 && !strings.HasPrefix(said, fmt.Sprint(b.Count)+" quer") {
			t.Errorf("bin %d of %d: %q", i, b.Count, said)
		}
	}
	if counted != 40 {
		t.Errorf("%d queries are counted of 40", counted)
	}
	c.scatter.OnChosen(3)
	sc.settle()
	if query := c.result.Queries[3].Query; !strings.Contains(words(c.pages), query) || c.plot.Chosen() != 3 {
		t.Errorf("a dot of %q was chosen, the pages are\n%s", query, words(c.pages))
	}
}

func TestCompareByAnotherConvention(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeCompare)
	c := sc.shell.compare
	c.metric.SetSelected("P@5")
	sc.settle()
	c.convention.SetSelected("quepid")
	sc.settle()
	c.weighted.SetChecked(true)
	sc.settle()
	if r := sc.b.request; r.Metric != "p@5:quepid" || !r.Weighted {
		t.Errorf("asked for %q, weighted %v", r.Metric, r.Weighted)
	}
}

func TestSlidersAreASide(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.at(placeCompare)
	sc.at(placeSearch)
	sc.s.setWeight("bm25", 0.25)
	sc.settle()
	sc.at(placeCompare)
	c := sc.shell.compare
	if c.a.Selected != "In use: learned v7" || c.b.Selected != "The sliders as they stand" || !slices.Contains(sc.b.sided, "learned@7+bm25=0.25") {
		t.Errorf("%s against %s, of %q", c.a.Selected, c.b.Selected, sc.b.sided)
	}
	c.a.SetSelected("Engine: shop")
	sc.settle()
	sc.at(placeSearch)
	sc.s.reset()
	sc.settle()
	sc.at(placeCompare)
	if c.a.Selected != "Engine: shop" || c.b.Selected != "In use: learned v7" || slices.Contains(c.b.Options, "The sliders as they stand") {
		t.Errorf("sliders put back: %s against %s of %q", c.a.Selected, c.b.Selected, c.b.Options)
	}
}

// TestMovedProductsAreJoined: each line leads from a product's row to where it
// stands on the other page.
func TestMovedProductsAreJoined(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeCompare)
	sc.shell.compare.content.Refresh()
	var joins *widgets.Joins
	pair := sc.shell.compare.pages.Objects[0].(*fyne.Container)
	for _, o := range pair.Objects {
		if j, ok := o.(*widgets.Joins); ok {
			joins = j
		}
	}
	ends := joins.Ends()
	if len(ends) != 8 {
		t.Fatalf("%d lines for 8 products that are on both pages", len(ends))
	}
	row := ends[3][0] - ends[2][0] // nothing moved from 4th on
	if row < 20 || ends[0][1]-ends[0][0] != 2*row || ends[2][1]-ends[2][0] != -2*row || ends[3][1] != ends[3][0] {
		t.Errorf("1st and 3rd change places, the lines are %v", ends)
	}
}

func TestIdealPageFromOtherPlaces(t *testing.T) {
	sc := newScreen(t)
	sc.find("headphones")
	sc.shell.act("search.ideal")
	sc.settle()
	c := sc.shell.compare
	said := words(c.ideal.content)
	if sc.shell.place.kind.id != placeCompare || !strings.Contains(said, "“headphones”") || !strings.Contains(said, "NDCG@10 0.710 → 1.000 · ERR@10") || !strings.Contains(said, "▲") {
		t.Errorf("the ideal page:\n%s", said)
	}
	if side := words(c.ideal.side); !strings.Contains(side, "Farthest from ideal") || c.sideCompare.Visible() {
		t.Errorf("at the side:\n%s", side)
	}
	sc.at(placeQueries)
	sc.shell.queries.pick(sc.shell.queries.shown[1].Query.Text)
	sc.shell.act("queries.ideal")
	sc.settle()
	if !strings.Contains(words(c.ideal.content), sc.shell.queries.shown[1].Query.Text) {
		t.Errorf("the ideal page of another query:\n%s", words(c.ideal.content))
	}
	sc.b.decideErr = errDecide
	c.ideal.open("lamp")
	sc.settle()
	if said := words(c.ideal.content); !strings.Contains(said, "the disk is full") || strings.Contains(said, "Present page") {
		t.Errorf("when it failed:\n%s", said)
	}
}

// TestInterleavingIsJudgedBlind goes through a trial with keys, leaves it and
// goes on, and reads whose the products were only at its end.
func TestInterleavingIsJudgedBlind(t *testing.T) {
	sc := newScreen(t)
	p := sc.at(placeCompare)
	sc.shell.act("compare.interleave")
	sc.settle()
	v := sc.shell.compare.interleaving
	v.begin()
	sc.settle()
	said := words(v.page)
	if !v.page.Visible() || !strings.Contains(said, "Page 1 of 2") || !strings.Contains(said, "usb c hub") || !strings.Contains(said, "None of these") {
		t.Fatalf("the first page:\n%s", said)
	}
	if strings.Contains(said, "learned") {
		t.Errorf("the page says whose it is:\n%s", said)
	}
	p.rune('1')
	p.rune('2')
	p.rune('2') // left again
	p.rune('9') // there is no such product
	sc.settle()
	if got := sc.b.mixed[0].Pages[0]; !slices.Equal(got.Picked, []bool{true, false, false}) || got.Done || !strings.Contains(words(v.page), "Next") {
		t.Errorf("on disk: %+v", got)
	}
	p.key(fyne.KeyReturn)
	sc.settle()
	if !sc.b.mixed[0].Pages[0].Done || !strings.Contains(words(v.page), "Page 2 of 2") {
		t.Errorf("on disk: %+v\n%s", sc.b.mixed[0], words(v.page))
	}
	// Another day: what is open comes up again.
	v.close()
	sc.settle()
	if said := words(v.start); !strings.Contains(said, "1 of 2 pages") || !strings.Contains(said, "Go on") {
		t.Errorf("the trials:\n%s", said)
	}
	v.resume(1)
	sc.settle()
	if v.at != 1 {
		t.Fatalf("page %d is open", v.at)
	}
	p.key(fyne.KeyLeft)
	p.key(fyne.KeyRight)
	p.rune('2')
	p.key(fyne.KeyReturn)
	sc.settle()
	if said := words(v.told); !v.told.Visible() || !strings.Contains(said, "No preference shown") || !strings.Contains(said, "won 1 pages") || !strings.Contains(said, "sign test p = 1") || !strings.Contains(said, "B, 1 to 0") || !strings.Contains(said, "A, 1 to 0") {
		t.Errorf("the end:\n%s", said)
	}
	p.key(fyne.KeyReturn) // at the end nothing is picked any more
	if p.rune('1') {
		t.Error("picked after the end")
	}
}

func TestInterleavingEndsEarlyAndSaysWhatFailed(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeCompare)
	sc.shell.act("compare.interleave")
	v := sc.shell.compare.interleaving
	v.begin()
	sc.settle()
	sc.b.keepErr = errDecide
	v.pick(0)
	sc.settle()
	if !strings.Contains(sc.told(), "The pick was not kept") || !strings.Contains(sc.told(), "the disk is full") {
		t.Errorf("told %q", sc.told())
	}
	sc.b.keepErr = nil
	v.end()
	sc.settle()
	if !sc.b.mixed[0].Ended || !strings.Contains(words(v.told), "0 of 2 pages were looked at") {
		t.Errorf("%+v\n%s", sc.b.mixed[0], words(v.told))
	}
}

func TestRuleIsWrittenWithItsEffect(t *testing.T) {
	sc := newScreen(t)
	p := sc.at(placeRules)
	r := newRules(sc.shell)
	if !strings.Contains(words(p.content), "No rules yet") || !r.keepIt.Disabled() {
		t.Errorf("without rules:\n%s", words(p.content))
	}
	r.fields["queries"].SetText("usb c hub | dock")
	r.fields["words"].SetText("powered")
	sc.settle()
	if said := words(r.side); !strings.Contains(said, "3 of 90 queries are affected; 2 first pages change. NDCG@10 0.792 → 0.801") || !strings.Contains(said, "An old hub") || !strings.Contains(said, "▼ −0.100") {
		t.Errorf("the effect:\n%s", said)
	}
	r.keep()
	sc.settle()
	if len(sc.b.rules) != 1 || sc.b.rules[0].Kind != engine.BoostRule || len(sc.b.rules[0].When.Queries) != 2 || !strings.Contains(words(r.content), "usb c hub") {
		t.Fatalf("stored %+v, on screen:\n%s", sc.b.rules, words(r.content))
	}
	r.flip()
	sc.settle()
	if !sc.b.rules[0].Off || !strings.Contains(words(r.content), "off") {
		t.Errorf("switched off: %+v", sc.b.rules[0])
	}
	r.remove()
	sc.settle()
	if len(sc.b.rules) != 0 {
		t.Errorf("%d rules after removing", len(sc.b.rules))
	}
	r.undo()
	sc.settle()
	if len(sc.b.rules) != 1 {
		t.Errorf("%d rules after taking that back", len(sc.b.rules))
	}
	// Nothing offers to take back what stands no more.
	if told := words(sc.shell.notices.told); !strings.Contains(told, "The last change of rules is taken back.") || strings.Contains(told, "Undo") {
		t.Errorf("notices say %q", told)
	}
}

func TestRuleThatCannotBe(t *testing.T) {
	sc := newScreen(t)
	sc.at(placeRules)
	r := newRules(sc.shell)
	for field, c := range map[string]struct{ text, says string }{
		"pattern": {"(a{100}){100}", "cannot be read"}, "filter": {"price", "expected"}, "by": {"much", "no number"}, "until": {"soon", "no day"},
	} {
		r.begin()
		r.fields["words"].SetText("x")
		r.fields[field].SetText(c.text)
		if !strings.Contains(r.says.Text(), c.says) || !r.keepIt.Disabled() {
			t.Errorf("%s %q: %q", field, c.text, r.says.Text())
		}
	}
	sc.settle()
	sc.b.rules = []engine.Rule{{ID: 1, Kind: engine.HideRule, Products: []string{"gone"}}}
	r.reload()
	sc.settle()
	if said := words(r.wrong); !strings.Contains(said, "Rule 1 names the product gone") {
		t.Errorf("problems:\n%s", said)
	}
	sc.shell.files.open = func(_ string, _ []string, then func(string)) { then("/tmp/rules.txt") }
	r.read()
	sc.settle()
	if !strings.Contains(sc.told(), "1 could not be read") {
		t.Errorf("told %q", sc.told())
	}
}

func TestDecidingInChinese(t *testing.T) {
	if err := locale.Set(locale.Chinese); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := locale.Set(locale.English); err != nil {
			t.Fatal(err)
		}
	}()
	sc := newScreen(t)
	if said := words(sc.at(placeCompare).content); !strings.Contains(said, "更好") {
		t.Errorf("compare:\n%s", said)
	}
	if said := words(sc.at(placeRules).side); !strings.Contains(said, "查询为") {
		t.Errorf("rules:\n%s", said)
	}
}
