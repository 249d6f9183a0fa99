package ui

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// This file holds the sheets of the query set: making one query of several, and
// choosing queries from a log.

const querySheetWidth = 460

func sheetNote(text string) fyne.CanvasObject {
	return widgets.NewParagraph(text, querySheetWidth, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
}

// merge asks which of the queries that are almost the same stays, at first the
// one with the most grades.
func (q *queries) merge() {
	r := q.row()
	if r == nil || len(r.Twins) == 0 {
		return
	}
	var alike []workbench.QueryRow
	for _, row := range q.rows {
		if row.Text == r.Text || slices.Contains(r.Twins, row.Text) {
			alike = append(alike, row)
		}
	}
	most, labels := 0, make([]string, len(alike))
	for i, row := range alike {
		if row.Pairs > alike[most].Pairs {
			most = i
		}
		labels[i] = "“" + row.Text + "” · " + locale.N(row.Pairs, "%d judged product", "%d judged products")
		if row.Weight > 0 {
			labels[i] += " · " + locale.T("asked %s times", locale.Number(row.Weight, 0))
		}
	}
	keep := widgets.NewSelect(labels, nil)
	keep.SetSelectedIndex(most)
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		widgets.NewText(locale.T("The query that stays"), widgets.Style{Bold: true}), keep,
		sheetNote(locale.T("The grades, weights and tags of the others come to it, and they leave the set. Where a judge has graded a product for both, the grade of the query that stays counts; one that differs is kept beside it, as of another judge. A backup is kept.")))
	closing := func() {}
	take := func() {
		stays := alike[keep.SelectedIndex()].Text
		closing()
		q.makeOne(stays, append([]string{r.Text}, r.Twins...))
	}
	closing = q.over(locale.T("Queries that are almost the same"), column, widgets.NewButton(locale.T("Make them one"), widgets.Primary, take))
	q.focus(keep)
}

// makeOne makes one query of several and says what became of their grades.
func (q *queries) makeOne(keep string, all []string) {
	q.change(locale.T("The queries were not made one"), func() error {
		m, err := q.bench.MergeQueries(context.Background(), keep, all...)
		if err != nil {
			return err
		}
		q.tasks.post(func() {
			q.selected = keep
			q.tell(notice{text: locale.T("“%s” has their grades now: %d came, %d were there, %d differ and are kept as of another judge.", keep, m.Added, m.Known, m.Conflicts),
				action: locale.T("Undo"), do: func() {
					q.change(locale.T("The queries were not put back"), func() error { return q.bench.UnmergeQueries(context.Background(), m) })
				}})
		})
		return nil
	})
}

// samplings are the ways to choose from a log, the usual one first.
var samplings = []struct {
	how  workbench.Sampling
	name string
}{
	{"parts", locale.Mark("As many from head, torso and tail")},
	{"frequency", locale.Mark("By chance, in proportion to how often each was asked")},
	{"most", locale.Mark("Those that were asked most")},
}

// logSample is how many queries are chosen from a log unless asked.
const logSample = 100

// sample asks how many queries are chosen from a log, and how.
func (q *queries) sample(file string) {
	n := newSheetField()
	n.SetText(strconv.Itoa(logSample))
	var names []string
	for _, s := range samplings {
		names = append(names, locale.T(s.name))
	}
	how := widgets.NewSelect(names, nil)
	how.SetSelectedIndex(0)
	wrong := widgets.NewParagraph("", querySheetWidth, widgets.Style{Colour: fynetheme.ColorNameError})
	wrong.Hide()
	closing := func() {}
	take := func() {
		count, err := strconv.Atoi(strings.TrimSpace(n.Text))
		if err != nil || count < 1 {
			wrong.SetText(locale.T("How many queries? “%s” is no number of them.", n.Text))
			wrong.Show()
			q.focus(n)
			return
		}
		closing()
		q.fromLog(workbench.SampleRequest{File: file, N: count, How: samplings[how.SelectedIndex()].how, Seed: 1})
	}
	n.OnSubmitted = func(string) { take() }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		widgets.NewText(locale.T("How many queries"), widgets.Style{Bold: true}), n, wrong,
		container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), widgets.NewText(locale.T("Which queries"), widgets.Style{Bold: true})), how,
		sheetNote(locale.T("Head, torso and tail are the queries that together make a third each of all that was asked, the most frequent first. Each gets its part as a tag, and how often it was asked as its weight.")))
	closing = q.over(locale.T("Choose queries from a log"), column, widgets.NewButton(locale.T("Choose"), widgets.Primary, take))
	q.focus(n)
}

// fromLog adds queries of a log to the set.
func (q *queries) fromLog(req workbench.SampleRequest) {
	q.change(locale.T("Nothing was chosen from the log"), func() error {
		sampled, err := q.bench.SampleLog(context.Background(), req)
		if err != nil {
			return err
		}
		said := notice{text: locale.T("%s.", together(locale.N(len(sampled.Added), "%d query was added", "%d queries were added"), locale.N(sampled.Known, "%d was there", "%d were there")))}
		if len(sampled.Added) > 0 {
			said.action, said.do = locale.T("Undo"), func() {
				q.change(locale.T("The queries were not taken out"), func() error {
					_, err := q.bench.RemoveQueries(sampled.Added...)
					return err
				})
			}
		}
		q.tasks.post(func() { q.tell(said) })
		return nil
	})
}
