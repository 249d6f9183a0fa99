package workbench_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// stocked is a shop with lamps and mugs of several kinds.
func stocked(t *testing.T) *shop {
	s := newShop(t)
	lines := []string{"id,title,description,price"}
	for i := range 12 {
		lines = append(lines,
			fmt.Sprintf("l%d,desk lamp %d,a lamp for the desk with a switch,%d", i, i, 10+i),
			fmt.Sprintf("m%d,coffee mug %d,a mug of white china,%d", i, i, 5+i))
	}
	s.importLines(lines...)
	return s
}

func TestRefitFollowsTheGrades(t *testing.T) {
	s := stocked(t)
	if _, err := s.Refit(t.Context(), 1); !errors.Is(err, workbench.ErrNothingToLearn) {
		t.Fatalf("without grades: %v", err)
	}
	for i := range 6 {
		s.grade("lamp", fmt.Sprint("l", i), engine.Grade(i%4))
		s.grade("mug", fmt.Sprint("m", i), engine.Grade(3-i%4))
	}
	first, err := s.Refit(t.Context(), 1)
	if err != nil || first.Grades != 12 || first.Queries != 2 {
		t.Fatalf("%+v, %v", first, err)
	}
	// A product of the page, one that the search does not bring up, and one grade
	// less: what is kept between fits must not go stale.
	s.grade("lamp", "l7", 3)
	s.grade("lamp", "m3", 0)
	if err := s.Clear("mug", "m0"); err != nil {
		t.Fatal(err)
	}
	again, err := s.Refit(t.Context(), 1)
	if err != nil || again.Grades != 13 {
		t.Fatalf("%+v, %v", again, err)
	}
	kept, err := s.Dataset(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s.reopen()
	fresh, err := s.Dataset(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fresh, kept, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("what was kept differs from what is there (-there +kept):\n%s", diff)
	}
	if s.Ranker().Made.Judgments != 0 {
		t.Error("a trial was adopted")
	}
}

func TestClicksAreLearnedFrom(t *testing.T) {
	s := stocked(t)
	var lines []string
	for page := range 30 {
		lines = append(lines, fmt.Sprintf(`{"query_id":"%d","user_query":"lamp"}`, page))
		for k := range 5 {
			at := (k + page) % 5
			event := fmt.Sprintf(`"query_id":"%d","client_id":"a","event_attributes":{"object":{"object_id":"l%d"},"position":{"ordinal":%d}}}`, page, k, at)
			lines = append(lines, `{"action_name":"impression",`+event)
			if k == 3 && page%2 == 0 {
				lines = append(lines, `{"action_name":"click",`+event)
			}
		}
	}
	file := s.file("ubi.jsonl", lines...)
	report, err := s.ImportEvents(t.Context(), file)
	if err != nil || report.Shown != 150 || report.Clicked != 15 || report.Repeated {
		t.Fatalf("%+v, %v", report, err)
	}
	if report, err = s.ImportEvents(t.Context(), file); err != nil || !report.Repeated || report.Shown != 0 {
		t.Fatalf("the second time: %+v, %v", report, err)
	}
	s.reopen()
	study, err := s.Clicks()
	if err != nil || study.Shown != 150 || len(study.Models) != 2 || study.Model != "pbm" {
		t.Fatalf("%+v, %v", study, err)
	}
	data, err := s.Dataset(t.Context(), nil)
	if err != nil || len(data.Groups) != 1 {
		t.Fatalf("%+v, %v", data, err)
	}
	g := data.Groups[0]
	told := 0
	for i, product := range g.Products {
		if !math.IsNaN(g.Grades[i]) {
			t.Errorf("%s: clicks made a grade of a person", product)
		}
		if math.IsNaN(g.Clicks[i]) {
			continue
		}
		told++
		if clicked := product == "l3"; clicked != (g.Clicks[i] > 2) || g.Trust[i] <= 0 || g.Trust[i] > 0.2 {
			t.Errorf("%s: grade %.2f by clicks, trust %.2f", product, g.Clicks[i], g.Trust[i])
		}
	}
	if told != 5 {
		t.Errorf("clicks tell of %d products, want 5", told)
	}
	if err := s.SetClicks("coec", 0); err != nil {
		t.Fatal(err)
	}
	if data, err = s.Dataset(t.Context(), nil); err != nil || len(data.Groups) != 0 {
		t.Errorf("with the weight 0: %+v, %v", data, err)
	}
	for _, bad := range []struct {
		model  string
		weight float64
	}{{"magic", 0.5}, {"pbm", -1}, {"pbm", 2}, {"pbm", math.NaN()}} {
		if err := s.SetClicks(bad.model, bad.weight); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

// TestEventsSentTwiceCountOnce: who gets no answer sends his events again, in
// other company too; neither the profile nor the clicks count them twice.
func TestEventsSentTwiceCountOnce(t *testing.T) {
	s := stocked(t)
	event := func(action, query string, product int) string {
		return fmt.Sprintf(`{"action_name":"%s","query_id":"%s","user_query":"lamp","client_id":"ann","timestamp":"2024-12-01T10:00:0%dZ","event_attributes":{"object":{"object_id":"l%d"},"position":{"ordinal":%d}}}`,
			action, query, product, product, product)
	}
	send := func(lines ...string) *workbench.EventReport {
		t.Helper()
		report, err := s.ReadEvents(t.Context(), strings.NewReader(strings.Join(lines, "\n")), "body")
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	first := []string{event("impression", "1", 1), event("impression", "1", 2), event("click", "1", 2)}
	if r := send(first...); r.Shown != 2 || r.Clicked != 1 || r.Repeated {
		t.Errorf("first: %+v", r)
	}
	s.reopen() // the server was killed before it answered
	if r := send(first...); r.Shown != 0 || r.Clicked != 0 || !r.Repeated {
		t.Errorf("again: %+v", r)
	}
	if r := send(append(first, event("click", "1", 1), event("click", "2", 1))...); r.Shown != 0 || r.Clicked != 2 || r.Repeated {
		t.Errorf("among others: %+v", r)
	}
	study, err := s.Clicks()
	if err != nil || study.Shown != 2 || study.Clicked != 3 {
		t.Errorf("%+v, %v", study, err)
	}
	ann, err := s.Shopper("ann")
	if err != nil || ann.Count[engine.View] != 2 {
		t.Errorf("%+v, %v", ann, err)
	}
	// The shop's log of the day holds what was sent, and more.
	day := append(first, event("click", "1", 1), event("click", "2", 1), event("impression", "3", 1))
	read := func(name string, lines ...string) *workbench.EventReport {
		t.Helper()
		report, err := s.ImportEvents(t.Context(), s.file(name, lines...))
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	if r := read("monday.jsonl", day...); r.Shown != 1 || r.Clicked != 0 || r.Known != 5 || r.Repeated {
		t.Errorf("the log of what was sent: %+v", r)
	}
	if r := read("monday.jsonl", day...); r.Shown != 0 || r.Known != 6 || !r.Repeated {
		t.Errorf("the same log: %+v", r)
	}
	if r := read("week.jsonl", append(day, event("impression", "4", 2))...); r.Shown != 1 || r.Known != 6 || r.Repeated {
		t.Errorf("a log that goes on: %+v", r)
	}
	if r := send(event("impression", "4", 2)); r.Shown != 0 || !r.Repeated {
		t.Errorf("sent after it was read: %+v", r)
	}
	if study, err = s.Clicks(); err != nil || study.Shown != 4 || study.Clicked != 3 {
		t.Errorf("%+v, %v", study, err)
	}
	if ann, err = s.Shopper("ann"); err != nil || ann.Count[engine.View] != 2 {
		t.Errorf("%+v, %v", ann, err)
	}
}

func TestClickPairsStandBesideGrades(t *testing.T) {
	s := stocked(t)
	var lines []string
	for page := range 30 {
		lines = append(lines, fmt.Sprintf(`{"query_id":"%d","user_query":"lamp"}`, page))
		for k := range 4 {
			event := fmt.Sprintf(`"query_id":"%d","client_id":"a","event_attributes":{"object":{"object_id":"l%d"},"position":{"ordinal":%d}}}`, page, k, (k+page)%4)
			lines = append(lines, `{"action_name":"impression",`+event)
			if k == 3 && page%2 == 0 {
				lines = append(lines, `{"action_name":"click",`+event)
			}
		}
	}
	if _, err := s.ImportEvents(t.Context(), s.file("ubi.jsonl", lines...)); err != nil {
		t.Fatal(err)
	}
	s.grade("lamp", "l0", 1)
	pairs, err := s.ClickPairs(t.Context(), 3)
	if err != nil || len(pairs) != 3 {
		t.Fatalf("%+v, %v", pairs, err)
	}
	all, err := s.ClickPairs(t.Context(), 100)
	if err != nil || len(all) != 4 {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, p := range all {
		graded := p.People != nil && *p.People == 1
		if graded != (p.Product == "l0") || p.Title == "" || p.Shown != 30 || p.Trust <= 0 || p.Trust > 0.2 {
			t.Errorf("%+v", p)
		}
		if clicked := p.Product == "l3"; clicked != (p.Clicked == 15) || clicked != (p.PositionBased > 2) || clicked != (p.OverExpected > 2) {
			t.Errorf("%+v", p)
		}
	}
}
