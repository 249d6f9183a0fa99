// Command deciding measures how long it takes to decide between two rankers,
// and how often it cries wolf. Run it from the repository:
//
//	go run ./bench/deciding
//
// The rankings are made up, from fixed seeds: what is timed there is everything
// after the search. The effect of rules is timed on the electronics catalogue in
// the folder of shared files, searches and all; -workspace takes one that holds
// it already, so that nothing is encoded again.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"touchstone/bench/machine"
	"touchstone/engine"
	"touchstone/engine/compare"
	"touchstone/engine/measure"
	"touchstone/engine/report"
)

func main() {
	workspace := flag.String("workspace", "", "a workspace that holds the electronics catalogue; it is copied")
	shared := flag.String("shared", "../shared/data", "the folder of shared files")
	only := flag.Bool("rules", false, "time the effect of rules only")
	flag.Parse()
	var err error
	if !*only {
		err = run(os.Stdout)
	}
	if err == nil {
		err = rulesEffect(os.Stdout, *workspace, *shared)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "deciding:", err)
		os.Exit(1)
	}
}

// runs is how often each part is timed; the median counts.
const runs = 5

func run(out io.Writer) error {
	fmt.Fprintln(out, machine.Name())
	var metrics []measure.Metric
	for _, name := range []string{"ndcg@10", "err@10", "p@5", "recall@50"} {
		m, err := measure.Parse(name)
		if err != nil {
			return err
		}
		metrics = append(metrics, m)
	}
	in := twoRankers(5000, 100, rand.New(rand.NewPCG(1, 2)))
	in.Metric, in.Beside = metrics[0], metrics[1:]
	var c *compare.Comparison
	used := cpu()
	took, err := median(func() error {
		c = compare.Compare(in)
		r := report.Report{Comparison: c, Made: time.Now()}
		for _, q := range c.Lost(10) {
			r.Worst = append(r.Worst, c.Pages(q))
		}
		return r.Write(io.Discard, "html")
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "two rankers, 5,000 queries × 100 results, 4 metrics, tests and report  %7.0f ms, %6.0f ms of processors  (bar 2000)\n", took.Seconds()*1000, (cpu()-used).Seconds()*1000/runs)

	differences := make([]float64, len(c.Queries))
	for i, q := range c.Queries {
		differences[i] = q.Delta
	}
	for _, part := range []struct {
		name string
		fn   func()
	}{
		{"10,000-sample bootstrap and randomisation over 5,000 queries ", func() {
			measure.Randomisation(differences, 10_000, 1)
			measure.Bootstrap(differences, 10_000, 0.95, 1)
		}},
		{"the same as compare does it, with 100,000 choices of signs   ", func() { measure.Compare(differences, 1) }},
	} {
		used := cpu()
		took, err := median(func() error { part.fn(); return nil })
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s          %7.0f ms, %6.0f ms of processors  (bar 200)\n", part.name, took.Seconds()*1000, (cpu()-used).Seconds()*1000/runs)
	}

	for _, queries := range []int{20, 50, 200} {
		const comparisons = 1000
		alarms := falseAlarms(queries, comparisons, metrics[0])
		fmt.Fprintf(out, "false alarms of %d comparisons of a ranker with a relabelling of itself, %3d queries  %4.1f %%  (bar 5)\n",
			comparisons, queries, 100*float64(alarms)/comparisons)
	}
	return nil
}

func median(fn func() error) (time.Duration, error) {
	took := make([]time.Duration, runs)
	for i := range took {
		start := time.Now()
		if err := fn(); err != nil {
			return 0, err
		}
		took[i] = time.Since(start)
	}
	slices.Sort(took)
	return took[runs/2], nil
}

// falseAlarms makes two rankings, lets a coin decide for each query which of
// them is called A, and counts how often that is called a difference.
func falseAlarms(queries, comparisons int, metric measure.Metric) int {
	rng := rand.New(rand.NewPCG(3, uint64(queries)))
	in := twoRankers(queries, 10, rng)
	in.Metric = metric
	alarms := 0
	for i := range comparisons {
		for _, query := range slices.Sorted(maps.Keys(in.Qrels)) {
			if rng.IntN(2) == 0 {
				in.A.Runs[query], in.B.Runs[query] = in.B.Runs[query], in.A.Runs[query]
			}
		}
		in.Seed = int64(i)
		if compare.Compare(in).Verdict != measure.NoDifference {
			alarms++
		}
	}
	return alarms
}

// twoRankers makes two rankings of so many results: B moves some products of A,
// and a fifth of the results are judged.
func twoRankers(queries, results int, rng *rand.Rand) compare.Input {
	in := compare.Input{
		A: compare.Side{Name: "a", Runs: map[string][]string{}}, B: compare.Side{Name: "b", Runs: map[string][]string{}},
		Qrels: engine.Qrels{},
	}
	ids := make([]string, results)
	for i := range ids {
		ids[i] = fmt.Sprintf("product %d", i)
	}
	for q := range queries {
		query := fmt.Sprintf("query %d", q)
		a := slices.Clone(ids)
		rng.Shuffle(results, func(i, j int) { a[i], a[j] = a[j], a[i] })
		b := slices.Clone(a)
		for range rng.IntN(8) {
			i, j := rng.IntN(results), rng.IntN(results)
			b[i], b[j] = b[j], b[i]
		}
		in.A.Runs[query], in.B.Runs[query] = a, b
		in.Qrels[query] = map[string]engine.Grade{}
		for _, id := range a {
			if rng.IntN(5) == 0 {
				in.Qrels[query][id] = engine.Grade(rng.IntN(4))
			}
		}
		in.Qrels[query][a[rng.IntN(results)]] = 3
	}
	return in
}
