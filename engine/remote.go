package engine

import (
	"context"
	"time"
)

// RemoteKind is a make of search engine.
type RemoteKind string

// The makes. Only Weaviate can keep a whole catalogue for Touchstone; the others
// are the search that a shop already runs.
const (
	Weaviate      RemoteKind = "weaviate"
	OpenSearch    RemoteKind = "opensearch"
	Elasticsearch RemoteKind = "elasticsearch"
	Solr          RemoteKind = "solr"
	HTTPJSON      RemoteKind = "http" // any that answers JSON
)

// RemoteKinds lists them.
var RemoteKinds = []RemoteKind{Weaviate, OpenSearch, Elasticsearch, Solr, HTTPJSON}

// Remote is a search engine beyond the workspace, as a person configured it. Its
// secret is no part of it: that stays in the environment or the keyring.
type Remote struct {
	Name    string     `json:"name"` // of no other one in the workspace
	Kind    RemoteKind `json:"kind"`
	URLs    []string   `json:"urls"`            // scheme://host:port/path; more than one are nodes of one cluster
	Index   string     `json:"index,omitempty"` // class, index or core
	User    string     `json:"user,omitempty"`  // for a password; "" sends the secret as a bearer token or API key
	CA      string     `json:"ca,omitempty"`    // file of the certificates to trust, PEM; "" is the system's
	Timeout Seconds    `json:"timeout,omitempty"`

	// Request and Answer say how an engine that is not Weaviate is asked and how
	// its answer is read; where they are empty, the make's own way.
	Request RemoteRequest `json:"request,omitzero"`
	Answer  RemoteAnswer  `json:"answer,omitzero"`

	// Of Weaviate, read when it is first filled: 0 and "" are its own defaults.
	Shards      int    `json:"shards,omitempty"`
	Replication int    `json:"replication,omitempty"`
	Consistency string `json:"consistency,omitempty"` // ONE, QUORUM or ALL
	GRPC        string `json:"grpc,omitempty"`        // host:port of its gRPC, one for each URL with commas between them; "" is port 50051 of each
}

// Seconds are a time span in a file that people read.
type Seconds float64

// Duration is the span, or a default where it is 0.
func (s Seconds) Duration(none time.Duration) time.Duration {
	if s <= 0 {
		return none
	}
	return time.Duration(float64(s) * float64(time.Second))
}

// RemoteRequest is how to ask. In path and body {{query}} stands for the query
// and {{k}} for how many hits are wanted, escaped for where they stand; in a
// header {{key}} stands for the secret.
type RemoteRequest struct {
	Method string            `json:"method,omitempty"` // "" is GET, or POST with a body
	Path   string            `json:"path,omitempty"`   // behind the URL, with its query string
	Body   string            `json:"body,omitempty"`   // JSON
	Header map[string]string `json:"header,omitempty"`
}

// RemoteAnswer is where in the JSON of an answer things lie: names with dots
// between them, numbers for places in a list.
type RemoteAnswer struct {
	Hits   string          `json:"hits,omitempty"`   // the list of hits
	ID     string          `json:"id,omitempty"`     // in a hit
	Score  string          `json:"score,omitempty"`  // in a hit
	Total  string          `json:"total,omitempty"`  // how many match
	Fields map[Role]string `json:"fields,omitempty"` // in a hit: title, brand, …
}

// Brought is a product as a remote engine keeps it.
type Brought struct {
	Product Product   `json:"product"`          // at least its ID
	Vector  []float32 `json:"vector,omitempty"` // unit length; nil where none was sent
	// Words are its terms, field by field, on its way into a remote catalogue.
	Words [TextFields][]string `json:"-"`
}

// RemoteAbout is what a remote catalogue is of: it must be the same for everyone
// who fills or searches it.
type RemoteAbout struct {
	Language string  `json:"language"` // of its words
	Model    string  `json:"model"`    // Settings.Model of its vectors
	Encoder  string  `json:"encoder"`  // Encoder.Name of its vectors
	Dim      int     `json:"dim"`      // values of a vector
	Fields   []Field `json:"fields"`   // as mapped by the last import
}

// RemoteCatalogue is a Retriever that keeps the catalogue itself: its products,
// their vectors, and what all of them together tell of their words. Several
// machines may fill one at a time, each with products of its own.
type RemoteCatalogue interface {
	Retriever
	// About is what Prepare said; false where nothing was prepared.
	About(ctx context.Context) (RemoteAbout, bool, error)
	// Prepare makes room for products; it changes nothing where that was done
	// before, and fails where it was done for another language or encoder.
	Prepare(ctx context.Context, about RemoteAbout) error
	// Put adds or replaces products by ID. When it returns nil all are kept; when
	// not, any of them may be, and the same Put again loses and doubles nothing.
	Put(ctx context.Context, products []Brought) error
	// Remove takes products out by ID; those that are not there too.
	Remove(ctx context.Context, ids []string) error
	// Each calls fn with all products, some at a time, in an order of its own.
	Each(ctx context.Context, fn func([]Brought) error) error
	// Count is how many products it has now.
	Count(ctx context.Context) (int, error)
	// PutWords keeps what one writer has counted of the words of the products it
	// put (retrieve.Counts); EachWords calls fn with that of every writer.
	PutWords(ctx context.Context, writer string, data []byte) error
	EachWords(ctx context.Context, fn func(data []byte) error) error
}
