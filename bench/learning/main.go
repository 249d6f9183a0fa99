// Command learning measures what grades are worth: rankers learned from them by
// cross-validation, beside the untrained ranker and beside LightGBM's LambdaMART
// on the same features and folds; how long a fit takes; and what a few graded
// queries do to the others. Run it from the repository:
//
//	go run ./bench/learning                    the electronics catalogue beside the repository
//	go run ./bench/learning -workspace FILE    any workspace with judgments
//
// LightGBM comes from PyPI into a virtual environment that the first run makes;
// -peer=false leaves it out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"touchstone/bench/electronics"
	"touchstone/bench/machine"
	"touchstone/engine/learn"
	"touchstone/engine/measure"
)

type options struct {
	workspace string
	only      string
	peer      bool
	repeats   int
	seed      int64
}

func main() {
	var o options
	flag.StringVar(&o.workspace, "workspace", "", "the workspace to measure; by default one of the electronics catalogue, made when it is missing")
	flag.StringVar(&o.only, "only", "", "one part: folds, practice, trees, times, draws, encoder or gradients; by default all")
	flag.BoolVar(&o.peer, "peer", true, "measure LightGBM too")
	flag.IntVar(&o.repeats, "repeats", 10, "draws of each number of queries")
	flag.Int64Var(&o.seed, "seed", 1, "of folds, fits and draws")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "learning:", err)
		os.Exit(1)
	}
}

var ndcg = measure.Metric{Kind: measure.NDCG, K: 10}

func run(ctx context.Context, o options, out io.Writer) error {
	if o.workspace == "" {
		var err error
		if o.workspace, err = electronics.Workspace(ctx); err != nil {
			return err
		}
	}
	data, err := read(ctx, o.workspace)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s; %s; NDCG@10, whole catalogue / judged only\n", machine.Name(), about(data))
	parts := []struct {
		name, title string
		run         func(context.Context, options, *learn.Dataset, io.Writer) error
	}{
		{"folds", "5-fold cross-validation by query", folds},
		{"practice", "What people get: the same folds, with the check and the old weights where it refuses", practice},
		{"trees", "Our trees against LightGBM's", trees},
		{"times", "Time of a fit", times},
		{"draws", "A few queries graded: change on all others", draws},
		{"encoder", "Fine-tuning the encoder, left-out queries", func(ctx context.Context, o options, _ *learn.Dataset, out io.Writer) error {
			return encoder(ctx, o, o.workspace, out)
		}},
		{"gradients", "Gradients against finite differences", gradients},
	}
	known := o.only == ""
	for _, p := range parts {
		if o.only != "" && o.only != p.name {
			continue
		}
		known = true
		fmt.Fprintf(out, "\n%s\n%s\n", p.title, strings.Repeat("-", len(p.title)))
		if err := p.run(ctx, o, data, out); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if !known {
		return fmt.Errorf("there is no part %q: the parts are folds, practice, trees, times, draws, encoder and gradients", o.only)
	}
	return nil
}

// read gathers what learning reads of a workspace.
func read(ctx context.Context, workspace string) (*learn.Dataset, error) {
	bench, err := electronics.Open(ctx, workspace)
	if err != nil {
		return nil, err
	}
	data, err := bench.Dataset(ctx, nil)
	return data, errors.Join(err, bench.Close())
}

func about(data *learn.Dataset) string {
	grades, rows, useful := 0, 0, 0
	for i := range data.Groups {
		g := &data.Groups[i]
		rows += len(g.Products)
		grades += len(g.Missing)
		for _, grade := range g.Grades {
			if grade == grade { // not NaN
				grades++
			}
		}
		if _, ok := g.Measure(make([]float64, len(g.Products)), ndcg); ok {
			useful++
		}
	}
	return fmt.Sprintf("%d judged queries, %d with a positive; %d grades; %d candidates with %d features", len(data.Groups), useful, grades, rows, len(data.Features))
}
