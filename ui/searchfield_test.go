package ui

import "testing"

func TestKeyOfTheFieldBeginsNoQuery(t *testing.T) {
	f := newSearchField()
	for _, r := range "/1/2 cup" {
		f.TypedRune(r)
	}
	if f.Text != "1/2 cup" {
		t.Errorf("the field holds %q", f.Text)
	}
}
