// Package remote is the way to search engines beyond this machine: one careful
// HTTP client for all of them, where their secrets come from, and the search
// that a shop already runs (OpenSearch, Elasticsearch, Solr, or anything that
// answers JSON). Each make with a protocol of its own has a package below.
//
// It must not know what becomes of the products that it brings: how they are
// scored, kept or shown.
package remote
