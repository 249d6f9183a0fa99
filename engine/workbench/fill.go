package workbench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/exchange"
	"touchstone/engine/retrieve"
	"touchstone/engine/text"
)

// Part is the share of a catalogue file that one of several machines takes: the
// products whose ID falls to it. The zero Part is all.
type Part struct{ I, Of int } // the I-th of Of, from 1

// ParsePart reads "2/4".
func ParsePart(s string) (Part, error) {
	var p Part
	if s == "" {
		return p, nil
	}
	if n, err := fmt.Sscanf(s, "%d/%d", &p.I, &p.Of); n != 2 || err != nil || p.I < 1 || p.Of < p.I || s != p.String() {
		return Part{}, fmt.Errorf("%q is no share; write 2/4 for the second of four", s)
	}
	return p, nil
}

func (p Part) String() string {
	if p.Of == 0 {
		return ""
	}
	return strconv.Itoa(p.I) + "/" + strconv.Itoa(p.Of)
}

// has tells by the ID, so that a product always falls to the same machine.
func (p Part) has(id string) bool {
	if p.Of <= 1 {
		return true
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32()%uint32(p.Of)) == p.I-1
}

// ImportPart is Import of a share of the files, for a catalogue that is kept
// elsewhere and that several machines fill.
func (b *Bench) ImportPart(ctx context.Context, files []string, mapping map[string]engine.Role, part Part, progress engine.OnProgress) (*ImportReport, error) {
	var report *ImportReport
	err := b.change("import", func() (err error) {
		settings := b.store.Settings()
		if settings.Home == "" {
			return errors.New("import a share: the workspace keeps its catalogue itself; shares are for one that an engine keeps")
		}
		report, err = b.importFar(ctx, files, mapping, part, progress)
		return err
	})
	return report, err
}

// importFar reads files into the catalogue that is kept elsewhere. What was sent
// before an import stopped is not sent again.
func (b *Bench) importFar(ctx context.Context, files []string, mapping map[string]engine.Role, part Part, progress engine.OnProgress) (*ImportReport, error) {
	start := time.Now()
	catalogue, err := b.farCatalogue()
	if err != nil {
		return nil, err
	}
	report := &ImportReport{}
	for _, file := range files {
		if err := b.fillFrom(ctx, catalogue, file, mapping, part, report, progress); err != nil {
			return report, err
		}
	}
	if _, err := b.fetchWords(ctx); err != nil {
		return report, err
	}
	settings := b.store.Settings()
	report.Language, report.Model, report.Fields = settings.Catalogue.Language, settings.Model, settings.Catalogue.Fields
	report.Seconds = time.Since(start).Seconds()
	return report, b.look(ctx, nil, progress)
}

// fillFrom reads one file into the catalogue.
func (b *Bench) fillFrom(ctx context.Context, catalogue engine.RemoteCatalogue, file string, mapping map[string]engine.Role, part Part, report *ImportReport, progress engine.OnProgress) error {
	c, err := exchange.OpenCatalogue(file, exchange.CatalogueOptions{Mapping: mapping})
	if err != nil {
		return err
	}
	defer c.Close()
	var first []engine.Product // as many as tell the language
	var texts []string
	for len(first) < languageSample {
		p, err := c.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		first, texts = append(first, p), append(texts, languageOf(&p))
	}
	if len(first) == 0 {
		return fmt.Errorf("import %s: no product in it could be read (%d rows were skipped%s)", c.Name(), c.Skipped(), firstProblem(c.Problems()))
	}
	if err := b.settle(ctx, catalogue, c.Fields(), texts); err != nil {
		return err
	}
	before, err := catalogue.Count(ctx)
	if err != nil {
		return err
	}
	name := filepath.Base(file)
	source := name
	if info, err := os.Stat(file); err == nil {
		source = fmt.Sprintf("%s %d %d", name, info.Size(), info.ModTime().UnixNano())
	}
	sent, err := b.send(ctx, catalogue, filling{
		source: fmt.Sprintf("import %s %s", source, part), name: fmt.Sprintf("%s %s", name, part),
		report: func(n int) {
			bytes, of := c.Read()
			progress.Report(engine.Progress{Stage: "sending", Done: int(bytes >> 10), Total: int(of >> 10)})
		},
		next: func() (engine.Brought, error) {
			for {
				var p engine.Product
				if len(first) > 0 {
					p, first = first[0], first[1:]
				} else {
					var err error
					if p, err = c.Next(); err != nil {
						return engine.Brought{}, err
					}
				}
				if part.has(p.ID) {
					return engine.Brought{Product: p}, nil
				}
			}
		},
	})
	for _, p := range c.Problems() {
		report.Problems = append(report.Problems, RowProblem{File: p.File, Line: p.Line, What: p.What})
	}
	report.Notes = append(report.Notes, c.Notes()...)
	report.Skipped += c.Skipped()
	if err != nil {
		return fmt.Errorf("import %s: %w; import it again to go on from there", c.Name(), err)
	}
	after, err := catalogue.Count(ctx)
	if err != nil {
		return err
	}
	// Others may fill it at the same time: what is new is at most what was sent.
	added := max(0, min(after-before, sent))
	report.Added += added
	report.Changed += sent - added
	return nil
}

// settle decides language and encoder, by what is there or else by the texts,
// and prepares the catalogue.
func (b *Bench) settle(ctx context.Context, catalogue engine.RemoteCatalogue, fields []engine.Field, texts []string) error {
	about, there, err := catalogue.About(ctx)
	if err != nil {
		return err
	}
	settings := b.store.Settings()
	settings.Catalogue.Fields = fields
	if there {
		settings.Catalogue.Language, settings.Model = about.Language, about.Model
	} else if settings.Catalogue.Language == "" {
		settings.Catalogue.Language = text.DetectLanguage(texts)
	}
	if settings.Writer == "" {
		settings.Writer = fmt.Sprintf("%x", time.Now().UnixNano())
	}
	if err := b.store.PutSettings(settings); err != nil {
		return err
	}
	if err := b.chooseModel(); err != nil {
		return err
	}
	if err := b.look(ctx, nil, nil); err != nil {
		return err
	}
	return catalogue.Prepare(ctx, b.about())
}

// about describes the catalogue as the workspace has it.
func (b *Bench) about() engine.RemoteAbout {
	settings := b.store.Settings()
	about := engine.RemoteAbout{Language: settings.Catalogue.Language, Model: settings.Model, Fields: settings.Catalogue.Fields}
	if encoder := b.view.Load().base; encoder != nil {
		about.Encoder, about.Dim = encoder.Name(), encoder.Dim()
	}
	return about
}

// filling is what goes into a remote catalogue.
type filling struct {
	source string // it, and its state: the same source goes on where it stopped
	name   string // under which its words are counted
	next   func() (engine.Brought, error)
	report func(sent int)
}

// progressName is the derived data that says how far a filling has come.
const progressName = "far progress"

// filled is how far a filling has come: all of the first Done products are there.
type filled struct {
	Source string `json:"source"`
	Done   int    `json:"done"`
	Counts []byte `json:"counts"`
}

// How products are sent.
const (
	sendAtOnce  = 3  // batches on the way
	sendBetween = 16 // batches between two notes of how far it is
)

// send sends products and counts their words; it returns how many went over
// since the source was begun. It encodes those that have no vector.
func (b *Bench) send(ctx context.Context, catalogue engine.RemoteCatalogue, f filling) (int, error) {
	v := b.view.Load()
	counts := retrieve.NewCounts()
	var state filled
	_, err := b.store.Derived(progressName, func(data []byte) error { return json.Unmarshal(data, &state) })
	if err != nil || state.Source != f.source || counts.Merge(state.Counts) != nil {
		state, counts = filled{Source: f.source}, retrieve.NewCounts() // from the start
	}
	for range state.Done {
		if _, err := f.next(); err != nil {
			return 0, err
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(sendAtOnce)
	note := func() (err error) {
		if err = group.Wait(); err != nil {
			return err
		}
		group, gctx = errgroup.WithContext(ctx)
		group.SetLimit(sendAtOnce)
		if state.Counts, err = counts.Encode(); err != nil {
			return err
		}
		data, err := json.Marshal(state)
		if err != nil {
			return err
		}
		return b.store.PutDerived(progressName, data)
	}
	for n := 1; ; n++ {
		batch, end, err := f.batch()
		if err == nil {
			err = b.ready(gctx, v, batch, counts)
		}
		if err != nil {
			if failed := group.Wait(); failed != nil {
				err = failed // which stopped this one
			}
			return state.Done, err
		}
		group.Go(func() error { return catalogue.Put(gctx, batch) })
		state.Done += len(batch)
		f.report(state.Done)
		if end {
			break
		}
		if n%sendBetween == 0 {
			if err := note(); err != nil {
				return state.Done, err
			}
		}
	}
	if err := note(); err != nil {
		return state.Done, err
	}
	settings := b.store.Settings()
	if err := catalogue.PutWords(ctx, settings.Writer+" "+f.name, state.Counts); err != nil {
		return state.Done, err
	}
	return state.Done, b.store.PutDerived(progressName, []byte("{}"))
}

// batch takes the next products; end says that there are no more.
func (f *filling) batch() (batch []engine.Brought, end bool, err error) {
	for len(batch) < encodeBatch {
		p, err := f.next()
		if errors.Is(err, io.EOF) {
			return batch, true, nil
		}
		if err != nil {
			return nil, false, err
		}
		batch = append(batch, p)
	}
	return batch, false, nil
}

// ready gives products what they need to be found: words and vectors, but none to
// hidden ones.
func (b *Bench) ready(ctx context.Context, v *view, batch []engine.Brought, counts *retrieve.Counts) error {
	var texts []string
	var of []int
	for i := range batch {
		p := &batch[i].Product
		if p.Hidden {
			batch[i].Vector = nil
			continue
		}
		counts.Add(v.analyzer, p)
		batch[i].Words = retrieve.Words(v.analyzer, p)
		if batch[i].Vector == nil && v.base != nil {
			texts, of = append(texts, p.Text()), append(of, i)
		}
	}
	if len(texts) == 0 {
		return ctx.Err()
	}
	vectors, err := v.base.Encode(ctx, texts)
	if err != nil {
		return err
	}
	for k, i := range of {
		batch[i].Vector = vectors[k]
	}
	return nil
}
