// Command quantise writes the model folders that Touchstone embeds, from the
// published ones:
//
//	go run ./assets/models/quantise -from ../shared/models -to assets/models
//
// The same input gives the same bytes. It knows which published model becomes
// which folder, and nothing of how one is read or rounded: that is engine/bert's.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"touchstone/engine/bert"
)

// models are the published models by the name of their folder here.
var models = []struct{ folder, name string }{
	{"minilm", "all-MiniLM-L6-v2"},
	{"bge-zh", "bge-small-zh-v1.5"},
}

func main() {
	from := flag.String("from", "../shared/models", "folder of the published model folders")
	to := flag.String("to", "assets/models", "folder to write the quantised ones to")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "quantise:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	for _, m := range models {
		dst := filepath.Join(to, m.folder)
		if err := bert.Quantise(dst, os.DirFS(filepath.Join(from, m.name)), m.name); err != nil {
			return err
		}
		fmt.Printf("%s: written to %s\n", m.name, dst)
	}
	return nil
}
