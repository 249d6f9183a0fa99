package workbench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"reflect"
	"slices"
	"time"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/text"
)

// together is how many products are stored in one transaction. A catalogue of
// up to this many is imported all or none.
const together = 100_000

// languageSample is how many products decide the language.
const languageSample = 500

// languageOf is what of a product tells its language: titles alone are mostly
// names, and have few of the small words that tell.
func languageOf(p *engine.Product) string { return p.Title + "\n" + p.Description }

// Import reads catalogue files into the workspace: stores the products, indexes
// their words, and encodes those whose text is new. mapping gives columns their
// roles where the guess would be wrong. A re-import changes only what differs.
//
// When ctx ends while the products are indexed or encoded, everything up to there
// stays and is searchable (they are stored by then, so the index is finished), the
// report is returned with ctx's error, and Resume goes on with the rest. A file
// that cannot be read ends the import; the products of those before it stay and
// are searchable.
func (b *Bench) Import(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*ImportReport, error) {
	return b.importAs(ctx, files, mapping, false, progress)
}

// Replace is Import of files that are the whole catalogue: products that none of
// them has are removed. Judgments of them stay.
func (b *Bench) Replace(ctx context.Context, files []string, mapping map[string]engine.Role, progress engine.OnProgress) (*ImportReport, error) {
	return b.importAs(ctx, files, mapping, true, progress)
}

func (b *Bench) importAs(ctx context.Context, files []string, mapping map[string]engine.Role, whole bool, progress engine.OnProgress) (*ImportReport, error) {
	var report *ImportReport
	err := b.change("import", func() (err error) {
		report, err = b.importFiles(ctx, files, mapping, whole, progress)
		return err
	})
	return report, err
}

func (b *Bench) importFiles(ctx context.Context, files []string, mapping map[string]engine.Role, whole bool, progress engine.OnProgress) (*ImportReport, error) {
	start := time.Now()
	if settings := b.store.Settings(); settings.Home != "" {
		return b.importFar(ctx, files, mapping, Part{}, progress)
	}
	if err := b.keepBackup(ctx, "import"); err != nil {
		return nil, err
	}
	report := &ImportReport{}
	changed := b.watch()
	for _, file := range files {
		if err := b.storeFile(ctx, file, mapping, report, changed, progress); err != nil {
			if len(changed.rows) > 0 { // what was stored before is there to be found
				err = errors.Join(err, b.turnToProducts(context.WithoutCancel(ctx), changed, nil))
			}
			return nil, err
		}
	}
	err := b.absent(ctx, whole, report, changed)
	if err = errors.Join(err, b.turnToProducts(context.WithoutCancel(ctx), changed, progress)); err != nil {
		return nil, err
	}
	err = b.encode(ctx, progress)
	settings := b.store.Settings()
	report.Language, report.Model, report.Fields = settings.Catalogue.Language, settings.Model, settings.Catalogue.Fields
	report.Seconds = time.Since(start).Seconds()
	return report, err
}

// turnToProducts lets what an import has stored be found.
func (b *Bench) turnToProducts(ctx context.Context, changed *changes, progress engine.OnProgress) error {
	if err := b.chooseModel(); err != nil {
		return err
	}
	return b.look(ctx, changed, progress)
}

// storeFile reads one file and stores its products. An error says how many of them
// were stored before, where they are more than fit into one transaction.
func (b *Bench) storeFile(ctx context.Context, file string, mapping map[string]engine.Role, report *ImportReport, into *changes, progress engine.OnProgress) error {
	c, err := exchange.OpenCatalogue(file, exchange.CatalogueOptions{Mapping: mapping})
	if err != nil {
		return err
	}
	defer c.Close()
	var batch []engine.Product
	var texts []string
	read, files, addresses := 0, 0, 0
	flush := func() error {
		changed, err := b.differing(batch, report, into)
		if err != nil {
			return err
		}
		rows, err := b.store.PutProducts(ctx, changed)
		into.add(rows)
		batch = batch[:0]
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("import %s: %w; %d of its products were stored before", c.Name(), err, read-len(batch))
		}
		p, err := c.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("%w; %d of its products were stored before", err, read-len(batch))
		}
		if batch = append(batch, p); len(batch) == together {
			if err := flush(); err != nil {
				return err
			}
		}
		switch {
		case namesFile(&p):
			files++
		case namesAddress(&p):
			addresses++
		}
		if len(texts) < languageSample {
			texts = append(texts, languageOf(&p))
		}
		if read++; read%256 == 0 {
			bytes, of := c.Read()
			progress.Report(engine.Progress{Stage: "reading", Done: int(bytes >> 10), Total: int(of >> 10)})
		}
	}
	for _, p := range c.Problems() {
		report.Problems = append(report.Problems, RowProblem{File: p.File, Line: p.Line, What: p.What})
	}
	report.Notes = append(report.Notes, c.Notes()...)
	report.Skipped += c.Skipped()
	if read == 0 {
		return fmt.Errorf("import %s: no product in it could be read (%d rows were skipped%s)", c.Name(), c.Skipped(), firstProblem(c.Problems()))
	}
	if err := flush(); err != nil {
		return err
	}
	settings := b.store.Settings()
	settings.Catalogue.Fields = c.Fields()
	if settings.Catalogue.Language == "" {
		settings.Catalogue.Language = text.DetectLanguage(texts)
	}
	report.Addresses += addresses
	if full, err := filepath.Abs(file); err == nil && files > 0 && settings.Pictures.Folder == "" {
		settings.Pictures.Folder = filepath.Dir(full)
	}
	return b.store.PutSettings(settings)
}

// absent counts the products that the files of an import do not have, and removes
// them where the files are the whole catalogue.
func (b *Bench) absent(ctx context.Context, whole bool, report *ImportReport, changed *changes) error {
	v := b.view.Load()
	var rows []uint32
	for _, row := range append(v.index.Live(0, v.index.Len()), v.hidden...) {
		if !changed.seen[row] {
			rows = append(rows, row)
		}
	}
	if !whole {
		report.Missing = len(rows)
		return nil
	}
	var ids []string
	for _, row := range rows {
		p, ok, err := b.store.ProductAt(row)
		if err != nil {
			return err
		}
		if ok {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := b.store.DeleteProducts(ctx, ids); err != nil {
		return err
	}
	changed.add(rows)
	report.Removed = len(ids)
	return nil
}

func firstProblem(problems []exchange.Problem) string {
	if len(problems) == 0 {
		return ""
	}
	return "; the first: " + problems[0].String()
}

// differing counts what is new and what changed, and leaves out the rest.
func (b *Bench) differing(products []engine.Product, report *ImportReport, into *changes) ([]engine.Product, error) {
	changed := products[:0]
	for _, p := range products {
		old, ok, err := b.store.Product(p.ID)
		switch {
		case err != nil:
			return nil, err
		case !ok:
			report.Added++
		default:
			row, _, err := b.store.Row(p.ID)
			if err != nil {
				return nil, err
			}
			into.seen[row] = true
			p.Hidden = old.Hidden // a person's decision, which files know nothing of
			if sameProduct(old, p) {
				report.Unchanged++
				continue
			}
			report.Changed++
		}
		changed = append(changed, p)
	}
	return changed, nil
}

func sameProduct(a, b engine.Product) bool {
	if !a.Date.Equal(b.Date) {
		return false
	}
	a.Date, b.Date = time.Time{}, time.Time{}
	if len(a.Attributes) == 0 && len(b.Attributes) == 0 {
		a.Attributes, b.Attributes = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// modelOf is the embedded model of a language.
var modelOf = map[string]string{"zh": "bge-zh"}

// chooseModel settles which encoder the workspace uses, once its language is
// known.
func (b *Bench) chooseModel() error {
	settings := b.store.Settings()
	if settings.Model != "" && settings.Model != AutoModel {
		return nil
	}
	settings.Model = "minilm"
	if m, ok := modelOf[settings.Catalogue.Language]; ok {
		settings.Model = m
	}
	return b.store.PutSettings(settings)
}

// Resume encodes what a cancelled or killed import left without a vector. It is
// quick where nothing is left.
func (b *Bench) Resume(ctx context.Context, progress engine.OnProgress) error {
	return b.change("encode", func() error { return b.encode(ctx, progress) })
}

// encodeBatch is how many products are encoded and stored together: work of a
// few hundred milliseconds, so that cancelling is quick and little is lost.
const encodeBatch = 512

// encode makes the vectors that are missing or stale.
func (b *Bench) encode(ctx context.Context, progress engine.OnProgress) error {
	return b.encodeOf(ctx, func(uint32) bool { return true }, progress)
}

// encodeOf makes those of some rows.
func (b *Bench) encodeOf(ctx context.Context, wanted func(row uint32) bool, progress engine.OnProgress) error {
	encoder := b.view.Load().base
	if encoder == nil {
		return nil
	}
	rows := slices.DeleteFunc(b.view.Load().index.Unencoded(), func(row uint32) bool { return !wanted(row) })
	if len(rows) == 0 {
		return nil
	}
	encoded := b.watch()
	start := time.Now()
	for done := 0; done < len(rows); {
		batch := rows[done:min(done+encodeBatch, len(rows))]
		if err := b.encodeRows(ctx, encoder, batch); err != nil {
			// What was encoded before an error or a cancel is there to be found.
			return errors.Join(err, b.look(context.WithoutCancel(ctx), nil, nil))
		}
		encoded.add(batch)
		done += len(batch)
		perRow := time.Since(start) / time.Duration(done)
		progress.Report(engine.Progress{Stage: "encoding", Done: done, Total: len(rows), Left: perRow * time.Duration(len(rows)-done)})
	}
	return b.look(ctx, encoded, progress)
}

func (b *Bench) encodeRows(ctx context.Context, encoder engine.Encoder, rows []uint32) error {
	texts := make([]string, len(rows))
	vectors := make([]Vector, len(rows))
	for i, row := range rows {
		p, _, err := b.store.ProductAt(row)
		if err != nil {
			return err
		}
		texts[i] = p.Text()
		vectors[i] = Vector{Row: row, Hash: p.TextHash()}
	}
	encoded, err := encoder.Encode(ctx, texts)
	if err != nil {
		return err
	}
	for i := range vectors {
		vectors[i].Values = encoded[i]
	}
	return b.store.PutVectors(ctx, encoder.Name(), vectors)
}
