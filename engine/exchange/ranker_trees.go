package exchange

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"touchstone/engine"
	"touchstone/engine/model"
)

// branch is a node of a regression tree between formats: a question, or a leaf
// where Left is nil. Values up to the threshold go left.
type branch struct {
	feature     string
	threshold   float64
	missing     model.Side // where rows go that lack the feature; "" where 0 goes
	left, right *branch
	value       float64 // of a leaf
	rows        float64 // 0 where the format does not say
}

// steps is into how many a feature's part of a weighted sum is cut to be written
// as a tree.
const steps = 512

// branchesOf are the trees of a ranker as formats can hold them that know
// nothing but trees. Its weighted sum becomes one tree a feature, which goes
// from −1 to 1 in steps: it differs from the line by less than 1/512 of the
// weight.
func branchesOf(r engine.Ranker) ([]*branch, error) {
	names := namesOf(r)
	if _, err := model.New(&r, names); err != nil {
		return nil, err
	}
	var f model.Forest
	if err := json.Unmarshal(r.Model, &f); err != nil {
		return nil, err
	}
	var all []*branch
	for _, w := range f.Linear {
		if w.Weight != 0 {
			all = append(all, staircase(w, -1, 1, steps))
		}
	}
	for _, tree := range f.Trees {
		all = append(all, branchOf(tree, 0, names))
	}
	if len(all) == 0 {
		return nil, errors.New("it has neither trees nor weights")
	}
	return all, nil
}

func namesOf(r engine.Ranker) []string {
	names := make([]string, len(r.Weights))
	for i, w := range r.Weights {
		names[i] = w.Feature
	}
	return names
}

func branchOf(tree model.Tree, at int, names []string) *branch {
	n := tree[at]
	b := &branch{value: n.Value, rows: n.Rows}
	if n.Left != 0 {
		b.feature, b.threshold, b.missing = names[n.Feature], n.Threshold, n.Missing
		b.left, b.right = branchOf(tree, n.Left, names), branchOf(tree, n.Right, names)
	}
	return b
}

// staircase is a weighted feature in n equal steps between two values.
func staircase(w engine.Weight, low, high float64, n int) *branch {
	middle := (low + high) / 2
	if n == 1 {
		return &branch{value: w.Weight * (middle - w.Offset) / scaleOf(w), rows: 1}
	}
	return &branch{
		feature: w.Feature, threshold: middle, rows: float64(n),
		left: staircase(w, low, middle, n/2), right: staircase(w, middle, high, n/2),
	}
}

// forest makes a ranker of trees. Features are listed in the order in which the
// trees first ask for them, after those that are known.
func forest(name string, all []*branch, known []string) (engine.Ranker, error) {
	r := engine.Ranker{Name: name, Kind: engine.Trees}
	at := map[string]int{}
	place := func(feature string) int {
		i, ok := at[feature]
		if !ok {
			i = len(r.Weights)
			at[feature] = i
			r.Weights = append(r.Weights, engine.Weight{Feature: feature})
		}
		return i
	}
	for _, feature := range known {
		place(feature)
	}
	f := model.Forest{Linear: []engine.Weight{}}
	for _, b := range all {
		var tree model.Tree
		var grow func(*branch) (int, float64)
		grow = func(b *branch) (int, float64) {
			node := len(tree)
			tree = append(tree, model.Node{Value: b.value, Rows: b.rows})
			if b.left == nil {
				if tree[node].Rows <= 0 {
					tree[node].Rows = 1
				}
				return node, tree[node].Rows
			}
			// A place of its own is asked for before those of the children.
			feature := place(b.feature)
			left, rowsLeft := grow(b.left)
			right, rowsRight := grow(b.right)
			tree[node] = model.Node{Feature: feature, Threshold: b.threshold, Missing: b.missing, Left: left, Right: right, Rows: rowsLeft + rowsRight}
			return node, rowsLeft + rowsRight
		}
		grow(b)
		f.Trees = append(f.Trees, tree)
	}
	var err error
	r.Model, err = json.Marshal(f)
	return r, err
}

// lacking is the side of rows that lack the feature.
func (b *branch) lacking() model.Side {
	switch {
	case b.missing != "":
		return b.missing
	case 0 <= b.threshold:
		return model.Left
	}
	return model.Right
}

// learnedMissing finds a question below a branch that sends missing values to a
// side that was learned, and where odd is set to another one than 0; "" for none.
func (b *branch) learnedMissing(odd bool) (feature string) {
	if b.left == nil {
		return ""
	}
	if zero := (&branch{threshold: b.threshold}).lacking(); b.missing != "" && (!odd || b.missing != zero) {
		return b.feature
	}
	return cmp.Or(b.left.learnedMissing(odd), b.right.learnedMissing(odd))
}

// multiply scales what a tree says.
func (b *branch) multiply(by float64) {
	b.value *= by
	if b.left != nil {
		b.left.multiply(by)
		b.right.multiply(by)
	}
}

// deepest is how many questions a tree that is read may ask one after another.
const deepest = 200

var errTooDeep = fmt.Errorf("a tree asks more than %d questions one after another", deepest)

// xgboostNode is a node of XGBoost's JSON dump, which Elasticsearch and
// OpenSearch read: values below the condition go to "yes".
type xgboostNode struct {
	ID        int           `json:"nodeid"`
	Depth     int           `json:"depth"`
	Split     string        `json:"split,omitempty"`
	Condition *float64      `json:"split_condition,omitempty"`
	Yes       *int          `json:"yes,omitempty"`
	No        *int          `json:"no,omitempty"`
	Missing   *int          `json:"missing,omitempty"`
	Leaf      *float64      `json:"leaf,omitempty"`
	Cover     float64       `json:"cover,omitempty"`
	Children  []xgboostNode `json:"children,omitempty"`
}

// xgboost writes a tree. "Up to" becomes "below the next number".
func (b *branch) xgboost(next *int, depth int) xgboostNode {
	n := xgboostNode{ID: *next, Depth: depth, Cover: b.rows}
	*next++
	if b.left == nil {
		n.Leaf = &b.value
		return n
	}
	condition := math.Nextafter(b.threshold, math.Inf(1))
	n.Split, n.Condition = b.feature, &condition
	n.Children = []xgboostNode{b.left.xgboost(next, depth+1), b.right.xgboost(next, depth+1)}
	n.Yes, n.No, n.Missing = &n.Children[0].ID, &n.Children[1].ID, &n.Children[0].ID
	if b.lacking() == model.Right {
		n.Missing = n.No
	}
	return n
}

func (n *xgboostNode) branch(depth int) (*branch, error) {
	switch {
	case depth > deepest:
		return nil, errTooDeep
	case n.Leaf != nil && len(n.Children) == 0:
		return &branch{value: *n.Leaf, rows: n.Cover}, nil
	case n.Condition == nil || n.Split == "" || len(n.Children) != 2:
		return nil, fmt.Errorf("node %d is neither a leaf nor a split with two children", n.ID)
	}
	yes, no := &n.Children[0], &n.Children[1]
	if n.Yes != nil && *n.Yes == no.ID {
		yes, no = no, yes
	}
	b := &branch{feature: n.Split, threshold: math.Nextafter(*n.Condition, math.Inf(-1)), rows: n.Cover}
	if n.Missing != nil {
		b.missing = model.Left
		if *n.Missing == no.ID {
			b.missing = model.Right
		}
	}
	var err error
	if b.left, err = yes.branch(depth + 1); err == nil {
		b.right, err = no.branch(depth + 1)
	}
	return b, err
}

// normalise moves the thresholds of a tree whose features were normalised to
// the features as they are.
func (b *branch) normalise(by map[string]engine.Weight) {
	if b.left == nil {
		return
	}
	if w, ok := by[b.feature]; ok {
		b.threshold = b.threshold*scaleOf(w) + w.Offset
	}
	b.left.normalise(by)
	b.right.normalise(by)
}
