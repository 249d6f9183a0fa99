package retrieve

import (
	"math"
	"sort"

	"touchstone/engine"
)

// BM25F (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009,
// section 3.6): the occurrences of a term in all fields add up, weighted and
// normalised by field length, before they saturate:
//
//	score = Σ idf(t) · tf(t) / (k1 + tf(t)),  tf(t) = Σ weight(f) · tf(t,f) / (1 − b + b · length(f) / average(f))
//
// with idf(t) = ln(1 + (N − df + ½) / (df + ½)), df the products that have t in
// any field. The score of a field alone is that of an index of this field, with
// weight 1 and the same idf.
const (
	k1 = 1.2
	b  = 0.75
)

// fieldWeight is weight(f), in the order of the text fields. Attributes repeat
// and outnumber everything else. Measured on electronics (docs/ranking.md).
var fieldWeight = [engine.TextFields]float32{2, 1, 1, 1, 0.5}

// partWeight is what a part of a longer term counts in a query, against a
// whole one.
const partWeight = 0.5

// idf is how much a term tells that df of n products have.
func idf(df, n int) float64 {
	return math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5))
}

// Field lengths are stored in one byte: exactly up to 127 words, then in steps
// of 5 percent.
var lengths = func() (table [256]float64) {
	for i := range table {
		if i < 128 {
			table[i] = float64(i)
		} else {
			table[i] = math.Ceil(table[i-1] * 1.05)
		}
	}
	return table
}()

// lengthCode is the code of the largest length that is not above words.
func lengthCode(words int) byte {
	return byte(sort.Search(len(lengths), func(i int) bool { return lengths[i] > float64(words) }) - 1)
}

// codes are the length codes of a product's fields.
type codes = [engine.TextFields]byte

// occurrences are how often a term occurs in each field of a product, in
// halves: 2 for a word, 1 for what is only a part of one.
type occurrences [engine.TextFields]uint8

// norms holds, by field and length code, what half an occurrence counts after
// length normalisation: in a field alone and, weighted, in the whole product.
type norms struct {
	field, product [engine.TextFields][256]float32
}

func newNorms(average [engine.TextFields]float64) *norms {
	n := new(norms)
	for f := range n.field {
		for code, length := range lengths {
			ratio := 1.0
			if average[f] > 0 {
				ratio = length / average[f]
			}
			n.field[f][code] = float32(0.5 / (1 - b + b*ratio))
			n.product[f][code] = fieldWeight[f] * n.field[f][code]
		}
	}
	return n
}

// saturate is the part of a term's score that does not depend on its idf.
func saturate(tf float32) float32 { return tf / (k1 + tf) }

// impact is saturate of the whole product.
func (n *norms) impact(tf *occurrences, c *codes) float32 {
	var sum float32
	for f, halves := range tf {
		sum += float32(halves) * n.product[f][c[f]]
	}
	return saturate(sum)
}

// fieldImpact is saturate of one field alone.
func (n *norms) fieldImpact(f int, halves uint8, c *codes) float32 {
	return saturate(float32(halves) * n.field[f][c[f]])
}
