package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"touchstone/assets"
	"touchstone/engine"
	"touchstone/engine/bert"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

func encoder(name string) (engine.Encoder, error) {
	folder, err := assets.Model(name)
	if err != nil {
		return nil, err
	}
	return bert.Open(folder, bert.Options{Name: name, Precision: bert.Int8})
}

// rulesEffect times what a rule does to 1,000 queries over the electronics
// catalogue, each kind of rule after the pages before it are known, as while it
// is typed. path is a workspace to work on a copy of; "" makes one.
func rulesEffect(out io.Writer, path, shared string) (err error) {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "deciding")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	copied := filepath.Join(folder, "electronics.touchstone")
	var store *storage.Workspace
	if path != "" {
		data, err := os.ReadFile(path)
		if err == nil {
			err = os.WriteFile(copied, data, 0o600)
		}
		if err != nil {
			return err
		}
		store, err = storage.Open(copied, storage.Options{})
		if err != nil {
			return err
		}
	} else if store, err = storage.Create(copied, storage.Options{}); err != nil {
		return err
	}
	bench, err := workbench.Open(ctx, store, encoder)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	defer func() { err = errors.Join(err, bench.Close()) }()
	if bench.Status().Products == 0 {
		fmt.Fprintln(os.Stderr, "importing and encoding the electronics catalogue")
		if _, err := bench.Import(ctx, []string{filepath.Join(shared, "electronics", "products.jsonl.gz")}, nil, nil); err != nil {
			return err
		}
	}
	if _, err := bench.ImportJudgments(ctx, filepath.Join(shared, "electronics", "judgments.csv"), ""); err != nil {
		return err
	}
	queries, err := thousandQueries(store)
	if err != nil {
		return err
	}
	if err := store.PutQueries(queries); err != nil {
		return err
	}
	all, err := bench.Queries()
	if err != nil {
		return err
	}
	status := bench.Status()
	start := time.Now()
	if err := bench.WarmRules(ctx, nil); err != nil {
		return err
	}
	fmt.Fprintf(out, "searching %d queries once, as the Rules place does when it is entered %46.0f ms\n", len(all), time.Since(start).Seconds()*1000)
	first := engine.Rule{Kind: engine.BoostRule, When: engine.When{Queries: []string{all[0].Text}}, Words: "black", By: 0.5}
	word := strings.Fields(all[len(all)-1].Text)[0]
	for _, c := range []struct {
		name string
		rule engine.Rule
	}{
		{"the first rule", first},
		{"boost on one query", engine.Rule{Kind: engine.BoostRule, When: engine.When{Queries: []string{all[1].Text}}, Words: "black", By: 0.5}},
		{"hide on queries with " + word, engine.Rule{Kind: engine.HideRule, When: engine.When{Has: []string{word}}, Words: "case"}},
		{"boost on every query like ^[a-e]", engine.Rule{Kind: engine.BoostRule, When: engine.When{Pattern: "^[a-e]"}, Words: "black", By: 0.5}},
		{"filter on every query like ^[f-n]", engine.Rule{Kind: engine.FilterRule, When: engine.When{Pattern: "^[f-n]"}, Words: "black"}},
		{"synonym that one in some queries has", engine.Rule{Kind: engine.SynonymRule, Terms: []string{"wireless", "bluetooth"}}},
		{"boost on every query there is", engine.Rule{Kind: engine.BoostRule, Words: "usb", By: 0.25}},
	} {
		after, err := bench.DraftRules(nil, c.rule)
		if err != nil {
			return err
		}
		start, used := time.Now(), cpu()
		e, err := bench.RuleEffect(ctx, nil, after, nil)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "a rule's effect on %d queries over %d products: %-50s %4d affected, %4d pages change %7.0f ms, %6.0f ms of processors  (bar 1000)\n",
			e.Queries, status.Products, c.name, e.Affected, len(e.Changed), time.Since(start).Seconds()*1000, (cpu()-used).Seconds()*1000)
	}
	return nil
}

// thousandQueries makes queries of the words of products, from a fixed seed.
func thousandQueries(store *storage.Workspace) ([]engine.Query, error) {
	rng := rand.New(rand.NewPCG(5, 6))
	var titles []string
	err := store.EachProduct(context.Background(), func(_ uint32, p engine.Product) error {
		titles = append(titles, p.Title)
		return nil
	})
	if err != nil || len(titles) == 0 {
		return nil, err
	}
	known := map[string]bool{}
	var queries []engine.Query
	for len(queries) < 1000 {
		words := strings.Fields(strings.ToLower(titles[rng.IntN(len(titles))]))
		n := min(len(words), 2+rng.IntN(3))
		from := rng.IntN(len(words) - n + 1)
		if text := strings.Trim(strings.Join(words[from:from+n], " "), " ,.-()"); text != "" && !known[text] {
			known[text] = true
			queries = append(queries, engine.Query{Text: text})
		}
	}
	return queries, nil
}
