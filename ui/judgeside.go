package ui

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// judgeSide is the pane beside the Judge screen: why this product, how the day
// goes, how far the judges agree, and the note.
type judgeSide struct {
	j       *judge
	content fyne.CanvasObject

	why               *widgets.Paragraph
	room              *canvas.Rectangle // for the reason
	roomOf            int               // the queue whose reasons it has held
	today, hour, left *widgets.Text
	kappa, disputed   *widgets.Text
	agreement         *fyne.Container
	disputes          *widgets.Button
	others            *fyne.Container // what the other judges said, where it may be seen
	said              *fyne.Container // others with its title
	note              *noteField
}

func newJudgeSide(j *judge) *judgeSide {
	figure := func() *widgets.Text {
		return widgets.NewText("", widgets.Style{Bold: true, Align: fyne.TextAlignTrailing})
	}
	s := &judgeSide{j: j, today: figure(), hour: figure(), left: figure(), kappa: figure(), disputed: figure()}
	s.why = widgets.NewParagraph("", inspectorInner, widgets.Style{Colour: theme.ColorMuted})
	s.note = newNoteField(j)
	s.others = container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap))
	title := func(text string) fyne.CanvasObject { return widgets.NewText(text, widgets.Style{Bold: true}) }
	line := func(name string, value *widgets.Text) fyne.CanvasObject {
		return container.New(widgets.Columns{0, 64}, widgets.NewText(name, widgets.Style{}), value)
	}
	column := func(o ...fyne.CanvasObject) *fyne.Container {
		return container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), o...)
	}
	s.disputes = widgets.NewButton(locale.T("Look at them afresh"), widgets.Quiet, func() { s.goTo(workbench.Disagreements) })
	suspects := widgets.NewButton(locale.T("Grades that look wrong"), widgets.Quiet, func() { s.goTo(workbench.SuspectGrades) })
	s.agreement = column(title(locale.T("Agreement")), line(locale.T("Kappa, you and the others"), s.kappa), line(locale.T("Graded differently"), s.disputed), container.NewHBox(s.disputes))
	s.said = column(title(locale.T("What others said")), s.others, container.NewHBox(widgets.NewButton(locale.T("Settle on a grade (T)"), widgets.Quiet, j.toSettle)))
	s.room = canvas.NewRectangle(color.Transparent)
	s.content = widgets.NewPanel(widgets.Surface{Fill: theme.ColorSurface}, container.NewVScroll(
		container.New(layout.NewCustomPaddedLayout(theme.Gap4, theme.Gap4, theme.Gap4, theme.Gap4),
			container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap6),
				column(title(locale.T("Why this one next")), container.NewStack(s.room, s.why)),
				column(title(locale.T("Note")), s.note),
				s.said,
				column(title(locale.T("Today")), line(locale.T("Grades"), s.today), line(locale.T("An hour"), s.hour), line(locale.T("Left in queue"), s.left)),
				s.agreement,
				column(title(locale.T("Worth a second look")), container.NewHBox(suspects)),
			))))
	return s
}

// goTo chooses a queue.
func (s *judgeSide) goTo(queue workbench.Queue) {
	for i, q := range judgeQueues {
		if q.queue == queue {
			s.j.chooser.SetSelectedIndex(i)
		}
	}
}

func (s *judgeSide) show() {
	j := s.j
	item := j.item()
	s.others.RemoveAll()
	if item != nil {
		for _, o := range item.Others {
			judge := o.Judge
			if judge == engine.Adjudicated {
				judge = locale.T("Settled") + " (" + o.By + ")"
			}
			line := judge + ": " + locale.Number(float64(o.Grade), 0)
			if o.Note != "" {
				line += " · " + o.Note
			}
			s.others.Add(widgets.NewParagraph(line, inspectorInner, widgets.Style{}))
		}
	}
	s.said.Hidden = len(s.others.Objects) == 0
	why := locale.T("Nothing is on screen.")
	note := ""
	if item != nil {
		why, note = locale.Say(item.Why), item.Note
		if j.note != "" {
			note = j.note
		}
	}
	s.why.SetText(why)
	// As high as the longest reason of the queue so far, so that what stands below
	// hardly moves.
	high := s.why.MinSize().Height
	if s.roomOf == j.queue {
		high = max(high, s.room.MinSize().Height)
	}
	s.room.SetMinSize(fyne.NewSize(0, high))
	s.roomOf = j.queue
	s.note.SetText(note)
	s.today.SetText(locale.T("%d", j.day.Today))
	hour := unmeasured
	if j.day.PerHour > 0 {
		hour = locale.Number(j.day.PerHour, 0)
	}
	s.hour.SetText(hour)
	s.left.SetText(locale.T("%d", j.toDo()))
	s.agreement.Hidden = j.day.Shared == 0
	kappa := unmeasured
	if !math.IsNaN(j.day.Kappa) {
		kappa = number(j.day.Kappa, 2)
	}
	s.kappa.SetText(kappa)
	s.disputed.SetText(locale.T("%d", j.day.Disputed))
	s.disputes.Hidden = j.day.Disputed == 0
	s.content.Refresh()
}

// noteField is where a note is typed: return keeps it, escape leaves it.
type noteField struct {
	widget.Entry
	j *judge
}

func newNoteField(j *judge) *noteField {
	f := &noteField{j: j}
	f.ExtendBaseWidget(f)
	f.PlaceHolder = locale.T("N: type a note, Enter keeps it")
	f.OnSubmitted = j.noted
	return f
}

// TypedKey implements fyne.Focusable.
func (f *noteField) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		f.j.quiet()
		f.j.side.show()
		return
	}
	f.Entry.TypedKey(e)
}
