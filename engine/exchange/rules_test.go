package exchange

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"touchstone/engine"
)

// oneFilter reads a single condition with =, enough for these tests.
func oneFilter(s string) (engine.Filter, error) {
	field, value, _ := strings.Cut(s, "=")
	return engine.Filter{{Field: field, Op: "=", Value: strings.Trim(value, `"`)}}, nil
}

func rulesOf(t *testing.T, text string) *RuleFile {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rules")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := OpenRules(path, RuleOptions{Filter: oneFilter})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestQuerqyRules(t *testing.T) {
	f := rulesOf(t, `
# laptops
notebook =>
  SYNONYM: laptop
  UP(50): * brand:"Lenovo"
  DOWN(20): sleeve
  DELETE: cheap

"mobile phone" =>
  FILTER: * price:[100 TO *]
  FILTER: -case
  FILTER: * -category:Cases
"tv =>
  UP: oled
telly =>
  SYNONYM: tv
  DELETE
  DELETE: telly
  @enabled: false
sale =>
  DECORATE: REDIRECT https://shop.example/sale
disp* =>
  UP(10): * a OR b
  BOOST: x
`)
	has := func(q string) engine.When { return engine.When{Has: []string{q}} }
	phone := engine.When{Queries: []string{"mobile phone"}}
	want := []engine.Rule{
		{Kind: engine.SynonymRule, Terms: []string{"notebook", "laptop"}, OneWay: true},
		{Kind: engine.ReplaceRule, When: has("notebook"), Terms: []string{"cheap"}},
		{Kind: engine.BoostRule, When: has("notebook"), Filter: engine.Filter{{Field: "brand", Op: "=", Value: "Lenovo"}}, By: 0.5},
		{Kind: engine.BuryRule, When: has("notebook"), Words: "sleeve", By: 0.2},
		{Kind: engine.FilterRule, When: phone, Filter: engine.Filter{{Field: "price", Op: ">=", Value: "100"}}},
		{Kind: engine.HideRule, When: phone, Words: "case"},
		{Kind: engine.HideRule, When: phone, Filter: engine.Filter{{Field: "category", Op: "=", Value: "Cases"}}},
		{Kind: engine.BoostRule, When: engine.When{Pattern: `^tv(\s|$)`}, Words: "oled", By: 0.01},
		{Kind: engine.ReplaceRule, Terms: []string{"telly", "tv"}, Off: true},
		{Kind: engine.RedirectRule, When: has("sale"), URL: "https://shop.example/sale"},
	}
	if d := cmp.Diff(want, f.Rules); d != "" {
		t.Error(d)
	}
	var lines []int
	for _, p := range f.Problems {
		lines = append(lines, p.Line)
	}
	if !slices.Equal(lines, []int{17, 23, 24}) || f.Skipped != 3 || f.Format != "Querqy rules.txt" {
		t.Errorf("%s: problems %v", f.Format, f.Problems)
	}
}

func TestAlgoliaRules(t *testing.T) {
	f := rulesOf(t, `{"rules": [
	 {"objectID": "1", "conditions": [{"pattern": "phone", "anchoring": "is"}], "description": "launch", "enabled": false,
	  "validity": [{"from": 1700000000, "until": 1800000000}],
	  "consequence": {"promote": [{"objectID": "p1", "position": 0}, {"objectIDs": ["p2", "p3"], "position": 2}], "hide": [{"objectID": "p9"}]}},
	 {"conditions": [{"pattern": "tv", "anchoring": "startsWith"}], "consequence": {"params": {"filters": "brand:Sony AND price<100 AND NOT category:\"TV stands\"", "optionalFilters": ["brand:Sony", "-brand:Noname"]}}},
	 {"condition": {"pattern": "telly"}, "consequence": {"params": {"query": {"edits": [{"type": "replace", "delete": "telly", "insert": "tv"}, {"type": "remove", "delete": "cheap"}]}}, "userData": {"redirect": "/tv"}}},
	 {"consequence": {"params": {"filters": "a OR b"}}}
	], "synonyms": [{"type": "synonym", "synonyms": ["tv", "television"]}, {"type": "oneWaySynonym", "input": "a", "synonyms": ["b", "c"]}, {"type": "placeholder"}]}`)
	from, until := time.Unix(1700000000, 0).UTC(), time.Unix(1800000000, 0).UTC()
	launch := engine.Rule{When: engine.When{Queries: []string{"phone"}}, Note: "launch", Off: true, From: from, Until: until}
	with := func(r engine.Rule, change func(*engine.Rule)) engine.Rule { r = r.Clone(); change(&r); return r }
	tv := engine.Rule{When: engine.When{Pattern: "^tv"}}
	telly := engine.Rule{When: engine.When{Has: []string{"telly"}}}
	want := []engine.Rule{
		with(launch, func(r *engine.Rule) { r.Kind, r.Products, r.Position = engine.PinRule, []string{"p1"}, 1 }),
		with(launch, func(r *engine.Rule) { r.Kind, r.Products, r.Position = engine.PinRule, []string{"p2", "p3"}, 3 }),
		with(launch, func(r *engine.Rule) { r.Kind, r.Products = engine.HideRule, []string{"p9"} }),
		with(tv, func(r *engine.Rule) {
			r.Kind, r.Filter = engine.FilterRule, engine.Filter{{Field: "brand", Op: "=", Value: "Sony"}, {Field: "price", Op: "<", Value: "100"}, {Field: "category", Op: "!=", Value: "TV stands"}}
		}),
		with(tv, func(r *engine.Rule) {
			r.Kind, r.By, r.Filter = engine.BoostRule, 1, engine.Filter{{Field: "brand", Op: "=", Value: "Sony"}}
		}),
		with(tv, func(r *engine.Rule) {
			r.Kind, r.By, r.Filter = engine.BuryRule, 1, engine.Filter{{Field: "brand", Op: "=", Value: "Noname"}}
		}),
		with(telly, func(r *engine.Rule) { r.Kind, r.Terms = engine.ReplaceRule, []string{"telly", "tv"} }),
		with(telly, func(r *engine.Rule) { r.Kind, r.Terms = engine.ReplaceRule, []string{"cheap"} }),
		with(telly, func(r *engine.Rule) { r.Kind, r.URL = engine.RedirectRule, "/tv" }),
		{Kind: engine.SynonymRule, Terms: []string{"tv", "television"}},
		{Kind: engine.SynonymRule, Terms: []string{"a", "b", "c"}, OneWay: true},
	}
	if d := cmp.Diff(want, f.Rules); d != "" {
		t.Error(d)
	}
	if len(f.Problems) != 2 {
		t.Errorf("problems %v", f.Problems)
	}
}

func TestRuleTables(t *testing.T) {
	want := []engine.Rule{
		{Kind: engine.PinRule, When: engine.When{Queries: []string{"usb hub", "dock"}}, Products: []string{"p1", "p2"}, Position: 3, From: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Author: "ann", Note: "spring", Set: "spring"},
		{Kind: engine.SynonymRule, Terms: []string{"tv", "television"}, OneWay: true, Off: true},
		{Kind: engine.BoostRule, When: engine.When{Pattern: "^a"}, Filter: engine.Filter{{Field: "brand", Op: "=", Value: "Sony"}}, By: 0.5},
	}
	text := "Kind,Query,Pattern,Products,Position,From,Author,Note,Set,Terms,One way,Off,Filter,By\n" +
		"pin,usb hub|dock,,p1 | p2,3,2026-05-01,ann,spring,spring,,,,,\n" +
		"Synonym,,,,,,,,,tv|television,yes,x,,\n" +
		"boost,,^a,,,,,,,,,,brand=Sony,0.5\n" +
		"pin,q,,p,first,,,,,,,,,\n" +
		",q,,p,1,,,,,,,,,\n" +
		"pin,q,,p,1,someday,,,,,,,,\n"
	f := rulesOf(t, text)
	if d := cmp.Diff(want, f.Rules); d != "" {
		t.Error(d)
	}
	if len(f.Problems) != 3 || f.Problems[0].Line != 5 || !slices.Equal(f.Lines, []int{2, 3, 4}) {
		t.Errorf("problems %v, lines %v", f.Problems, f.Lines)
	}
	// The same as a spreadsheet.
	book := excelize.NewFile()
	defer book.Close()
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		for k, cell := range strings.Split(line, ",") {
			at, _ := excelize.CoordinatesToCellName(k+1, i+1)
			if err := book.SetCellValue("Sheet1", at, cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "rules.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	f, err := OpenRules(path, RuleOptions{Filter: oneFilter})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, f.Rules); d != "" {
		t.Errorf("as a spreadsheet: %s", d)
	}
}

// TestRulesComeBack writes rules and reads them again.
func TestRulesComeBack(t *testing.T) {
	all := []engine.Rule{
		{ID: 7, Kind: engine.BoostRule, When: engine.When{Queries: []string{"usb hub"}}, Words: "powered", By: 0.5, Note: "two\nlines"},
		{ID: 8, Kind: engine.BuryRule, When: engine.When{Has: []string{"hub"}}, Filter: engine.Filter{{Field: "brand", Op: "=", Value: "No name"}}, By: 0.25},
		{ID: 9, Kind: engine.HideRule, When: engine.When{Has: []string{"手机"}}, Words: "壳"},
		{ID: 10, Kind: engine.FilterRule, When: engine.When{Has: []string{"hub"}}, Filter: engine.Filter{{Field: "price", Op: "<=", Value: "10"}}, Off: true},
		{ID: 11, Kind: engine.SynonymRule, Terms: []string{"tv", "television"}, OneWay: true},
		{ID: 12, Kind: engine.ReplaceRule, Terms: []string{"telly", "tv"}},
		{ID: 13, Kind: engine.RedirectRule, When: engine.When{Queries: []string{"sale"}}, URL: "/sale"},
		{ID: 14, Kind: engine.ReplaceRule, Terms: []string{"cheap"}},
	}
	others := []engine.Rule{
		{Kind: engine.PinRule, When: engine.When{Queries: []string{"=q"}}, Products: []string{"p1"}, Position: 2, From: time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)},
		{Kind: engine.BoostRule, When: engine.When{Pattern: `^\d`}, Words: "x", By: 1, Set: "spring"},
		{Kind: engine.HideRule, Filter: engine.Filter{{Field: "brand", Op: "=", Value: `a "b", c`}}},
	}
	for format, list := range map[string][]engine.Rule{"querqy": all, "json": append(slices.Clone(all), others...), "csv": append(slices.Clone(all[1:]), others...)} {
		path := filepath.Join(t.TempDir(), "out")
		notes, err := WriteRules(path, format, list)
		if err != nil || len(notes) > 0 {
			t.Fatalf("%s: %v, %v", format, notes, err)
		}
		filter := func(s string) (engine.Filter, error) {
			for _, r := range list {
				if len(r.Filter) > 0 && filterText(r.Filter) == s {
					return r.Filter, nil
				}
			}
			return oneFilter(s)
		}
		f, err := OpenRules(path, RuleOptions{Filter: filter})
		if err != nil || len(f.Problems) > 0 {
			t.Fatalf("%s: %v, %v", format, f, err)
		}
		want := slices.Clone(list)
		for i := range want {
			want[i].ID = 0
			if format == "querqy" {
				want[i].Note = ""
			}
		}
		if d := cmp.Diff(want, f.Rules); d != "" {
			t.Errorf("%s: %s", format, d)
		}
	}
	if notes, err := WriteRules(filepath.Join(t.TempDir(), "x"), "querqy", others); err != nil || len(notes) != 4 {
		t.Errorf("what rules.txt cannot hold: %q, %v", notes, err)
	}
	if _, err := WriteRules("x", "yaml", all); err == nil {
		t.Error("an unknown format was written")
	}
	text, _ := querqyText([]engine.Rule{{Kind: engine.SynonymRule, Terms: []string{"tv", "television"}}})
	if !strings.Contains(text, "tv =>\n  SYNONYM: television\ntelevision =>\n  SYNONYM: tv\n") {
		t.Errorf("both ways:\n%s", text)
	}
}

func TestFilesThatAreNoRules(t *testing.T) {
	for text, says := range map[string]string{
		"":                      "empty",
		"[":                     "line 1",
		"{\"rules\": []}":       "no rules",
		"hub =>\n\xff\xfe\xfdx": "",
		"id,title\n1,x\n":       "",
	} {
		path := filepath.Join(t.TempDir(), "rules.txt")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := OpenRules(path, RuleOptions{})
		if says != "" && (err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "rules.txt")) {
			t.Errorf("%q: %v", text, err)
		}
		if err == nil && len(f.Problems) == 0 {
			t.Errorf("%q read as %+v", text, f.Rules)
		}
	}
}

func FuzzRules(f *testing.F) {
	f.Add([]byte("notebook =>\n  SYNONYM: laptop\n  UP(50): * brand:\"Lenovo\"\n\"tv\" =>\n FILTER: * price:[1 TO *]\n DELETE: tv"))
	f.Add([]byte(`[{"kind":"pin","when":{"queries":["q"]},"products":["p"],"position":1},{"type":"synonym","synonyms":["a","b"]}]`))
	f.Add([]byte(`{"rules":[{"conditions":[{"pattern":"x"}],"consequence":{"params":{"query":"y","filters":"a:b AND c<1"},"promote":[{"objectID":"p"}]}}]}`))
	f.Add([]byte("kind,query,products\npin,q,p\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := newSource(strings.NewReader(string(data)), "fuzz", fuzzLimits)
		if err != nil {
			return
		}
		file, err := readRules(s, RuleOptions{Filter: oneFilter}, fuzzLimits)
		if err != nil {
			return
		}
		if len(file.Rules) != len(file.Lines) {
			t.Fatalf("%d rules on %d lines", len(file.Rules), len(file.Lines))
		}
		querqyText(file.Rules)
	})
}
