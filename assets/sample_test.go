package assets

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"testing"

	"touchstone/engine"
	"touchstone/engine/exchange"
)

// sample is a sample and what it must hold at least.
type sample struct {
	language                              string
	products, categories, queries, grades int
}

// shops are those with everything that a shop has, pages those of texts.
var (
	shops = []sample{{"en", 400, 12, 44, 900}, {"zh", 200, 12, 15, 250}}
	pages = []sample{{"news", 60, 8, 20, 35}, {"help", 60, 7, 20, 40}}
)

// Texts open by the same door: their columns have names of their own.
func TestPagesOpenWithoutAMapping(t *testing.T) {
	for _, page := range pages {
		catalogue, err := exchange.ReadCatalogue(openSample(t, page.language, "products.jsonl"), "products.jsonl", exchange.CatalogueOptions{})
		if err != nil {
			t.Fatal(err)
		}
		products := readProducts(t, catalogue)
		if len(catalogue.Problems()) > 0 || len(products) < page.products {
			t.Errorf("%s: %d read, problems %v", page.language, len(products), catalogue.Problems())
		}
		for id, p := range products {
			if p.Title == "" || p.Description == "" || p.Category == "" || p.Date.IsZero() || p.Price.Known {
				t.Errorf("%s %s was read as %+v", page.language, id, p)
			}
		}
	}
}

// The sample must open like a stranger's file: every role guessed from the
// columns, no row refused.
func TestSampleCatalogueOpensWithoutAMapping(t *testing.T) {
	for _, shop := range shops {
		t.Run(shop.language, func(t *testing.T) {
			catalogue, err := exchange.ReadCatalogue(openSample(t, shop.language, "products.jsonl"), "products.jsonl", exchange.CatalogueOptions{})
			if err != nil {
				t.Fatal(err)
			}
			guessed := map[engine.Role]bool{}
			for _, f := range catalogue.Fields() {
				guessed[f.Role] = true
			}
			for _, role := range engine.Roles {
				if !guessed[role] && role != engine.RoleImage && role != engine.RoleIgnore {
					t.Errorf("no column was taken for the %s: %v", role, catalogue.Fields())
				}
			}
			products := readProducts(t, catalogue)
			categories := map[string]bool{}
			for _, p := range products {
				categories[p.Category] = true
			}
			if problems := catalogue.Problems(); len(problems) > 0 {
				t.Errorf("%d rows were refused, first: %v", len(problems), problems[0])
			}
			if len(products) < shop.products || len(categories) < shop.categories {
				t.Errorf("%d products in %d categories, want %d in %d", len(products), len(categories), shop.products, shop.categories)
			}
		})
	}
}

func TestSampleGradesAreOfItsProductsAndQueries(t *testing.T) {
	for _, shop := range slices.Concat(shops, pages) {
		t.Run(shop.language, func(t *testing.T) {
			catalogue, err := exchange.ReadCatalogue(openSample(t, shop.language, "products.jsonl"), "products.jsonl", exchange.CatalogueOptions{})
			if err != nil {
				t.Fatal(err)
			}
			products := readProducts(t, catalogue)
			judgments, err := exchange.ReadJudgments(openSample(t, shop.language, "judgments.csv"), "judgments.csv", exchange.JudgmentOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if len(judgments.Problems) > 0 {
				t.Errorf("%d rows were refused, first: %v", len(judgments.Problems), judgments.Problems[0])
			}
			best, seen := map[string]engine.Grade{}, map[string]bool{}
			for _, j := range judgments.Judgments {
				if _, ok := products[j.Product]; !ok {
					t.Errorf("%q grades %s, which the catalogue lacks", j.Query, j.Product)
				}
				if j.Grade != 0 && j.Grade != 1 && j.Grade != 2 && j.Grade != 3 {
					t.Errorf("%q grades %s %v", j.Query, j.Product, j.Grade)
				}
				pair := j.Query + "\x00" + j.Product
				if seen[pair] {
					t.Errorf("%q grades %s twice", j.Query, j.Product)
				}
				seen[pair] = true
				best[j.Query] = max(best[j.Query], j.Grade)
			}
			if len(best) < shop.queries || len(seen) < shop.grades {
				t.Errorf("%d grades of %d queries, want %d of %d", len(seen), len(best), shop.grades, shop.queries)
			}
			for query, grade := range best {
				if grade < 2 {
					t.Errorf("%q has no answer", query)
				}
			}

			rows, err := csv.NewReader(openSample(t, shop.language, "queries.csv")).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows[1:] {
				if _, ok := best[row[0]]; !ok {
					t.Errorf("%q has a need but no grades", row[0])
				}
				if row[1] == "" {
					t.Errorf("%q has no need", row[0])
				}
				delete(best, row[0])
			}
			if len(best) > 0 {
				t.Errorf("grades but no needs: %v", best)
			}
		})
	}
}

func TestChineseSampleHasFivePhones(t *testing.T) {
	catalogue, err := exchange.ReadCatalogue(openSample(t, "zh", "products.jsonl"), "products.jsonl", exchange.CatalogueOptions{})
	if err != nil {
		t.Fatal(err)
	}
	brands := map[string]int{}
	for _, p := range readProducts(t, catalogue) {
		if p.Category == "手机" {
			brands[p.Brand]++
		}
	}
	if got, want := fmt.Sprint(brands), fmt.Sprint(map[string]int{"华为": 1, "小米": 1, "苹果": 1, "OPPO": 1, "vivo": 1}); got != want {
		t.Errorf("phones by brand: %s, want %s", got, want)
	}
}

func TestSampleOfAnUnknownLanguageIsEmpty(t *testing.T) {
	for _, language := range []string{"", "fr", "../fonts"} {
		if _, err := fs.Stat(Sample(language), "products.jsonl"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Sample(%q) has products.jsonl: %v", language, err)
		}
	}
}

func openSample(t *testing.T, language, name string) io.Reader {
	t.Helper()
	f, err := Sample(language).Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func readProducts(t *testing.T, catalogue *exchange.Catalogue) map[string]engine.Product {
	t.Helper()
	products := map[string]engine.Product{}
	for {
		p, err := catalogue.Next()
		if errors.Is(err, io.EOF) {
			return products
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := products[p.ID]; twice {
			t.Errorf("%s is there twice", p.ID)
		}
		products[p.ID] = p
	}
}
