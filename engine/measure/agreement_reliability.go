package measure

import (
	"math"

	"touchstone/engine"
)

// Reliability is what Dawid and Skene's model says of judges and of the grades
// behind theirs.
type Reliability struct {
	Qrels    engine.Qrels       // the most probable grade of each pair; of equal ones the lowest
	Accuracy map[string]float64 // judge → the chance that they give the true grade, 0 to 1
}

const (
	dsRounds   = 100
	dsChange   = 1e-6 // no probability moves further: settled
	dsSmoothed = 0.1  // grades that each judge is thought to have given to each true grade beside the real ones
)

// DawidSkene estimates true grades and how reliably each judge names them, by
// expectation and maximisation from the shares of votes (Dawid and Skene,
// Applied Statistics 1979). Judges who mix grades up count for less, and one
// who always grades a step too high counts as well as any other.
func DawidSkene(r *Ratings) Reliability {
	grades := r.scale()
	n := len(grades)
	place := make(map[float64]int, n)
	for i, g := range grades {
		place[g] = i
	}
	votes := make([][]int, len(r.Pairs)) // [pair][judge], −1 for none
	truth := make([][]float64, len(r.Pairs))
	for i := range r.Pairs {
		truth[i] = make([]float64, n)
		votes[i] = make([]int, len(r.Judges))
		given := float64(len(r.Pairs[i].Given()))
		for j, g := range r.Pairs[i].Grades {
			votes[i][j] = -1
			if !math.IsNaN(g) {
				votes[i][j] = place[g]
				truth[i][place[g]] += 1 / given
			}
		}
	}
	m := &dsModel{grades: n, judges: len(r.Judges)}
	for range dsRounds {
		m.learn(votes, truth)
		if m.infer(votes, truth) < dsChange {
			break
		}
	}
	out := Reliability{Qrels: engine.Qrels{}, Accuracy: map[string]float64{}}
	for i, p := range r.Pairs {
		best := 0
		for g := range truth[i] {
			if truth[i][g] > truth[i][best] {
				best = g
			}
		}
		if out.Qrels[p.Query] == nil {
			out.Qrels[p.Query] = map[string]engine.Grade{}
		}
		out.Qrels[p.Query][p.Product] = engine.Grade(grades[best])
	}
	for j, name := range r.Judges {
		for g := range n {
			out.Accuracy[name] += m.prior[g] * m.said[j][g*n+g]
		}
	}
	return out
}

// dsModel is how often each grade is true, and what each judge says then.
type dsModel struct {
	grades, judges int
	prior          []float64
	said           [][]float64 // [judge][true grade × grades + grade said]
}

func (m *dsModel) learn(votes [][]int, truth [][]float64) {
	n := m.grades
	m.prior = make([]float64, n)
	m.said = make([][]float64, m.judges)
	for j := range m.said {
		m.said[j] = make([]float64, n*n)
		for i := range m.said[j] {
			m.said[j][i] = dsSmoothed
		}
	}
	for i, p := range truth {
		for g, share := range p {
			m.prior[g] += share / float64(len(truth))
			for j, vote := range votes[i] {
				if vote >= 0 {
					m.said[j][g*n+vote] += share
				}
			}
		}
	}
	for _, said := range m.said {
		for g := range n {
			normalise(said[g*n : (g+1)*n])
		}
	}
}

// infer works the true grades out again and returns the largest change.
func (m *dsModel) infer(votes [][]int, truth [][]float64) float64 {
	change := 0.0
	for i := range truth {
		next := make([]float64, m.grades)
		top := math.Inf(-1)
		for g := range next {
			next[g] = math.Log(m.prior[g])
			for j, vote := range votes[i] {
				if vote >= 0 {
					next[g] += math.Log(m.said[j][g*m.grades+vote])
				}
			}
			top = max(top, next[g])
		}
		for g := range next {
			next[g] = math.Exp(next[g] - top)
		}
		normalise(next)
		for g := range next {
			change = max(change, math.Abs(next[g]-truth[i][g]))
		}
		truth[i] = next
	}
	return change
}

func normalise(p []float64) {
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	for i := range p {
		p[i] /= sum
	}
}
