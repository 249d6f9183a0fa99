package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/ui/theme"
)

// TestRowsOutOfSightTakeTheNewLook: a row that its list kept while the look
// changed stands in the new one when it comes back, also where it shows what it
// showed before.
func TestRowsOutOfSightTakeTheNewLook(t *testing.T) {
	sc := newScreen(t)
	sc.shell.search.open("headphones")
	sc.settle()
	s := sc.shell.search
	row, kept := newResultRow(s.results), newProductRow(s.pictures)
	product := &s.page.Results[0].Product
	settings := fyne.CurrentApp().Settings()
	was := settings.Theme()
	t.Cleanup(func() { settings.SetTheme(was) })
	for _, mode := range []theme.Mode{theme.Dark, theme.Light} {
		settings.SetTheme(theme.New(mode, 1))
		test.WidgetRenderer(row) // as the list has it by then
		row.set(0)
		kept.set(product, "note")
		for name, c := range map[string]struct {
			text fyne.Widget
			want fyne.ThemeColorName
		}{"why": {row.why, theme.ColorAccentText}, "rank": {row.rank, theme.ColorMuted}, "about": {kept.about, theme.ColorMuted}} {
			text := test.WidgetRenderer(c.text).Objects()[0].(*canvas.Text)
			if want := fynetheme.ColorForWidget(c.want, c.text); text.Color != want {
				t.Errorf("%s: %s is %v, want %v", mode, name, text.Color, want)
			}
		}
	}
}
