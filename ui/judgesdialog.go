package ui

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

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

const (
	judgesWidth   = 640
	judgesHeight  = 440
	leastListed   = 10  // of those that judges agree on least
	changesListed = 500 // of the history
)

// showJudges shows how far the judges agree: what the command "judges" prints.
func (sh *shell) showJudges() {
	b, scale := sh.bench, sh.bench.Scale()
	sh.tasks.start(func(ctx context.Context) func() {
		report, err := b.Judges(ctx)
		return func() {
			if err != nil {
				sh.notices.tell(failure(locale.T("The agreement of the judges was not measured"), err))
				return
			}
			sh.over(locale.T("How far the judges agree"), judgesColumn(report, scale))
		}
	}, true)
}

// coefficient is a measure of agreement with its 95 % interval.
func coefficient(c workbench.Coefficient) string {
	if math.IsNaN(c.Value) {
		return unmeasured
	}
	text := locale.Number(c.Value, 3)
	if !math.IsNaN(c.Low) {
		text += " [" + locale.Number(c.Low, 3) + ", " + locale.Number(c.High, 3) + "]"
	}
	return text
}

func judgesColumn(r *workbench.JudgesReport, scale engine.Scale) *fyne.Container {
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	heading := func(text string) {
		column.Add(container.New(layout.NewCustomPaddedLayout(theme.Gap3, 0, 0, 0), widgets.NewText(text, widgets.Style{Bold: true})))
	}
	say := func(text string) { column.Add(widgets.NewParagraph(text, judgesWidth, widgets.Style{})) }
	line := func(name, value string) {
		column.Add(container.New(widgets.Columns{0, 220}, widgets.NewText(name, widgets.Style{Cut: true}), widgets.NewText(value, widgets.Style{Align: fyne.TextAlignTrailing})))
	}
	if r.Shared == 0 {
		say(locale.T("No two judges have graded the same pair yet: there is nothing to compare. Share the judging out with an overlap of two."))
	} else {
		say(locale.T("An alpha of 0.8 is good; below 0.667 nothing should be concluded from the grades (Krippendorff). In brackets: intervals of 95 in 100."))
		line(locale.T("Krippendorff’s alpha, ordinal, over %d shared pairs", r.Shared), coefficient(r.Ordinal))
		line(locale.T("Krippendorff’s alpha, nominal"), coefficient(r.Nominal))
		line(locale.T("Fleiss’ kappa, over the same pairs"), coefficient(r.Fleiss))
	}
	heading(locale.T("Judges"))
	for _, judge := range r.Agreement.Judges {
		text := locale.N(r.Judgments[judge], "%d grade", "%d grades")
		if right, ok := r.Accuracy[judge]; ok {
			text += " · " + locale.T("right %s of the time", locale.Share(right))
		}
		line(judge, text)
	}
	pairs := func(name string, all []workbench.PairAgreement, of func(p *workbench.PairAgreement) string) {
		if !slices.ContainsFunc(all, func(p workbench.PairAgreement) bool { return p.Shared > 0 }) {
			return
		}
		heading(name)
		for i := range all {
			p := &all[i]
			if p.Shared == 0 {
				continue
			}
			line(of(p), locale.T("kappa %s, quadratic %s", kappaOf(p.Kappa), kappaOf(p.Quadratic)))
			column.Add(confusion(p, r.Grades, scale))
		}
	}
	shared := func(p *workbench.PairAgreement) string {
		return together(locale.N(p.Shared, "%d pair", "%d pairs"), locale.T("%s the same", locale.Share(p.Same)))
	}
	pairs(locale.T("Who said what when another said what"), r.Between, func(p *workbench.PairAgreement) string {
		return locale.T("%s and %s: %s", p.A, p.B, shared(p))
	})
	pairs(locale.T("Each judge and the median of the others"), r.Rest, func(p *workbench.PairAgreement) string {
		return locale.T("%s: %s", p.A, shared(p))
	})
	pairs(locale.T("Each judge and their own second look"), r.Self, func(p *workbench.PairAgreement) string {
		return locale.T("%s: %s", p.A, shared(p))
	})
	if len(r.PerQuery) > 0 {
		heading(locale.T("The queries that are least agreed on"))
		for _, q := range r.PerQuery[:min(len(r.PerQuery), leastListed)] {
			alpha := unmeasured
			if !math.IsNaN(q.Ordinal) {
				alpha = locale.Number(q.Ordinal, 2)
			}
			line(q.Query, locale.T("%s the same of %d, alpha %s", locale.Share(q.Same), q.Shared, alpha))
		}
	}
	heading(locale.T("Graded differently"))
	line(locale.T("Open: the queue “Judges disagree” brings them"), locale.N(len(r.Disputes), "%d pair", "%d pairs"))
	line(locale.T("Settled"), locale.N(r.Settled, "%d pair", "%d pairs"))
	return column
}

func kappaOf(c workbench.Coefficient) string {
	if math.IsNaN(c.Value) {
		return unmeasured
	}
	return locale.Number(c.Value, 2)
}

// confusion is the table of what one judge said, a row a grade, when the other
// said what, a column a grade.
func confusion(p *workbench.PairAgreement, grades []float64, scale engine.Scale) fyne.CanvasObject {
	const cell = 56
	name := func(g float64) string {
		if i := int(g); float64(i) == g && i < len(scale) {
			return strings.ToUpper(scale.Key(i))
		}
		return strconv.FormatFloat(g, 'g', 3, 64)
	}
	text := func(s string, bold bool, colour fyne.ThemeColorName) fyne.CanvasObject {
		return widgets.NewText(s, widgets.Style{Size: fynetheme.SizeNameCaptionText, Bold: bold, Colour: colour, Align: fyne.TextAlignTrailing})
	}
	widths := widgets.Columns{}
	row := []fyne.CanvasObject{text("", false, "")}
	for _, g := range grades {
		row = append(row, text(name(g), false, theme.ColorMuted))
	}
	for range len(grades) + 1 {
		widths = append(widths, cell)
	}
	table := container.New(layout.NewCustomPaddedVBoxLayout(2), container.New(widths, row...))
	for a := range p.Confusion {
		row := []fyne.CanvasObject{text(name(grades[a]), false, theme.ColorMuted)}
		for b, n := range p.Confusion[a] {
			row = append(row, text(strconv.Itoa(n), a == b, ""))
		}
		table.Add(container.New(widths, row...))
	}
	return container.NewHBox(table)
}

// showHistory lists the newest changes of grades: who, when, from what to what.
func (sh *shell) showHistory() {
	b := sh.bench
	sh.tasks.start(func(context.Context) func() {
		changes, err := b.History(workbench.HistoryRequest{Limit: changesListed})
		titles := titlesOf(b, changes)
		return func() {
			if err != nil {
				sh.notices.tell(failure(locale.T("The history was not read"), err))
				return
			}
			if len(changes) == 0 {
				sh.notices.tell(notice{text: locale.T("Nothing has been graded yet.")})
				return
			}
			line := func() fyne.CanvasObject {
				return container.New(widgets.Columns{124, 72, 88, 0},
					widgets.NewText("", widgets.Style{Colour: theme.ColorMuted}), widgets.NewText("", widgets.Style{Cut: true}), widgets.NewText("", widgets.Style{}), widgets.NewText("", widgets.Style{Cut: true}))
			}
			list := widget.NewList(func() int { return len(changes) }, line,
				func(i widget.ListItemID, o fyne.CanvasObject) {
					c := &changes[i]
					about := c.About()
					cells := o.(*fyne.Container).Objects
					for k, text := range []string{
						c.Time.Local().Format("2006-01-02 15:04"), cmp.Or(about.By, about.Judge), fromTo(c),
						about.Query + " · " + cmp.Or(titles[about.Product], about.Product),
					} {
						cells[k].(*widgets.Text).SetText(text)
					}
				})
			list.HideSeparators = true
			height := min(float32(len(changes))*(line().MinSize().Height+theme.Gap), judgesHeight)
			page := container.NewGridWrap(fyne.NewSize(judgesWidth, height), list)
			sh.over(locale.T("The history of grades"), page)
		}
	}, true)
}

// titlesOf are the titles of the products that changes are about; those that the
// catalogue lacks have none.
func titlesOf(b Bench, changes []engine.Change) map[string]string {
	titles := map[string]string{}
	for i := range changes {
		id := changes[i].About().Product
		if _, ok := titles[id]; ok {
			continue
		}
		titles[id] = ""
		if p, ok, err := b.Product(id); err == nil && ok {
			titles[id] = p.Title
		}
	}
	return titles
}

// fromTo is what a change made of what.
func fromTo(c *engine.Change) string {
	side := func(j *engine.Judgment) string {
		if j == nil {
			return locale.Name("–")
		}
		return strconv.FormatFloat(float64(j.Grade), 'g', 3, 64)
	}
	text := side(c.Before) + locale.Name(" → ") + side(c.After)
	if c.Undoes != 0 {
		text += " " + locale.T("(undo)")
	}
	return text
}

// shareOut asks for the judges and how many of them grade each pair.
func (sh *shell) shareOut() {
	names, overlap := newSheetField(), newSheetField()
	names.PlaceHolder = locale.Name("ann, bea, cem")
	overlap.SetText("2")
	closing := func() {}
	take := func() {
		if req, ok := sh.shares(names.Text, overlap.Text); ok {
			closing()
			sh.share(req)
		}
	}
	names.OnSubmitted, overlap.OnSubmitted = func(string) { take() }, func(string) { take() }
	text := func(t string) fyne.CanvasObject {
		return widgets.NewParagraph(t, shareWidth, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	}
	label := func(t string) fyne.CanvasObject { return widgets.NewText(t, widgets.Style{Bold: true}) }
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		label(locale.T("Judges")), names, text(locale.T("Their names, with commas between. What was shared out before is replaced.")),
		container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0), label(locale.T("Judges for each pair"))), overlap, text(locale.T("Two or more tell how far the judges agree.")))
	closing = sh.over(locale.T("Share the judging out"), column, widgets.NewButton(locale.T("Share out"), widgets.Primary, take))
	sh.canvas.Focus(names)
}

const shareWidth = 440

// shares reads what was typed to share the judging out.
func (sh *shell) shares(names, overlap string) (workbench.AssignRequest, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(overlap))
	if err != nil || n < 1 {
		sh.notices.tell(notice{text: locale.T("How many judges grade each pair? “%s” is no number of them.", overlap), bad: true})
		return workbench.AssignRequest{}, false
	}
	judges := strings.FieldsFunc(names, func(r rune) bool { return strings.ContainsRune(",，;、", r) })
	return workbench.AssignRequest{Judges: judges, Overlap: n, Seed: poolSeed}, true
}

// share shares the judging out.
func (sh *shell) share(req workbench.AssignRequest) {
	b := sh.bench
	sh.work(locale.T("Sharing out"), func(ctx context.Context, progress engine.OnProgress) notice {
		counts, err := b.Assign(ctx, req, progress)
		if err != nil {
			return failure(locale.T("The judging was not shared out"), err)
		}
		pairs := 0
		for _, n := range counts {
			pairs = max(pairs, n)
		}
		return notice{text: locale.T("Shared out among %d judges, up to %d pairs each. Each finds theirs in the queue “Shared out to you”.", len(counts), pairs)}
	})
}
