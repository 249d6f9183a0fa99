package ui

import (
	"strings"
	"testing"

	"touchstone/engine"
	"touchstone/ui/locale"
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
	sc.shell.files.save = func(name string, then func(string)) { then("/tmp/" + name) }
	sc.at(placeCompare)
	sc.shell.act("compare.adopt")
	sc.settle()
	if len(sc.b.adopted) != 1 || !strings.HasPrefix(sc.b.adopted[0], "B is better") || !strings.Contains(sc.told(), "B is in use") {
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

func TestTimelineAndSweepInTheWindow(t *testing.T) {
	sc := newScreen(t)
	p := sc.at(placeCompare)
	sc.shell.act("compare.timeline")
	sc.settle()
	if said := words(p.content); !strings.Contains(said, "learned@7") || !strings.Contains(said, "0.810") || !strings.Contains(said, "Go back") {
		t.Errorf("the timeline:\n%s", said)
	}
	c := newCompare(sc.shell)
	c.goBack("snapshot:before spring")
	sc.settle()
	if len(sc.b.wentBack) != 1 || !strings.Contains(sc.told(), "is in use") {
		t.Errorf("went back to %q, told %q", sc.b.wentBack, sc.told())
	}
	c.view(viewSweep)
	c.sweep.choose.SetSelectedIndex(0)
	sc.settle()
	if said := words(c.sweep.content); !strings.Contains(said, "Best at 3: 0.720 → 0.760") || !strings.Contains(said, "20 that were left out") {
		t.Errorf("the sweep:\n%s", said)
	}
	c.sweep.use()
	sc.settle()
	if sc.b.taken != 3 {
		t.Errorf("point %d was taken", sc.b.taken)
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
	sc.shell.files.open = func(_ []string, then func(string)) { then("/tmp/rules.txt") }
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
