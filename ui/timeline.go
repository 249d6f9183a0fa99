package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// timeline is the view of everything that decided over the ranking, newest first:
// rankers that were adopted, snapshots, changes of rules, each with what it comes
// to by the grades of today, the reason, and a way back.
type timeline struct {
	c       *compare
	content fyne.CanvasObject
	name    *widget.Entry // of the next snapshot
	keep    *widgets.Button
	list    *fyne.Container
	kept    latest
}

func newTimeline(c *compare) *timeline {
	t := &timeline{c: c, name: widget.NewEntry(), list: container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))}
	t.name.PlaceHolder = locale.T("Name of a snapshot: before spring")
	t.keep = widgets.NewButton(locale.T("Keep a snapshot"), widgets.Bordered, t.snapshot)
	t.keep.SetEnabled(false)
	t.name.OnChanged = func(name string) { t.keep.SetEnabled(name != "") }
	t.name.OnSubmitted = func(string) { t.snapshot() }
	says := widgets.NewParagraph(locale.T("A snapshot keeps what searches show today, to be compared with after the catalogue, the engine or the weights have changed."), 600,
		widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	read := widgets.NewButton(locale.T("Read a run…"), widgets.Bordered, t.pick)
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap3, 0), container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap3), t.keep, read)), t.name), container.New(wrapping{}, says))
	t.content = container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), head), nil, nil, nil, container.NewVScroll(t.list))
	return t
}

// read measures every ranker and snapshot and lists them, newest first.
func (t *timeline) read() {
	b := t.c.sh.bench
	t.show(nil, true)
	progress := t.c.sh.reporting(func(string) {})
	t.c.sh.tasks.newest(&t.kept, 0, func(ctx context.Context) func() {
		moments, err := b.Timeline(ctx, progress.report)
		return func() {
			progress.end()
			if err != nil {
				t.c.sh.notices.tell(failure(locale.T("The timeline was not read"), err))
			}
			t.show(moments, false)
		}
	})
}

func (t *timeline) show(moments []workbench.Moment, waiting bool) {
	t.list.RemoveAll()
	switch {
	case waiting:
		t.list.Add(widgets.NewText(locale.T("Measuring every ranker and snapshot…"), widgets.Style{Colour: theme.ColorMuted}))
	case len(moments) == 0:
		t.list.Add(widgets.NewText(locale.T("Nothing was adopted or kept yet."), widgets.Style{Colour: theme.ColorMuted}))
	}
	for _, m := range moments {
		t.list.Add(t.row(&m))
		t.list.Add(widget.NewSeparator())
	}
	t.c.content.Refresh()
}

// row is one moment: when, what, its score, and what can be done with it; below
// that the reason.
func (t *timeline) row(m *workbench.Moment) fyne.CanvasObject {
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	score := ""
	if m.Scored {
		score = locale.T("NDCG@10 %s", number(m.Score, 3))
	}
	right := container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2))
	switch {
	case m.Now:
		right.Add(widgets.NewText(locale.T("in use"), widgets.Style{Colour: theme.ColorRise}))
	case m.Kind != workbench.RulesMoment:
		name := m.Name
		right.Add(widgets.NewButton(locale.T("Compare"), widgets.Quiet, func() { t.c.compareWith(name) }).AtRight())
		if !m.Foreign {
			right.Add(widgets.NewButton(locale.T("Go back"), widgets.Quiet, func() { t.goBack(name) }).AtRight())
		}
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap),
		container.NewBorder(nil, nil, nil, right, container.New(widgets.Columns{0, 110},
			widgets.NewText(momentName(m), widgets.Style{Bold: true, Cut: true}), widgets.NewText(score, widgets.Style{Align: fyne.TextAlignTrailing}))))
	line := ""
	if !m.Time.IsZero() {
		line = m.Time.Local().Format("2006-01-02 15:04")
	}
	if why := momentWhy(m); why != "" {
		line += " · " + why
	}
	column.Add(container.New(wrapping{}, widgets.NewParagraph(locale.Name(line), 400, muted)))
	return column
}

// momentName is what happened, as people read it.
func momentName(m *workbench.Moment) string {
	switch m.Kind {
	case workbench.SnapshotMoment:
		return locale.T("Snapshot: %s", m.Of)
	case workbench.RulesMoment:
		return locale.T("Rules, change %s", m.Of)
	}
	return m.Of
}

// momentWhy is the reason for it, or what it changed.
func momentWhy(m *workbench.Moment) string {
	c := m.Change
	switch {
	case c == nil:
		return locale.Say(m.Why)
	case c.Undoes != 0:
		return locale.T("%s: takes back change %d", c.Author, c.Undoes)
	case len(c.After) == 1:
		return locale.T("%s: %s %s", c.Author, locale.T(ruleKindNames[c.After[0].Kind]), ruleAbout(&c.After[0]))
	case len(c.After) == 0 && len(c.Before) == 1:
		return locale.T("%s: removes %s %s", c.Author, locale.T(ruleKindNames[c.Before[0].Kind]), ruleAbout(&c.Before[0]))
	}
	return locale.T("%s: %d rules put, %d that stood before", c.Author, len(c.After), len(c.Before))
}

// goBack makes an earlier ranker the one in use again.
func (t *timeline) goBack(name string) {
	c, b := t.c, t.c.sh.bench
	c.sh.tasks.inOrder(func() func() {
		r, err := b.GoBack(name, "")
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("It was not taken back"), err))
				return
			}
			c.sh.notices.tell(notice{text: locale.T("%s is in use.", rankerName(&r, ""))})
			c.sh.refresh()
			c.readNames()
			t.read()
		}
	})
}

// snapshot keeps what the ranker in use makes of the query set.
func (t *timeline) snapshot() {
	name, c, b := t.name.Text, t.c, t.c.sh.bench
	if name == "" {
		return
	}
	t.keep.SetEnabled(false)
	c.sh.tasks.newest(&t.kept, 0, func(ctx context.Context) func() {
		s, err := b.TakeSnapshot(ctx, name, nil, nil)
		return func() {
			if err != nil {
				t.keep.SetEnabled(true)
				c.sh.notices.tell(failure(locale.T("The snapshot was not kept"), err))
				return
			}
			t.name.SetText("")
			c.sh.notices.tell(notice{text: locale.N(len(s.Runs), "Snapshot “%[2]s” holds %[1]d query.", "Snapshot “%[2]s” holds %[1]d queries.", s.Name)})
			c.readNames()
			t.read()
		}
	})
}

// pick reads what another program ranked, and keeps it as a snapshot of the name
// that is written there, or of the file's own.
func (t *timeline) pick() {
	sh := t.c.sh
	name := t.name.Text
	sh.files.open(locale.T("Read a run…"), []string{".txt", ".run", ".trec", ".csv", ".tsv", ".json", ".jsonl", ".xlsx", ".gz"}, func(path string) {
		b, file := sh.bench, fileNames([]string{path})
		sh.work(locale.T("Reading %s", file), func(context.Context, engine.OnProgress) notice {
			r, err := b.ReadSnapshot(path, name)
			if err != nil {
				return failure(locale.T("%s was not read", file), err)
			}
			n := notice{text: locale.N(len(r.Runs), "Snapshot “%[2]s” holds %[1]d query.", "Snapshot “%[2]s” holds %[1]d queries.", r.Name)}
			if r.Unknown > 0 {
				n.text += locale.N(r.Unknown, " %d product of it is not in this catalogue.", " %d products of it are not in this catalogue.")
			}
			if r.Strange > 0 {
				n.text += locale.N(r.Strange, " %d of its queries is not in the query set.", " %d of its queries are not in the query set.")
			}
			if len(r.Problems) > 0 {
				n.action, n.do = locale.T("What was skipped"), func() { sh.files.problems(file, r.Problems) }
			}
			sh.post(func() {
				t.name.SetText("")
				t.c.readNames()
				t.read()
			})
			return n
		})
	})
}
