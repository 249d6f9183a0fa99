package engine

// TermKind says what a term is made of.
type TermKind uint8

// The kinds of terms.
const (
	Word        TermKind = iota // a word, stemmed
	ModelNumber                 // letters and digits that name one product: WH-1000XM5
	NumberTerm                  // a bare number
	Unit                        // a number with its unit, in one normal form: 15.6in
)

// Term is one unit of matching that analysis made of a text.
type Term struct {
	Text  string   `json:"term"`
	Kind  TermKind `json:"kind"`
	Start int      `json:"start"` // byte range in the cleaned text that it was made of
	End   int      `json:"end"`
	Pos   int      `json:"pos"`             // word position; parts of one word share it
	Part  bool     `json:"part,omitempty"`  // a part of a longer term that is also there (wh, 1000xm5)
	Added string   `json:"added,omitempty"` // why it is there though not typed: Synonym, Typo, Prefix; "" for typed terms
	// Weight is what a match counts against one of a typed word; 0 counts as 1.
	Weight float64 `json:"weight,omitempty"`
}

// The reasons for which a term is there though no one typed it.
const (
	Synonym = "synonym"
	Typo    = "typo"   // what was probably meant
	Prefix  = "prefix" // what the last word may become
)

// Analysis is what became of a text on its way to matching: each step can be
// shown to the person who typed it.
type Analysis struct {
	Input string `json:"input"`
	Clean string `json:"clean"`
	// Simplified is Clean with simplified Chinese characters, byte by byte in the
	// same places; "" where it has no traditional ones.
	Simplified string   `json:"simplified,omitempty"`
	Language   string   `json:"language"`
	Words      []string `json:"words"`   // the segmentation, before stop words and stemming
	Dropped    []string `json:"dropped"` // stop words taken out
	Terms      []Term   `json:"terms"`
}
