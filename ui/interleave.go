package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

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

// interleaving is the view in which a judge who does not know which side brought
// what picks from mixed pages. Every pick is on disk before the next page, so that
// the judge can go on another day; what came of it is told at the end.
type interleaving struct {
	c       *compare
	content *fyne.Container
	start   *fyne.Container // what can be begun or gone on with
	page    *fyne.Container // the page to pick from
	told    *fyne.Container // what came of it
	mix     *widgets.Button
	says    *widgets.Paragraph
	trials  *fyne.Container

	title, query *widgets.Paragraph
	meter        *widgets.Meter
	rows         []*mixedRow
	list         *fyne.Container
	back, next   *widgets.Button

	trial *workbench.Interleaving // nil while none is open
	at    int                     // of its pages
	kept  latest
}

func newInterleaving(c *compare) *interleaving {
	v := &interleaving{c: c}
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted}
	v.says = widgets.NewParagraph("", 600, widgets.Style{})
	v.mix = widgets.NewButton(locale.T("Mix A and B"), widgets.Primary, v.begin)
	v.trials = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2))
	v.start = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), container.New(wrapping{}, v.says), container.NewHBox(v.mix), v.trials)

	v.title = widgets.NewParagraph("", 600, muted)
	v.query = widgets.NewParagraph("", 600, widgets.Style{Size: theme.SizeTitle, Bold: true})
	v.meter = widgets.NewMeter()
	v.list = container.New(layout.NewCustomPaddedVBoxLayout(0))
	v.back = widgets.NewButton(locale.T("Back"), widgets.Bordered, func() { v.turn(-1) })
	v.next = widgets.NewButton("", widgets.Primary, v.done)
	foot := container.New(layout.NewCustomPaddedLayout(theme.Gap3, 0, 0, 0), container.NewBorder(nil, nil,
		container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2), v.back, v.next),
		container.New(layout.NewCustomPaddedHBoxLayout(theme.Gap2),
			widgets.NewButton(locale.T("Later"), widgets.Quiet, v.close).AtRight(), widgets.NewButton(locale.T("End here"), widgets.Quiet, v.end).AtRight())))
	head := container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), container.New(wrapping{}, v.title, v.meter, v.query))
	v.page = container.NewBorder(head, foot, nil, nil, container.NewVScroll(v.list))

	v.told = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3))
	v.content = container.NewStack(container.NewVScroll(v.start), v.page, container.NewVScroll(v.told))
	v.showing(0)
	return v
}

// showing brings one of the three up: what can be begun, the page, the end.
func (v *interleaving) showing(part int) {
	for i, o := range v.content.Objects {
		o.Hide()
		if i == part {
			o.Show()
		}
	}
}

// enter shows the page that is open, or the trials that there are.
func (v *interleaving) enter() {
	if v.trial != nil {
		v.show()
		return
	}
	r := v.c.result
	v.mix.SetEnabled(r != nil)
	if r == nil {
		v.says.SetText(locale.T("Choose two rankings under Compare first."))
	} else {
		v.says.SetText(locale.T("Products of A (%s) and B (%s) are mixed on one page, without saying which is whose. You pick what is worth having; whoever brought more of it wins the page. It needs no grades, and what came of it is told at the end.", r.A.Name, r.B.Name))
	}
	b := v.c.sh.bench
	v.c.sh.tasks.newest(&v.kept, 0, func(context.Context) func() {
		all, err := b.Interleavings()
		return func() {
			if err != nil {
				v.c.sh.notices.tell(failure(locale.T("The interleavings were not read"), err))
				return
			}
			v.showTrials(all)
		}
	})
	v.showing(0)
}

func (v *interleaving) showTrials(all []workbench.Interleaving) {
	v.trials.RemoveAll()
	for _, t := range slices.Backward(all) {
		done, label := t.Result().Done, locale.T("Go on")
		if t.Open() < 0 {
			label = locale.T("See")
		}
		id := t.ID
		v.trials.Add(container.NewBorder(nil, nil, nil, widgets.NewButton(label, widgets.Bordered, func() { v.resume(id) }),
			container.New(layout.NewCustomPaddedVBoxLayout(1),
				widgets.NewText(locale.T("%s against %s", t.A, t.B), widgets.Style{Bold: true, Cut: true}),
				widgets.NewText(locale.T("%s · %s · %d of %d pages", t.Time.Local().Format("2006-01-02 15:04"), t.Judge, done, len(t.Pages)),
					widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}))))
		v.trials.Add(widget.NewSeparator())
	}
	v.c.content.Refresh()
}

// begin mixes the two sides that are compared.
func (v *interleaving) begin() {
	b, sides := v.c.sh.bench, v.c.sides
	v.mix.SetEnabled(false)
	v.says.SetText(locale.T("Mixing…"))
	progress := v.c.sh.reporting(v.says.SetText)
	seed := time.Now().UnixNano() // another mix each time
	v.c.sh.tasks.newest(&v.kept, 0, func(ctx context.Context) func() {
		t, err := b.Interleave(ctx, workbench.InterleaveRequest{A: sides[0], B: sides[1], Seed: seed}, progress.report)
		if err == nil {
			t.ID, err = b.KeepInterleaving(t)
		}
		return func() {
			progress.end()
			if err != nil {
				v.c.sh.notices.tell(failure(locale.T("They were not mixed"), err))
				v.enter()
				return
			}
			v.take(t)
		}
	})
}

// resume goes on with a trial that was kept.
func (v *interleaving) resume(id uint64) {
	b := v.c.sh.bench
	v.c.sh.tasks.newest(&v.kept, 0, func(context.Context) func() {
		t, err := b.Interleaved(id)
		return func() {
			if err != nil {
				v.c.sh.notices.tell(failure(locale.T("The interleavings were not read"), err))
				return
			}
			v.take(t)
		}
	})
}

func (v *interleaving) take(t *workbench.Interleaving) {
	v.trial, v.at = t, t.Open()
	v.c.sh.canvas.Unfocus() // figures pick
	v.show()
}

// show draws the page that is open, or what came of the trial.
func (v *interleaving) show() {
	t := v.trial
	if v.at < 0 {
		v.tell()
		return
	}
	page := &t.Pages[v.at]
	v.title.SetText(locale.T("Page %d of %d. Pick what is worth having: press it, or the figure before it. Enter goes on.", v.at+1, len(t.Pages)))
	v.query.SetText(locale.T("“%s”", page.Query))
	v.meter.Set(float64(t.Result().Done) / float64(len(t.Pages)))
	v.list.RemoveAll()
	v.rows = nil
	for i := range page.Products {
		row := newMixedRow(i, v.c.sh.pictures, func() { v.pick(i) })
		row.set(&page.Products[i], page.Picked[i])
		v.rows = append(v.rows, row)
		v.list.Add(row)
	}
	v.showNext()
	v.back.SetEnabled(v.at > 0)
	v.showing(1)
	v.c.content.Refresh()
}

func (v *interleaving) showNext() {
	if slices.Contains(v.trial.Pages[v.at].Picked, true) {
		v.next.SetLabel(locale.T("Next"))
	} else {
		v.next.SetLabel(locale.T("None of these"))
	}
	v.page.Refresh()
}

// pick takes a product, or leaves it again.
func (v *interleaving) pick(i int) {
	if v.trial == nil || v.at < 0 || i >= len(v.trial.Pages[v.at].Picked) {
		return
	}
	page := &v.trial.Pages[v.at]
	page.Picked[i] = !page.Picked[i]
	v.rows[i].set(&page.Products[i], page.Picked[i])
	v.showNext()
	v.keep()
}

// done goes on to the next open page.
func (v *interleaving) done() {
	if v.trial == nil || v.at < 0 {
		return
	}
	v.trial.Pages[v.at].Done = true
	v.keep()
	next := v.at + 1
	for next < len(v.trial.Pages) && v.trial.Pages[next].Done {
		next++
	}
	if next == len(v.trial.Pages) {
		next = v.trial.Open()
	}
	v.at = next
	v.show()
}

// turn goes to another page, to look at it again.
func (v *interleaving) turn(by int) {
	if v.trial == nil || v.at < 0 || v.at+by < 0 || v.at+by >= len(v.trial.Pages) {
		return
	}
	v.at += by
	v.show()
}

// keep writes the picks as they are now.
func (v *interleaving) keep() {
	b, t := v.c.sh.bench, v.trial.Clone()
	v.c.sh.tasks.inOrder(func() func() {
		_, err := b.KeepInterleaving(t)
		return func() {
			if err != nil {
				v.c.sh.notices.tell(failure(locale.T("The pick was not kept"), err))
			}
		}
	})
}

// close leaves the trial for later.
func (v *interleaving) close() {
	v.trial = nil
	v.enter()
}

// end tells what came of the pages that are done.
func (v *interleaving) end() {
	v.trial.Ended, v.at = true, -1
	v.keep()
	v.show()
}

// tell shows what came of the trial, and whose the products were.
func (v *interleaving) tell() {
	t, r := v.trial, v.trial.Result()
	sentence := locale.T("No preference shown")
	switch r.Verdict() {
	case workbench.Better:
		sentence = locale.T("B is preferred")
	case workbench.Worse:
		sentence = locale.T("A is preferred")
	}
	v.told.RemoveAll()
	v.told.Add(container.New(wrapping{},
		widgets.NewParagraph(sentence, 600, widgets.Style{Size: theme.SizeTitle, Bold: true}),
		widgets.NewParagraph(locale.T("B (%s) won %d pages, A (%s) %d, %d were equal · %d and %d picks · sign test p %s · %d of %d pages were looked at",
			t.B, r.Won, t.A, r.Lost, r.Equal, r.PicksB, r.PicksA, workbench.Chance(r.P), r.Done, len(t.Pages)), 600, widgets.Style{Colour: theme.ColorMuted})))
	v.told.Add(container.NewHBox(widgets.NewButton(locale.T("All interleavings"), widgets.Bordered, v.close)))
	for i := range t.Pages {
		page := &t.Pages[i]
		if !page.Done {
			continue
		}
		v.told.Add(widget.NewSeparator())
		v.told.Add(newToldPage(page))
	}
	v.showing(2)
	v.c.content.Refresh()
}

// newToldPage is a page of a trial that has ended: who won it, and by what.
func newToldPage(page *workbench.InterleavedPage) fyne.CanvasObject {
	a, b := page.Picks()
	winner, colour := locale.T("equal"), theme.ColorMuted
	switch {
	case b > a:
		winner, colour = locale.T("B, %d to %d", b, a), theme.ColorRise
	case a > b:
		winner, colour = locale.T("A, %d to %d", a, b), theme.ColorFall
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap),
		container.New(widgets.Columns{0, 90}, widgets.NewText(locale.T("“%s”", page.Query), widgets.Style{Bold: true, Cut: true}),
			widgets.NewText(winner, widgets.Style{Colour: colour, Align: fyne.TextAlignTrailing})))
	for i, picked := range page.Picked {
		if !picked {
			continue
		}
		team := "A"
		if page.FromB[i] {
			team = "B"
		}
		column.Add(container.New(widgets.Columns{20, 0}, widgets.NewText(locale.Name(team), widgets.Style{Colour: theme.ColorMuted}),
			widgets.NewText(page.Products[i].Title, widgets.Style{Size: fynetheme.SizeNameCaptionText, Cut: true})))
	}
	return column
}

// key and rune pick and go on without a mouse.
func (v *interleaving) key(name fyne.KeyName) {
	switch name {
	case fyne.KeyReturn, fyne.KeyEnter:
		v.done()
	case fyne.KeyLeft:
		v.turn(-1)
	case fyne.KeyRight:
		if v.trial != nil && v.at >= 0 && v.trial.Pages[v.at].Done {
			v.turn(1)
		}
	}
}

func (v *interleaving) rune(r rune) bool {
	if v.trial == nil || v.at < 0 || r < '0' || r > '9' {
		return false
	}
	v.pick((int(r-'0') + 9) % 10) // 1 is the first, 0 the tenth
	return true
}

// mixedRow is one product of a mixed page, which is picked by pressing it; its
// figure is filled while it is picked.
type mixedRow struct {
	widget.BaseWidget
	tapped       func()
	product      *productRow
	plain, taken fyne.CanvasObject
	content      fyne.CanvasObject
}

func newMixedRow(i int, pictures *thumbnails, tapped func()) *mixedRow {
	r := &mixedRow{tapped: tapped, product: newProductRow(pictures)}
	figure := locale.Name(fmt.Sprint((i + 1) % 10))
	r.plain = widgets.NewPanel(widgets.Surface{Stroke: fynetheme.ColorNameSeparator, Radius: theme.Rounded, Down: 4},
		widgets.NewText(figure, widgets.Style{Colour: theme.ColorMuted, Align: fyne.TextAlignCenter}))
	r.taken = widgets.NewPanel(widgets.Surface{Fill: theme.ColorGrade(3), Radius: theme.Rounded, Down: 4},
		widgets.NewText(figure, widgets.Style{Bold: true, Colour: theme.ColorOnGrade(3), Align: fyne.TextAlignCenter}))
	r.content = container.New(layout.NewCustomPaddedVBoxLayout(0),
		container.New(widgets.Columns{28, 0}, container.NewStack(r.plain, r.taken), r.product), widget.NewSeparator())
	r.ExtendBaseWidget(r)
	return r
}

func (r *mixedRow) set(p *engine.Product, picked bool) {
	r.product.set(p, "")
	if picked {
		r.plain.Hide()
		r.taken.Show()
	} else {
		r.taken.Hide()
		r.plain.Show()
	}
}

// Tapped implements fyne.Tappable.
func (r *mixedRow) Tapped(*fyne.PointEvent) { r.tapped() }

// CreateRenderer implements fyne.Widget.
func (r *mixedRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.content) }
