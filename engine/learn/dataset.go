package learn

import (
	"fmt"
	"math"
	"slices"

	"touchstone/engine"
)

// Dataset is what rankers are fitted to: the candidates of judged queries with
// their features and grades.
type Dataset struct {
	Features []engine.Feature
	Groups   []Group
}

// Group is one query and its candidates.
type Group struct {
	Query    string
	Products []string  // IDs, one a row
	X        []float64 // len(Products) × len(Features), row after row; finite, or NaN where a product lacks the feature
	Grades   []float64 // one a row; NaN where nobody has judged
	// Added marks the rows that the search did not bring up by itself and that
	// are here only because someone judged them: learned from, but no part of
	// the whole page when that is measured. nil: none.
	Added []bool
	// Clicks are the grades that clicks give where no person has graded, NaN where
	// they give none, and Trust what each counts against a person's, 0 to 1. They
	// are learned from and never measured by. nil: none.
	Clicks, Trust []float64
	// Missing holds the grades of judged products that have no row: they count
	// in the ideal page.
	Missing []float64
}

// known is a feature's value as sums and networks read it: 0 where it is missing.
func known(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// row is the features of row i, not a copy.
func (g *Group) row(i, d int) []float64 { return g.X[i*d : (i+1)*d : (i+1)*d] }

// grade is what is learned of row i, NaN where nothing is known, and what it
// counts against a person's grade.
func (g *Group) grade(i int) (grade, trust float64) {
	if !math.IsNaN(g.Grades[i]) {
		return g.Grades[i], 1
	}
	if g.Clicks != nil && !math.IsNaN(g.Clicks[i]) && g.Trust[i] > 0 {
		return g.Clicks[i], g.Trust[i]
	}
	return math.NaN(), 0
}

// clicked reports whether clicks teach something of a group that people do not.
func (g *Group) clicked() bool {
	for i := range g.Clicks {
		if grade, trust := g.grade(i); trust > 0 && trust < 1 && grade > 0 {
			return true
		}
	}
	return false
}

// useful reports whether a group has a grade above 0, without which no order of
// it is better than another.
func (g *Group) useful() bool {
	return slices.ContainsFunc(g.Grades, func(grade float64) bool { return grade > 0 })
}

// useful are the indices of the groups that are useful.
func (d *Dataset) useful() []int {
	var all []int
	for i := range d.Groups {
		if d.Groups[i].useful() {
			all = append(all, i)
		}
	}
	return all
}

// judged is the number of rows with a grade.
func (g *Group) judged() int {
	n := 0
	for _, grade := range g.Grades {
		if !math.IsNaN(grade) {
			n++
		}
	}
	return n
}

// Check finds what would make learning fail or mislead: lengths that do not
// match and numbers that are none.
func (d *Dataset) Check() error {
	seen := make(map[string]bool, len(d.Groups))
	for i := range d.Groups {
		g := &d.Groups[i]
		n := len(g.Products)
		switch {
		case seen[g.Query]:
			return fmt.Errorf("learn: query %q is there twice; give each query one group", g.Query)
		case len(g.X) != n*len(d.Features):
			return fmt.Errorf("learn: query %q has %d feature values; %d products with %d features need %d", g.Query, len(g.X), n, len(d.Features), n*len(d.Features))
		case len(g.Grades) != n:
			return fmt.Errorf("learn: query %q has %d grades for %d products; use NaN where nobody has judged", g.Query, len(g.Grades), n)
		case g.Added != nil && len(g.Added) != n:
			return fmt.Errorf("learn: query %q marks %d rows as added, of %d", g.Query, len(g.Added), n)
		case (g.Clicks != nil || g.Trust != nil) && (len(g.Clicks) != n || len(g.Trust) != n):
			return fmt.Errorf("learn: query %q has %d grades by clicks and %d of trust for %d products", g.Query, len(g.Clicks), len(g.Trust), n)
		}
		seen[g.Query] = true
		for j, v := range g.X {
			if math.IsInf(v, 0) {
				return fmt.Errorf("learn: query %q, product %s: feature %s is %v; features must be finite, or NaN where there is none", g.Query, g.Products[j/len(d.Features)], d.Features[j%len(d.Features)].Name, v)
			}
		}
		for j, v := range g.Grades {
			if v < 0 || v > maxGrade {
				return fmt.Errorf("learn: query %q, product %s: grade %v is not between 0 and %d", g.Query, g.Products[j], v, maxGrade)
			}
		}
		for j, v := range g.Clicks {
			if v < 0 || v > maxGrade || !(g.Trust[j] >= 0 && g.Trust[j] <= 1) {
				return fmt.Errorf("learn: query %q, product %s: a grade by clicks of %v with a trust of %v", g.Query, g.Products[j], v, g.Trust[j])
			}
		}
		for _, v := range g.Missing {
			if !(v >= 0 && v <= maxGrade) {
				return fmt.Errorf("learn: query %q: a missing product's grade %v is not between 0 and %d", g.Query, v, maxGrade)
			}
		}
	}
	return nil
}

// maxGrade keeps the gain 2^grade − 1 a number to calculate with.
const maxGrade = 100
