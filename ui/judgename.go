package ui

import (
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// person is who sits at the machine: a name that is asked for once.
type person struct {
	name func() string
	keep func(string)
}

// named takes the judge's name and begins.
func (j *judge) named(name string) {
	j.tasks.inOrder(func() func() {
		err := j.bench.SetJudge(name)
		return func() {
			if err != nil {
				j.s.tell(failure(locale.T("The name was not kept"), err))
				return
			}
			j.person.keep(name)
			j.s.status = j.bench.Status()
			j.s.onStatus()
			j.enter()
		}
	})
}

// newAsking asks who judges, once on a machine.
func (j *judge) newAsking() {
	j.nameField = widget.NewEntry()
	j.nameField.PlaceHolder = locale.T("Your name")
	take := func() {
		if name := strings.TrimSpace(j.nameField.Text); name != "" {
			j.named(name)
		}
	}
	j.nameField.OnSubmitted = func(string) { take() }
	row := container.New(layout.NewCustomPaddedLayout(theme.Gap2, 0, 0, 0),
		container.NewBorder(nil, nil, nil, widgets.NewButton(locale.T("Begin"), widgets.Primary, take), j.nameField))
	j.asking = empty(locale.T("Who judges?"), locale.T("Each judge’s grades are kept apart, under a name. It is asked once; grades that are already there keep theirs."), row)
}
