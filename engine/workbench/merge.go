package workbench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"touchstone/engine"
)

// Merged says what a merge brought.
type Merged struct {
	Read, Added, Updated, Known int // judgments
	// Conflicts were graded on both sides, differently and without either knowing
	// of the other: they are kept beside what was here, as of another judge.
	Conflicts int
	Queries   int      // new to the query set
	Unknown   int      // judgments of products that the catalogue lacks; kept
	Notes     []string // how the file was understood
}

// Merge brings in what was judged elsewhere: another workspace (such as a
// judging pack that came back), or a file of judgments. It never takes a grade
// away: a grade here gives way only to one that was made out of it, which the
// other workspace's history shows; any other that differs becomes one by
// another judge, "ann (pack)". Merging the same file again changes nothing.
// judge is whose grades they are where the file does not say.
func (b *Bench) Merge(ctx context.Context, file, judge string) (*Merged, error) {
	theirs, err := b.returned(ctx, file, judge)
	if err != nil {
		return nil, err
	}
	if err := b.rename(theirs); err != nil {
		return nil, err
	}
	return theirs.Merged, b.merge(ctx, theirs)
}

// returned is what was judged in another place.
type returned struct {
	*Merged
	name      string // of the place, for conflicts
	judgments []engine.Judgment
	queries   []engine.Query
	past      map[factKey][]engine.Judgment // what stood there earlier, by its key
	news      []engine.Judgment             // of them what merge kept
}

// factKey names a judgment.
type factKey struct{ query, product, judge string }

func factOf(j *engine.Judgment) factKey { return factKey{j.Query, j.Product, j.Judge} }

func (b *Bench) returned(ctx context.Context, file, judge string) (*returned, error) {
	base := filepath.Base(file)
	out := &returned{Merged: &Merged{}, name: strings.TrimSuffix(base, filepath.Ext(base)), past: map[factKey][]engine.Judgment{}}
	if !strings.EqualFold(filepath.Ext(file), ".touchstone") {
		read, err := b.readJudgments(file, judge)
		if err != nil {
			return nil, err
		}
		out.judgments, out.queries, out.Notes = read.Judgments, read.Queries, read.Notes
		for _, p := range read.Problems {
			out.Notes = append(out.Notes, p.String())
		}
		return out, nil
	}
	other, err := b.store.OpenFile(file)
	if err != nil {
		return nil, err
	}
	err = errors.Join(b.readWorkspace(ctx, other, judge, out), other.Close())
	return out, err
}

// readWorkspace reads what another workspace holds of judgments.
func (b *Bench) readWorkspace(ctx context.Context, other Store, judge string, out *returned) error {
	settings := other.Settings()
	if scale := settings.Scale; len(scale) > 0 && scale.Max() != b.Scale().Max() {
		return fmt.Errorf("merge %s: its scale goes to %v, and this workspace's to %v; give both the same scale first", other.Path(), scale.Max(), b.Scale().Max())
	}
	name := func(j *engine.Judgment) {
		if j.Judge == (&Settings{}).judge() && judge != "" {
			j.Judge = judge // nobody gave a name there
		}
	}
	err := other.EachJudgment(ctx, func(j engine.Judgment) error {
		name(&j)
		out.judgments = append(out.judgments, j)
		return nil
	})
	if err != nil {
		return err
	}
	err = other.History(func(c engine.Change) bool {
		if c.Before != nil {
			j := *c.Before
			name(&j)
			out.past[factOf(&j)] = append(out.past[factOf(&j)], j)
		}
		return true
	})
	if err != nil {
		return err
	}
	out.queries, err = other.Queries()
	return err
}

func (b *Bench) merge(ctx context.Context, theirs *returned) error {
	past, err := b.past(theirs.judgments)
	if err != nil {
		return err
	}
	var news []engine.Judgment
	waiting := map[factKey]bool{} // of news
	keep := func() error {
		if len(news) == 0 {
			return nil
		}
		if err := b.notSeenHere(news); err != nil {
			return err
		}
		if err := b.store.BringJudgments(ctx, news); err != nil {
			return err
		}
		for _, j := range news {
			b.grades.put(j)
		}
		theirs.news, news = append(theirs.news, news...), nil
		clear(waiting)
		return nil
	}
	theirs.Read, theirs.news = len(theirs.judgments), nil
	for _, j := range theirs.judgments {
		if waiting[factOf(&j)] { // queries that are two there and one here
			if err := keep(); err != nil {
				return err
			}
		}
		if _, ok, err := b.store.Row(j.Product); err != nil {
			return err
		} else if !ok {
			theirs.Unknown++
		}
		switch stands, ok := b.grades.judgment(j.Judge, j.Query, j.Product); {
		case !ok && said(past[factOf(&j)], &j):
			theirs.Known++ // it was here and was taken back
			continue
		case !ok:
			theirs.Added++
		case stands.Grade == j.Grade && (j.Note == "" || stands.Note == j.Note):
			theirs.Known++
			continue
		case said(theirs.past[factOf(&j)], &stands):
			theirs.Updated++
		case said(past[factOf(&j)], &j):
			theirs.Known++ // what is here was made out of it
			continue
		default:
			if j.Judge, ok = b.otherJudge(&j, theirs.name); ok {
				theirs.Known++
				continue
			}
			theirs.Conflicts++
		}
		news = append(news, j)
		waiting[factOf(&j)] = true
	}
	var queries []engine.Query
	listed, err := b.store.Queries()
	if err != nil {
		return err
	}
	for _, q := range theirs.queries {
		if !slices.ContainsFunc(listed, func(l engine.Query) bool { return l.Text == q.Text }) {
			queries = append(queries, q)
		}
	}
	theirs.Queries = len(queries)
	if err := keep(); err != nil {
		return err
	}
	return b.putQueries(queries)
}

// past is what stood here earlier of some judgments.
func (b *Bench) past(of []engine.Judgment) (map[factKey][]engine.Judgment, error) {
	past := make(map[factKey][]engine.Judgment, len(of))
	for i := range of {
		past[factOf(&of[i])] = nil
	}
	err := b.store.History(func(c engine.Change) bool {
		if c.Before != nil {
			if key := factOf(c.Before); len(past) > 0 {
				if stood, wanted := past[key]; wanted {
					past[key] = append(stood, *c.Before)
				}
			}
		}
		return true
	})
	return past, err
}

// said reports whether a judgment is among earlier ones.
func said(earlier []engine.Judgment, j *engine.Judgment) bool {
	return slices.ContainsFunc(earlier, func(e engine.Judgment) bool {
		return e.Grade == j.Grade && e.Note == j.Note && e.Time.Equal(j.Time)
	})
}

// otherJudge is a name under which a judgment that differs from what stands can
// be kept, and whether it is kept there already.
func (b *Bench) otherJudge(j *engine.Judgment, place string) (name string, kept bool) {
	for n := 1; ; n++ {
		name = fmt.Sprintf("%s (%s)", j.Judge, place)
		if n > 1 {
			name = fmt.Sprintf("%s (%s %d)", j.Judge, place, n)
		}
		stands, ok := b.grades.judgment(name, j.Query, j.Product)
		if !ok || stands.Grade == j.Grade && stands.Note == j.Note {
			return name, ok
		}
	}
}
