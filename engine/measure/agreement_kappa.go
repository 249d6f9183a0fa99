package measure

import "math"

// Weighting says how much a disagreement between two grades counts in a kappa.
type Weighting uint8

// The weightings, by the distance between the two grades.
const (
	Unweighted Weighting = iota // any difference counts the same
	Linear                      // as far as the grades are apart
	Quadratic                   // the square of that
)

func (w Weighting) of(a, b float64) float64 {
	d := math.Abs(a - b)
	switch {
	case w == Linear:
		return d
	case w == Quadratic:
		return d * d
	case d == 0:
		return 0
	}
	return 1
}

// Kappa is Cohen's kappa of two judges' grades of the same pairs (Cohen,
// Educational and Psychological Measurement 1960), weighted as in Cohen,
// Psychological Bulletin 1968; NaN where it is not defined. Both lists are of
// one length, without missing grades. 1 is perfect, 0 what chance gives, less is
// worse than chance.
func Kappa(a, b []float64, w Weighting) float64 {
	r := &Ratings{Judges: []string{"a", "b"}}
	for i := range a {
		r.Pairs = append(r.Pairs, RatedPair{Grades: []float64{a[i], b[i]}})
	}
	grades := r.scale()
	place := make(map[float64]int, len(grades))
	for i, g := range grades {
		place[g] = i
	}
	table := make([]float64, len(grades)*len(grades))
	for i := range a {
		table[place[a[i]]*len(grades)+place[b[i]]]++
	}
	return kappaOf(table, grades, w)
}

// kappaOf is the kappa of a table of counts, n × n for the n grades.
func kappaOf(table, grades []float64, w Weighting) float64 {
	n := len(grades)
	rows, columns := make([]float64, n), make([]float64, n)
	total := 0.0
	for i := range n {
		for j := range n {
			rows[i] += table[i*n+j]
			columns[j] += table[i*n+j]
			total += table[i*n+j]
		}
	}
	observed, expected := 0.0, 0.0
	for i := range n {
		for j := range n {
			d := w.of(grades[i], grades[j])
			observed += d * table[i*n+j]
			expected += d * rows[i] * columns[j]
		}
	}
	return 1 - observed*total/expected // 0/0 is NaN: not defined
}

// fleissTally adds one pair that several judges graded: the share of them that
// gave each grade, the share of their pairs that agree, and the pair itself.
func fleissTally(tally, given []float64, place map[float64]int) {
	n := len(tally) - 2
	counts := make([]float64, n)
	for _, g := range given {
		counts[place[g]]++
	}
	judges := float64(len(given))
	for i, c := range counts {
		tally[i] += c / judges
		tally[n] += c * (c - 1) / (judges * (judges - 1))
	}
	tally[n+1]++
}

// fleissOf is Fleiss' kappa of tallies that were added up. Fleiss (Psychological
// Bulletin 1971) has as many judges for each pair, who need not be the same
// people; where their number differs, each pair counts the same (Gwet, Handbook
// of Inter-Rater Reliability, 2014).
func fleissOf(tally []float64) float64 {
	n := len(tally) - 2
	pairs := tally[n+1]
	observed := tally[n] / pairs
	expected := 0.0
	for _, share := range tally[:n] {
		p := share / pairs
		expected += p * p
	}
	if expected == 1 {
		return math.NaN()
	}
	return (observed - expected) / (1 - expected)
}
