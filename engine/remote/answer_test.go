package remote

import (
	"bytes"
	"math"
	"testing"
	"unicode/utf8"

	"touchstone/engine"
)

// FuzzAnswer reads whatever another engine answers, at whatever places: an error,
// or products that can be shown and judged.
func FuzzAnswer(f *testing.F) {
	elastic := completed(engine.Remote{Kind: engine.OpenSearch}).Answer
	f.Add([]byte(`{"hits":{"total":{"value":2},"hits":[{"_id":"1","_score":1.5,"_source":{"title":"Desk lamp","price":"49.90"}},{"_id":2}]}}`), elastic.Hits, elastic.ID, "_source.title", elastic.Total)
	f.Add([]byte(`{"response":{"numFound":1e300,"docs":[{"id":["a"],"title":["x","y"]}]}}`), "response.docs", "id", "title", "response.numFound")
	f.Add([]byte(`{"results":[{"id":"<script>","title":"\ud800"}],"total":-1}`), "results", "id", "title", "total")
	f.Add(bytes.Repeat([]byte("["), 20_000), "", "", "", "")
	f.Fuzz(func(t *testing.T, body []byte, hits, id, title, total string) {
		products, found, err := productsOf(body, engine.RemoteAnswer{Hits: hits, ID: id, Total: total,
			Fields: map[engine.Role]string{engine.RoleTitle: title, engine.RolePrice: "price", engine.RoleDate: "date", engine.RoleRating: id}})
		if err != nil {
			return
		}
		if found < len(products) {
			t.Fatalf("%d products of %d", len(products), found)
		}
		seen := map[string]bool{}
		for _, p := range products {
			if p.ID == "" || seen[p.ID] || !utf8.ValidString(p.ID) || !utf8.ValidString(p.Title) {
				t.Fatalf("impossible product %+v", p)
			}
			seen[p.ID] = true
			for _, n := range []float64{p.Price.Value, p.Rating.Value} {
				if math.IsNaN(n) || math.IsInf(n, 0) {
					t.Fatalf("impossible number in %+v", p)
				}
			}
		}
	})
}
