package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// TestNothingStaysSelectedInAClearedField holds that the second letter does not
// replace the first where the query before was selected as a whole.
func TestNothingStaysSelectedInAClearedField(t *testing.T) {
	for _, set := range []func(f *searchField){
		func(f *searchField) { f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape}) },
		func(f *searchField) { f.setQuietly("") },
	} {
		f := newSearchField()
		w := test.NewTempWindow(t, f)
		f.SetText("camera")
		w.Canvas().Focus(f)
		f.TypedShortcut(&fyne.ShortcutSelectAll{})
		set(f)
		for _, r := range "phone" {
			f.TypedRune(r)
		}
		if f.Text != "phone" {
			t.Errorf("the field holds %q", f.Text)
		}
	}
}

func TestKeyOfTheFieldBeginsNoQuery(t *testing.T) {
	f := newSearchField()
	for _, r := range "/1/2 cup" {
		f.TypedRune(r)
	}
	if f.Text != "1/2 cup" {
		t.Errorf("the field holds %q", f.Text)
	}
}
