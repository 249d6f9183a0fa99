package ui

import (
	"math"
	"runtime/debug"
	"strconv"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// showDiagnostics offers the text for whoever looks into a fault: without
// anybody's words, or with them.
func (w *window) showDiagnostics() {
	if w.deps.Diagnostics == nil {
		return
	}
	const width = 520
	var leave func()
	copies := func(details bool) func() {
		return func() {
			leave()
			w.copyDiagnostics(details)
		}
	}
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3),
		widgets.NewParagraph(locale.T("Numbers, times and the program’s own words. They name no product, no query and no person."), width, widgets.Style{}),
		container.NewHBox(widgets.NewButton(locale.T("Copy"), widgets.Primary, copies(false))),
		widgets.NewParagraph(locale.T("With all messages as they were: they may name files, products, queries and people."), width, widgets.Style{}),
		container.NewHBox(widgets.NewButton(locale.T("Copy with messages"), widgets.Bordered, copies(true))))
	leave = w.show(locale.T("Copy diagnostics"), column)
}

func (w *window) copyDiagnostics(details bool) {
	var st *workbench.Status
	unsaved := 0
	if b := w.shell.bench; b != nil {
		now := b.Status()
		st, unsaved = &now, b.Unsaved()
	}
	text, err := w.deps.Diagnostics(st, unsaved, details)
	if err != nil {
		w.shell.notices.tell(failure(locale.T("The diagnostics were not copied"), err))
		return
	}
	w.app.Clipboard().SetContent(text)
	w.shell.notices.tell(notice{text: locale.T("The diagnostics are copied. Paste them into a message.")})
}

// tellCrash says that the program crashed, once.
func (w *window) tellCrash() {
	if at := w.deps.Crashed; !at.IsZero() {
		w.shell.notices.tell(notice{bad: true, action: locale.T("Copy diagnostics…"), do: w.showDiagnostics,
			text: locale.T("Touchstone ended unexpectedly on %s at %s. Every grade that was shown as saved is there.", locale.Date(at), locale.Clock(at))})
	}
}

// memoryLimits are the limits of memory that can be chosen, in GB; 0 is none.
var memoryLimits = []int{0, 1, 2, 4, 8, 16}

// memoryActions choose how much memory the program may use.
func (w *window) memoryActions() []action {
	var all []action
	for i, gb := range memoryLimits {
		name := locale.Mark("No limit")
		if gb > 0 {
			name = strconv.Itoa(gb) + locale.Name(" GB")
		}
		all = append(all, action{id: "memory." + strconv.Itoa(gb), name: name, group: groupView, under: "Memory", apart: i == 0,
			run: func() {
				w.app.Preferences().SetInt(prefMemory, gb)
				w.limitMemory()
				w.showMenu()
			},
			on: func() bool { return w.app.Preferences().Int(prefMemory) == gb }})
	}
	return all
}

// limitMemory has the runtime collect as often as it takes to stay below the
// limit that was chosen, which a GOMEMLIMIT of the environment overrides.
func (w *window) limitMemory() {
	if fromEnvironment {
		return
	}
	limit := int64(math.MaxInt64)
	if gb := w.app.Preferences().Int(prefMemory); gb > 0 {
		limit = int64(gb) << 30
	}
	debug.SetMemoryLimit(limit)
}

// fromEnvironment says that GOMEMLIMIT has set a limit.
var fromEnvironment = debug.SetMemoryLimit(-1) != math.MaxInt64
