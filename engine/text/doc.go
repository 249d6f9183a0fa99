// Package text turns what people typed and what catalogues say into terms of
// matching: cleaned, cut into words, stemmed, with model numbers and units in
// one normal form. A query and a product pass through the same steps, so that
// what means the same is written the same.
//
// It must not know what a product is, where its text came from, or how terms
// are indexed and scored.
package text
