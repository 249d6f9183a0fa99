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
	leads  bool // it helps to choose the candidates that show what kind of product is meant
	value  func(s *search, i int) float64
}

// features lists the columns of every Matrix. Names are stored in rankers and
// stay; new features go to the end. A feature whose data a product lacks is 0.
// How the weights were chosen: docs/ranking.md.
var features = []feature{
	{Feature: engine.Feature{Name: "bm25", Label: "Words", Sign: +1,
		Help: "How well the query's words match, over all fields (BM25F): 1 is the best match of this query, where that has all its words."},
		weight: 0.25, value: bm25, leads: true},
	{Feature: engine.Feature{Name: "cosine", Label: "Meaning", Sign: +1,
		Help: "How near the product's meaning is to the query's: 1 is the same, 0 is the farthest candidate. A brand's name alone has no meaning to compare."},
		weight: 0.75, value: cosine, leads: true},
	{Feature: engine.Feature{Name: "coverage", Label: "All words found", Sign: +1,
		Help: "The share of the query's words found anywhere in the product, squared: half of them are a quarter. Rare words count more."},
		weight: 0.5, value: anywhere},
	{Feature: engine.Feature{Name: "type_match", Label: "Kind by meaning", Sign: +1,
		Help: "How near the product's meaning is to that of this query's own leading results."},
		weight: 0.2, value: typeMatch},
	{Feature: engine.Feature{Name: "outline_match", Label: "Kind by category and attributes", Sign: +1,
		Help: "How far the product shares its category and the kinds of its attributes with this query's own leading results."},
		weight: 0.1, value: outlineMatch},
	{Feature: engine.Feature{Name: "category_match", Label: "Category asked for", Sign: +1,
		Help: "How far the query names the product's category, word by word."},
		weight: 0.2, value: categoryMatch, leads: true},
	{Feature: engine.Feature{Name: "model_number", Label: "Exact model number", Sign: +1,
		Help: "The share of the query's model numbers that the product carries, letter by letter."},
		weight: 0.2, value: modelNumber},
	{Feature: engine.Feature{Name: "brand_match", Label: "Brand asked for", Sign: +1,
		Help: "1 where the query names the product's whole brand."},
		weight: 0.1, value: brandMatch},
	{Feature: engine.Feature{Name: "accessory", Label: "Accessory", Sign: -1,
		Help: "1 where the title names what was asked for only as what the product fits: a case for a phone."},
		weight: -0.1, value: accessory},
	{Feature: engine.Feature{Name: "title_coverage", Label: "Words in the title", Sign: +1,
		Help: "The share of the query's words found in the title; rare words count more."},
		value: inField(engine.InTitle)},
	{Feature: engine.Feature{Name: "bm25_title", Label: "Title (BM25)", Sign: +1,
		Help: "How well the title's words match, against the best title of this query."},
		value: lexical(engine.InTitle)},
	{Feature: engine.Feature{Name: "bm25_brand", Label: "Brand (BM25)", Sign: +1,
		Help: "How well the brand's words match, against the best brand of this query."},
		value: lexical(engine.InBrand)},
	{Feature: engine.Feature{Name: "bm25_category", Label: "Category (BM25)", Sign: +1,
		Help: "How well the category's words match, against the best category of this query."},
		value: lexical(engine.InCategory)},
	{Feature: engine.Feature{Name: "bm25_description", Label: "Description (BM25)", Sign: +1,
		Help: "How well the description's words match, against the best description of this query."},
		value: lexical(engine.InDescription)},
	{Feature: engine.Feature{Name: "bm25_attributes", Label: "Attributes (BM25)", Sign: +1,
		Help: "How well the attributes' words match, against the best attributes of this query."},
		value: lexical(engine.InAttributes)},
	{Feature: engine.Feature{Name: "price", Label: "Price level", Sign: 0,
		Help: "0 at the usual price of this query's leading results, 1 at ten times that price, −1 at a tenth."},
		value: priceLevel},
	{Feature: engine.Feature{Name: "freshness", Label: "Newness", Sign: 0,
		Help: "1 for the newest of the candidates, 0 for the oldest or undated."},
		value: freshness},
	{Feature: engine.Feature{Name: "popularity", Label: "Popularity", Sign: 0,
		Help: "How much it is bought or seen, against the most popular candidate, on a logarithmic scale."},
		value: popularity},
	{Feature: engine.Feature{Name: "rating", Label: "Rating", Sign: 0,
		Help: "Its rating as a share of the highest that can be given."},
		value: rating},
	{Feature: engine.Feature{Name: "personal_affinity", Label: "Fits the shopper", Sign: +1,
		Help: "How near the product is to what the shopper viewed, added and bought, recent events more; 0 while no shopper is chosen."},
		weight: 0.15, value: personalAffinity},
}

// Features describes the columns of every Matrix, in order.
func Features() []engine.Feature {
	described := make([]engine.Feature, len(features))
	for i, f := range features {
		described[i] = f.Feature
	}
	return described
}

// columns are the names of the features, in order.
var columns = func() []string {
	names := make([]string, len(features))
	for i, f := range features {
		names[i] = f.Name
	}
	return names
}()

// Default is the ranker that needs no grades.
func Default() engine.Ranker {
	r := engine.Ranker{Name: "default", Version: 1, Kind: engine.Linear}
	for _, f := range features {
		r.Weights = append(r.Weights, engine.Weight{Feature: f.Name, Weight: f.weight})
	}
	return r
}

// bm25 is against the best match, as far as that has the query's words: where the
// catalogue uses other words than the query does, its best match by the few that
// they share tells little, and meaning decides.
func bm25(s *search, i int) float64 {
	return share(float64(s.items[i].BM25), s.bestBM25) * s.bestCoverage
}

func lexical(f engine.TextField) func(*search, int) float64 {
	return func(s *search, i int) float64 {
		return share(float64(s.items[i].Lexical[f]), s.bestLexical[f])
	}
}

func cosine(s *search, i int) float64 {
	if s.onlyBrand || s.items[i].Cosine == 0 { // 0: it or the query has no vector
		return 0
	}
	return above(float64(s.items[i].Cosine), s.farthest)
}

func typeMatch(s *search, i int) float64 {
	if s.onlyBrand {
		return 0
	}
	return s.kind[i]
}

func outlineMatch(s *search, i int) float64 {
	if s.onlyBrand {
		return 0
	}
	return s.outline.similarity(s.docs[i])
}

// categoryMatch is Dice's coefficient of the query's words and the category's:
// "phone case" is in "Phone cases" wholly, in "Phones" in part.
func categoryMatch(s *search, i int) float64 {
	category := s.docs[i].category
	var shared float64
	for _, word := range category {
		if slices.Contains(s.words.typed, word) {
			shared++
		}
	}
	return share(2*shared, float64(len(category)+len(s.words.typed)))
}

// anywhere is squared because half of a query's words are less than half of what
// was asked for: for who asks for a desk lamp a desk is no half of it.
func anywhere(s *search, i int) float64 {
	covered := s.words.covered(matchedAnywhere(&s.items[i]))
	return covered * covered
}

func inField(f engine.TextField) func(*search, int) float64 {
	return func(s *search, i int) float64 {
		return s.words.covered(s.items[i].Matched[f])
	}
}

func modelNumber(s *search, i int) float64 {
	return share(ones(matchedAnywhere(&s.items[i])&s.words.models), ones(s.words.models))
}

func brandMatch(s *search, i int) float64 {
	brand := s.docs[i].brand
	for _, word := range brand {
		if !slices.Contains(s.words.typed, word) {
			return 0
		}
	}
	if len(brand) == 0 {
		return 0
	}
	return 1
}

func accessory(s *search, i int) float64 {
	if !s.hasHead || s.onlyBrand {
		return 0
	}
	if _, only := slices.BinarySearch(s.docs[i].modifiers, s.head); only {
		return 1
	}
	return 0
}

func priceLevel(s *search, i int) float64 {
	price := s.docs[i].price
	if !price.Known || price.Value <= 0 || s.usualPrice <= 0 {
		return 0
	}
	return clamp(math.Log10(price.Value/s.usualPrice), -1, 1)
}

func freshness(s *search, i int) float64 {
	date := s.docs[i].date
	if date.IsZero() {
		return 0
	}
	return share(date.Sub(s.oldest).Seconds(), s.newest.Sub(s.oldest).Seconds())
}

func popularity(s *search, i int) float64 {
	p := s.docs[i].popularity
	if !p.Known {
		return 0
	}
	return share(math.Log1p(max(0, p.Value)), math.Log1p(s.mostPopular))
}

func rating(s *search, i int) float64 {
	r := s.docs[i].rating
	if !r.Known {
		return 0
	}
	return share(r.Value, s.topRating)
}

func personalAffinity(s *search, i int) float64 { return s.affinity[i] }

// matchedAnywhere is the query's terms that occur in any field.
func matchedAnywhere(c *engine.Candidate) uint64 {
	var matched uint64
	for _, field := range c.Matched {
		matched |= field
	}
	return matched
}

// above is where a similarity lies between the lowest of this query and 1. Some
// encoders find every two texts alike; this makes them comparable.
func above(similarity, lowest float64) float64 {
	return share(similarity-lowest, 1-lowest)
}

// share is part of whole, 0 to 1; 0 where there is no whole.
func share(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return clamp(part/whole, 0, 1)
}

func clamp(v, low, high float64) float64 { return min(max(v, low), high) }
