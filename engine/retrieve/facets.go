package retrieve

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"touchstone/engine"
)

// How much the facets show.
const (
	facetValues     = 10   // of one facet
	facetAttributes = 6    // beside brand, category and price
	facetTried      = 24   // attributes that are counted, the most frequent in the catalogue
	facetDistinct   = 2000 // values that an attribute may have at all to be tried
	facetCovered    = 0.5  // of a facet's products that its shown values must have: serial numbers are no facet
	priceRanges     = 5
)

// facets counts the values of the rows in found: brand, category, price and the
// attributes that most of them have. A facet that does not divide them is left
// out.
func (x *Index) facets(found bitmap) []engine.Facet {
	docs := make([]bitmap, len(x.segments))
	for i, s := range x.segments {
		docs[i] = newBitmap(s.docs)
		if s.straight {
			copy(docs[i], found)
			docs[i].and(s.live[:len(docs[i])])
			continue
		}
		for doc := range uint32(s.docs) {
			if row := s.row(doc); found.has(row) && s.live.has(row) {
				docs[i].set(doc)
			}
		}
	}
	list := []engine.Facet{}
	for _, role := range []engine.Role{engine.RoleBrand, engine.RoleCategory} {
		if f, _ := x.facet(roleColumn(role), string(role), docs); len(f.Values) > 1 {
			list = append(list, f)
		}
	}
	if f := x.prices(docs); len(f.Values) > 1 {
		list = append(list, f)
	}
	type attribute struct {
		facet engine.Facet
		have  int
	}
	var attributes []attribute
	for _, key := range x.attributes() {
		if f, have := x.facet(key, key, docs); len(f.Values) > 1 {
			attributes = append(attributes, attribute{f, have})
		}
	}
	slices.SortStableFunc(attributes, func(a, b attribute) int { return cmp.Compare(b.have, a.have) })
	for _, a := range attributes[:min(facetAttributes, len(attributes))] {
		list = append(list, a.facet)
	}
	return list
}

// frequentAttributes lists the columns of attributes that have the most values,
// most first; what has too many different ones is no facet.
func (x *Index) frequentAttributes() []string {
	entries := map[string]int{}
	many := map[string]bool{}
	for _, s := range x.segments {
		for i := range s.keys.n {
			if key := s.keys.at(i); key[0] != 0 && !isRole(key) {
				col := openColumn(s.bodies.bytes(i), s.docs)
				entries[key] += col.entries
				many[key] = many[key] || col.values.n > facetDistinct
			}
		}
	}
	maps.DeleteFunc(entries, func(key string, _ int) bool { return many[key] })
	keys := slices.Sorted(maps.Keys(entries))
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(entries[b], entries[a]) })
	return keys[:min(facetTried, len(keys))]
}

// isRole reports names that a condition takes for a role's.
func isRole(key string) bool {
	role := engine.Role(key)
	return role == engine.RoleBrand || role == engine.RoleCategory || slices.Contains(numericRoles[:], role)
}

// facet counts the values of one column of words, in the documents of each
// segment; have is how many values they have together.
func (x *Index) facet(key, field string, docs []bitmap) (f engine.Facet, have int) {
	type count struct {
		text string
		n    int
	}
	byValue := map[string]*count{}
	for i, s := range x.segments {
		col, ok := s.column(key)
		if !ok {
			continue
		}
		for value, n := range col.counts(docs[i]) {
			if n == 0 {
				continue
			}
			text := col.values.at(value)
			same := Folded(text)
			if byValue[same] == nil {
				byValue[same] = &count{text: text}
			}
			byValue[same].n += n
			have += n
		}
	}
	counts := slices.Collect(maps.Values(byValue))
	slices.SortFunc(counts, func(a, b *count) int { return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.text, b.text)) })
	f.Field = field
	shown := 0
	for _, c := range counts[:min(facetValues, len(counts))] {
		shown += c.n
		f.Values = append(f.Values, engine.FacetValue{Value: c.text, Count: c.n,
			Filter: engine.Filter{{Field: field, Op: "=", Value: c.text}}})
	}
	if float64(shown) < facetCovered*float64(have) && key == field {
		return engine.Facet{}, 0
	}
	return f, have
}

// prices counts prices in ranges that hold about as many products each, with
// round bounds.
func (x *Index) prices(docs []bitmap) engine.Facet {
	prices := x.somePrices(docs)
	f := engine.Facet{Field: string(engine.RolePrice)}
	if len(prices) == 0 {
		return f
	}
	slices.Sort(prices)
	var bounds []float64
	for i := 1; i < priceRanges; i++ {
		bounds = append(bounds, round125(prices[i*len(prices)/priceRanges]))
	}
	bounds = slices.Compact(bounds)
	in := make([]int, len(bounds)+1) // products between two bounds
	for i, s := range x.segments {
		docs[i].each(func(doc uint32) {
			if p := s.number(columnPrice, doc); !math.IsNaN(p) {
				k := 0
				for k < len(bounds) && p >= bounds[k] {
					k++
				}
				in[k]++
			}
		})
	}
	for i := 0; i <= len(bounds); i++ {
		var v engine.FacetValue
		low, high := "", ""
		if i > 0 {
			low = strconv.FormatFloat(bounds[i-1], 'f', -1, 64)
			v.Filter = append(v.Filter, engine.Condition{Field: f.Field, Op: ">=", Value: low})
		}
		if i < len(bounds) {
			high = strconv.FormatFloat(bounds[i], 'f', -1, 64)
			v.Filter = append(v.Filter, engine.Condition{Field: f.Field, Op: "<", Value: high})
		}
		switch {
		case low == "":
			v.Value = "<" + high
		case high == "":
			v.Value = "≥" + low
		default:
			v.Value = low + "–" + high
		}
		if v.Count = in[i]; v.Count > 0 && len(v.Filter) > 0 {
			f.Values = append(f.Values, v)
		}
	}
	return f
}

// pricesRead is about how many prices decide where ranges end.
const pricesRead = 4096

// somePrices reads prices of the documents, evenly chosen where there are many.
func (x *Index) somePrices(docs []bitmap) []float64 {
	all := 0
	for _, d := range docs {
		all += d.count()
	}
	step, at := all/pricesRead+1, 0
	var prices []float64
	for i, s := range x.segments {
		docs[i].each(func(doc uint32) {
			if at++; at%step == 0 {
				if p := s.number(columnPrice, doc); !math.IsNaN(p) {
					prices = append(prices, p)
				}
			}
		})
	}
	return prices
}

// round125 is the nearest of 1, 2, 5, 10, 20, … not above v; v itself where it
// is not positive.
func round125(v float64) float64 {
	if v <= 0 {
		return v
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, step := range []float64{5, 2} {
		if step*power <= v {
			return step * power
		}
	}
	return power
}
