package model

import (
	"fmt"
	"math"

	"touchstone/engine"
)

// Forest is the form in which a ranker of kind trees keeps its parameters: a
// weighted sum, and what regression trees add to it.
type Forest struct {
	Linear []engine.Weight `json:"linear"`
	Trees  []Tree          `json:"trees"`
}

// Tree is a list of nodes; the first is the root, and children come after their
// parent.
type Tree []Node

// Node is a question or, where Left is 0, a leaf.
type Node struct {
	Feature   int     `json:"feature"`   // place in the ranker's Weights
	Threshold float64 `json:"threshold"` // values up to it go left
	// Missing says where rows go that lack the feature, as was learned from such
	// rows; "" where none were seen: there a missing value is 0.
	Missing Side    `json:"missing,omitempty"`
	Left    int     `json:"left"` // place of the children in the tree
	Right   int     `json:"right"`
	Value   float64 `json:"value"` // of a leaf
	Rows    float64 `json:"rows"`  // of the data that the tree was grown from
}

// Side is one of a node's children.
type Side string

// The sides.
const (
	Left  Side = "left"
	Right Side = "right"
)

// side is where a row with this value goes.
func (n *Node) side(value float64) int {
	if math.IsNaN(value) {
		switch n.Missing {
		case Left:
			return n.Left
		case Right:
			return n.Right
		}
		value = 0
	}
	if value <= n.Threshold {
		return n.Left
	}
	return n.Right
}

// trees is a Forest made ready: features are columns, and each tree's values
// are moved so that their mean over the rows it was grown from is 0. No order
// changes, and the parts of a score leave no remainder.
type trees struct {
	linear Linear
	trees  []Tree
}

func newTrees(linear Linear, f *Forest, at []int) (*trees, error) {
	m := &trees{linear: linear, trees: make([]Tree, len(f.Trees))}
	for t, source := range f.Trees {
		if len(source) == 0 {
			return nil, fmt.Errorf("tree %d is empty", t+1)
		}
		tree := append(Tree(nil), source...)
		parents := make([]int, len(tree))
		for i := range tree {
			n := &tree[i]
			if !finite(n.Value) || !finite(n.Threshold) || !(n.Rows > 0) || !finite(n.Rows) {
				return nil, fmt.Errorf("tree %d, node %d: value %v, threshold %v and rows %v must be numbers, rows above 0", t+1, i, n.Value, n.Threshold, n.Rows)
			}
			if i > 0 && parents[i] != 1 {
				return nil, fmt.Errorf("tree %d, node %d is the child of %d nodes", t+1, i, parents[i])
			}
			if n.Left == 0 {
				continue
			}
			if n.Left <= i || n.Right <= i || n.Left == n.Right || n.Left >= len(tree) || n.Right >= len(tree) {
				return nil, fmt.Errorf("tree %d, node %d: children %d and %d must come after it, of %d nodes", t+1, i, n.Left, n.Right, len(tree))
			}
			if n.Feature < 0 || n.Feature >= len(at) {
				return nil, fmt.Errorf("tree %d, node %d asks for feature %d of %d", t+1, i, n.Feature, len(at))
			}
			if n.Missing != "" && n.Missing != Left && n.Missing != Right {
				return nil, fmt.Errorf("tree %d, node %d sends missing values to the side %q: use %s or %s", t+1, i, n.Missing, Left, Right)
			}
			n.Feature = at[n.Feature]
			parents[n.Left]++
			parents[n.Right]++
		}
		mean := tree.mean(0)
		for i := range tree {
			tree[i].Value -= mean
		}
		m.trees[t] = tree
	}
	return m, nil
}

// mean is the value below a node, averaged over the rows.
func (t Tree) mean(i int) float64 {
	n := &t[i]
	if n.Left == 0 {
		return n.Value
	}
	l, r := t[n.Left].Rows, t[n.Right].Rows
	return (l*t.mean(n.Left) + r*t.mean(n.Right)) / (l + r)
}

// Value is what a tree says of a row.
func (t Tree) Value(x []float64) float64 {
	i := 0
	for t[i].Left != 0 {
		i = t[i].side(x[t[i].Feature])
	}
	return t[i].Value
}

// Score implements Model.
func (m *trees) Score(x []float64) float64 {
	score := m.linear.Score(x)
	for _, t := range m.trees {
		score += t.Value(x)
	}
	return score
}

// Explain implements Model. The trees' part is shared out by exact Shapley
// values, where a feature that is left out splits a row by the rows that the
// tree was grown from (TreeSHAP: Lundberg, Erion and Lee 2018, "Consistent
// Individualized Feature Attribution for Tree Ensembles", algorithm 2).
func (m *trees) Explain(x, parts []float64) {
	m.linear.Explain(x, parts)
	for _, t := range m.trees {
		s := shap{tree: t, x: x, parts: parts}
		s.walk(0, nil, 1, 1, -1)
	}
}

// shap walks one tree and keeps, for the features on the way down, how many
// sets of them there are of each size and how much of each set goes this way.
type shap struct {
	tree  Tree
	x     []float64
	parts []float64
}

// step is one feature on the way: the shares of the rows that go this way when
// the feature is left out and when it is known, and the weight of the sets with
// as many known features as the step's place.
type step struct {
	feature   int
	zero, one float64
	weight    float64
}

func (s *shap) walk(node int, way []step, zero, one float64, feature int) {
	way = extend(way, zero, one, feature)
	n := &s.tree[node]
	if n.Left == 0 {
		for i := 1; i < len(way); i++ {
			sum := 0.0
			for _, w := range unwind(way, i) {
				sum += w.weight
			}
			s.parts[way[i].feature] += sum * (way[i].one - way[i].zero) * n.Value
		}
		return
	}
	hot, cold := n.side(s.x[n.Feature]), n.Left
	if hot == cold {
		cold = n.Right
	}
	// A feature that was asked before counts once, with both questions.
	z, o := 1.0, 1.0
	for i := 1; i < len(way); i++ {
		if way[i].feature == n.Feature {
			z, o = way[i].zero, way[i].one
			way = unwind(way, i)
			break
		}
	}
	rows := s.tree[n.Left].Rows + s.tree[n.Right].Rows
	s.walk(hot, way, z*s.tree[hot].Rows/rows, o, n.Feature)
	s.walk(cold, way, z*s.tree[cold].Rows/rows, 0, n.Feature)
}

// extend adds a feature to a copy of the way.
func extend(way []step, zero, one float64, feature int) []step {
	n := len(way)
	out := make([]step, n+1)
	copy(out, way)
	out[n] = step{feature: feature, zero: zero, one: one}
	if n == 0 {
		out[0].weight = 1
	}
	for i := n - 1; i >= 0; i-- {
		out[i+1].weight += one * out[i].weight * float64(i+1) / float64(n+1)
		out[i].weight *= zero * float64(n-i) / float64(n+1)
	}
	return out
}

// unwind takes the i-th feature out of a copy of the way again.
func unwind(way []step, i int) []step {
	n := len(way) - 1
	out := make([]step, n)
	zero, one := way[i].zero, way[i].one
	next := way[n].weight
	for j := n - 1; j >= 0; j-- {
		if one != 0 {
			w := next * float64(n+1) / (float64(j+1) * one)
			next = way[j].weight - w*zero*float64(n-j)/float64(n+1)
			out[j].weight = w
		} else {
			out[j].weight = way[j].weight * float64(n+1) / (zero * float64(n-j))
		}
	}
	for j := range out {
		from := j
		if j >= i {
			from = j + 1
		}
		out[j].feature, out[j].zero, out[j].one = way[from].feature, way[from].zero, way[from].one
	}
	return out
}
