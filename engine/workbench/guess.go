package workbench

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"touchstone/engine"
)

// guesser says which grade a product will probably get for a query, from the
// ranker's score, the features and the grades that were given so far. It starts
// from the ranker's order alone: what stands first is probably good. Grades move
// it from there, by ridge regression (Hoerl and Kennard, Technometrics 1970); the
// chances of each grade come from how the guesses turned out on queries that
// were left out of the fit.
type guesser struct {
	top     int // the highest grade
	centre  []float64
	scale   []float64
	weights []float64   // one an input, of the inputs less centre over scale
	shift   float64     // of all guesses
	table   [][]float64 // [step][grade]: the chances, for guesses in steps from −½ to top + ½
	left    [][]guessed // [query][…]: the judged candidates
	of      []*surveyed // the queries
	index   map[*surveyed]int
}

// guessed is the guess for a judged candidate by a fit without its query.
type guessed struct {
	candidate int
	grade     float64
	guess     float64
	bias      float64 // of the query's other judged candidates
}

const (
	folds      = 5
	ridge      = 8.0  // pull of each weight toward 0, in judged pairs
	biasPull   = 0.7  // pull of a candidate's bias toward 0, in judged pairs just like it
	distant    = 0.05 // weight of a judged pair that is nothing like the candidate
	nearness   = 6.0  // how fast likeness fades with the angle between two products
	steps      = 64   // of the table of chances
	smoothing  = 3.0  // pairs that the table starts from
	kernelWide = 0.3  // grades: guesses this near to each other count as alike
)

// inputs are what guesses are made of, one row a candidate: the score beside
// those of the query's other candidates, the discount of its place, and the
// features.
func inputs(s *surveyed) [][]float64 {
	mean, squares := 0.0, 0.0
	for _, o := range s.order {
		mean += o.Score / float64(len(s.order))
	}
	for _, o := range s.order {
		squares += (o.Score - mean) * (o.Score - mean) / float64(len(s.order))
	}
	deviation := math.Max(math.Sqrt(squares), 1e-9)
	rows := make([][]float64, len(s.order))
	for i, o := range s.order {
		features := s.pool.features.Row(o.Index)
		row := make([]float64, 0, len(features)+2)
		row = append(row, (o.Score-mean)/deviation, 1/math.Log2(float64(i)+2))
		for _, v := range features {
			row = append(row, float64(v))
		}
		rows[o.Index] = row
	}
	return rows
}

// start is the guess from the place alone: the first is nearly sure to be good,
// the tenth is even.
func (g *guesser) start(place int) float64 {
	return float64(g.top) / (1 + float64(place)/10)
}

// newGuesser learns from the judged candidates of the surveyed queries.
func newGuesser(of []*surveyed, top engine.Grade) *guesser {
	g := &guesser{top: int(top), of: of, left: make([][]guessed, len(of)), index: map[*surveyed]int{}}
	for q, s := range of {
		g.index[s] = q
		for i := range s.pool.items {
			if grade, ok := s.judged[s.pool.items[i].Product]; ok {
				g.left[q] = append(g.left[q], guessed{candidate: i, grade: float64(grade)})
			}
		}
	}
	g.standardise()
	for fold := range folds {
		g.fit(func(q int) bool { return q%folds != fold })
		for q := fold; q < len(of); q += folds {
			for i := range g.left[q] {
				l := &g.left[q][i]
				l.guess = g.plain(of[q], l.candidate)
			}
		}
	}
	for q := range g.left {
		for i := range g.left[q] {
			g.left[q][i].bias = g.bias(q, g.left[q][i].candidate)
		}
	}
	g.fit(func(int) bool { return true })
	g.tabulate()
	return g
}

func (g *guesser) standardise() {
	n := 0.0
	for q, s := range g.of {
		for _, l := range g.left[q] {
			row := s.inputs[l.candidate]
			if g.centre == nil {
				g.centre, g.scale = make([]float64, len(row)), make([]float64, len(row))
			}
			n++
			for i, v := range row { // Welford's running mean and sum of squares
				d := v - g.centre[i]
				g.centre[i] += d / n
				g.scale[i] += d * (v - g.centre[i])
			}
		}
	}
	for i := range g.scale {
		if g.scale[i] = math.Sqrt(g.scale[i] / n); g.scale[i] < 1e-6 {
			g.scale[i] = math.Inf(1) // always the same: says nothing
		}
	}
}

// fit learns the weights from the queries that use accepts.
func (g *guesser) fit(use func(q int) bool) {
	d := len(g.centre)
	g.weights, g.shift = make([]float64, d), 0
	if d == 0 {
		return
	}
	normal, right := mat.NewSymDense(d+1, nil), mat.NewVecDense(d+1, nil)
	for i := range d + 1 {
		normal.SetSym(i, i, ridge)
	}
	x := make([]float64, d+1)
	x[d] = 1
	for q, s := range g.of {
		if !use(q) {
			continue
		}
		for _, l := range g.left[q] {
			for i, v := range s.inputs[l.candidate] {
				x[i] = (v - g.centre[i]) / g.scale[i]
			}
			normal.SymRankOne(normal, 1, mat.NewVecDense(d+1, x))
			right.AddScaledVec(right, l.grade-g.start(s.place[l.candidate]), mat.NewVecDense(d+1, x))
		}
	}
	var factor mat.Cholesky
	var w mat.VecDense
	if !factor.Factorize(normal) || factor.SolveVecTo(&w, right) != nil {
		return // not with a ridge; the start alone is a guess, too
	}
	copy(g.weights, w.RawVector().Data[:d])
	g.shift = w.AtVec(d)
}

// plain is the guess without what is known of the query.
func (g *guesser) plain(s *surveyed, candidate int) float64 {
	sum := g.start(s.place[candidate]) + g.shift
	for i, w := range g.weights {
		sum += w * (s.inputs[candidate][i] - g.centre[i]) / g.scale[i]
	}
	return sum
}

// step is the row of the table for a guess.
func (g *guesser) step(guess float64) int {
	at := (guess + 0.5) / (float64(g.top) + 1) * steps
	return min(max(int(at), 0), steps-1)
}

// tabulate counts what became of guesses, smoothed over guesses nearby, and
// begun with a bell of one grade's width.
func (g *guesser) tabulate() {
	g.table = make([][]float64, steps)
	for step := range g.table {
		x := (float64(step)+0.5)/steps*(float64(g.top)+1) - 0.5
		chances := make([]float64, g.top+1)
		sum := 0.0
		for grade := range chances {
			chances[grade] = math.Exp(-(x - float64(grade)) * (x - float64(grade)) / 2)
			sum += chances[grade]
		}
		for grade := range chances {
			chances[grade] *= smoothing / sum
		}
		sum = smoothing
		for _, of := range g.left {
			for _, l := range of {
				apart := (l.guess + l.bias - x) / kernelWide
				if apart > 4 || apart < -4 {
					continue
				}
				near := math.Exp(-apart * apart / 2)
				chances[min(max(int(l.grade+0.5), 0), g.top)] += near
				sum += near
			}
		}
		for grade := range chances {
			chances[grade] /= sum
		}
		g.table[step] = chances
	}
}

// bias is how much more than guessed the query's other judged candidates got,
// those like this one before all: a kernel smoother of residuals (Nadaraya and
// Watson 1964), pulled toward 0.
func (g *guesser) bias(q, candidate int) float64 {
	s := g.of[q]
	sum, weights := 0.0, biasPull
	for _, l := range g.left[q] {
		if l.candidate == candidate {
			continue
		}
		w := distant + math.Exp(nearness*(cosine(s.vectors[candidate], s.vectors[l.candidate])-1))
		sum += w * (l.grade - l.guess)
		weights += w
	}
	return sum / weights
}

// cosine is that of two unit vectors, 0 where either is missing.
func cosine(a, b []float32) float64 {
	if len(a) != len(b) {
		return 0
	}
	sum := float32(0)
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// chances are those of each grade for a candidate that nobody has judged.
func (g *guesser) chances(s *surveyed, candidate int) []float64 {
	return g.table[g.step(g.plain(s, candidate)+g.bias(g.index[s], candidate))]
}

// expected is the mean grade of chances.
func expected(chances []float64) float64 {
	sum := 0.0
	for grade, p := range chances {
		sum += float64(grade) * p
	}
	return sum
}
