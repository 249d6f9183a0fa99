package workbench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/engine"
	"touchstone/engine/exchange"
)

// PackRequest asks for a judging pack: what there is to judge, for another
// machine.
type PackRequest struct {
	File  string // .touchstone for those who have the app, .csv or .xlsx for the others
	Judge string // what is shared out to this judge; "" is everything that is pooled
	Depth int    // of each ranker, where nothing is shared out to the judge; 0 is 10
	Tag   string // only queries with this tag
	Seed  int64
}

// Packed says what a pack holds.
type Packed struct{ Queries, Products, Pairs int }

// WritePack writes a judging pack: queries with their information needs, the
// products to judge for them in an order of chance, and the scale; no rankings,
// no scores and no one's grades. A *.touchstone pack is a workspace of its own,
// judged like any other and merged back by Merge.
func (b *Bench) WritePack(ctx context.Context, req PackRequest, progress engine.OnProgress) (Packed, error) {
	tasks, err := b.packTasks(ctx, req, progress)
	if err != nil {
		return Packed{}, err
	}
	if len(tasks) == 0 {
		return Packed{}, fmt.Errorf("pack %s: there is nothing to judge in it; import queries first, or choose another judge or tag", req.File)
	}
	set, err := b.Queries()
	if err != nil {
		return Packed{}, err
	}
	known := map[string]engine.Query{}
	for _, q := range set {
		known[q.Text] = q
	}
	var packed Packed
	var queries []engine.Query
	products := map[string]engine.Product{}
	for i := range tasks {
		q := known[tasks[i].Query]
		queries = append(queries, engine.Query{Text: tasks[i].Query, Need: q.Need})
		tasks[i].Judge = ""
		tasks[i].Products = slices.Clone(tasks[i].Products)
		var missing []string
		for _, id := range tasks[i].Products {
			p, ok, err := b.store.Product(id)
			if err != nil {
				return packed, err
			}
			if !ok {
				missing = append(missing, id)
				continue
			}
			products[id] = p
			packed.Pairs++
		}
		tasks[i].Products = slices.DeleteFunc(tasks[i].Products, func(id string) bool { return slices.Contains(missing, id) })
	}
	packed.Queries, packed.Products = len(queries), len(products)
	switch strings.ToLower(filepath.Ext(req.File)) {
	case ".csv", ".xlsx":
		sheet := exchange.JudgingSheet{Scale: b.Scale(), Judge: req.Judge}
		for i, task := range tasks {
			for _, id := range task.Products {
				sheet.Rows = append(sheet.Rows, exchange.JudgingRow{Query: queries[i], Product: products[id]})
			}
		}
		return packed, exchange.WriteJudgingSheet(req.File, sheet)
	case ".touchstone":
		return packed, b.packFile(ctx, req, tasks, queries, products)
	}
	return packed, fmt.Errorf("pack %s: end the name in .touchstone, or in .xlsx or .csv for those without the app", req.File)
}

// packTasks is what goes into a pack.
func (b *Bench) packTasks(ctx context.Context, req PackRequest, progress engine.OnProgress) ([]Assignment, error) {
	var tasks []Assignment
	for _, a := range b.assigned.Load().list {
		if req.Judge != "" && a.Judge == req.Judge {
			tasks = append(tasks, a)
		}
	}
	if len(tasks) > 0 {
		return tasks, nil
	}
	pairs, err := b.pooledPairs(ctx, req.Depth, req.Tag, req.Seed, progress)
	return shuffled(pairs, "", req.Seed), err
}

// packFile writes the pack as a workspace, whole or not at all.
func (b *Bench) packFile(ctx context.Context, req PackRequest, tasks []Assignment, queries []engine.Query, products map[string]engine.Product) (err error) {
	to, err := b.store.NewFile(req.File)
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, to.Close()); err != nil {
			err = errors.Join(err, os.Remove(req.File)) // made just now, by this call
		}
	}()
	mine := b.store.Settings()
	settings := to.Settings()
	settings.Catalogue, settings.Scale, settings.Judge = mine.Catalogue, mine.Scale, req.Judge
	list := make([]engine.Product, 0, len(products))
	for _, p := range products {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b engine.Product) int { return strings.Compare(a.ID, b.ID) })
	if _, err = to.PutProducts(ctx, list); err != nil {
		return err
	}
	return errors.Join(to.PutSettings(settings), to.PutQueries(queries), to.SetAssignments(tasks))
}
