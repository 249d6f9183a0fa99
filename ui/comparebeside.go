package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// readTimeline measures every ranker and snapshot and lists them, newest first.
func (c *compare) readTimeline() {
	b := c.sh.bench
	c.showMoments(nil, true)
	progress := c.sh.reporting(func(string) {})
	c.sh.tasks.newest(&c.kept, 0, func(ctx context.Context) func() {
		moments, err := b.Timeline(ctx, progress.report)
		return func() {
			progress.end()
			if err != nil {
				c.sh.notices.tell(failure(locale.T("The timeline was not read"), err))
			}
			c.showMoments(moments, false)
		}
	})
}

func (c *compare) showMoments(moments []workbench.Moment, waiting bool) {
	c.timeline.RemoveAll()
	switch {
	case waiting:
		c.timeline.Add(widgets.NewText(locale.T("Measuring every ranker and snapshot…"), widgets.Style{Colour: theme.ColorMuted}))
	case len(moments) == 0:
		c.timeline.Add(widgets.NewText(locale.T("Nothing was adopted or kept yet."), widgets.Style{Colour: theme.ColorMuted}))
	}
	for _, m := range moments {
		score := ""
		if m.Scored {
			score = number(m.Score, 3)
		}
		when := ""
		if !m.Time.IsZero() {
			when = m.Time.Local().Format("2006-01-02 15:04")
		}
		var back fyne.CanvasObject = widgets.NewText("", widgets.Style{})
		switch {
		case m.Now:
			back = widgets.NewText(locale.T("in use"), widgets.Style{Colour: theme.ColorRise})
		case m.Kind != workbench.RulesMoment:
			back = container.NewHBox(widgets.NewButton(locale.T("Go back"), widgets.Quiet, func() { c.goBack(m.Name) }))
		}
		c.timeline.Add(container.New(widgets.Columns{120, 150, 60, 0, 90},
			widgets.NewText(when, widgets.Style{Colour: theme.ColorMuted}),
			widgets.NewText(m.Name, widgets.Style{Bold: true, Cut: true}),
			widgets.NewText(score, widgets.Style{Align: fyne.TextAlignTrailing}),
			widgets.NewText(locale.Say(m.Why), widgets.Style{Colour: theme.ColorMuted, Cut: true}), back))
		c.timeline.Add(widget.NewSeparator())
	}
	c.content.Refresh()
}

// goBack makes an earlier ranker the one in use again.
func (c *compare) goBack(name string) {
	b := c.sh.bench
	c.sh.tasks.inOrder(func() func() {
		r, err := b.GoBack(name, "")
		return func() {
			if err != nil {
				c.sh.notices.tell(failure(locale.T("It was not taken back"), err))
				return
			}
			c.sh.notices.tell(notice{text: locale.T("%s is in use.", rankerName(&r, ""))})
			c.sh.refresh()
			c.readTimeline()
		}
	})
}

// sweeping is the view in which one weight goes through its range.
type sweeping struct {
	c       *compare
	content fyne.CanvasObject
	choose  *widget.Select
	says    *widgets.Paragraph
	points  *fyne.Container
	take    *widgets.Button
	kept    latest
	names   []string
	result  *workbench.Sweep
}

func newSweeping(c *compare) *sweeping {
	s := &sweeping{c: c}
	s.choose = widget.NewSelect(nil, func(string) { s.run() })
	s.says = widgets.NewParagraph(locale.T("Choose what to sweep. A third of the judged queries is left out of the choice, so that the best point is not only the best by chance."), 600, widgets.Style{Colour: theme.ColorMuted})
	s.points = container.New(layout.NewCustomPaddedVBoxLayout(2))
	s.take = widgets.NewButton(locale.T("Use the best point"), widgets.Primary, s.use)
	enable(s.take, false)
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		container.New(widgets.Columns{260, 0, 180}, s.choose, widgets.NewText("", widgets.Style{}), s.take), s.says)
	s.content = container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), head), nil, nil, nil, container.NewVScroll(s.points))
	return s
}

// enter lists what can be swept.
func (s *sweeping) enter() {
	if len(s.names) > 0 {
		return
	}
	var labels []string
	for _, f := range s.c.sh.bench.Features() {
		s.names, labels = append(s.names, f.Name), append(labels, locale.T("Weight of: %s", locale.Say(f.Label)))
	}
	s.names = append(s.names, workbench.SweepDepth, workbench.SweepFusion)
	s.choose.Options = append(labels, locale.T("How many candidates are ranked"), locale.T("How words and meaning become one list"))
	s.choose.PlaceHolder = locale.T("What to sweep")
	s.choose.Refresh()
}

func (s *sweeping) run() {
	i := s.choose.SelectedIndex()
	if i < 0 {
		return
	}
	b, parameter := s.c.sh.bench, s.names[i]
	s.says.SetText(locale.T("Sweeping…"))
	progress := s.c.sh.reporting(s.says.SetText)
	s.c.sh.tasks.newest(&s.kept, 0, func(ctx context.Context) func() {
		result, err := b.Sweep(ctx, workbench.SweepRequest{Parameter: parameter, Seed: 1}, progress.report)
		return func() {
			progress.end()
			s.result = result
			if err != nil {
				s.c.sh.notices.tell(failure(locale.T("It was not swept"), err))
			}
			s.show()
		}
	})
}

// show draws a line for each point: what it comes to on the queries that choose,
// and on those left out.
func (s *sweeping) show() {
	s.points.RemoveAll()
	r := s.result
	enable(s.take, r != nil && r.Best != r.Present)
	if r == nil {
		s.says.SetText("")
		return
	}
	best, now := &r.Points[r.Best], &r.Points[r.Present]
	if r.Best == r.Present {
		s.says.SetText(locale.T("It is best as it is: %s at %s over %d queries.", number(now.Chosen, 3), now.Label, r.Chosen))
	} else {
		s.says.SetText(locale.T("Best at %s: %s → %s over %d queries, and %s → %s on %d that were left out of the choice.",
			best.Label, number(now.Chosen, 3), number(best.Chosen, 3), r.Chosen, number(now.Left, 3), number(best.Left, 3), r.Left))
	}
	low, high := best.Chosen, best.Chosen
	for _, p := range r.Points {
		low, high = min(low, p.Chosen), max(high, p.Chosen)
	}
	caption := func(text string) fyne.CanvasObject {
		return widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing})
	}
	columns := widgets.Columns{80, 0, 70, 90, 60}
	s.points.Add(container.New(columns, caption(""), caption(""), caption(locale.T("chosen on")), caption(locale.T("left out")), caption("")))
	for i, p := range r.Points {
		bar := widgets.NewMeter()
		if high > low {
			bar.Set((p.Chosen - low) / (high - low))
		}
		mark := ""
		switch i {
		case r.Best:
			mark = locale.T("best")
		case r.Present:
			mark = locale.T("now")
		}
		s.points.Add(container.New(columns, widgets.NewText(p.Label, widgets.Style{Align: fyne.TextAlignTrailing}), bar,
			widgets.NewText(number(p.Chosen, 3), widgets.Style{Align: fyne.TextAlignTrailing}),
			widgets.NewText(number(p.Left, 3), widgets.Style{Align: fyne.TextAlignTrailing, Colour: theme.ColorMuted}),
			widgets.NewText(mark, widgets.Style{Bold: true})))
	}
	s.c.content.Refresh()
}

// use takes the best point.
func (s *sweeping) use() {
	b, r := s.c.sh.bench, s.result
	if r == nil {
		return
	}
	s.c.sh.tasks.inOrder(func() func() {
		err := b.Take(r, r.Best)
		return func() {
			if err != nil {
				s.c.sh.notices.tell(failure(locale.T("The point was not taken"), err))
				return
			}
			s.c.sh.notices.tell(notice{text: locale.T("%s is in use. The timeline leads back.", r.Points[r.Best].Label)})
			s.c.sh.refresh()
			s.run()
		}
	})
}
