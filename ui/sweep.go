package ui

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// sweeping is the view in which one weight, the depth or the fusion goes through
// its range.
type sweeping struct {
	c       *compare
	content fyne.CanvasObject
	choose  *widgets.Select
	says    *widgets.Paragraph
	card    *fyne.Container // the curve with what it means; hidden until there is one
	curve   *widgets.Curves
	caption *widgets.Text
	points  *fyne.Container
	take    *widgets.Button
	kept    latest
	names   []string
	result  *workbench.Sweep
}

func newSweeping(c *compare) *sweeping {
	s := &sweeping{c: c}
	s.choose = widgets.NewSelect(nil, func(string) { s.run() })
	s.says = widgets.NewParagraph(locale.T("Choose what to sweep. A third of the judged queries is left out of the choice, so that the best point is not only the best by chance."), 600, widgets.Style{Colour: theme.ColorMuted})
	s.points = container.New(layout.NewCustomPaddedVBoxLayout(2))
	s.curve = widgets.NewCurves()
	s.curve.OnHover = s.hover
	muted := widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Cut: true}
	s.caption = widgets.NewText("", muted)
	s.card = container.NewStack(widgets.NewPanel(cardSurface, container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), s.curve, s.caption)))
	s.card.Hide()
	s.take = widgets.NewButton(locale.T("Use the best point"), widgets.Primary, s.useBest)
	s.take.SetEnabled(false)
	head := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		container.NewBorder(nil, nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, theme.Gap4, 0), s.take), s.choose),
		container.New(wrapping{}, s.says))
	s.content = container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, theme.Gap3, 0, 0), head), nil, nil, nil,
		besideBar(container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap4), s.card, s.points)))
	return s
}

// enter lists what can be swept: what acts on all of a search before the many weights.
func (s *sweeping) enter() {
	if len(s.names) > 0 {
		return
	}
	s.names = []string{workbench.SweepDepth, workbench.SweepFusion}
	labels := []string{locale.T("How many candidates are ranked"), locale.T("How words and meaning become one list")}
	for _, f := range s.c.sh.bench.Features() {
		s.names, labels = append(s.names, f.Name), append(labels, locale.T("Weight of: %s", locale.Say(f.Label)))
	}
	s.choose.Options = labels
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

// hover says what the point under the pointer comes to.
func (s *sweeping) hover(i int) {
	if s.result == nil || i < 0 {
		s.caption.SetText(locale.T("Strong: the queries that choose. Pale: those left out. Ring: now. Dot: the best."))
		return
	}
	p := &s.result.Points[i]
	s.caption.SetText(locale.T("%s: %s on the queries that choose, %s on those left out", s.label(p), number(p.Chosen, 3), number(p.Left, 3)))
}

// show draws the curve, and below it a line for each point: what it comes to on
// the queries that choose, and on those left out.
func (s *sweeping) show() {
	s.points.RemoveAll()
	r := s.result
	s.card.Hidden = r == nil
	s.take.SetEnabled(r != nil && r.Best != r.Present)
	if r == nil {
		s.says.SetText("")
		return
	}
	best, now := &r.Points[r.Best], &r.Points[r.Present]
	if r.Best == r.Present {
		s.says.SetText(locale.T("It is best as it is, %s: %s over %d queries.", s.label(now), number(now.Chosen, 3), r.Chosen))
	} else {
		s.says.SetText(locale.T("Best at %s: %s → %s over %d queries, and %s → %s on %d that were left out of the choice.",
			s.label(best), number(now.Chosen, 3), number(best.Chosen, 3), r.Chosen, number(now.Left, 3), number(best.Left, 3), r.Left))
	}
	var at, chosen, left []float64
	for i, p := range r.Points {
		x := p.Value
		if s.even() {
			x = float64(i)
		}
		at, chosen, left = append(at, x), append(chosen, p.Chosen), append(left, p.Left)
	}
	s.curve.Set(at, chosen, left, r.Best, r.Present)
	s.hover(-1)
	low, high := best.Chosen, best.Chosen
	for _, p := range r.Points {
		low, high = min(low, p.Chosen), max(high, p.Chosen)
	}
	caption := func(text string) fyne.CanvasObject {
		return widgets.NewText(text, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted, Align: fyne.TextAlignTrailing})
	}
	columns := widgets.Columns{80, 0, 70, 90, 60}
	if r.Parameter == workbench.SweepFusion {
		columns[0] = fusionWidth
	}
	s.points.Add(container.New(columns, caption(""), caption(""), caption(locale.T("chosen on")), caption(locale.T("left out")), caption("")))
	for i, p := range r.Points {
		bar := widgets.NewMeter()
		if high > low {
			bar.Set((p.Chosen - low) / (high - low))
		}
		var mark fyne.CanvasObject
		switch i {
		case r.Present:
			mark = widgets.NewText(locale.T("now"), widgets.Style{Bold: true, Align: fyne.TextAlignTrailing})
		case r.Best:
			mark = widgets.NewText(locale.T("best"), widgets.Style{Bold: true, Align: fyne.TextAlignTrailing})
		default:
			mark = widgets.NewButton(locale.T("Use"), widgets.Quiet, func() { s.use(i) }).AtRight()
		}
		s.points.Add(container.New(columns, widgets.NewText(s.label(&p), widgets.Style{Cut: true}), bar,
			widgets.NewText(number(p.Chosen, 3), widgets.Style{Align: fyne.TextAlignTrailing}),
			widgets.NewText(number(p.Left, 3), widgets.Style{Align: fyne.TextAlignTrailing, Colour: theme.ColorMuted}),
			mark))
	}
	s.c.content.Refresh()
}

// even says whether points stand evenly: depths double from one to the next, and
// fusions have no order.
func (s *sweeping) even() bool {
	return s.result.Parameter == workbench.SweepDepth || s.result.Parameter == workbench.SweepFusion
}

// fusionNames say what the ways to make one list of two do.
var fusionNames = map[string]string{
	workbench.NoFusion: locale.Mark("All of both lists"), string(engine.MinMax): locale.Mark("By scores (min-max)"),
	string(engine.ReciprocalRank): locale.Mark("By places (RRF)"), string(engine.ZScore): locale.Mark("By scores (z-score)"),
}

// fusionWidth holds the longest of fusionNames.
const fusionWidth = 150

// label names a point.
func (s *sweeping) label(p *workbench.SweepPoint) string {
	if name, ok := fusionNames[p.Label]; ok && s.result.Parameter == workbench.SweepFusion {
		return locale.T(name)
	}
	return p.Label
}

// useBest takes the best point.
func (s *sweeping) useBest() {
	if s.result != nil {
		s.use(s.result.Best)
	}
}

// use takes a point. Weights come back by the timeline; of the depth and of the
// fusion it knows nothing, so that the notice leads back.
func (s *sweeping) use(point int) {
	b, r, about := s.c.sh.bench, s.result, s.choose.Selected
	told := notice{text: locale.T("%s: %s from now on.", about, s.label(&r.Points[point])), about: "sweep"}
	if s.even() {
		back := notice{text: locale.T("%s: %s again.", about, s.label(&r.Points[r.Present])), about: "sweep"}
		told.action, told.do = locale.T("Undo"), func() { s.put(b, r, r.Present, back) }
	} else {
		told.action, told.do = locale.T("Timeline"), func() { s.c.view(viewTimeline) }
	}
	s.put(b, r, point, told)
}

// put makes a point what searches do, and tells it.
func (s *sweeping) put(b Bench, r *workbench.Sweep, point int, told notice) {
	s.c.sh.tasks.inOrder(func() func() {
		err := b.Take(r, point)
		return func() {
			if err != nil {
				s.c.sh.notices.tell(failure(locale.T("The point was not taken"), err))
				return
			}
			s.c.sh.notices.tell(told)
			s.c.sh.refresh()
			s.run()
		}
	})
}
