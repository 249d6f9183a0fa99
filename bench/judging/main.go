// Command judging measures the day of a judge: how long a grade takes until it
// is on disk, how long a large query set takes to open and to score, how long
// a batch of the most useful pairs takes and what it is worth beside random
// order, and how many wrong grades the list of suspects finds. Run it from the repository:
//
//	go run ./bench/judging                    everything, on the electronics catalogue beside the repository
//	go run ./bench/judging -only keys,set     some of its parts: keys, set, batch, next, suspects
//
// Workspaces are copies in the folder that -dir names, on whatever disk that is.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"touchstone/bench/electronics"
	"touchstone/bench/machine"
)

type options struct {
	only      string
	workspace string
	dir       string
	seeds     int
	first     int
	prior     string
	enough    int
	leave     float64
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "keys,set,batch,next,suspects", "the parts to run")
	flag.StringVar(&o.workspace, "workspace", "", "the electronics workspace; by default made when it is missing")
	flag.StringVar(&o.dir, "dir", "", "where workspaces are made; by default the system's folder for temporary files")
	flag.IntVar(&o.seeds, "seeds", 20, "of what is simulated")
	flag.IntVar(&o.first, "first", 1, "the first seed of next best; it was decided on 101 to 110")
	flag.StringVar(&o.prior, "prior", "", "what next best learns from: default or words; both where it is empty")
	flag.IntVar(&o.enough, "enough", 500, "the grades by which next best is to reach what random order reaches with twice as many")
	flag.Float64Var(&o.leave, "leave", 0, "the part of the queries that next best and random order may not choose from, and are measured by")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "judging:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	dir, err := os.MkdirTemp(o.dir, "touchstone-judging-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintln(out, machine.Name())
	for _, part := range strings.Split(o.only, ",") {
		fn, ok := map[string]func(context.Context, options, string, io.Writer) error{
			"keys": keys, "set": set, "batch": batch, "next": nextBest, "suspects": suspects,
		}[part]
		if !ok {
			return fmt.Errorf("no part is called %q", part)
		}
		if err := fn(ctx, o, dir, out); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
	return nil
}

// copied is a copy of the electronics workspace, so that what is graded in it
// leaves the original alone.
func copied(ctx context.Context, o options, dir string) (string, error) {
	from := o.workspace
	if from == "" {
		var err error
		if from, err = electronics.Workspace(ctx); err != nil {
			return "", err
		}
	}
	in, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer in.Close()
	to, err := os.CreateTemp(dir, "*.touchstone")
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(to, in); err != nil {
		return "", err
	}
	return to.Name(), to.Close()
}

// judgeRatings is where three judges' grades of the electronics catalogue are.
var judgeRatings = filepath.Join("..", "shared", "data", "electronics", "judge_ratings.csv")

// percentile of some times, sorted by the call.
func percentile(times []time.Duration, p float64) float64 {
	slices.Sort(times)
	return times[min(int(p*float64(len(times))), len(times)-1)].Seconds() * 1000
}
