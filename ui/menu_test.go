package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/theme"
)

// The keys beside the items of a menu can be read in both palettes.
func TestKeysInMenusStandOut(t *testing.T) {
	for _, mode := range []theme.Mode{theme.Light, theme.Dark} {
		test.NewTempApp(t).Settings().SetTheme(theme.New(mode, 1))
		item := fyne.NewMenuItem("New…", func() {})
		item.Shortcut = &desktop.CustomShortcut{KeyName: fyne.KeyN, Modifier: fyne.KeyModifierControl}
		menu := widget.NewMenu(fyne.NewMenu("", item))
		menu.Resize(menu.MinSize())
		texts := sights(menu, menu.Size())
		if len(texts) != 3 {
			t.Fatalf("%s: a menu of %d texts, want the name, the modifier and the key", mode, len(texts))
		}
		for _, s := range texts {
			if _, _, _, alpha := s.colour.RGBA(); alpha < 0xf000 {
				t.Errorf("%s: %q lets %.0f %% through", mode, s.text, 100-float64(alpha)/655.35)
			}
			if got := contrast(s.colour, fynetheme.Color(fynetheme.ColorNameMenuBackground)); got < 4.5 {
				t.Errorf("%s: %q stands out by %.2f only", mode, s.text, got)
			}
		}
	}
}
