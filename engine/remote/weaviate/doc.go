// Package weaviate keeps a catalogue in Weaviate and searches it there, through
// the official client: for catalogues that one machine does not hold.
//
// The words are matched as Touchstone cuts them: products go in with their terms
// beside their texts, so that Weaviate's BM25 sees what the local index sees. The
// whole product goes along as JSON and comes back with its vector, so that
// features, ranking and explanation stay the same.
//
// It must not know where products come from, how they are encoded, or what a
// ranker makes of the candidates.
package weaviate
