package workbench_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

func (s *shop) rules(list ...engine.Rule) []engine.Rule {
	s.t.Helper()
	stored, err := s.PutRules(list...)
	if err != nil {
		s.t.Fatal(err)
	}
	return stored
}

func on(queries ...string) engine.When { return engine.When{Queries: queries} }

func ids(page *workbench.Page) (list []string) {
	for _, r := range page.Results {
		list = append(list, r.Product.ID)
	}
	return list
}

func brand(name string) engine.Filter { return engine.Filter{{Field: "brand", Op: "=", Value: name}} }

func TestEachKindOfRule(t *testing.T) {
	plain := newShop(t)
	plain.importLines(lamps...)
	without := ids(plain.search("lamp"))
	last := without[len(without)-1]
	for _, c := range []struct {
		name, query string
		rule        engine.Rule
		want        func(page *workbench.Page) bool
	}{
		{"pin", "Lamp", engine.Rule{Kind: engine.PinRule, When: on("lamp"), Products: []string{last}, Position: 2},
			func(p *workbench.Page) bool { return p.Results[1].Product.ID == last && p.Results[1].Pinned }},
		{"pin what is not found", "desk lamp", engine.Rule{Kind: engine.PinRule, When: on("desk lamp"), Products: []string{"c1"}, Position: 1},
			func(p *workbench.Page) bool { return p.Results[0].Product.ID == "c1" }},
		{"hide a product", "lamp", engine.Rule{Kind: engine.HideRule, Products: []string{without[0]}},
			func(p *workbench.Page) bool {
				return cmp.Equal(ids(p), without[1:]) || !slices.Contains(ids(p), without[0])
			}},
		{"hide a brand", "lamp", engine.Rule{Kind: engine.HideRule, Filter: brand("Tela")},
			func(p *workbench.Page) bool {
				return len(p.Results) > 0 && !slices.Contains(ids(p), "l3") && !slices.Contains(ids(p), "c1")
			}},
		{"hide by words", "lamp", engine.Rule{Kind: engine.HideRule, Words: "shades"},
			func(p *workbench.Page) bool { return len(p.Results) > 1 && !slices.Contains(ids(p), "l3") }},
		{"filter", "lamp", engine.Rule{Kind: engine.FilterRule, Filter: brand("lumo"), Words: "oak"},
			func(p *workbench.Page) bool { return cmp.Equal(ids(p), []string{"l2"}) }},
		{"boost", "lamp", engine.Rule{Kind: engine.BoostRule, Products: []string{last}, By: 2},
			func(p *workbench.Page) bool { return p.Results[0].Product.ID == last }},
		{"boost by words", "lamp", engine.Rule{Kind: engine.BoostRule, Words: "linen shade", By: 2},
			func(p *workbench.Page) bool { return p.Results[0].Product.ID == "l3" }},
		{"bury", "lamp", engine.Rule{Kind: engine.BuryRule, Products: []string{without[0]}, By: 2},
			func(p *workbench.Page) bool { return p.Results[len(p.Results)-1].Product.ID == without[0] }},
		{"synonym", "zzgleam", engine.Rule{Kind: engine.SynonymRule, Terms: []string{"zzgleam", "cushion cover"}},
			func(p *workbench.Page) bool { return len(p.Results) > 0 && p.Results[0].Product.ID == "c1" }},
		{"synonym from the other end", "velvet", engine.Rule{Kind: engine.SynonymRule, Terms: []string{"oak", "velvet"}},
			func(p *workbench.Page) bool { return added(p) == "oak" }},
		{"synonym one way", "velvet", engine.Rule{Kind: engine.SynonymRule, Terms: []string{"oak", "velvet"}, OneWay: true},
			func(p *workbench.Page) bool { return added(p) == "" }},
		{"replace", "the LAMP for me", engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"lamp for me", "cushion"}},
			func(p *workbench.Page) bool { return p.Results[0].Product.ID == "c1" }},
		{"redirect", "sale", engine.Rule{Kind: engine.RedirectRule, When: on("sale"), URL: "/sale"},
			func(p *workbench.Page) bool { return p.Redirect == "/sale" }},
		{"off", "lamp", engine.Rule{Kind: engine.HideRule, Filter: brand("Lumo"), Off: true},
			func(p *workbench.Page) bool { return cmp.Equal(ids(p), without) && len(p.Rules) == 0 }},
		{"over", "lamp", engine.Rule{Kind: engine.HideRule, Filter: brand("Lumo"), Until: time.Now().Add(-time.Minute)},
			func(p *workbench.Page) bool { return cmp.Equal(ids(p), without) }},
		{"on another query", "lamp", engine.Rule{Kind: engine.HideRule, When: on("lamps"), Filter: brand("Lumo")},
			func(p *workbench.Page) bool { return cmp.Equal(ids(p), without) }},
		{"a field that no product has", "lamp", engine.Rule{Kind: engine.FilterRule, Filter: engine.Filter{{Field: "colour", Op: "=", Value: "red"}}},
			func(p *workbench.Page) bool {
				return cmp.Equal(ids(p), without) && len(p.Notes) == 1 && strings.Contains(p.Notes[0], "colour")
			}},
	} {
		s := newShop(t)
		s.importLines(lamps...)
		stored := s.rules(c.rule)
		page := s.search(c.query)
		if !c.want(page) {
			t.Errorf("%s: %v, total %d, notes %q", c.name, ids(page), page.Total, page.Notes)
		}
		for _, r := range page.Results {
			var sum float64
			lifted := false
			for _, part := range r.Contributions {
				sum += part.Contribution
				lifted = lifted || part.Feature == fmt.Sprintf("rule:%d", stored[0].ID)
			}
			if sum != r.Score {
				t.Errorf("%s: %s: contributions sum to %v, the score is %v", c.name, r.Product.ID, sum, r.Score)
			}
			if named := slices.Contains(c.rule.Products, r.Product.ID) && (c.rule.Kind == engine.BoostRule || c.rule.Kind == engine.BuryRule); named != lifted && c.rule.Words == "" {
				t.Errorf("%s: %s: the explanation names the rule: %v", c.name, r.Product.ID, lifted)
			}
		}
		if off, err := s.Search(t.Context(), workbench.SearchRequest{Query: "lamp", Rules: mustSet(t, s, "off")}); err != nil || !cmp.Equal(ids(off), without) {
			t.Errorf("%s: without rules %v, %v", c.name, ids(off), err)
		}
	}
}

// added is what rules added to the query.
func added(p *workbench.Page) string {
	var words []string
	for _, t := range p.Analysis.Terms {
		if t.Added == engine.Synonym {
			words = append(words, t.Text)
		}
	}
	return strings.Join(words, " ")
}

func mustSet(t *testing.T, s *shop, name string) *workbench.RuleSet {
	t.Helper()
	set, err := s.RuleSet(name)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestRulesAreKeptAndUndone(t *testing.T) {
	s := newShop(t)
	s.importLines(lamps...)
	stored := s.rules(engine.Rule{Kind: engine.HideRule, Products: []string{"l1"}}, engine.Rule{Kind: engine.HideRule, Products: []string{"l2"}, Set: "spring"})
	if stored[0].ID != 1 || stored[1].ID != 2 || stored[0].Author != "me" {
		t.Fatalf("%+v", stored)
	}
	again := stored[0].Clone()
	if same, err := s.PutRules(again, engine.Rule{Kind: engine.HideRule, Products: []string{"l3"}}); err != nil || same[1].ID != 3 {
		t.Fatalf("one that stands and a new one: %+v, %v", same, err)
	}
	s.reopen()
	if got := s.Rules(); len(got) != 3 || got[1].Set != "spring" {
		t.Fatalf("after reopening: %+v", got)
	}
	if got := s.RuleSets(); !slices.Equal(got, []string{"main", "spring", "off"}) {
		t.Errorf("sets %q", got)
	}
	if page := s.search("lamp"); slices.Contains(ids(page), "l1") || !slices.Contains(ids(page), "l2") {
		t.Errorf("the main set: %v", ids(page))
	}
	if err := s.UseRules("spring"); err != nil {
		t.Fatal(err)
	}
	s.reopen()
	if page := s.search("lamp"); !slices.Contains(ids(page), "l1") || slices.Contains(ids(page), "l2") {
		t.Errorf("the other set: %v", ids(page))
	}
	if err := s.UseRules("summer"); err == nil || !strings.Contains(err.Error(), "spring") {
		t.Errorf("a set that is not there: %v", err)
	}
	if err := s.RemoveRules(1, 9); err == nil || len(s.Rules()) != 3 {
		t.Errorf("a rule that is not there: %v", err)
	}
	if err := s.RemoveRules(1); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{3, 2, 0} {
		if _, ok, err := s.UndoRules(); err != nil || !ok || len(s.Rules()) != want {
			t.Fatalf("undone to %d rules, want %d: %v", len(s.Rules()), want, err)
		}
	}
	if _, ok, _ := s.UndoRules(); ok {
		t.Error("undid nothing")
	}
	if page := s.search("lamp"); len(page.Results) == 0 { // its set is empty now
		t.Error("no rules, no results")
	}
	if history, err := s.RuleHistory(2); err != nil || len(history) != 2 {
		t.Errorf("%+v, %v", history, err)
	}
	for _, bad := range []engine.Rule{
		{Kind: engine.BoostRule},
		{Kind: engine.HideRule, Words: "x", Set: "off"},
		{Kind: engine.HideRule, Words: "x", When: engine.When{Pattern: "a{900}b{900}c{900}"}},
	} {
		if _, err := s.PutRules(engine.Rule{Kind: engine.HideRule, Words: "y"}, bad); err == nil || len(s.Rules()) != 0 {
			t.Errorf("%+v was stored", bad)
		}
	}
}

// TestEffectLikeTwin holds the effect of rules to searching every query twice.
func TestEffectLikeTwin(t *testing.T) {
	s := lampShop(t)
	s.rules(engine.Rule{Kind: engine.BuryRule, Words: "desk", By: 0.1})
	for i, draft := range []engine.Rule{
		{Kind: engine.BoostRule, When: engine.When{Pattern: "[0-4]$"}, Words: "bulb", By: 1},
		{Kind: engine.HideRule, When: on("lamp3", "lamp4"), Products: []string{"l3", "l4"}},
		{Kind: engine.PinRule, When: on("lamp7"), Products: []string{"s1"}, Position: 1},
		{ID: 1, Kind: engine.BuryRule, Words: "desk", By: 1},
		{Kind: engine.HideRule, When: on("another"), Products: []string{"l3"}},
	} {
		after, err := s.DraftRules(nil, draft)
		if err != nil {
			t.Fatal(err)
		}
		effect, err := s.RuleEffect(t.Context(), nil, after, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := workbench.RuleEffect{Queries: 10, Judged: 10, Metric: "ndcg@10"}
		affected := map[string]bool{}
		for q := range 10 {
			query := fmt.Sprintf("lamp%d", q)
			var pages [2]*workbench.Page
			for k, set := range []*workbench.RuleSet{nil, after} {
				if pages[k], err = s.Search(t.Context(), workbench.SearchRequest{Query: query, Rules: set}); err != nil {
					t.Fatal(err)
				}
			}
			before, _ := s.Measure(pages[0])
			now, _ := s.Measure(pages[1])
			want.Before += before.Value / 10
			want.After += now.Value / 10
			if !slices.Equal(ids(pages[0]), ids(pages[1])) {
				affected[query] = true
				k := slices.IndexFunc(effect.Changed, func(e workbench.QueryEffect) bool { return e.Query == query })
				if k < 0 {
					t.Errorf("draft %d: %s changed and is not listed", i, query)
					continue
				}
				e := effect.Changed[k]
				if e.Before != before.Value || e.After != now.Value {
					t.Errorf("draft %d: %s %v → %v, want %v → %v", i, query, e.Before, e.After, before.Value, now.Value)
				}
				var left []string
				for _, p := range e.Left {
					left = append(left, p.ID)
				}
				gone := slices.DeleteFunc(ids(pages[0]), func(id string) bool { return slices.Contains(ids(pages[1]), id) })
				if !slices.Equal(left, gone) {
					t.Errorf("draft %d: %s: left %v, want %v", i, query, left, gone)
				}
			}
		}
		if len(effect.Changed) != len(affected) || effect.Affected < len(affected) || effect.Queries != 10 || effect.Judged != 10 ||
			diff(effect.Before, want.Before) || diff(effect.After, want.After) {
			t.Errorf("draft %d: %+v, want %+v with %v", i, effect, want, affected)
		}
	}
}

func diff(a, b float64) bool { return a-b > 1e-12 || b-a > 1e-12 }

func TestCheckRules(t *testing.T) {
	s := lampShop(t)
	s.rules(
		engine.Rule{Kind: engine.PinRule, When: on("lamp1"), Products: []string{"l1"}, Position: 1},
		engine.Rule{Kind: engine.PinRule, When: on("lamp1"), Products: []string{"b1"}, Position: 1},
		engine.Rule{Kind: engine.HideRule, Products: []string{"nobody"}},
		engine.Rule{Kind: engine.FilterRule, When: on("lamp1"), Words: "shade"},
		engine.Rule{Kind: engine.BoostRule, Words: "unicorn", By: 1},
		engine.Rule{Kind: engine.BoostRule, Filter: engine.Filter{{Field: "colour", Op: "=", Value: "red"}}, By: 1},
		engine.Rule{Kind: engine.HideRule, When: on("never asked"), Products: []string{"l2"}},
		engine.Rule{Kind: engine.HideRule, Products: []string{"l2"}, Until: time.Now().Add(-time.Hour)},
	)
	problems, err := s.CheckRules(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprint(p.Trouble, p.Rules))
	}
	for _, want := range []string{"same place[1 2]", "no product[3]", "matches none[5]", "bad field[6]", "no query[7]", "over[8]", "pinned filtered[1 4]", "pinned filtered[2 4]"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing from %q", want, got)
		}
	}
	if len(got) != 8 {
		t.Errorf("%d problems: %q", len(got), got)
	}
}

func TestRulesAsASide(t *testing.T) {
	s := lampShop(t)
	s.rules(engine.Rule{Kind: engine.HideRule, Words: "desk", Set: "harm"})
	c := s.compare(workbench.CompareRequest{A: s.side("rules:main"), B: s.side("rules:harm"), Seed: 1})
	if c.Wins != 0 || c.Losses == 0 || !strings.Contains(c.B.Name, "rules harm") {
		t.Errorf("%s: %s against %s", c.Sentence, c.B.Name, c.A.Name)
	}
	if c := s.compare(workbench.CompareRequest{A: s.side("default+rules:off"), B: s.side("rules:main"), Seed: 1}); c.Delta != 0 || c.A.Name != "default, rules off" {
		t.Errorf("%s (%s)", c.Sentence, c.A.Name)
	}
	weight := s.side("default+cosine=0+rules:off")
	if weight.Ranker.Weight("cosine") != 0 || weight.Ranker.Weight("bm25") != s.Default().Weights[0].Weight || weight.Label() != "default, cosine 0, rules off" {
		t.Errorf("%s: %+v", weight.Label(), weight.Ranker)
	}
	if few := s.side("depth:1+fusion:rrf"); few.Depth != 1 || few.Fusion != engine.ReciprocalRank {
		t.Errorf("%+v", few)
	}
	for _, bad := range []string{"rules:none", "default+", "default+nothing=1", "cosine=x", "depth:0", "fusion:best"} {
		if _, err := s.Side(bad); err == nil {
			t.Errorf("%q is a side", bad)
		}
	}
}
