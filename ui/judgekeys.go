package ui

import (
	"strings"

	"fyne.io/fyne/v2"

	"touchstone/engine"
)

// toNote goes to the field of the note.
func (j *judge) toNote() {
	if j.item() != nil {
		j.side.note.CursorColumn = len([]rune(j.side.note.Text))
		j.s.focus(j.side.note)
	}
}

// explain shows where the product stands for its query, and why.
func (j *judge) explain() {
	if item := j.item(); item != nil {
		j.toPage()
		j.s.openAt(item.Query.Text, item.Product.ID)
	}
}

// key does what a key means on this screen.
func (j *judge) key(name fyne.KeyName) {
	switch name {
	case fyne.KeyLeft, fyne.KeyUp:
		j.move(-1)
	case fyne.KeyRight, fyne.KeyDown:
		j.move(1)
	case fyne.KeyDelete, fyne.KeyBackspace:
		if j.list.on {
			j.list.grade(nil)
		}
	}
}

// rune grades with a figure; false for any other letter.
func (j *judge) rune(r rune) bool {
	for g := range j.scale {
		if strings.EqualFold(string(r), j.scale.Key(g)) {
			j.grade(engine.Grade(g))
			return true
		}
	}
	if !j.list.on {
		return false
	}
	switch r {
	case 'x', 'X', ' ':
		j.list.markHere()
	case 'a', 'A':
		j.list.markAll()
	default:
		return false
	}
	return true
}
