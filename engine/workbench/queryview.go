package workbench

import (
	"cmp"
	"slices"
	"strings"
)

// QuerySort is what a list of queries is ordered by.
type QuerySort string

// The orders of a list of queries.
const (
	ByPlace    QuerySort = ""         // as the set has them
	ByText     QuerySort = "text"     //
	ByValue    QuerySort = "value"    // the worst score first, those without one last
	ByGap      QuerySort = "gap"      // the widest bounds first
	ByJudged   QuerySort = "judged"   // the fewest judged products first
	ByCoverage QuerySort = "coverage" // the least judged first page first
	ByWeight   QuerySort = "weight"   // what is asked most first
)

// QueryView is what of a query set is shown, and in which order.
type QueryView struct {
	Words    string // in the text, the need or the note
	Tag      string // "" for any
	Unjudged bool   // only queries without a grade
	Twins    bool   // only queries that are the same but for case, width and spaces
	Sort     QuerySort
	Down     bool // the other way round
}

// Of are the rows that a view shows.
func (v *QueryView) Of(rows []QueryRow) []QueryRow {
	words := strings.Fields(normal(v.Words))
	var shown []QueryRow
	for i := range rows {
		r := &rows[i]
		if v.Tag != "" && !r.HasTag(v.Tag) || v.Unjudged && r.Pairs > 0 || v.Twins && len(r.Twins) == 0 {
			continue
		}
		if len(words) > 0 {
			text := normal(r.Text + " " + r.Need + " " + r.Note)
			if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
				continue
			}
		}
		shown = append(shown, *r)
	}
	compare := func(a, b *QueryRow) int {
		switch v.Sort {
		case ByText:
			return strings.Compare(a.Text, b.Text)
		case ByValue:
			return cmp.Compare(a.Value, b.Value)
		case ByGap:
			return cmp.Compare(b.Best-b.Worst, a.Best-a.Worst)
		case ByJudged:
			return cmp.Compare(a.Pairs, b.Pairs)
		case ByCoverage:
			return cmp.Compare(a.Coverage, b.Coverage)
		case ByWeight:
			return cmp.Compare(b.Weight, a.Weight)
		}
		return 0
	}
	scored := v.Sort == ByValue || v.Sort == ByGap
	slices.SortStableFunc(shown, func(a, b QueryRow) int {
		if none, other := !a.Good, !b.Good; scored && none != other {
			if none {
				return 1
			}
			return -1
		}
		c := compare(&a, &b)
		if v.Down {
			c = -c
		}
		return c
	})
	if v.Down && v.Sort == ByPlace {
		slices.Reverse(shown)
	}
	return shown
}
