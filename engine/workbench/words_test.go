package workbench_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"touchstone/engine/retrieve"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// TestReimportsFindWhatAFreshImportFinds: however often a catalogue changes, and
// whether or not it is reopened between, searches find the products as they are
// now.
func TestReimportsFindWhatAFreshImportFinds(t *testing.T) {
	words := []string{"lamp", "desk", "chair", "red", "blue", "garden", "hose", "table"}
	rng := rand.New(rand.NewPCG(1, 2))
	s := newShop(t)
	now := map[string]string{} // ID → line
	change := func(n int) {
		lines := []string{"id,title"}
		for _, i := range rng.Perm(400)[:n] {
			id := fmt.Sprint(i)
			now[id] = fmt.Sprintf("%s,%s %s", id, words[rng.IntN(len(words))], words[rng.IntN(len(words))])
			lines = append(lines, now[id])
		}
		s.importLines(lines...)
	}
	found := func(s *shop, query string) (ids []string) {
		page, err := s.Search(t.Context(), workbench.SearchRequest{Query: query, K: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Results {
			if strings.Contains(r.Product.Title, query) { // the others are only near in meaning
				ids = append(ids, r.Product.ID+" "+r.Product.Title)
			}
		}
		slices.Sort(ids)
		return ids
	}
	for round, n := range []int{300, 5, 1, 1, 20, 2, 80, 1, 3, 400} {
		change(n)
		if round%3 == 1 {
			s.reopen()
		}
		fresh := newShop(t)
		fresh.importLines(append([]string{"id,title"}, slices.Sorted(maps.Values(now))...)...)
		for _, query := range words {
			if got, want := found(s, query), found(fresh, query); !slices.Equal(got, want) {
				t.Fatalf("round %d, %q: found %v, a fresh import finds %v", round, query, got, want)
			}
		}
	}
}

// TestAChangeIndexesOnlyWhatChanged: one product of many changes, and a segment
// of one product is made.
func TestAChangeIndexesOnlyWhatChanged(t *testing.T) {
	s := newShop(t)
	lines := []string{"id,title"}
	for i := range 100 {
		lines = append(lines, fmt.Sprintf("%d,lamp %d", i, i))
	}
	s.importLines(lines...)
	lines[42] = "41,garden chair"
	s.importLines(lines...)
	if page := s.search("garden"); page.Results[0].Product.ID != "41" {
		t.Errorf("garden finds %s", page.Results[0].Product.ID)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(s.path, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"words": 100, "words.1": 1} {
		found, err := store.Derived(name, func(data []byte) error {
			segment, err := retrieve.Open(slices.Clone(data))
			if err == nil && len(segment.Rows()) != want {
				t.Errorf("%s has %d rows, want %d", name, len(segment.Rows()), want)
			}
			return err
		})
		if err != nil || !found {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
	s.use(store)
	if page := s.search("garden"); page.Results[0].Product.ID != "41" {
		t.Errorf("after reopening garden finds %s", page.Results[0].Product.ID)
	}
}
