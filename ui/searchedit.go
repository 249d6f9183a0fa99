package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// hideSelected hides the selected result and goes on to the one below it, or
// above where it is the last.
func (s *search) hideSelected(edits *productEdits) {
	r := s.result()
	if r == nil {
		return
	}
	hidden := r.Product
	s.move(1)
	if s.selected == hidden.ID {
		s.move(-1)
	}
	s.edited = true
	edits.hide(&hidden)
}

// editSelected lays the fields of the selected result over the window. It closes
// when they are stored; what cannot be stored stays, to be put right.
func (s *search) editSelected(sh *shell) {
	r := s.result()
	if r == nil {
		return
	}
	p := r.Product
	wrong := widgets.NewParagraph("", scaleWidth, widgets.Style{Colour: fynetheme.ColorNameError})
	wrong.Hide()
	closing := func() {}
	e := newEditor(func() *engine.Product { return &p }, nil)
	e.failed = func(err error) {
		wrong.SetText(locale.Say(engine.WithAdvice(err).Error()))
		wrong.Show()
		e.form.Refresh()
	}
	e.save = func(p engine.Product) {
		sh.edits.save(p, func(err error) {
			if err != nil {
				e.failed(err)
				return
			}
			s.edited = true
			closing()
		})
	}
	e.show()
	room := canvas.NewRectangle(color.Transparent)
	room.SetMinSize(fyne.NewSize(scaleWidth, 0))
	closing = sh.over(locale.T("Change the product"), container.NewStack(room, container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2), wrong, e.form)), e.reverts, e.saves)
	if len(e.entries) > 0 {
		s.focus(e.entries[0])
	}
}

// undoLast takes back the newest change of a product that was made here, or else
// the newest grade.
func (s *search) undoLast(edits *productEdits) {
	if s.edited {
		s.edited = false
		edits.undo()
		return
	}
	s.undo()
}
