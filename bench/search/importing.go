package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// importing measures an import of the real products beside the encoder's own
// time for the same texts, then the same import again.
func (b *bench) importing(ctx context.Context) error {
	folder, err := os.MkdirTemp(b.cache, "import-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	store, err := storage.Create(filepath.Join(folder, "w.touchstone"), storage.Options{})
	if err != nil {
		return err
	}
	w, err := workbench.Open(ctx, store, encoder)
	if err != nil {
		return errors.Join(err, store.Close())
	}
	fmt.Fprintf(b.out, "\nimport of the real products\n")
	began := time.Now()
	report, err := w.Import(ctx, []string{b.electronics()}, nil, nil)
	if err != nil {
		return errors.Join(err, w.Close())
	}
	all := time.Since(began)
	began = time.Now()
	again, err := w.Import(ctx, []string{b.electronics()}, nil, nil)
	if err != nil {
		return errors.Join(err, w.Close())
	}
	second := time.Since(began)
	var texts []string
	err = store.EachProduct(ctx, func(_ uint32, p engine.Product) error {
		texts = append(texts, p.Text())
		return nil
	})
	if err = errors.Join(err, w.Close()); err != nil {
		return err
	}
	model, err := encoder("minilm")
	if err != nil {
		return err
	}
	began = time.Now()
	for done := 0; done < len(texts); done += 512 {
		if _, err := model.Encode(ctx, texts[done:min(done+512, len(texts))]); err != nil {
			return err
		}
	}
	encoding := time.Since(began)
	fmt.Fprintf(b.out, "%d products: %.1f s, the encoder alone %.1f s: %.2f times; again with nothing changed (%d unchanged): %.2f s\n",
		report.Added, all.Seconds(), encoding.Seconds(), all.Seconds()/encoding.Seconds(), again.Unchanged, second.Seconds())
	return nil
}
