package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"touchstone/engine"
)

// RankLib's linear models are lines of comments, of which the first names the
// algorithm, and one line of feature:weight with features numbered as in the
// LETOR file. Lines such as "## 3 = cosine" keep the names of the features.
const rankLibHeader = "## Coordinate Ascent"

// rankLibTrees is the header of an ensemble of trees, which follows as XML.
const rankLibTrees = "## LambdaMART"

type rankLibEnsemble struct {
	XMLName xml.Name      `xml:"ensemble"`
	Trees   []rankLibTree `xml:"tree"`
}

type rankLibTree struct {
	ID     int          `xml:"id,attr"`
	Weight float64      `xml:"weight,attr"`
	Root   rankLibSplit `xml:"split"`
}

// rankLibSplit is a question with two splits or, with an output, a leaf.
type rankLibSplit struct {
	Pos       string         `xml:"pos,attr,omitempty"`
	Feature   string         `xml:"feature,omitempty"`
	Threshold string         `xml:"threshold,omitempty"`
	Splits    []rankLibSplit `xml:"split"`
	Output    string         `xml:"output,omitempty"`
}

func (b *branch) rankLib(pos string, number map[string]int) rankLibSplit {
	if b.left == nil {
		return rankLibSplit{Pos: pos, Output: strconv.FormatFloat(b.value, 'g', -1, 64)}
	}
	return rankLibSplit{
		Pos: pos, Feature: strconv.Itoa(number[b.feature]), Threshold: strconv.FormatFloat(b.threshold, 'g', -1, 64),
		Splits: []rankLibSplit{b.left.rankLib("left", number), b.right.rankLib("right", number)},
	}
}

func (s *rankLibSplit) branch(names map[string]string, depth int) (*branch, error) {
	if depth > deepest {
		return nil, errTooDeep
	}
	if len(s.Splits) == 0 {
		v, err := strconv.ParseFloat(strings.TrimSpace(s.Output), 64)
		return &branch{value: v}, err
	}
	b := &branch{feature: strings.TrimSpace(s.Feature)}
	if b.feature == "" || len(s.Splits) != 2 {
		return nil, errors.New("a node that is neither a leaf nor a split with two sides")
	}
	if name := names[b.feature]; name != "" {
		b.feature = name
	}
	left, right := &s.Splits[0], &s.Splits[1]
	if left.Pos == "right" {
		left, right = right, left
	}
	var err error
	if b.threshold, err = strconv.ParseFloat(strings.TrimSpace(s.Threshold), 64); err != nil {
		return nil, err
	}
	if b.left, err = left.branch(names, depth+1); err == nil {
		b.right, err = right.branch(names, depth+1)
	}
	return b, err
}

// writeRankLibTrees writes each tree in one line: RankLib takes white space
// between its elements for one of them.
func writeRankLibTrees(w io.Writer, r engine.Ranker) error {
	all, err := branchesOf(r)
	if err != nil {
		return err
	}
	for _, b := range all {
		if feature := b.learnedMissing(true); feature != "" {
			return fmt.Errorf("its trees send products without the feature %q elsewhere than those where it is 0, and RankLib takes one for the other: export touchstone, es-ltr, opensearch-ltr or solr-ltr", feature)
		}
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n## No. of trees = %d\n## Name = %s\n", rankLibTrees, len(all), oneLine(r.Name))
	number := map[string]int{}
	for i, name := range namesOf(r) {
		number[name] = i + 1
		fmt.Fprintf(&out, "## %d = %s\n", i+1, oneLine(name))
	}
	out.WriteString("\n<ensemble>\n")
	for i, b := range all {
		line, err := xml.Marshal(struct {
			XMLName xml.Name `xml:"tree"`
			rankLibTree
		}{rankLibTree: rankLibTree{ID: i + 1, Weight: 1, Root: b.rankLib("", number)}})
		if err != nil {
			return err
		}
		out.Write(line)
		out.WriteByte('\n')
	}
	out.WriteString("</ensemble>\n")
	_, err = out.WriteTo(w)
	return err
}

// readRankLibTrees reads an ensemble of trees: LambdaMART, MART, or one bag of
// a random forest.
func readRankLibTrees(text string) (engine.Ranker, error) {
	at := strings.Index(text, "<ensemble>")
	r := engine.Ranker{Name: "ranklib"}
	names := map[string]string{}
	var order []string
	for line := range strings.Lines(text[:at]) {
		key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "##")), "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if key == "Name" && value != "" {
			r.Name = value
		} else if _, err := strconv.ParseUint(key, 10, 31); err == nil && value != "" {
			names[key] = value
			order = append(order, value)
		}
	}
	if strings.Count(text, "<ensemble>") > 1 {
		return r, errors.New("a random forest of several ensembles: only one can be read")
	}
	var e rankLibEnsemble
	if err := xml.Unmarshal([]byte(text[at:]), &e); err != nil {
		return r, fmt.Errorf("the ensemble: %w", err)
	}
	var all []*branch
	for i := range e.Trees {
		b, err := e.Trees[i].Root.branch(names, 0)
		if err != nil {
			return r, fmt.Errorf("tree %d of the ensemble: %w", i+1, err)
		}
		b.multiply(e.Trees[i].Weight)
		all = append(all, b)
	}
	return forest(r.Name, all, order)
}

// writeRankLib folds each scale into its weight. The offsets add the same to
// every product, so that leaving them out keeps the order.
func writeRankLib(w io.Writer, r engine.Ranker) error {
	if r.Kind == engine.Trees {
		return writeRankLibTrees(w, r)
	}
	var head, weights bytes.Buffer
	fmt.Fprintf(&head, "%s\n## Name = %s\n", rankLibHeader, oneLine(r.Name))
	for i, f := range r.Weights {
		fmt.Fprintf(&head, "## %d = %s\n", i+1, oneLine(f.Feature))
		if i > 0 {
			weights.WriteByte(' ')
		}
		fmt.Fprintf(&weights, "%d:%s", i+1, strconv.FormatFloat(f.Weight/scaleOf(f), 'g', -1, 64))
	}
	weights.WriteByte('\n')
	if _, err := head.WriteTo(w); err != nil {
		return err
	}
	_, err := weights.WriteTo(w)
	return err
}

// readRankLib reads the models of Coordinate Ascent and Linear Regression. A
// feature without a name keeps its number as its name; feature 0, the constant
// of a regression, is left out, since it moves no product.
func readRankLib(text string) (engine.Ranker, error) {
	if strings.Contains(text, "<ensemble>") {
		return readRankLibTrees(text)
	}
	r := engine.Ranker{Kind: engine.Linear, Name: "ranklib"}
	names := map[string]string{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		comment, ok := strings.CutPrefix(line, "##")
		comment = strings.TrimSpace(comment)
		switch {
		case line == "":
		case ok && i == 0:
			if comment != "Coordinate Ascent" && comment != "Linear Regression" {
				return r, fmt.Errorf("a RankLib model of %q: Coordinate Ascent, Linear Regression and ensembles of trees can be read", shorten(comment, 80))
			}
		case ok:
			key, value, _ := strings.Cut(comment, "=")
			key, value = strings.TrimSpace(key), strings.TrimSpace(value)
			if key == "Name" && value != "" {
				r.Name = value
			} else if _, err := strconv.ParseUint(key, 10, 31); err == nil {
				names[key] = value
			}
		default:
			for _, pair := range strings.Fields(line) {
				number, value, _ := strings.Cut(pair, ":")
				weight, err := strconv.ParseFloat(value, 64)
				if _, bad := strconv.ParseUint(number, 10, 31); bad != nil || err != nil {
					return r, fmt.Errorf("line %d: want feature:weight, not %q", i+1, shorten(pair, 80))
				}
				if number == "0" {
					continue
				}
				name := names[number]
				if name == "" {
					name = number
				}
				r.Weights = append(r.Weights, engine.Weight{Feature: name, Weight: weight})
			}
		}
	}
	return r, nil
}
