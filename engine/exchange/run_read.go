package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Run is what a ranker, of whatever program, made of a query set.
type Run struct {
	Format   string    // for people: "TREC run"
	Tag      string    // names the ranker; "" where the file does not
	Time     time.Time // when it ranked; zero where the file does not say
	Ranked   []Ranked  // by query in the order of the file, best first, ranks from 1
	Problems []Problem
	Skipped  int // rows not read, listed in Problems or not
}

// OpenRun reads a run: a TREC run, a Quepid snapshot, or a table with columns
// for query, product, and place or score. "-" is standard input.
func OpenRun(path string) (*Run, error) {
	s, err := open(path, defaultLimits)
	if err != nil {
		return nil, err
	}
	r, err := readRun(s, path, defaultLimits)
	return r, errors.Join(err, s.Close())
}

// readRun reads a source; path is as for readJudgments.
func readRun(s *source, path string, lim limits) (*Run, error) {
	in := &runIntake{intake: intake{problems: problems{file: s.name, limit: lim.Problems}, limits: lim, path: path},
		byQuery: map[string][]placed{}, seen: map[[2]string]bool{}}
	if err := in.read(s, lim); err != nil {
		return nil, fileError(s.name, err)
	}
	if in.tooMany {
		return nil, fmt.Errorf("%s: more than %d ranked products: split it", s.name, lim.Ratings)
	}
	return in.finish(), nil
}

// runIntake gathers the lines of one run.
type runIntake struct {
	intake
	run     Run
	named   bool     // the run has its tag, if it has one
	byScore bool     // the places in the file, if any, mean nothing
	asked   []string // queries in the order of the file
	byQuery map[string][]placed
	seen    map[[2]string]bool // query, product
	lines   int
}

// placed is one line; place is NaN where the file gives none.
type placed struct {
	Ranked
	place float64
}

func (in *runIntake) read(s *source, lim limits) error {
	if !s.binary {
		head, err := s.peek()
		if err != nil {
			return err
		}
		if looksLikeRun(string(head)) {
			return in.readTREC(s, lim)
		}
	}
	f, err := openRows(s, lim)
	if err != nil {
		return err
	}
	return errors.Join(in.rows(f), f.Close())
}

// looksLikeRun recognises "qid Q0 docno rank score tag". A first broken line
// among good ones does not hide the format.
func looksLikeRun(text string) bool {
	lines := firstLines(text, 20)
	good := 0
	for _, line := range lines {
		f := strings.Fields(line)
		if len(f) == 6 && isNumber(f[3]) && isNumber(f[4]) && (strings.EqualFold(f[1], "Q0") || isNumber(f[1])) {
			good++
		}
	}
	return good > 0 && good*2 > len(lines)
}

// readTREC reads a run as trec_eval does: the score alone says the order.
func (in *runIntake) readTREC(s *source, lim limits) error {
	in.run.Format, in.byScore = "TREC run", true
	return in.eachLine(s, lim, func(line string, number int) {
		f := strings.Fields(line)
		if len(f) != 6 {
			in.problems.add(number, false, "has %d parts, and a run has six: query, Q0, product, rank, score, tag", len(f))
			return
		}
		score, err := strconv.ParseFloat(f[4], 64)
		if err != nil || math.IsNaN(score) {
			in.problems.add(number, false, "the score %q is no number", shorten(f[4], 80))
			return
		}
		in.add(number, f[5], Ranked{Query: in.queryText(f[0]), Product: f[2], Score: score}, math.NaN())
	})
}

// The names of the columns of a run that judgments do not have, folded by
// foldName.
var (
	placeNames  = []string{"doc position", "rank", "position", "place", "pos"}
	scoreNames  = []string{"score", "rel score", "similarity"}
	tagsOfRuns  = []string{"snapshot name", "ranker", "tag", "run", "run id", "system"}
	momentNames = []string{"snapshot time", "time", "timestamp", "date"}
)

// runColumns say where a table keeps what; −1 is nowhere.
type runColumns struct{ query, queryID, product, place, score, tag, time int }

func (in *runIntake) rows(f *rowFile) error {
	return eachRow(f, &in.problems, in.columns, in.row)
}

func (in *runIntake) columns(f *rowFile) (*runColumns, error) {
	folded := make([]string, len(f.columns.names))
	for i, name := range f.columns.names {
		folded[i] = foldName(name)
	}
	at := &runColumns{
		query: findColumn(folded, queryNames), queryID: findColumn(folded, queryIDNames), product: findColumn(folded, productNames),
		place: findColumn(folded, placeNames), score: findColumn(folded, scoreNames), tag: findColumn(folded, tagsOfRuns), time: findColumn(folded, momentNames),
	}
	in.run.Format = "run " + f.format
	if isSnapshot(folded) {
		in.run.Format = "Quepid snapshot " + f.format
	}
	if at.query < 0 && at.queryID < 0 || at.product < 0 || at.place < 0 && at.score < 0 {
		return nil, fmt.Errorf("not a format of runs that is known: a table needs the columns query, docid and rank or score (its columns are %s)", strings.Join(f.columns.names[:min(len(f.columns.names), 20)], ", "))
	}
	return at, nil
}

func (in *runIntake) row(at *runColumns, r row) {
	values := map[int]string{}
	for _, cell := range r.cells {
		if _, ok := values[cell.column]; !ok {
			values[cell.column] = cell.text
		}
	}
	one := Ranked{Query: values[at.query], Product: values[at.product]}
	if at.query < 0 {
		one.Query = in.queryText(values[at.queryID])
	}
	place := math.NaN()
	for _, number := range []struct {
		column int
		into   *float64
	}{{at.place, &place}, {at.score, &one.Score}} {
		text := values[number.column]
		if number.column < 0 || text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) {
			in.problems.add(r.line, false, "%q is no place and no score", shorten(text, 80))
			return
		}
		*number.into = v
	}
	if at.place >= 0 && math.IsNaN(place) {
		// Quepid writes a line for a query that found nothing.
		if one.Product != "" {
			in.problems.add(r.line, false, "gives %q for the query %q no place", shorten(one.Product, 80), shorten(one.Query, 80))
		}
		return
	}
	if in.run.Time.IsZero() {
		in.run.Time, _ = parseDate(values[at.time], monthFirst)
	}
	in.add(r.line, values[at.tag], one, place)
}

func (in *runIntake) add(line int, tag string, r Ranked, place float64) {
	if !in.named {
		in.run.Tag, in.named = tag, true
	}
	switch {
	case tag != in.run.Tag:
		in.problems.add(line, false, "is of another run, %q: only the first of a file, %q, is read", shorten(tag, 80), shorten(in.run.Tag, 80))
		return
	case r.Query == "":
		in.problems.add(line, false, "names no query")
		return
	case r.Product == "":
		in.problems.add(line, false, "names no product")
		return
	case in.seen[[2]string{r.Query, r.Product}]:
		in.problems.add(line, false, "ranks %q for the query %q again; the first line counts", shorten(r.Product, 80), shorten(r.Query, 80))
		return
	case in.lines == in.limits.Ratings:
		in.tooMany = true
		return
	}
	in.lines++
	in.seen[[2]string{r.Query, r.Product}] = true
	if _, known := in.byQuery[r.Query]; !known {
		in.asked = append(in.asked, r.Query)
	}
	in.byQuery[r.Query] = append(in.byQuery[r.Query], placed{r, place})
}

// finish orders each query's products: by place where the file gives one, else
// by score, and where that is the same as the file has them.
func (in *runIntake) finish() *Run {
	for _, query := range in.asked {
		all := in.byQuery[query]
		slices.SortStableFunc(all, func(a, b placed) int {
			if in.byScore || math.IsNaN(a.place) {
				return -cmp.Compare(a.Score, b.Score)
			}
			return cmp.Compare(a.place, b.place)
		})
		for i := range all {
			all[i].Rank = i + 1
			in.run.Ranked = append(in.run.Ranked, all[i].Ranked)
		}
	}
	in.run.Problems, in.run.Skipped = in.problems.list, in.problems.skipped
	return &in.run
}

// isSnapshot recognises a Quepid snapshot by its folded header.
func isSnapshot(folded []string) bool {
	return len(folded) >= len(snapshotColumns) && slices.Equal(folded[:len(snapshotColumns)], snapshotColumns)
}

// errRun refuses what holds no grades where judgments are asked for.
var errRun = errors.New("a run says what was ranked and holds no ratings: keep it as a snapshot, or choose a file of ratings")
