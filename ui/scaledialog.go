package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

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

// askScale asks for a scale with names, keys and colours of its own, at first the
// one in use.
func (j *judge) askScale(sh *shell) { j.scaleSheet(sh, sh.bench.Scale(), "") }

// useScale uses a scale that needs no thought; where grades are in its way, the
// sheet asks what becomes of them.
func (j *judge) useScale(sh *shell, scale engine.Scale) {
	j.takeScale(scale, false, j.remade, func(wrong string) { j.scaleSheet(sh, scale, wrong) })
}

// scaleSheet asks for a scale; said is what kept the first one from being used, ""
// for nothing. The sheet stays, with what was typed, until the scale is in use.
func (j *judge) scaleSheet(sh *shell, first engine.Scale, said string) {
	grades := newSheetField()
	names := slices.Clone(first)
	for i := range names {
		names[i].Name = locale.Say(names[i].Name)
	}
	grades.SetText(names.String())
	rescale := widgets.NewCheck(locale.T("Move the grades that are there, in proportion; a backup is kept"), func(bool) {})
	wrong := widgets.NewParagraph(said, scaleWidth, widgets.Style{Colour: fynetheme.ColorNameError})
	wrong.Hidden = said == ""
	closing := func() {}
	refuse := func(why string) {
		wrong.SetText(why)
		wrong.Show()
		sh.canvas.Focus(grades)
	}
	take := func() {
		scale := ownScale(grades.Text)
		if grades.Text == names.String() {
			scale = first // with what its grades mean
		}
		if err := scale.Check(); err != nil {
			refuse(locale.Say(err.Error()))
			return
		}
		j.takeScale(scale, rescale.Checked, func() {
			closing()
			j.remade()
		}, refuse)
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

// takeScale uses a scale; refused is told why not.
func (j *judge) takeScale(scale engine.Scale, rescale bool, done func(), refused func(wrong string)) {
	j.tasks.inOrder(func() func() {
		_, err := j.bench.SetScale(context.Background(), scale, rescale)
		return func() {
			var grades *workbench.ScaleError
			switch {
			case err == nil:
				done()
			case errors.As(err, &grades):
				refused(locale.T("There are grades up to %s, and this scale ends at %s. Tick the box below to move them along, or name more grades.",
					locale.Number(float64(grades.Grades), 0), locale.Number(float64(grades.Top), 0)))
			default:
				refused(failure(locale.T("The scale was not changed"), err).text)
			}
		}
	})
}
