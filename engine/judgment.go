package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Grade says how well a product answers a query, from 0 (wrong) to the scale's
// maximum. People give whole grades; files and averages may hold fractions.
type Grade float64

// Scale names the grades of a workspace; the grade is the index.
type Scale []Label

// Label is what one grade is called and what it means.
type Label struct {
	Name   string `json:"name"`
	Help   string `json:"help"`
	Key    string `json:"key,omitempty"`    // one character that gives the grade; "" is its figure
	Colour string `json:"colour,omitempty"` // "#rrggbb"; "" is the theme's
}

// Scales are those that need no thought, by name. Their colours are steps of
// lightness of one hue, which stay apart however a person sees colours.
var Scales = map[string]Scale{
	"binary": {{Name: "Wrong", Help: "not what was asked", Colour: "#d6d8dd"}, {Name: "Right", Help: "what was asked", Colour: "#1d5cbf"}},
	"0-3":    DefaultScale(),
	"0-4": {
		{Name: "Bad", Help: "nothing to do with it", Colour: "#d6d8dd"},
		{Name: "Fair", Help: "same world, not it", Colour: "#bfd4f5"},
		{Name: "Good", Help: "would do", Colour: "#8fb5ec"},
		{Name: "Excellent", Help: "what was asked", Colour: "#4f86d6"},
		{Name: "Perfect", Help: "the very one", Colour: "#1d5cbf"},
	},
}

// DefaultScale is the scale 0 to 3 of a new workspace.
func DefaultScale() Scale {
	return Scale{
		{Name: "Wrong", Help: "not what was asked"},
		{Name: "Related", Help: "same world, not it"},
		{Name: "Good", Help: "would do"},
		{Name: "Exact", Help: "what was asked"},
	}
}

// ParseScale reads the grades' names from the lowest, each with a key and a
// colour where it has its own: "Bad:b:#b2182b,Good:g". Check says what is wrong.
func ParseScale(text string) Scale {
	var scale Scale
	for _, part := range strings.Split(text, ",") {
		fields := append(strings.SplitN(part, ":", 3), "", "")
		scale = append(scale, Label{Name: strings.TrimSpace(fields[0]), Key: strings.TrimSpace(fields[1]), Colour: strings.TrimSpace(fields[2])})
	}
	return scale
}

// String is what ParseScale reads.
func (s Scale) String() string {
	parts := make([]string, len(s))
	for g, l := range s {
		parts[g] = strings.TrimRight(l.Name+":"+l.Key+":"+l.Colour, ":")
	}
	return strings.Join(parts, ", ")
}

// Max is the highest grade.
func (s Scale) Max() Grade { return Grade(len(s) - 1) }

// Key is the character that gives grade g.
func (s Scale) Key(g int) string {
	if s[g].Key != "" {
		return s[g].Key
	}
	return strconv.Itoa(g)
}

// Check says what is wrong with a scale, nil for nothing.
func (s Scale) Check() error {
	if len(s) < 2 || len(s) > 10 {
		return fmt.Errorf("a scale has 2 to 10 grades, and this one %d: name them as in none,some,perfect", len(s))
	}
	names, keys := map[string]bool{}, map[string]bool{}
	for g, l := range s {
		name, key := strings.ToLower(strings.TrimSpace(l.Name)), strings.ToLower(s.Key(g))
		switch {
		case name == "":
			return fmt.Errorf("grade %d has no name", g)
		case names[name]:
			return fmt.Errorf("two grades are called %q", l.Name)
		case utf8.RuneCountInString(key) != 1:
			return fmt.Errorf("the key of %q is %q: use one character", l.Name, key)
		case strings.ContainsAny(key, ReservedKeys):
			return fmt.Errorf("the key of %q is %q, which does something else while judging; taken are %s and space", l.Name, key, strings.TrimSpace(strings.Join(strings.Split(ReservedKeys, ""), " ")))
		case keys[key]:
			return fmt.Errorf("two grades have the key %q", key)
		case l.Colour != "" && !colour.MatchString(l.Colour):
			return fmt.Errorf("the colour of %q is %q: write it as #rrggbb", l.Name, l.Colour)
		}
		names[name], keys[key] = true, true
	}
	return nil
}

// ReservedKeys are the letters that mean something else while judging.
const ReservedKeys = "zsnlevtxa? "

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Judgment is one judge's grade of one product for one query. There is at most
// one for each (Query, Product, Judge); a later one replaces it and the history
// keeps both. Queries are compared exactly: "Nike" and "nike" are two.
type Judgment struct {
	Query   string    `json:"query"`
	Product string    `json:"product"` // product ID; it may name a product the catalogue lacks
	Grade   Grade     `json:"grade"`
	Judge   string    `json:"judge"`
	Time    time.Time `json:"time"`
	Note    string    `json:"note,omitempty"`
	By      string    `json:"by,omitempty"` // who decided, where Judge is Adjudicated
	// Seen is the Product.TextHash of what the judge looked at, 0 where unknown.
	Seen uint64 `json:"seen,omitempty"`
	// Confirmed is when the judge last looked again and said the same.
	Confirmed time.Time `json:"confirmed,omitzero"`
}

// Adjudicated is the judge of the grades on which judges who disagreed have
// settled. It stands beside what each of them said, and counts in its place.
const Adjudicated = "adjudicated"

// again marks the second look of a judge at a pair.
const again = " (again)"

// Again is the judge of a second, blind look at a pair by the same person. It
// tells how far a judge agrees with themselves, and counts for nothing else.
func Again(judge string) string { return judge + again }

// Opinion reports whether a judgment is what a judge said at first sight,
// neither a second look nor what was settled afterwards, here or in a workspace
// that was merged: "adjudicated (trip)".
func (j *Judgment) Opinion() bool {
	return !j.Settles() && !strings.Contains(j.Judge, again)
}

// Settles reports whether a judgment is what judges settled on. Only that of
// Adjudicated itself counts; another came from a workspace where they settled on
// another grade.
func (j *Judgment) Settles() bool {
	return j.Judge == Adjudicated || strings.HasPrefix(j.Judge, Adjudicated+" (")
}

// Author is the person who gave the grade.
func (j *Judgment) Author() string {
	if j.By != "" {
		return j.By
	}
	return strings.TrimSuffix(j.Judge, again)
}

// Same reports whether another judgment, said later, says nothing new.
func (j *Judgment) Same(o *Judgment) bool {
	return j.Grade == o.Grade && j.Note == o.Note && j.By == o.By &&
		(o.Seen == 0 || j.Seen == o.Seen) && (o.Confirmed.IsZero() || j.Confirmed.Equal(o.Confirmed))
}

// Looked is when the judge last looked at the pair.
func (j *Judgment) Looked() time.Time {
	if j.Confirmed.After(j.Time) {
		return j.Confirmed
	}
	return j.Time
}

// Change is one entry of the judgment history: what stood before and what
// stands after. Before is nil for a first grade, After for a cleared one.
type Change struct {
	Seq    uint64    `json:"seq"`
	Time   time.Time `json:"time"`
	Before *Judgment `json:"before,omitempty"`
	After  *Judgment `json:"after,omitempty"`
	Undoes uint64    `json:"undoes,omitempty"` // the Seq this entry takes back, 0 for none
	// Step is the Seq of the first entry of what was done at once, such as a
	// selection graded by one key: it is undone at once, too. 0 is a step of its own.
	Step uint64 `json:"step,omitempty"`
	// Brought is a grade that nobody gave here and then: a file had it, another
	// workspace or another query, or it was moved to another scale.
	Brought bool `json:"brought,omitempty"`
}

// About is a judgment of the query, product and judge that the change is about.
func (c *Change) About() Judgment {
	switch {
	case c.After != nil:
		return *c.After
	case c.Before != nil:
		return *c.Before
	}
	return Judgment{}
}

// Qrels holds one agreed grade for each judged pair: query → product ID → grade.
type Qrels map[string]map[string]Grade

// Query is something shoppers type, with what is known about the need behind it.
type Query struct {
	Text string `json:"text"`
	Need string `json:"need,omitempty"` // the information need, for judges
	// Weight is how often shoppers ask it beside others, 0 where nobody knows.
	Weight float64  `json:"weight,omitempty"`
	Tags   []string `json:"tags,omitempty"` // sorted, each once
	Note   string   `json:"note,omitempty"` // for those who keep the set
}

// Equal reports whether two queries are the same in everything.
func (q Query) Equal(o Query) bool {
	return q.Text == o.Text && q.Need == o.Need && q.Weight == o.Weight && q.Note == o.Note && slices.Equal(q.Tags, o.Tags)
}

// HasTag reports whether the query has a tag.
func (q *Query) HasTag(tag string) bool { return slices.Contains(q.Tags, tag) }
