// Package retrieve is the local search index: from an analysed query to
// candidates. Words are matched field by field and scored by BM25F, meanings by
// the cosine of vectors; both lists are fused, and every candidate says how it
// matched.
//
// What is searched are immutable segments, newest last: a row in a later
// segment replaces the same row in the earlier ones, so that a change of the
// catalogue adds a small segment and merging can wait.
//
// It must not know how products are stored or encoded, nor what a ranker makes
// of the candidates.
package retrieve
