package workbench

import (
	"context"
	"fmt"
	"io"
	"time"

	"touchstone/engine"
)

// Move keeps the catalogue at an engine from now on, or in the workspace for
// Local: its products and vectors go there. Judgments, rankers and all else stay.
// A move that stops half-way has changed nothing here and goes on where it
// stopped when it is asked for again.
//
// A workspace without products takes over the catalogue that the engine has.
func (b *Bench) Move(ctx context.Context, to string, progress engine.OnProgress) error {
	return b.change("move the catalogue", func() error {
		settings := b.store.Settings()
		switch {
		case to == settings.Home || to == Local && settings.Home == "":
			return fmt.Errorf("the catalogue is at %s already", to)
		case to == Local:
			return b.moveHere(ctx, progress)
		case settings.Home != "":
			return fmt.Errorf("the catalogue is at %s; move it here first: touchstone engine W move local", settings.Home)
		}
		return b.moveThere(ctx, to, progress)
	})
}

func (b *Bench) moveThere(ctx context.Context, to string, progress engine.OnProgress) error {
	far, err := b.elsewhere(to)
	if err != nil {
		return err
	}
	catalogue, err := far.catalogue()
	if err != nil {
		return err
	}
	about, there, err := catalogue.About(ctx)
	if err != nil {
		return err
	}
	settings := b.store.Settings()
	if b.view.Load().index.Len() > 0 {
		if settings.Writer == "" {
			settings.Writer = fmt.Sprintf("%x", time.Now().UnixNano())
			if err := b.store.PutSettings(settings); err != nil {
				return err
			}
		}
		if err := b.sendAll(ctx, catalogue, to, progress); err != nil {
			return err
		}
	} else if there {
		settings.Catalogue.Language, settings.Catalogue.Fields, settings.Model = about.Language, about.Fields, about.Model
	}
	settings.Home, settings.Candidates = to, ""
	if err := b.store.PutSettings(settings); err != nil {
		return err
	}
	b.remotes.forget()
	if _, err := b.fetchWords(ctx); err != nil {
		return err
	}
	// What is there needs no second place here.
	var ids []string
	err = b.store.EachProduct(ctx, func(_ uint32, p engine.Product) error {
		ids = append(ids, p.ID)
		return nil
	})
	if err != nil {
		return err
	}
	for len(ids) > 0 {
		n := min(together, len(ids))
		if err := b.store.DeleteProducts(ctx, ids[:n]); err != nil {
			return err
		}
		ids = ids[n:]
	}
	return b.look(ctx, nil, progress)
}

// sendAll fills a remote catalogue with that of the workspace and counts it there.
func (b *Bench) sendAll(ctx context.Context, catalogue engine.RemoteCatalogue, to string, progress engine.OnProgress) error {
	if err := b.encode(ctx, progress); err != nil {
		return err
	}
	if err := catalogue.Prepare(ctx, b.about()); err != nil {
		return err
	}
	if err := b.store.KeepBackup(ctx, "move"); err != nil {
		return err
	}
	v := b.view.Load()
	var rows []uint32
	err := b.store.EachProduct(ctx, func(row uint32, _ engine.Product) error {
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return err
	}
	total, at := len(rows), 0
	start := time.Now()
	sent, err := b.send(ctx, catalogue, filling{
		source: fmt.Sprintf("move %s %d", to, b.store.Generation()), name: "all",
		next: func() (engine.Brought, error) {
			if at == len(rows) {
				return engine.Brought{}, io.EOF
			}
			at++
			p, _, err := b.store.ProductAt(rows[at-1])
			return engine.Brought{Product: p, Vector: v.index.Vector(rows[at-1])}, err
		},
		report: func(n int) {
			left := time.Since(start) / time.Duration(max(n, 1)) * time.Duration(max(0, total-n))
			progress.Report(engine.Progress{Stage: "sending", Done: n, Total: total, Left: left})
		},
	})
	if err != nil {
		return fmt.Errorf("move the catalogue: %w; nothing has changed here, and moving again goes on from there", err)
	}
	there, err := catalogue.Count(ctx)
	if err != nil {
		return err
	}
	if there != sent {
		return fmt.Errorf("move the catalogue: %d products were sent and %s has %d: another catalogue was there before, or something takes products away; nothing has changed here", sent, to, there)
	}
	return nil
}

// moveHere brings a remote catalogue into the workspace. What is there stays.
func (b *Bench) moveHere(ctx context.Context, progress engine.OnProgress) error {
	settings := b.store.Settings()
	catalogue, err := b.farCatalogue()
	if err != nil {
		return err
	}
	total, err := catalogue.Count(ctx)
	if err != nil {
		return err
	}
	encoder := b.view.Load().base
	have := 0
	err = catalogue.Each(ctx, func(list []engine.Brought) error {
		products := make([]engine.Product, len(list))
		for i := range list {
			products[i] = list[i].Product
		}
		rows, err := b.store.PutProducts(ctx, products)
		if err != nil {
			return err
		}
		var vectors []Vector
		for i, row := range rows {
			if list[i].Vector != nil {
				vectors = append(vectors, Vector{Row: row, Hash: products[i].TextHash(), Values: list[i].Vector})
			}
		}
		if encoder != nil && len(vectors) > 0 {
			if err := b.store.PutVectors(ctx, encoder.Name(), vectors); err != nil {
				return err
			}
		}
		have += len(list)
		progress.Report(engine.Progress{Stage: "bringing", Done: have, Total: total})
		return nil
	})
	if err != nil {
		return fmt.Errorf("move the catalogue here: %w; %s keeps it, and moving again goes on", err, settings.Home)
	}
	if have < total {
		return fmt.Errorf("move the catalogue here: %s has %d products and sent %d; it keeps them, try again", settings.Home, total, have)
	}
	settings.Home, settings.Candidates = "", ""
	if err := b.store.PutSettings(settings); err != nil {
		return err
	}
	b.remotes.forget()
	if err := b.look(ctx, nil, progress); err != nil {
		return err
	}
	return b.encode(ctx, progress)
}
