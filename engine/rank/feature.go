package rank

import (
	"math"
	"slices"

	"touchstone/engine"
)

// feature is one column: what people read about it, its weight in the ranker
// that needs no grades, and how it is measured.
type feature struct {
	engine.Feature
	weight float64
	value  func(s *search, c *engine.Candidate, d *Document) float64
}

// features lists the columns of every Matrix. Names are stored in rankers and
// stay; new features go to the end. A feature whose data a product lacks is 0.
// How the weights were chosen: docs/ranking.md.
var features = []feature{
	{engine.Feature{Name: "bm25", Label: "Words", Sign: +1,
		Help: "How well the query's words match, over all fields (BM25F), against the best match of this query."}, 0.25, bm25},
	{engine.Feature{Name: "cosine", Label: "Meaning", Sign: +1,
		Help: "How near the product's meaning is to the query's (cosine of their vectors)."}, 0.75, cosine},
	{engine.Feature{Name: "coverage", Label: "All words found", Sign: +1,
		Help: "The share of the query's words found anywhere in the product; rare words count more."}, 0.2, anywhere},
	{engine.Feature{Name: "title_coverage", Label: "Words in the title", Sign: +1,
		Help: "The share of the query's words found in the title; rare words count more."}, 0, inField(engine.InTitle)},
	{engine.Feature{Name: "bm25_title", Label: "Title words (BM25)", Sign: +1,
		Help: "How well the title's words match, against the best title of this query."}, 0, lexical(engine.InTitle)},
	{engine.Feature{Name: "bm25_brand", Label: "Brand words (BM25)", Sign: +1,
		Help: "How well the brand's words match, against the best brand of this query."}, 0, lexical(engine.InBrand)},
	{engine.Feature{Name: "bm25_category", Label: "Category words (BM25)", Sign: +1,
		Help: "How well the category's words match, against the best category of this query."}, 0, lexical(engine.InCategory)},
	{engine.Feature{Name: "bm25_description", Label: "Description words (BM25)", Sign: +1,
		Help: "How well the description's words match, against the best description of this query."}, 0, lexical(engine.InDescription)},
	{engine.Feature{Name: "bm25_attributes", Label: "Attribute words (BM25)", Sign: +1,
		Help: "How well the attributes' words match, against the best attributes of this query."}, 0, lexical(engine.InAttributes)},
	{engine.Feature{Name: "model_number", Label: "Exact model number", Sign: +1,
		Help: "The share of the query's model numbers that the product carries, letter by letter."}, 0.2, modelNumber},
	{engine.Feature{Name: "brand_match", Label: "Brand asked for", Sign: +1,
		Help: "1 where the query names the product's whole brand."}, 0.05, brandMatch},
	{engine.Feature{Name: "type_match", Label: "Kind of product", Sign: +1,
		Help: "How near the product is to the kind of product that leads this query's own results."}, 0.3, typeMatch},
	{engine.Feature{Name: "price", Label: "Price level", Sign: 0,
		Help: "0 at the usual price of this query's best results, 1 at ten times that price, −1 at a tenth."}, 0, priceLevel},
	{engine.Feature{Name: "freshness", Label: "Newness", Sign: 0,
		Help: "1 for the newest of the candidates, 0 for the oldest or undated."}, 0, freshness},
	{engine.Feature{Name: "popularity", Label: "Popularity", Sign: 0,
		Help: "How much it is bought or seen, against the most popular candidate, on a logarithmic scale."}, 0, popularity},
	{engine.Feature{Name: "rating", Label: "Rating", Sign: 0,
		Help: "Its rating as a share of the highest that can be given."}, 0, rating},
}

// Features describes the columns of every Matrix, in order.
func Features() []engine.Feature {
	described := make([]engine.Feature, len(features))
	for i, f := range features {
		described[i] = f.Feature
	}
	return described
}

// column is the place of a feature in a row, or -1.
func column(name string) int {
	return slices.IndexFunc(features, func(f feature) bool { return f.Name == name })
}

// Default is the ranker that needs no grades.
func Default() engine.Ranker {
	r := engine.Ranker{Name: "default", Version: 1, Kind: engine.Linear}
	for _, f := range features {
		r.Weights = append(r.Weights, engine.Weight{Feature: f.Name, Weight: f.weight})
	}
	return r
}

func bm25(s *search, c *engine.Candidate, _ *Document) float64 {
	return share(float64(c.BM25), s.bestBM25)
}

func lexical(f engine.TextField) func(*search, *engine.Candidate, *Document) float64 {
	return func(s *search, c *engine.Candidate, _ *Document) float64 {
		return share(float64(c.Lexical[f]), s.bestLexical[f])
	}
}

func cosine(_ *search, c *engine.Candidate, _ *Document) float64 {
	return float64(c.Cosine)
}

func anywhere(s *search, c *engine.Candidate, _ *Document) float64 {
	var matched uint64
	for _, m := range c.Matched {
		matched |= m
	}
	return s.words.covered(matched)
}

func inField(f engine.TextField) func(*search, *engine.Candidate, *Document) float64 {
	return func(s *search, c *engine.Candidate, _ *Document) float64 {
		return s.words.covered(c.Matched[f])
	}
}

func modelNumber(s *search, c *engine.Candidate, _ *Document) float64 {
	var matched uint64
	for _, m := range c.Matched {
		matched |= m
	}
	return share(ones(matched&s.words.models), ones(s.words.models))
}

func brandMatch(s *search, c *engine.Candidate, d *Document) float64 {
	if d.brand > 0 && ones(c.Matched[engine.InBrand]&s.words.whole) >= float64(d.brand) {
		return 1
	}
	return 0
}

func typeMatch(s *search, c *engine.Candidate, _ *Document) float64 {
	return s.kind.similarity(c.Row)
}

func priceLevel(s *search, _ *engine.Candidate, d *Document) float64 {
	if !d.price.Known || d.price.Value <= 0 || s.usualPrice <= 0 {
		return 0
	}
	return clamp(math.Log10(d.price.Value/s.usualPrice), -1, 1)
}

func freshness(s *search, _ *engine.Candidate, d *Document) float64 {
	if d.date.IsZero() || !s.newest.After(s.oldest) {
		return 0
	}
	return d.date.Sub(s.oldest).Seconds() / s.newest.Sub(s.oldest).Seconds()
}

func popularity(s *search, _ *engine.Candidate, d *Document) float64 {
	if !d.popularity.Known {
		return 0
	}
	return share(math.Log1p(max(0, d.popularity.Value)), math.Log1p(s.mostPopular))
}

func rating(s *search, _ *engine.Candidate, d *Document) float64 {
	if !d.rating.Known {
		return 0
	}
	return clamp(d.rating.Value/s.topRating, 0, 1)
}

// share is part of whole, 0 to 1; 0 where there is no whole.
func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return clamp(part/whole, 0, 1)
}

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }
