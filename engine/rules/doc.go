// Package rules says what a merchandiser's rules make of a query: which words
// are searched for, what is left out, what is lifted and what is pinned. It
// also finds rules that speak against each other.
//
// It must not know the index, the products, rankers or the file in which rules
// are kept: what a plan asks for, others carry out.
package rules
