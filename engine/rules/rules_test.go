package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

var now = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func set(t testing.TB, all ...engine.Rule) *Set {
	t.Helper()
	for i := range all {
		if all[i].ID == 0 {
			all[i].ID = uint64(i + 1)
		}
	}
	s, err := New(all)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pin(at int, query string, products ...string) engine.Rule {
	return engine.Rule{Kind: engine.PinRule, When: engine.When{Queries: []string{query}}, Products: products, Position: at}
}

func TestWhen(t *testing.T) {
	for _, c := range []struct {
		when  engine.When
		query string
		fits  bool
	}{
		{engine.When{}, "anything", true},
		{engine.When{Queries: []string{"USB  hub"}}, "usb hub", true},
		{engine.When{Queries: []string{"usb hub", "dock"}}, "Dock", true},
		{engine.When{Queries: []string{"usb hub"}}, "usb hub powered", false},
		{engine.When{Has: []string{"hub"}}, "usb hub powered", true},
		{engine.When{Has: []string{"hub"}}, "hubcap", false},
		{engine.When{Has: []string{"usb hub"}}, "hub usb", false},
		{engine.When{Has: []string{"hub"}}, "github hub", true},
		{engine.When{Has: []string{"手机"}}, "华为手机壳", true},
		{engine.When{Has: []string{"手机"}}, "華為手機殼", true},
		{engine.When{Queries: []string{"手機"}}, "手机", true},
		{engine.When{Has: []string{"ｔｖ"}}, "TV stand", true},
		{engine.When{Pattern: `^usb.*\d+ ports?$`}, "USB hub 4 ports", true},
		{engine.When{Pattern: `^usb$`}, "usb hub", false},
		{engine.When{Queries: []string{"a"}, Pattern: "^b"}, "bulb", true},
	} {
		if got := fits(t, c.when, c.query); got != c.fits {
			t.Errorf("%+v on %q: %v", c.when, c.query, got)
		}
	}
}

func fits(t *testing.T, w engine.When, query string) bool {
	t.Helper()
	c, err := newCondition(w)
	if err != nil {
		t.Fatal(err)
	}
	return c.fits(fold(query))
}

func TestPatternsThatExplode(t *testing.T) {
	for pattern, says := range map[string]string{
		"(a{100}){100}": "cannot be read", "a{900}b{900}c{900}": "unfold",
		"((a{1,50}){1,50}){1,50}": "cannot be read",
		strings.Repeat("a", 501):  "500",
		"(":                       "cannot be read",
		`(\w+\s*)+$`:              "-", // exponential elsewhere, linear here
	} {
		err := Valid(&engine.Rule{Kind: engine.FilterRule, Words: "x", When: engine.When{Pattern: pattern}})
		if says == "-" {
			if err != nil {
				t.Errorf("%.40s: %v", pattern, err)
			}
			start := time.Now()
			fits(t, engine.When{Pattern: pattern}, strings.Repeat("aaaa ", 20_000)+"!")
			t.Logf("%s took %v on 100,000 characters", pattern, time.Since(start))
			continue
		}
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40s: %v, want %q", pattern, err, says)
		}
	}
}

func TestValid(t *testing.T) {
	some := engine.When{Queries: []string{"q"}}
	for _, c := range []struct {
		rule engine.Rule
		says string // "" is valid
	}{
		{engine.Rule{Kind: "sort"}, "no kind of rule"},
		{engine.Rule{Kind: engine.PinRule, When: some, Products: []string{"a"}, Position: 1}, ""},
		{engine.Rule{Kind: engine.PinRule, When: some, Products: []string{"a"}}, "position"},
		{engine.Rule{Kind: engine.PinRule, When: some, Position: 1}, "needs a product"},
		{engine.Rule{Kind: engine.PinRule, When: some, Position: 1, Products: []string{" "}}, "no ID"},
		{engine.Rule{Kind: engine.PinRule, Products: []string{"a"}, Position: 1}, "every query"},
		{engine.Rule{Kind: engine.BoostRule, Words: "red", By: 0.5}, ""},
		{engine.Rule{Kind: engine.BoostRule, Words: "red"}, "more than 0"},
		{engine.Rule{Kind: engine.BuryRule, By: 1}, "needs products"},
		{engine.Rule{Kind: engine.HideRule, Filter: engine.Filter{{Field: "brand", Op: "=", Value: "x"}}}, ""},
		{engine.Rule{Kind: engine.FilterRule, Products: []string{"a"}}, "conditions or words"},
		{engine.Rule{Kind: engine.SynonymRule, Terms: []string{"tv", "television"}}, ""},
		{engine.Rule{Kind: engine.SynonymRule, Terms: []string{"tv", "TV "}}, "both"},
		{engine.Rule{Kind: engine.SynonymRule, Terms: []string{"tv"}}, "two terms"},
		{engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"a", "b", "c"}}, "two terms"},
		{engine.Rule{Kind: engine.RedirectRule, When: some, URL: "https://shop.example/sale"}, ""},
		{engine.Rule{Kind: engine.RedirectRule, When: some, URL: "javascript:alert(1)"}, "no address"},
		{engine.Rule{Kind: engine.RedirectRule, URL: "/sale"}, "needs a query"},
		{engine.Rule{Kind: engine.FilterRule, Words: "x", From: now, Until: now}, "before it begins"},
		{engine.Rule{Kind: engine.FilterRule, Words: "x", When: engine.When{Queries: []string{" "}}}, "empty"},
	} {
		err := Valid(&c.rule)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%+v: %v, want %q", c.rule, err, c.says)
		}
	}
}

func TestPlan(t *testing.T) {
	s := set(t,
		engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"telly", "tv"}},
		engine.Rule{Kind: engine.SynonymRule, Terms: []string{"tv", "television", "flat screen"}},
		engine.Rule{Kind: engine.SynonymRule, Terms: []string{"stand", "mount"}, OneWay: true},
		engine.Rule{Kind: engine.BoostRule, When: engine.When{Has: []string{"telly"}}, Words: "oled", By: 0.25},
		pin(2, "telly stand", "b", "c"), pin(1, "Telly Stand", "a", "b"),
		engine.Rule{Kind: engine.HideRule, Products: []string{"z"}, From: now.Add(time.Hour)},
		engine.Rule{Kind: engine.HideRule, Products: []string{"y"}, Until: now},
		engine.Rule{Kind: engine.HideRule, Products: []string{"x"}, Off: true},
	)
	p := s.Plan("Telly  stand", now)
	var applied []uint64
	for _, r := range p.Applied {
		applied = append(applied, r.ID)
	}
	p.Applied = nil
	want := Plan{Query: "tv stand",
		Synonyms: []Synonym{{"tv", []string{"television", "flat screen"}}, {"stand", []string{"mount"}}},
		Lifts:    []Lift{{4, About{Words: "oled"}, 0.25}},
		Pins:     []Pin{{6, "a", 1}, {5, "b", 2}, {5, "c", 3}},
	}
	if d := cmp.Diff(want, p); d != "" {
		t.Error(d)
	}
	if !slices.Equal(applied, []uint64{1, 2, 3, 4, 5, 6}) {
		t.Errorf("applied %v", applied)
	}
	if p := s.Plan("mount for TV", now); p.Query != "mount for TV" || len(p.Synonyms) != 1 || p.Key() == "" {
		t.Errorf("one way: %+v", p)
	}
	if p := s.Plan("lamp", now); p.Key() != "" || p.Query != "lamp" {
		t.Errorf("no rule: %+v", p)
	}
	if p := s.Plan("lamp", now.Add(2*time.Hour)); len(p.Hide) != 1 || p.Hide[0].Products[0] != "z" {
		t.Errorf("later: %+v", p)
	}
	var none *Set
	if p := none.Plan("lamp", now); p.Query != "lamp" || none.Len() != 0 {
		t.Errorf("no set: %+v", p)
	}
}

// TestReplacementsEnd: rules that replace each other's words do so once.
func TestReplacementsEnd(t *testing.T) {
	s := set(t,
		engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"a", "b"}},
		engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"b", "a a"}},
		engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"a", "a a a"}},
	)
	if p := s.Plan("a", now); p.Query != "a a a a a a" {
		t.Errorf("%q", p.Query)
	}
	s = set(t, engine.Rule{Kind: engine.ReplaceRule, Terms: []string{"cheap"}})
	for query, want := range map[string]string{"cheap lamp": "lamp", "Cheap": "cheap"} {
		if p := s.Plan(query, now); p.Query != want {
			t.Errorf("%q without a word is %q", query, p.Query)
		}
	}
}

func TestPinned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "n")
		order := rapid.Permutation(make12(n)).Draw(t, "order")
		places := map[int]int{}
		for i := range n {
			if rapid.Bool().Draw(t, "pinned") {
				places[i] = rapid.IntRange(1, 15).Draw(t, "place")
			}
		}
		got := Pinned(order, func(i int) int { return places[i] })
		var rest, wantRest []int
		for _, i := range got {
			if places[i] == 0 {
				rest = append(rest, i)
			}
		}
		for _, i := range order {
			if places[i] == 0 {
				wantRest = append(wantRest, i)
			}
		}
		if !slices.Equal(rest, wantRest) || len(got) != n {
			t.Fatalf("%v of %v with %v", got, order, places)
		}
		for at, i := range got { // a pin is never above its place, and below only behind other pins
			if p := places[i]; p > 0 && at+1 < p && len(rest) > 0 && slices.Index(got, rest[len(rest)-1]) > at {
				t.Fatalf("%d is pinned to %d and stands at %d of %v", i, p, at+1, got)
			}
		}
	})
	if got := Pinned([]string{"a", "b", "c", "d"}, func(s string) int { return map[string]int{"d": 1, "a": 3}[s] }); fmt.Sprint(got) != "[d b a c]" {
		t.Errorf("%v", got)
	}
}

func make12(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestConflicts(t *testing.T) {
	all := []engine.Rule{
		pin(1, "tv", "a"), pin(1, "TV", "b"),
		{Kind: engine.HideRule, When: engine.When{Pattern: "^t"}, Products: []string{"a"}},
		{Kind: engine.BoostRule, Products: []string{"c"}, By: 1},
		{Kind: engine.BuryRule, When: engine.When{Has: []string{"tv"}}, Products: []string{"c"}, By: 1},
		{Kind: engine.RedirectRule, When: engine.When{Queries: []string{"sale"}}, URL: "/a"},
		{Kind: engine.RedirectRule, When: engine.When{Pattern: "sale"}, URL: "/b"},
		{Kind: engine.ReplaceRule, Terms: []string{"telly", "tv"}},
		{Kind: engine.ReplaceRule, Terms: []string{"telly", "television"}},
		{Kind: engine.PinRule, When: engine.When{Queries: []string{"tv"}}, Products: []string{"a"}, Position: 1, Note: "again"},
		{Kind: engine.HideRule, Products: []string{"b"}, Off: true},
	}
	for i := range all {
		all[i].ID = uint64(i + 1)
	}
	var got []string
	for _, p := range Conflicts(all, []string{"lamp"}, now) {
		got = append(got, fmt.Sprint(p.Trouble, p.Rules))
		if p.String() == "" || p.Dead {
			t.Errorf("%+v", p)
		}
	}
	for _, w := range []string{"same place[1 2]", "lifted buried[4 5]", "two redirects[6 7]", "two replaces[8 9]", "twice[1 10]"} {
		if !slices.Contains(got, w) {
			t.Errorf("%s is missing from %v", w, got)
		}
	}
	if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "pinned hidden") }) || slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "11") }) {
		t.Errorf("%v", got)
	}
	if quiet := Conflicts(all[:1], nil, now); quiet != nil {
		t.Errorf("one rule alone: %v", quiet)
	}
}

// FuzzPlan holds that no rule and no query break the matching.
func FuzzPlan(f *testing.F) {
	f.Add("tv stand", "tv", "^t", "flat screen")
	f.Add("手机壳", "手机", `(\w+)+$`, "电话")
	f.Add("\xff a", "\xff", "(?s).", "İ")
	f.Fuzz(func(t *testing.T, query, words, pattern, term string) {
		s, _ := New([]engine.Rule{
			{ID: 1, Kind: engine.BoostRule, When: engine.When{Has: []string{words}, Pattern: pattern}, Words: term, By: 1},
			{ID: 2, Kind: engine.ReplaceRule, Terms: []string{words, term}},
			{ID: 3, Kind: engine.SynonymRule, Terms: []string{words, term}},
		})
		p := s.Plan(query, now)
		if len(p.Applied) == 0 && p.Query != query {
			t.Errorf("no rule applied and %q became %q", query, p.Query)
		}
	})
}
