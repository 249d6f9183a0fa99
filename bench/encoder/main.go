// Command encoder measures the encoder beside its peers, all on this machine in
// one run: onnxruntime with the same model in float32 and in int8, cybertron,
// and on request sentence-transformers. Run it from the repository:
//
//	go run ./bench/encoder
//
// It needs python3 with venv, mvn and ../shared. The first run makes a virtual
// environment with onnxruntime and fetches and quantises the ONNX model, both
// into the user's cache folder. Each ratio is the median of ratios of
// neighbouring runs, so that what else the machine does weighs on both sides
// alike.
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
	"runtime"
	"slices"
	"strings"
	"time"

	"touchstone/assets"
	"touchstone/bench/machine"
	"touchstone/bench/peer"
	"touchstone/engine/bert"
)

// options are the command's flags.
type options struct {
	shared               string
	threads              int
	rounds               int
	texts                int
	sentenceTransformers bool
	only                 string
}

// parts are what a run measures.
var parts = []struct {
	name    string
	measure func(*bench, context.Context) error
}{
	{"shapes", (*bench).shapes},
	{"texts", (*bench).endToEnd},
	{"sentences", (*bench).besideSentences},
	{"cybertron", (*bench).cybertron},
	{"fidelity", (*bench).fidelity},
	{"tokenising", (*bench).tokenising},
	{"loading", (*bench).loading},
}

func main() {
	var names []string
	for _, part := range parts {
		names = append(names, part.name)
	}
	var o options
	flag.StringVar(&o.shared, "shared", "../shared", "folder with models and data/electronics")
	flag.IntVar(&o.threads, "threads", 2, "processors that each side may use")
	flag.IntVar(&o.rounds, "rounds", 15, "how often each case is measured; the median counts")
	flag.IntVar(&o.texts, "texts", 2000, "product texts")
	flag.BoolVar(&o.sentenceTransformers, "sentence-transformers", false, "measure sentence-transformers too, as sentences; installs gigabytes")
	flag.StringVar(&o.only, "only", "", "parts to measure, divided by commas: "+strings.Join(names, ",")+"; all where empty")
	firstVector := flag.Bool("first-vector", false, "print the milliseconds from the start of this process to a first vector and stop")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *firstVector {
		err = printFirstVector(ctx, os.Stdout)
	} else {
		err = run(ctx, o, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "encoder:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, out io.Writer) error {
	runtime.GOMAXPROCS(o.threads)
	texts, err := productTexts(filepath.Join(o.shared, "data/electronics/products.jsonl.gz"), o.texts)
	if err != nil {
		return err
	}
	ours, err := openOurs(o.shared)
	if err != nil {
		return err
	}
	theirs, err := startPeer(ctx, o)
	if err != nil {
		return err
	}
	defer theirs.Stop()
	fmt.Fprintf(out, "%s, %d threads a side, kernels: %s\n%s\n", machine.Name(), o.threads, kernels(), theirs.Versions)
	b := bench{options: o, out: out, ours: ours, theirs: theirs, texts: texts}
	for _, part := range parts {
		if !o.wants(part.name) {
			continue
		}
		if err := part.measure(&b, ctx); err != nil {
			return err
		}
	}
	return nil
}

// wants reports whether a part is to be measured.
func (o *options) wants(part string) bool {
	return o.only == "" || slices.Contains(strings.Split(o.only, ","), part)
}

// bench is one run of the command.
type bench struct {
	options
	out    io.Writer
	ours   map[bert.Precision]*bert.Model
	theirs *peer.Process
	texts  []string
}

// openOurs opens the embedded model in int8 and the published folder in float32.
func openOurs(shared string) (map[bert.Precision]*bert.Model, error) {
	embedded, err := openEmbedded()
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(shared, "models/all-MiniLM-L6-v2")
	published, err := bert.Open(os.DirFS(folder), bert.Options{Name: folder})
	return map[bert.Precision]*bert.Model{bert.Int8: embedded, bert.FP32: published}, err
}

func openEmbedded() (*bert.Model, error) {
	folder, err := assets.Model("minilm")
	if err != nil {
		return nil, err
	}
	return bert.Open(folder, bert.Options{Precision: bert.Int8})
}

// pause lets the threads of one side come to rest before the other side's turn:
// onnxruntime's were seen to spin for 40 ms after their work.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return errors.New("interrupted")
	case <-time.After(100 * time.Millisecond):
		return nil
	}
}
