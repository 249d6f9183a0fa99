package ui

import (
	"context"
	"strconv"

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

func (m *models) showEncoder() {
	m.encoder.RemoveAll()
	m.encoder.Add(part(locale.T("Encoder")))
	row := func(name, about string, inUse bool, use func()) {
		if inUse {
			name = locale.T("%s · in use", name)
		}
		var right fyne.CanvasObject
		if !inUse {
			right = widgets.NewButton(locale.T("Use"), widgets.Bordered, use)
		}
		m.encoder.Add(container.NewBorder(nil, nil, widgets.NewText(name, widgets.Style{Bold: true}), right))
		m.encoder.Add(small(about, inspectorInner))
	}
	take := func(name string) func() {
		return func() {
			m.change(locale.T("The encoder was not taken into use"), func() error { return m.sh.bench.UseEncoder(name) })
		}
	}
	for _, h := range m.heads {
		label := h.Versioned()
		row(h.Label(), locale.T("%s of %s. NDCG@10 on queries left out: %s → %s.", locale.N(h.Made.Judgments, "%d grade", "%d grades"),
			locale.N(h.Made.Queries, "%d query", "%d queries"), number(h.Made.Before, 3), number(h.Made.After, 3)), label == m.head, take(label))
	}
	if len(m.rankers) > 0 { // with them it is read which encoder is in use
		shipped := m.sh.bench.Status().Model
		for _, h := range m.heads {
			if h.Versioned() == m.head {
				shipped = h.Base
			}
		}
		row(locale.T("As shipped"), shipped, m.head == "", take(""))
	}
	if m.working == m.encoder {
		m.encoder.Add(m.progress())
	} else {
		tune := widgets.NewButton(locale.T("Fine-tune on the grades"), widgets.Bordered, m.tune)
		tune.SetEnabled(m.stop == nil)
		m.encoder.Add(container.NewHBox(tune))
	}
	m.encoder.Add(small(locale.T("Products come nearer to the queries for which they were graded well. It takes minutes; searches go on meanwhile, and it is kept only if queries left out do not get worse."), inspectorInner))
	if m.outcome != "" {
		m.encoder.Add(widgets.NewParagraph(m.outcome, inspectorInner, widgets.Style{}))
	}
	m.encoder.Refresh()
}

func (m *models) showCurve() {
	m.curve.RemoveAll()
	m.curve.Add(part(locale.T("Learning curve")))
	c := m.learning
	if c != nil {
		if len(c.Points) > 0 {
			m.curve.Add(m.points(c))
			m.curve.Add(small(locale.T("Without learning: %s.", number(c.Before.Whole, 3)), inspectorInner))
		}
		m.curve.Add(widgets.NewParagraph(locale.Say(c.Says), inspectorInner, widgets.Style{}))
	}
	if m.working == m.curve {
		m.curve.Add(m.progress())
	} else {
		draw := widgets.NewButton(locale.T("Would more grades help?"), widgets.Bordered, m.drawCurve)
		draw.SetEnabled(m.stop == nil)
		m.curve.Add(container.NewHBox(draw))
	}
	m.curve.Refresh()
}

// points is the learning curve as a table, what it learned from beside what was
// left out, with the shape of the latter.
func (m *models) points(c *workbench.Curve) fyne.CanvasObject {
	cell := func(text string, style widgets.Style) fyne.CanvasObject {
		style.Size, style.Align = fynetheme.SizeNameCaptionText, fyne.TextAlignTrailing
		return widgets.NewText(text, style)
	}
	muted := widgets.Style{Colour: theme.ColorMuted}
	columns := widgets.Columns{70, 100, 84}
	table := container.New(layout.NewCustomPaddedVBoxLayout(0), container.New(columns,
		cell(locale.T("queries"), muted), cell(locale.T("learned from"), muted), cell(locale.T("left out"), muted)))
	values := make([]float64, len(c.Points))
	for i, p := range c.Points {
		values[i] = p.Left.Whole
		table.Add(container.New(columns, cell(strconv.Itoa(p.Queries), widgets.Style{}),
			cell(number(p.Train.Whole, 3), widgets.Style{}), cell(number(p.Left.Whole, 3), widgets.Style{Bold: true})))
	}
	line := widgets.NewSparkline()
	line.Set(values)
	return container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), table, container.NewHBox(line))
}

func (m *models) tune() {
	m.begin(m.encoder, locale.T("The encoder was not fine-tuned"), func(ctx context.Context, progress engine.OnProgress) (func(), error) {
		tuned, err := m.sh.bench.FineTune(ctx, 1, progress)
		return func() {
			m.outcome = locale.T("%s NDCG@10 on queries left out: %s → %s.", locale.Say(tuned.Why), number(tuned.Before.Whole, 3), number(tuned.After.Whole, 3))
		}, err
	})
}

func (m *models) drawCurve() {
	m.begin(m.curve, locale.T("The learning curve was not drawn"), func(ctx context.Context, progress engine.OnProgress) (func(), error) {
		curve, err := m.sh.bench.LearningCurve(ctx, 1, progress)
		return func() { m.learning = curve }, err
	})
}

// begin runs something long whose progress is shown in a part of the side.
func (m *models) begin(in *fyne.Container, failed string, do func(ctx context.Context, progress engine.OnProgress) (show func(), err error)) {
	if m.stop != nil {
		return
	}
	m.outcome, m.cancelled, m.working = "", false, in
	m.meter.Set(0)
	m.stage.SetText("")
	m.stop = m.sh.tasks.start(func(ctx context.Context) func() {
		show, err := do(ctx, func(p engine.Progress) {
			m.sh.post(func() {
				if p.Total > 0 {
					m.meter.Set(float64(p.Done) / float64(p.Total))
				}
				text := locale.Say(p.Stage)
				if l := left(p.Left); l != "" {
					text = locale.T("%s · %s", text, l)
				}
				if !m.cancelled {
					m.stage.SetText(text)
				}
			})
		})
		cancelled := ctx.Err() != nil
		return func() {
			m.stop, m.working = nil, nil
			switch {
			case err != nil && cancelled:
				m.sh.notices.tell(notice{text: locale.T("Cancelled: nothing has changed.")})
			case err != nil:
				m.sh.notices.tell(failure(failed, err))
			default:
				show()
			}
			m.sh.refresh()
		}
	}, true)
	m.show()
}

// progress is how far what is at work has come, and the way to end it.
func (m *models) progress() fyne.CanvasObject {
	var cancel *widgets.Button
	cancel = widgets.NewButton(locale.T("Cancel"), widgets.Bordered, func() {
		if m.stop != nil {
			m.stop()
			m.cancelled = true
			cancel.Disable()
			m.stage.SetText(locale.T("Cancelling…"))
		}
	})
	return container.NewBorder(nil, nil, nil, cancel, container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap), m.stage, m.meter))
}
