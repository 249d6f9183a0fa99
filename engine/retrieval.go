package engine

import (
	"context"
	"time"
)

// TextField is a part of a product in which words are matched separately.
type TextField uint8

// The text fields, in the order of Candidate.Lexical and Candidate.Matched.
const (
	InTitle TextField = iota
	InBrand
	InCategory
	InDescription
	InAttributes
	TextFields = 5
)

// String is the field's name in explanations.
func (f TextField) String() string {
	return [...]string{"title", "brand", "category", "description", "attributes"}[f]
}

// Request asks a Retriever for candidates.
type Request struct {
	Analysis Analysis
	Vector   []float32 // unit length; nil to search by words alone
	Depth    int       // candidates wanted from each list before fusion
	Filter   Filter    // applied inside both searches
	Except   []Filter  // so are these: what meets all conditions of one of them is left out
	Exclude  []string  // product IDs that are left out
	Include  []string  // product IDs that must be among the candidates, scored like the rest
	Only     bool      // nothing but Include
	Facets   bool      // count the values of the products that match
	Fusion   Fusion    // how one list is made of both; "" leaves it to the Retriever
	Keep     int       // so many of the fused list, and Include; 0 keeps all
}

// Fusion is a way to make one list of two.
type Fusion string

// The ways to fuse. Every candidate has both scores, whichever list it is from.
const (
	MinMax         Fusion = "minmax" // scores scaled to 0..1 within the query, weighted
	ReciprocalRank Fusion = "rrf"    // weighted 1/(60 + rank) (Cormack, Clarke and Büttcher 2009)
	ZScore         Fusion = "zscore" // scores in standard deviations from their mean, weighted
)

// Fusions lists them.
var Fusions = []Fusion{MinMax, ReciprocalRank, ZScore}

// Candidate is a product that a search brought up and how it matched.
type Candidate struct {
	Product string              // product ID
	Row     uint32              // the workspace's row of the product; remote engines leave it 0
	BM25    float32             // BM25F over all fields
	Cosine  float32             // of query and product vector, -1 to 1; 0 where either is missing
	Lexical [TextFields]float32 // BM25 of each field alone
	Matched [TextFields]uint64  // bit i: Analysis.Terms[i] occurs in the field (the first 64 terms)
}

// Candidates are what a search brings up, best fused score first.
type Candidates struct {
	Items []Candidate
	Total int // how many products match at all
	// Near is how many of them have no word of the query and are among the
	// nearest in meaning. Those of another filter are other ones, so no facet
	// counts them, unless none has a word.
	Near int
	// Facets are those of the other products: brand, category, price and the
	// attributes that most of them have. A remote engine may leave them out.
	Facets []Facet
	// Recorded is when a remote engine gave this answer, where it cannot be asked
	// now; zero for an answer of now.
	Recorded time.Time
	// Brought is what a remote engine sends along with each of Items: the
	// workspace need not hold these products. The local index leaves it nil.
	Brought []Brought
}

// Retriever finds candidates: the local index, or a remote engine behind the
// same port. It is safe for concurrent use and gives up soon after ctx ends.
type Retriever interface {
	Retrieve(ctx context.Context, req Request) (Candidates, error)
}

// Encoder turns texts into unit vectors. It is safe for concurrent use.
type Encoder interface {
	// Encode returns one vector of Dim values a text, in order. It stops
	// between batches when ctx ends.
	Encode(ctx context.Context, texts []string) ([][]float32, error)
	// EncodeQuery is Encode for one typed query, with the prefix that the
	// model wants before queries.
	EncodeQuery(ctx context.Context, query string) ([]float32, error)
	Dim() int
	// Name identifies the weights: vectors of different names never mix.
	Name() string
}

// Lexicon is what an Encoder may know beside vectors: the words that its language
// was learned from.
type Lexicon interface {
	// Knows reports whether a word in lower case is a common one of the language.
	Knows(word string) bool
}

// Filter is a conjunction of conditions; the zero Filter keeps everything.
type Filter []Condition

// Words is the field of a Condition that looks at all words of a product.
const Words = "words"

// Condition compares one field of a product with a value. Field is a role
// ("price", "brand", "category", "rating", "popularity", "date") or the name of
// an attribute; Op is one of = != < <= > >=; text compares case-insensitively,
// for equality only. The field Words compares by ~ alone: Value is terms of an
// Analysis with spaces between them, all of which the product has in any field.
type Condition struct {
	Field string `json:"field"`
	Op    string `json:"op"`
	Value string `json:"value"`
}
