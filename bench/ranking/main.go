// Command ranking measures the rankers that need no grades, on the judged
// queries of a workspace: BM25, cosine, their fusions, the default ranker, and
// the default without each of its features. Run it from the repository:
//
//	go run ./bench/ranking                    the electronics catalogue beside the repository
//	go run ./bench/ranking -workspace FILE    any workspace with judgments
//
// The first run imports and encodes the catalogue, which takes minutes.
package main

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"os/signal"

	"touchstone/bench/electronics"
	"touchstone/engine"
	"touchstone/engine/measure"
)

func main() {
	workspace := flag.String("workspace", "", "the workspace to measure; by default one of the electronics catalogue, made when it is missing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *workspace, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ranking:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, workspace string, out io.Writer) error {
	if workspace == "" {
		var err error
		if workspace, err = electronics.Workspace(ctx); err != nil {
			return err
		}
	}
	c, err := open(ctx, workspace)
	if err != nil {
		return err
	}
	pools, err := c.bringUp(ctx)
	if err != nil {
		return err
	}
	systems, err := systems()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d products, %d judged queries; NDCG@10, whole catalogue / judged only; coverage and bounds of the whole\n\n", len(c.docs), len(c.qrels))
	fmt.Fprintf(out, "%-32s %-17s %-17s %-17s %-10s %s\n", "", "all queries", "one half", "other half", "judged", "bounds")
	for _, s := range systems {
		whole, judged := s.measure(pools, c.qrels)
		fmt.Fprintf(out, "%-32s", s.name)
		for _, half := range []func(query string) bool{
			func(string) bool { return true },
			func(query string) bool { return inFirstHalf(query) },
			func(query string) bool { return !inFirstHalf(query) },
		} {
			fmt.Fprintf(out, " %.4f / %.4f  ", mean(whole, half), mean(judged, half))
		}
		fmt.Fprintf(out, " %6.1f %%   %.3f to %.3f\n", 100*whole.Coverage, whole.Worst, whole.Best)
	}
	return nil
}

// inFirstHalf splits queries in two halves that never change.
func inFirstHalf(query string) bool {
	h := fnv.New32a()
	h.Write([]byte(query))
	return h.Sum32()%2 == 0
}

// mean is the metric's mean over some of the measured queries.
func mean(e measure.Evaluation, of func(query string) bool) float64 {
	sum, n := 0.0, 0.0
	for _, s := range e.Scores {
		if of(s.Query) {
			sum += s.Value
			n++
		}
	}
	return sum / max(n, 1)
}

// measure ranks every pool and measures the whole page and the judged part.
func (s *system) measure(pools []*pool, qrels engine.Qrels) (whole, judged measure.Evaluation) {
	metric := measure.Metric{Kind: measure.NDCG, K: 10}
	all, only := map[string][]string{}, map[string][]string{}
	for _, p := range pools {
		for _, i := range s.order(p) {
			product := p.items[i].Product
			if p.found[i] {
				all[p.query] = append(all[p.query], product)
			}
			if _, ok := qrels[p.query][product]; ok {
				only[p.query] = append(only[p.query], product)
			}
		}
	}
	return metric.Evaluate(all, qrels), metric.Evaluate(only, qrels)
}
