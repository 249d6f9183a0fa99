package learn

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"touchstone/engine"
	"touchstone/engine/model"
)

// boosting fits LambdaMART (Burges 2010, section 7): regression trees grown one
// after another on the λ of the scores so far, best leaf first, over histograms
// of the features (Ke et al. 2017, "LightGBM"). It starts from the weighted sum.
//
// Where a feature has a sign, no tree goes against it: a split must put the
// higher value on the side of the sign, and what grows below keeps to its side
// of the middle. Rows that lack a feature go to the side where they lower the
// loss more.
type boosting struct {
	problem *problem
	linear  model.Linear
	stretch float64
	t       *tuning

	edges  [][]float64 // of each feature: bin b holds values up to edges[b], the last bin the rest
	bins   [][]uint8   // of each feature: the bin of each training row; missing where it has none
	start  []int       // of each query: its first training row
	score  []float64   // of each training row
	lambda []float64
	hess   []float64
	rows   []int32 // training rows, in the order of the leaves
	spare  []int32
	l      []lambdas    // one a core
	trees  []model.Tree // values on the stretched scale
}

// maxBins is how many values of a feature a tree tells apart. One more bin is for
// rows that lack the feature.
const (
	maxBins = 64
	missing = maxBins
)

func newBoosting(p *problem, linear model.Linear, opts *Options) *boosting {
	d := len(p.data.Features)
	sp := newSpace(p.data, linear, &opts.tuning)
	b := &boosting{problem: p, linear: linear, stretch: sp.stretch, t: &opts.tuning, edges: make([][]float64, d), bins: make([][]uint8, d)}
	columns := make([][]float64, d)
	for q := range p.queries {
		c := &p.queries[q]
		b.start = append(b.start, len(b.score))
		for _, row := range c.rows {
			x := p.data.Groups[c.source].row(int(row), d)
			b.score = append(b.score, sp.stretch*linear.Score(x))
			for i, v := range x {
				columns[i] = append(columns[i], v)
			}
		}
	}
	for i, column := range columns {
		b.edges[i] = edges(column)
		b.bins[i] = make([]uint8, len(column))
		for r, v := range column {
			if math.IsNaN(v) {
				b.bins[i][r] = missing
				continue
			}
			at, _ := slices.BinarySearch(b.edges[i], v)
			b.bins[i][r] = uint8(at)
		}
	}
	b.lambda, b.hess = make([]float64, len(b.score)), make([]float64, len(b.score))
	b.l = make([]lambdas, runtime.GOMAXPROCS(0))
	b.rows, b.spare = make([]int32, len(b.score)), make([]int32, len(b.score))
	return b
}

// edges cuts a feature's values into bins of about equally many rows, between
// values that differ.
func edges(values []float64) []float64 {
	sorted := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
	slices.Sort(sorted)
	var cuts []float64
	for b := 1; b < maxBins; b++ {
		at := b * len(sorted) / maxBins
		for at > 0 && at < len(sorted) && sorted[at] == sorted[at-1] {
			at++
		}
		if at == 0 || at >= len(sorted) {
			continue
		}
		cut := sorted[at-1] + (sorted[at]-sorted[at-1])/2
		if len(cuts) == 0 || cut > cuts[len(cuts)-1] {
			cuts = append(cuts, cut)
		}
	}
	return cuts
}

// bin is what a histogram adds up.
type bin struct{ lambda, hess, rows float64 }

// leaf is a node that may still be split. Its rows are boosting.rows[from:to].
type leaf struct {
	node      int // in the tree
	from, to  int
	sum       bin
	histogram []bin // features × (maxBins and one for missing)
	low, high float64
	best      cut
}

// cut is the best split of a leaf; gain 0 is none.
type cut struct {
	gain          float64
	feature       int
	bin           int
	missing       model.Side // "" where every row of the leaf has the feature
	vLeft, vRight float64
}

// round implements learner: it grows one tree.
func (b *boosting) round() {
	each(len(b.problem.queries), func(worker, q int) {
		c, l := &b.problem.queries[q], &b.l[worker]
		from, to := b.start[q], b.start[q]+len(c.rows)
		l.size(len(c.rows))
		copy(l.score, b.score[from:to])
		b.problem.objective.push(c, l)
		copy(b.lambda[from:to], l.lambda)
		copy(b.hess[from:to], l.hess)
	})
	for i := range b.rows {
		b.rows[i] = int32(i)
	}
	tree := model.Tree{{Rows: float64(len(b.rows))}}
	if len(b.rows) == 0 {
		return
	}
	root := &leaf{to: len(b.rows), low: math.Inf(-1), high: math.Inf(1)}
	b.fill(root)
	b.search(root)
	leaves := []*leaf{root}
	for len(leaves) < b.t.leaves {
		best := slices.MaxFunc(leaves, func(x, y *leaf) int { return cmp.Compare(x.best.gain, y.best.gain) })
		if best.best.gain <= 0 {
			break
		}
		left, right := b.split(&tree, best)
		leaves[slices.Index(leaves, best)] = left
		leaves = append(leaves, right)
	}
	for _, l := range leaves {
		v := b.t.shrink * b.value(l.sum, l.low, l.high)
		tree[l.node].Value = v
		for _, r := range b.rows[l.from:l.to] {
			b.score[r] += v
		}
	}
	b.trees = append(b.trees, tree)
}

// value is that of a leaf: one Newton step, within its bounds.
func (b *boosting) value(s bin, low, high float64) float64 {
	return min(max(s.lambda/(s.hess+b.t.l2), low), high)
}

// gain is how much a value lowers the loss of a leaf, to the second order.
func (b *boosting) gain(s bin, v float64) float64 { return v*s.lambda - v*v*(s.hess+b.t.l2)/2 }

// worthSharing is from how many rows on several cores add up a histogram sooner
// than one.
const worthSharing = 2000

// fill adds up the histogram of a leaf.
func (b *boosting) fill(l *leaf) {
	l.histogram = make([]bin, len(b.bins)*(maxBins+1))
	rows := b.rows[l.from:l.to]
	add := func(_, f int) {
		bins, h := b.bins[f], l.histogram[f*(maxBins+1):(f+1)*(maxBins+1)]
		for _, r := range rows {
			x := &h[bins[r]]
			x.lambda += b.lambda[r]
			x.hess += b.hess[r]
			x.rows++
		}
	}
	if len(rows) >= worthSharing {
		each(len(b.bins), add)
	} else {
		for f := range b.bins {
			add(0, f)
		}
	}
	l.sum = bin{}
	for _, r := range rows {
		l.sum.lambda += b.lambda[r]
		l.sum.hess += b.hess[r]
		l.sum.rows++
	}
}

// search finds the best split of a leaf.
func (b *boosting) search(l *leaf) {
	l.best = cut{}
	for f := range b.bins {
		lacking := l.histogram[f*(maxBins+1)+missing]
		if lacking.rows == 0 {
			b.cuts(l, f, bin{}, "")
			continue
		}
		b.cuts(l, f, lacking, model.Left)
		b.cuts(l, f, bin{}, model.Right)
	}
}

// cuts tries every split of a leaf by a feature; left is what stands left of all
// of them, the rows that lack it or nothing.
func (b *boosting) cuts(l *leaf, f int, left bin, side model.Side) {
	sign := b.problem.data.Features[f].Sign
	whole := b.gain(l.sum, b.value(l.sum, l.low, l.high))
	for i := range b.edges[f] {
		x := &l.histogram[f*(maxBins+1)+i]
		left.lambda += x.lambda
		left.hess += x.hess
		left.rows += x.rows
		right := bin{l.sum.lambda - left.lambda, l.sum.hess - left.hess, l.sum.rows - left.rows}
		if min(left.rows, right.rows) < b.t.leafRows || min(left.hess, right.hess) < b.t.leafHess {
			continue
		}
		vl, vr := b.value(left, l.low, l.high), b.value(right, l.low, l.high)
		if sign > 0 && vl > vr || sign < 0 && vl < vr {
			continue
		}
		if gain := b.gain(left, vl) + b.gain(right, vr) - whole; gain > l.best.gain {
			l.best = cut{gain, f, i, side, vl, vr}
		}
	}
}

// split turns a leaf into two.
func (b *boosting) split(tree *model.Tree, l *leaf) (left, right *leaf) {
	c := l.best
	middle, end := l.from, 0
	for _, r := range b.rows[l.from:l.to] {
		at := int(b.bins[c.feature][r])
		if at == missing && c.missing == model.Left || at <= c.bin {
			b.rows[middle] = r
			middle++
		} else {
			b.spare[end] = r
			end++
		}
	}
	copy(b.rows[middle:l.to], b.spare[:end])
	left = &leaf{node: len(*tree), from: l.from, to: middle, low: l.low, high: l.high}
	right = &leaf{node: len(*tree) + 1, from: middle, to: l.to, low: l.low, high: l.high}
	between := (c.vLeft + c.vRight) / 2
	switch sign := b.problem.data.Features[c.feature].Sign; {
	case sign > 0:
		left.high, right.low = between, between
	case sign < 0:
		left.low, right.high = between, between
	}
	// The smaller half is added up, the other is the rest.
	small, large := left, right
	if small.to-small.from > large.to-large.from {
		small, large = large, small
	}
	b.fill(small)
	large.histogram = l.histogram
	for i, x := range small.histogram {
		y := &large.histogram[i]
		y.lambda -= x.lambda
		y.hess -= x.hess
		y.rows -= x.rows
	}
	large.sum = bin{l.sum.lambda - small.sum.lambda, l.sum.hess - small.sum.hess, l.sum.rows - small.sum.rows}
	b.search(left)
	b.search(right)
	node := &(*tree)[l.node]
	node.Feature, node.Threshold, node.Missing = c.feature, b.edges[c.feature][c.bin], c.missing
	node.Left, node.Right = left.node, right.node
	*tree = append(*tree, model.Node{Rows: left.sum.rows}, model.Node{Rows: right.sum.rows})
	return left, right
}

// scores implements learner.
func (b *boosting) scores(g *Group) []float64 {
	d := len(b.bins)
	scores := make([]float64, len(g.Products))
	for r := range scores {
		x := g.row(r, d)
		scores[r] = b.stretch * b.linear.Score(x)
		for _, t := range b.trees {
			scores[r] += t.Value(x)
		}
	}
	return scores
}

// parameters implements learner: scores go back to the scale of the prior's.
func (b *boosting) parameters() ([]engine.Weight, any) {
	inputs := make([]engine.Weight, len(b.bins))
	for i, f := range b.problem.data.Features {
		inputs[i].Feature = f.Name
	}
	forest := &model.Forest{Linear: slices.Clone(b.linear), Trees: make([]model.Tree, len(b.trees))}
	for i, t := range b.trees {
		forest.Trees[i] = slices.Clone(t)
		for j := range forest.Trees[i] {
			forest.Trees[i][j].Value /= b.stretch
		}
	}
	return inputs, forest
}
