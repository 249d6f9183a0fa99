package retrieve

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"touchstone/engine"
)

// TestExceptLikeTwin holds what is left out of a search to reading each product.
func TestExceptLikeTwin(t *testing.T) {
	a := english(t)
	has := func(p engine.Product, term string) bool {
		for _, s := range fieldTexts(p) {
			for token := range a.Tokens(s) {
				if token.Text == term {
					return true
				}
			}
		}
		return false
	}
	rapid.Check(t, func(t *rapid.T) {
		products := someProducts(t)
		x := indexOf(t, a, products)
		req := engine.Request{Analysis: a.Analyze("phone case black usb"), Depth: 10000}
		all, err := x.Retrieve(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		black := engine.Condition{Field: engine.Words, Op: "~", Value: "black usb"}
		keep := func(engine.Product) bool { return true }
		switch rapid.SampledFrom([]string{"words", "not words", "two filters", "products"}).Draw(t, "how") {
		case "words":
			req.Filter = engine.Filter{black}
			keep = func(p engine.Product) bool { return has(p, "black") && has(p, "usb") }
		case "not words":
			req.Except = []engine.Filter{{black}, {}}
			keep = func(p engine.Product) bool { return !has(p, "black") || !has(p, "usb") }
		case "two filters":
			req.Except = []engine.Filter{{{Field: "brand", Op: "=", Value: "sony"}, {Field: "price", Op: "<", Value: "50"}}, {{Field: "size", Op: "=", Value: "3"}}}
			keep = func(p engine.Product) bool {
				cheap := (p.Brand == "Sony" || p.Brand == "sony") && p.Price.Known && p.Price.Value < 50
				return !cheap && p.Attributes[1].Value != "3"
			}
		case "products":
			req.Exclude = []string{"p0", "p3", "nobody"}
			keep = func(p engine.Product) bool { return p.ID != "p0" && p.ID != "p3" }
		}
		found, err := x.Retrieve(context.Background(), req)
		if err != nil {
			t.Fatal(err)
		}
		want := slices.DeleteFunc(all.Items, func(c engine.Candidate) bool { return !keep(products[c.Row]) })
		if diff := cmp.Diff(append([]engine.Candidate{}, want...), append([]engine.Candidate{}, found.Items...)); diff != "" || found.Total != len(want) {
			t.Fatalf("total %d of %d\n%s", found.Total, len(want), diff)
		}
		if len(req.Filter) == 0 {
			return
		}
		n, err := x.Count(req.Filter)
		if err != nil {
			t.Fatal(err)
		}
		keeps, err := x.Keeps(req.Filter)
		if err != nil {
			t.Fatal(err)
		}
		for row, p := range products {
			if keeps(row) != keep(p) {
				t.Fatalf("row %d: kept %v", row, keeps(row))
			}
			if keep(p) {
				n--
			}
		}
		if n != 0 {
			t.Fatalf("the count is off by %d", n)
		}
	})
}
