package workbench_test

import (
	"math"
	"strings"
	"testing"

	"touchstone/engine/workbench"
)

func newLampShop(t *testing.T) *shop {
	s := newShop(t)
	s.importLines("id,title,brand,popularity",
		"1,red desk lamp,Lumo,5", "2,red floor lamp,Lumo,4", "3,blue desk lamp,Tela,3", "4,blue floor lamp,Tela,2",
		"5,garden chair,Tela,90", "6,garden table,Tela,80", "7,blue garden hose,Aqua,1")
	return s
}

func (s *shop) events(lines ...string) *workbench.EventReport {
	s.t.Helper()
	report, err := s.ImportEvents(s.t.Context(), s.file("events.csv", append([]string{"profile,product,action,time"}, lines...)...))
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

func (s *shop) as(profile, query string) *workbench.Page {
	s.t.Helper()
	page, err := s.Search(s.t.Context(), workbench.SearchRequest{Query: query, Profile: profile})
	if err != nil {
		s.t.Fatal(err)
	}
	return page
}

// holdSums checks that what each result is explained by sums to its score.
func holdSums(t *testing.T, page *workbench.Page) {
	t.Helper()
	for i, r := range page.Results {
		sum := 0.0
		for _, c := range r.Contributions {
			sum += c.Contribution
		}
		if r.Rank != i+1 || math.Abs(sum-r.Score) > 1e-9 {
			t.Errorf("rank %d: contributions sum to %v, the score is %v", r.Rank, sum, r.Score)
		}
	}
}

func scoreOf(t *testing.T, page *workbench.Page, id string) float64 {
	t.Helper()
	for _, r := range page.Results {
		if r.Product.ID == id {
			return r.Score
		}
	}
	t.Fatalf("%q did not find %s", page.Query, id)
	return 0
}

func TestSearchAsAShopper(t *testing.T) {
	s := newLampShop(t)
	report := s.events("blue,7,buy,2024-06-01", "blue,4,view,2024-06-02", "red,2,add,2024-06-02", "odd,99,view,2024-06-02", "odd,,search,2024-06-02")
	if report.Read != 4 || report.Profiles != 3 || report.Unknown != 1 || report.Others != 1 {
		t.Errorf("report %+v", report)
	}
	s.reopen()
	everyone, blue, red := s.search("floor lamp"), s.as("blue", "floor lamp"), s.as("red", "floor lamp")
	lead := func(page *workbench.Page) float64 { return scoreOf(t, page, "4") - scoreOf(t, page, "2") }
	if lead(blue) <= lead(everyone) || lead(red) >= lead(everyone) {
		t.Errorf("the blue lamp leads the red one by %v for everyone, by %v for blue, by %v for red", lead(everyone), lead(blue), lead(red))
	}
	for _, page := range []*workbench.Page{everyone, blue, red} {
		holdSums(t, page)
	}
	last := func(page *workbench.Page) (name string, value float64) {
		c := page.Results[0].Contributions
		return c[len(c)-1].Feature, c[len(c)-1].Value
	}
	if name, value := last(everyone); name != "personal_affinity" || value != 0 {
		t.Errorf("without a shopper %s is %v", name, value)
	}
	if _, value := last(blue); value <= 0 {
		t.Errorf("with a shopper the affinity is %v", value)
	}
	for _, name := range []string{"nobody", "odd"} {
		page := s.as(name, "floor lamp")
		if len(page.Notes) != 1 || !strings.Contains(page.Notes[0], name) || page.Results[0].Score != everyone.Results[0].Score {
			t.Errorf("%s: notes %q, score %v, want that of everyone, %v", name, page.Notes, page.Results[0].Score, everyone.Results[0].Score)
		}
	}
}

func TestEventsAgainChangeNothing(t *testing.T) {
	s := newLampShop(t)
	s.events("ann,1,view,2024-06-01", "ann,4,view,2024-06-02")
	first := s.as("ann", "lamp")
	s.events("ann,4,view,2024-06-02", "ann,1,view,2024-06-01")
	again := s.as("ann", "lamp")
	for i := range first.Results {
		if first.Results[i].Score != again.Results[i].Score {
			t.Fatalf("rank %d: %v, then %v", i+1, first.Results[i].Score, again.Results[i].Score)
		}
	}
	if names, err := s.Profiles(); err != nil || len(names) != 1 || names[0] != "ann" {
		t.Errorf("profiles %v, %v", names, err)
	}
}

func TestRecommend(t *testing.T) {
	s := newLampShop(t)
	s.events("ann,1,buy,2024-06-01", "ann,2,view,2024-06-02")
	recommend := func(name string) *workbench.Page {
		t.Helper()
		page, err := s.Recommend(t.Context(), name, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Results) != 3 {
			t.Fatalf("%s: %d results", name, len(page.Results))
		}
		holdSums(t, page)
		for i, r := range page.Results {
			if i > 0 && r.Score > page.Results[i-1].Score {
				t.Errorf("%s: rank %d scores more than rank %d", name, i+1, i)
			}
		}
		return page
	}
	ann := recommend("ann")
	for _, r := range ann.Results {
		if r.Product.ID == "1" {
			t.Error("what ann bought is recommended to her")
		}
	}
	if ann.Results[0].Product.ID != "2" || len(ann.Notes) != 0 {
		t.Errorf("ann sees %s first, notes %q", ann.Results[0].Product.ID, ann.Notes)
	}
	cold := recommend("nobody")
	if cold.Results[0].Product.ID != "5" || len(cold.Notes) != 1 {
		t.Errorf("a stranger sees %s first, notes %q", cold.Results[0].Product.ID, cold.Notes)
	}
}
