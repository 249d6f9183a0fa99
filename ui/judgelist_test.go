package ui

import (
	"testing"

	"fyne.io/fyne/v2"
)

// TestMarksGoWithTheirProducts: when the queue changes under the list, nothing
// else is graded than what was marked, and nothing breaks. The monkey found it.
func TestMarksGoWithTheirProducts(t *testing.T) {
	sc := judging(t, newFakeBench())
	j := sc.shell.judge
	j.list.toggle()
	j.list.markHere()
	marked := j.items[0].Product.ID
	j.at = 0
	j.later() // it goes to the end of the queue
	j.list.show()
	for i := range j.items {
		if got := j.list.marked[j.list.pair(i)]; got != (j.items[i].Product.ID == marked && j.items[i].Query.Text == j.list.query) {
			t.Errorf("%s is marked: %v", j.items[i].Product.ID, got)
		}
	}
	j.items, j.at = nil, 0 // another queue is on its way
	sc.shell.key(fyne.KeyDelete)
	j.list.markAll()
	j.list.list.Refresh()
	sc.settle()
	if sc.b.steps != 0 {
		t.Errorf("%d selections were graded", sc.b.steps)
	}
}

// TestUndoOfASelection: what one key did to several products is taken back on
// the screen as in the file.
func TestUndoOfASelection(t *testing.T) {
	sc := judging(t, newFakeBench())
	j := sc.shell.judge
	j.list.toggle()
	grades := func() (n int) {
		for i := range j.items {
			if j.items[i].Grade != nil {
				n++
			}
		}
		return n
	}
	for _, step := range []struct {
		keys string
		want int
	}{{"xx2", 2}, {"z", 0}, {"xx2", 2}} {
		j.at = 0
		sc.keys(step.keys)
		sc.settle()
		if got := grades(); got != step.want {
			t.Fatalf("after %q %d products have a grade, want %d", step.keys, got, step.want)
		}
	}
	j.at = 0
	sc.keys("xx")
	sc.shell.key(fyne.KeyDelete)
	sc.settle()
	if got := grades(); got != 0 {
		t.Fatalf("after clearing %d products have a grade", got)
	}
	sc.keys("z")
	if got := grades(); got != 2 || j.items[0].state != graded || j.items[1].state != graded {
		t.Errorf("after taking the clearing back %d products have a grade", got)
	}
}
