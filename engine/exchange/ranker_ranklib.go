package exchange

import (
	"bytes"
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

// writeRankLib folds each scale into its weight. The offsets add the same to
// every product, so that leaving them out keeps the order.
func writeRankLib(w io.Writer, r engine.Ranker) error {
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
				return r, fmt.Errorf("a RankLib model of %q: only Coordinate Ascent and Linear Regression are linear", shorten(comment, 80))
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
