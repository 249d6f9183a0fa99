package ui

import (
	"context"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// askScale asks for a scale with names, keys and colours of its own.
func (j *judge) askScale(sh *shell) {
	grades := newSheetField()
	present := slices.Clone(sh.bench.Scale())
	for i := range present {
		present[i].Name = locale.Say(present[i].Name)
	}
	grades.SetText(present.String())
	rescale := widgets.NewCheck(locale.T("Move the grades that are there, in proportion; a backup is kept"), func(bool) {})
	wrong := widgets.NewParagraph("", scaleWidth, widgets.Style{Colour: fynetheme.ColorNameError})
	wrong.Hide()
	closing := func() {}
	take := func() {
		if err := ownScale(grades.Text).Check(); err != nil { // what was typed stays, to be put right
			wrong.SetText(locale.Say(err.Error()))
			wrong.Show()
			sh.canvas.Focus(grades)
			return
		}
		closing()
		j.takeScale(grades.Text, rescale.Checked)
	}
	grades.OnSubmitted = func(string) { take() }
	note := func(t string) fyne.CanvasObject {
		return widgets.NewParagraph(t, scaleWidth, widgets.Style{Size: fynetheme.SizeNameCaptionText, Colour: theme.ColorMuted})
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap2),
		widgets.NewText(locale.T("Grades, from the lowest"), widgets.Style{Bold: true}), grades,
		note(locale.T("Names with commas between, 2 to 10 of them. Behind a name may stand its key and its colour: Bad:b:#d6d8dd, Good:g:#1d5cbf. Without a colour a grade takes a step of lightness of one hue, which stays apart however a person sees colours.")),
		wrong, rescale)
	closing = sh.over(locale.T("A scale of your own"), column, widgets.NewButton(locale.T("Use this scale"), widgets.Primary, take))
	sh.canvas.Focus(grades)
}

const scaleWidth = 520

// ownScale reads a scale as it was typed, with Chinese commas and colons too.
func ownScale(text string) engine.Scale {
	return engine.ParseScale(strings.NewReplacer("，", ",", "：", ":").Replace(text))
}

// takeScale uses a scale as it was typed.
func (j *judge) takeScale(text string, rescale bool) {
	scale := ownScale(text)
	j.change(locale.T("The scale was not changed"), func() error {
		_, err := j.bench.SetScale(context.Background(), scale, rescale)
		return err
	})
}
