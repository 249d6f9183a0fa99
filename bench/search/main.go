// Command search measures retrieval beside its peers, all on this machine in
// one run: faiss and bm25s in Python, bleve in a Go program of its own. Run it
// from the repository:
//
//	go run ./bench/search                     everything
//	go run ./bench/search -case vectors,words some of it
//
// The cases: prepare (makes the catalogues and stops), typed, vectors, recall,
// words, open, import, growth, keys. It needs python3 with venv, a network the
// first time, a display for keys (xvfb-run -a go run ./bench/search -case keys),
// and ../shared/data beside the repository. The first run encodes 19,406 products
// and makes a million of them, which takes some 10 minutes, and the peers' files
// and indexes some more; the cache folder then keeps them, about 10 GB.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"

	"touchstone/bench/machine"
)

// options are the command's flags.
type options struct {
	shared   string
	cache    string
	products int
	queries  int
	cases    string
	peers    bool
}

func main() {
	var o options
	flag.StringVar(&o.shared, "shared", "../shared/data", "folder with electronics and ubi")
	flag.StringVar(&o.cache, "cache", "", "where catalogues, peers and their indexes are kept; by default the user's cache folder")
	flag.IntVar(&o.products, "products", 1_000_000, "size of the large catalogue; 0 for none in the typed case")
	flag.IntVar(&o.queries, "queries", 500, "typed queries a case")
	flag.StringVar(&o.cases, "case", strings.Join(caseNames(), ","), "what to measure")
	flag.BoolVar(&o.peers, "peers", true, "measure the peers too")
	child := flag.String("open", "", "open this workspace, answer one query, print times and memory as JSON, and stop")
	typing := flag.String("type", "", "type into a window over this workspace, print what came of it as JSON, and stop")
	still := flag.String("still", "", "the same with pages that were found before")
	profile := flag.String("profile", "", "write where the processor's time goes to this file, for go tool pprof")
	flag.Parse()
	if *profile != "" {
		stop, err := startProfile(*profile)
		if err != nil {
			fmt.Fprintln(os.Stderr, "search:", err)
			os.Exit(1)
		}
		defer stop()
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	switch {
	case *child != "":
		err = openOnce(ctx, *child, os.Stdout)
	case *typing != "":
		err = (&bench{options: o}).typeOnce(ctx, *typing, false, os.Stdout)
	case *still != "":
		err = (&bench{options: o}).typeOnce(ctx, *still, true, os.Stdout)
	default:
		err = run(ctx, o, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "search:", err)
		os.Exit(1)
	}
}

func startProfile(path string) (stop func(), err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "search:", err)
		}
	}, nil
}

// measured is one case of the command.
type measured struct {
	name string
	run  func(*bench, context.Context) error
}

var cases = []measured{
	{"prepare", (*bench).prepare},
	{"typed", (*bench).typed},
	{"vectors", (*bench).nearest},
	{"recall", (*bench).recall},
	{"words", (*bench).words},
	{"open", (*bench).opening},
	{"import", (*bench).importing},
	{"growth", (*bench).growth},
	{"keys", (*bench).keys},
}

func caseNames() []string {
	var names []string
	for _, c := range cases {
		names = append(names, c.name)
	}
	return names
}

// bench is one run of the command.
type bench struct {
	options
	out io.Writer
}

func run(ctx context.Context, o options, out io.Writer) error {
	if o.cache == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		o.cache = filepath.Join(cache, "touchstone", "bench", "search")
	}
	if err := os.MkdirAll(o.cache, 0o755); err != nil {
		return err
	}
	wanted := strings.Split(o.cases, ",")
	for _, name := range wanted {
		if !slices.Contains(caseNames(), name) {
			return fmt.Errorf("no case is called %q; there are %s", name, strings.Join(caseNames(), ", "))
		}
	}
	b := &bench{o, out}
	fmt.Fprintln(out, machine.Name())
	for _, c := range cases {
		if slices.Contains(wanted, c.name) {
			if err := c.run(b, ctx); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	return nil
}
