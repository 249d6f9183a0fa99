package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/engine"
)

// JudgmentOptions say what a file of judgments leaves open.
type JudgmentOptions struct {
	Judge string       // whose grades they are where the file names no judge
	Time  time.Time    // when they were given where the file does not say
	Scale engine.Scale // that ratings are mapped to; nil is engine.DefaultScale
}

// Judgments is what a file of judgments held.
type Judgments struct {
	Format    string // for people: "Quepid ratings CSV"
	Judgments []engine.Judgment
	Queries   []engine.Query // in the order of the file, with their information need where it gives one
	Notes     []string       // how the file was understood, in plain sentences
	Problems  []Problem
	Skipped   int // rows not read, listed in Problems or not
}

// OpenJudgments reads a whole file of judgments; the format is recognised by
// its content. "-" is standard input. Text is not scored against any catalogue:
// a judgment may name a product that no one has.
func OpenJudgments(path string, o JudgmentOptions) (*Judgments, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	j, err := readJudgments(s, path, o, defaultLimits)
	return j, errors.Join(err, s.Close())
}

// ReadJudgments is OpenJudgments for what is already open; name is used in
// messages.
func ReadJudgments(r io.Reader, name string, o JudgmentOptions) (*Judgments, error) {
	s, err := newSource(r, name, defaultLimits)
	if err != nil {
		return nil, err
	}
	return readJudgments(s, "", o, defaultLimits)
}

// readJudgments reads a source; path is where to look for the queries that
// some formats keep in another file, "" for nowhere.
func readJudgments(s *source, path string, o JudgmentOptions, lim limits) (*Judgments, error) {
	if o.Scale == nil {
		o.Scale = engine.DefaultScale()
	}
	in := &intake{
		options:  o,
		problems: problems{file: s.name, limit: lim.Problems},
		queries:  map[string]int{},
		path:     path,
		limits:   lim,
	}
	if err := in.read(s, lim); err != nil {
		return nil, fileError(s.name, err)
	}
	if in.tooMany {
		return nil, fmt.Errorf("%s: more than %d ratings: split it", s.name, lim.Ratings)
	}
	return in.finish(), nil
}

func (in *intake) read(s *source, lim limits) error {
	if s.binary {
		return in.readRows(s, lim)
	}
	head, err := s.peek()
	if err != nil {
		return err
	}
	text := strings.TrimLeft(string(head), " \t\r\n")
	switch {
	case text == "" && len(head) < peekSize:
		return errEmpty
	case strings.HasPrefix(text, "{"):
		if known, err := in.readDocument(s, head, lim); known || err != nil {
			return err
		}
		return in.readRows(s, lim)
	case looksLikeLETOR(text):
		return in.readLETOR(s, lim)
	case looksLikeQrels(text):
		return in.readQrels(s, lim)
	case looksLikeRun(text):
		return errRun
	}
	return in.readRows(s, lim)
}

// intake gathers what a reader finds, and maps ratings to grades once all of
// them are known.
type intake struct {
	options  JudgmentOptions
	problems problems
	format   string
	limits   limits
	path     string            // of the judgments, "" where they come from no file
	topics   map[string]string // identifier → query, from a file beside them; nil until looked for
	unit     bool              // the format's ratings are probabilities when all lie in 0 to 1
	ratings  []rating
	tooMany  bool // ratings were left out
	order    []engine.Query
	queries  map[string]int     // text → place in order
	asked    map[string]float64 // text → how often a file of queries has it
	notes    []string
}

// rating is a judgment as it was read.
type rating struct {
	engine.Judgment
	line  int
	value float64
	label string // in place of value, for scales of words
}

// query notes that the file has a query.
func (in *intake) query(text, need string) {
	if text == "" {
		return
	}
	at, ok := in.queries[text]
	if !ok {
		at = len(in.order)
		in.queries[text] = at
		in.order = append(in.order, engine.Query{Text: text})
	}
	if in.order[at].Need == "" {
		in.order[at].Need = need
	}
}

// add takes one rating; text is a number or a label.
func (in *intake) add(line int, j engine.Judgment, text string) {
	r := rating{Judgment: j, line: line}
	switch {
	case j.Query == "":
		in.problems.add(line, false, "names no query")
		return
	case j.Product == "":
		in.problems.add(line, false, "names no product")
		return
	}
	value, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	switch {
	case err == nil && !math.IsNaN(value) && !math.IsInf(value, 0):
		r.value = value
	case in.knownLabel(text):
		r.label = text
	default:
		in.problems.add(line, false, "the rating %q of %q for the query %q is neither a number nor a known label", shorten(text, 80), shorten(j.Product, 80), shorten(j.Query, 80))
		return
	}
	if r.Judge == "" {
		r.Judge = in.options.Judge
	}
	if r.Time.IsZero() {
		r.Time = in.options.Time
	}
	if len(in.ratings) == in.limits.Ratings {
		in.tooMany = true
		return
	}
	in.query(r.Query, "")
	in.ratings = append(in.ratings, r)
}

// labels are words that published judgments use, as shares of the highest
// grade: ESCI (Reddy et al. 2022, Shopping Queries Dataset) and WANDS (Chen et
// al. 2022, whose Partial is rounded up to a whole grade).
var labels = map[string]float64{
	"exact": 1, "e": 1, "substitute": 2.0 / 3, "s": 2.0 / 3, "complement": 1.0 / 3, "c": 1.0 / 3, "irrelevant": 0, "i": 0,
	"partial": 0.5, "relevant": 1, "not relevant": 0, "true": 1, "false": 0, "yes": 1, "no": 0,
}

// labelGrade is the grade that a published label means on a scale.
func labelGrade(label string, scale engine.Scale) engine.Grade {
	return engine.Grade(math.Round(labels[strings.ToLower(label)] * float64(scale.Max())))
}

func (in *intake) scaleLabel(text string) int {
	return slices.IndexFunc(in.options.Scale, func(l engine.Label) bool { return strings.EqualFold(l.Name, text) })
}

func (in *intake) knownLabel(text string) bool {
	_, ok := labels[strings.ToLower(text)]
	return ok || in.scaleLabel(text) >= 0
}

// finish maps ratings to grades and drops what is said twice.
func (in *intake) finish() *Judgments {
	toGrade := in.mapping()
	out := &Judgments{Format: in.format, Queries: in.order}
	type pair struct{ query, product, judge string }
	seen := make(map[pair]int, len(in.ratings))
	for _, r := range in.ratings {
		j := r.Judgment
		read := strconv.FormatFloat(r.value, 'g', -1, 64)
		if r.label != "" {
			read = r.label
			if at := in.scaleLabel(r.label); at >= 0 {
				j.Grade = engine.Grade(at)
			} else {
				j.Grade = labelGrade(r.label, in.options.Scale)
			}
		} else {
			j.Grade = toGrade(r.value)
		}
		if r.label != "" && in.scaleLabel(r.label) < 0 || r.label == "" && float64(j.Grade) != r.value {
			join(&j.Note, "rated "+read, "; ")
		}
		key := pair{j.Query, j.Product, j.Judge}
		at, again := seen[key]
		switch {
		case !again:
			seen[key] = len(out.Judgments)
			out.Judgments = append(out.Judgments, j)
		case j.Time.After(out.Judgments[at].Time):
			out.Judgments[at] = j
		case j.Grade != out.Judgments[at].Grade && !j.Time.Before(out.Judgments[at].Time):
			in.problems.add(r.line, false, "grades %q for the query %q again, and differently (%s); the first one counts", shorten(j.Product, 80), shorten(j.Query, 80), read)
		}
	}
	slices.SortStableFunc(in.problems.list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	out.Notes, out.Problems, out.Skipped = in.notes, in.problems.list, in.problems.skipped
	return out
}

// mapping chooses how ratings become grades, from all of them:
//
//   - ratings within the scale are kept, fractions too;
//   - 0, 1, 10, 100 are the gains of ESCI's four labels and get four evenly
//     spaced grades;
//   - larger ratings are scaled down linearly, from 0 to the smallest of 3, 4,
//     5, 10 and 100 that holds them all (or to the largest rating);
//   - but one or a few far above the scale, in a file that otherwise keeps to
//     it, are slips of the finger: they are refused and the rest is kept;
//   - probabilities, in formats that have them, are scaled up linearly;
//   - negative ratings (TREC marks spam so) count as 0.
//
// Whoever reads a grade that differs from its rating finds the rating in the
// judgment's note.
func (in *intake) mapping() func(float64) engine.Grade {
	top := float64(in.options.Scale.Max())
	in.refuseSlips(top)
	high, negative, fractions, gains := 0.0, 0, false, true
	for _, r := range in.ratings {
		high = max(high, r.value)
		fractions = fractions || r.value != math.Trunc(r.value)
		gains = gains && slices.Contains(esciGains, r.value)
		if r.value < 0 {
			negative++
		}
	}
	if negative > 0 {
		in.note("%s below 0 and count as 0.", plural(negative, "rating is", "ratings are"))
	}
	factor := 1.0
	switch {
	case high <= top && !(in.unit && fractions && high <= 1):
	case high <= top:
		in.note("Ratings between 0 and 1 were scaled to 0–%g.", top)
		factor = top
	case gains:
		in.note("Ratings 0, 1, 10 and 100 are ESCI's irrelevant, complement, substitute and exact: they became 0, %.3g, %.3g and %.3g.", top/3, top*2/3, top)
		return func(v float64) engine.Grade { return engine.Grade(float64(slices.Index(esciGains, v)) * top / 3) }
	default:
		bound := high
		if at := slices.IndexFunc(usualScales, func(b float64) bool { return high <= b }); at >= 0 {
			bound = usualScales[at]
		}
		in.note("Ratings of 0–%g were scaled to 0–%g.", bound, top)
		return func(v float64) engine.Grade { return engine.Grade(max(v, 0) * top / bound) }
	}
	return func(v float64) engine.Grade { return engine.Grade(max(v, 0) * factor) }
}

// refuseSlips takes out the few ratings that no scale explains: at most one in
// fifty (or a single one) beyond both the scale and 5, among at least five.
func (in *intake) refuseSlips(top float64) {
	beyond, within, gains := 0, 0, true
	for _, r := range in.ratings {
		gains = gains && slices.Contains(esciGains, r.value)
		switch {
		case r.value > max(top, 5):
			beyond++
		case r.value > top:
			return // a scale larger than this one
		case r.value > 0:
			within++
		}
	}
	if beyond == 0 || gains || within == 0 || len(in.ratings) < 5 || beyond > max(1, len(in.ratings)/50) {
		return
	}
	in.ratings = slices.DeleteFunc(in.ratings, func(r rating) bool {
		if r.value > max(top, 5) {
			in.problems.add(r.line, false, "the rating %g of %q for the query %q is beyond the scale of 0–%g", r.value, shorten(r.Product, 80), shorten(r.Query, 80), top)
			return true
		}
		return false
	})
}

// note adds a sentence for people, once.
func (in *intake) note(format string, args ...any) {
	if note := fmt.Sprintf(format, args...); !slices.Contains(in.notes, note) {
		in.notes = append(in.notes, note)
	}
}

var (
	esciGains   = []float64{0, 1, 10, 100}
	usualScales = []float64{3, 4, 5, 10, 100} // highest ratings
)
