package ui

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/widgets"
)

// shell is what stands around every screen: the rail at the left, notices, the
// inspector at the right and the status bar.
type shell struct {
	canvas    fyne.Canvas
	post      func(func())
	hurry     bool       // see tasks
	tasks     *tasks     // of the open workspace; nil while none is open
	bench     Bench      // nil while none is open
	search    *search    // nil while none is open; it also writes the grades of the other places
	judge     *judge     // nil while none is open
	queries   *queries   // nil while none is open
	compare   *compare   // nil while none is open
	catalogue *catalogue // nil while none is open
	edits     *productEdits
	rules     *rules  // nil while none is open
	models    *models // nil while none is open
	pictures  *thumbnails
	drawing   *drawing // nil off screen
	places    []*place // of the open workspace, in the order of the rail
	place     *place   // the one that is shown; nil while none is open
	own       []action // what the window offers beside the places
	files     files
	over      func(title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) (close func()) // shows something over the window
	person    person

	panes     panes
	sides     float32     // the width that lines in the panes of the places are broken for
	keepPanes func(panes) // remembers them

	rail              *rail
	middle, inspector *fyne.Container
	notices           *notices
	status            *statusBar
	palette           *palette // nil while it is not shown
	banner            func()   // takes the banner of this workspace away; nil for none
	tour              *tour    // nil while none is under way
	content           *surface
}

// files asks a person for files, each time with a title that says what for. Off screen no one can be asked.
type files struct {
	open     func(title string, endings []string, then func(path string))
	save     func(title, name string, then func(path string))
	problems func(name string, problems []workbench.RowProblem) // lists rows that were skipped
}

// newShell makes a shell without a workspace and shows it on a canvas.
func newShell(canvas fyne.Canvas, post func(func())) *shell {
	sh := &shell{canvas: canvas, status: newStatusBar()}
	sh.post = func(f func()) {
		post(func() {
			f()
			sh.content.look()
		})
	}
	name := ""
	sh.person = person{name: func() string { return name }, keep: func(n string) { name = n }}
	sh.files = files{
		open:     func(string, []string, func(string)) {},
		save:     func(string, string, func(string)) {},
		problems: func(string, []workbench.RowProblem) {},
	}
	sh.over = func(string, fyne.CanvasObject, ...fyne.CanvasObject) func() { return func() {} }
	sh.notices = newNotices(func() { sh.content.Refresh() })
	sh.notices.after = func(d time.Duration, do func()) {
		if !sh.hurry {
			time.AfterFunc(d, func() { post(do) })
		}
	}
	sh.panes, sh.keepPanes = panes{inspector: inspectorWidth}, func(panes) {}
	sh.rail = newRail()
	divider := widgets.NewDivider()
	divider.OnDragged = func(across float32) { sh.divide(func(p *panes) { p.inspector -= across }) }
	sh.middle, sh.inspector = container.NewStack(), container.NewStack()
	page := container.NewBorder(nil, sh.notices.content, nil, nil, sh.middle)
	// Tab goes through them in this order, from the page on.
	sh.content = newSurface(container.New(&frame{shell: sh},
		page, divider, sh.inspector, sh.rail.content, widget.NewSeparator(), widget.NewSeparator(), sh.status.content), post)
	widgets.Hovered = func(o fyne.CanvasObject, text string) {
		if text == "" || sh.canvas != fyne.CurrentApp().Driver().CanvasForObject(o) {
			sh.content.leave()
			return
		}
		sh.content.over(o, text, fyne.CurrentApp().Driver().AbsolutePositionForObject(o).Subtract(fyne.CurrentApp().Driver().AbsolutePositionForObject(sh.content)))
	}
	canvas.SetContent(sh.content)
	canvas.SetOnTypedKey(func(e *fyne.KeyEvent) { sh.key(e.Name) })
	canvas.SetOnTypedRune(func(r rune) { sh.rune(r) })
	return sh
}

// open shows a workspace in place of the one that was open, which close was
// called for.
func (sh *shell) open(b Bench) {
	sh.bench, sh.tasks = b, newTasks(sh.post)
	sh.tasks.hurry = sh.hurry
	sh.pictures = newThumbnails(b, sh.tasks, sh.notices.tell)
	sh.edits = &productEdits{bench: b, tasks: sh.tasks, tell: sh.notices.tell, changed: func(id string) {
		sh.catalogue.edited(id)
		sh.refresh()
	}}
	for i := range placeKinds {
		if kind := &placeKinds[i]; kind.make != nil {
			p := kind.make(sh)
			p.kind = kind
			sh.places = append(sh.places, p)
		}
	}
	sh.rail.set(sh.places, sh.goTo)
	sh.sides = inspectorWidth
	sh.rail.setNames(sh.panes.names)
	sh.showStatus()
	sh.goTo(placeSearch)
	sh.nameJudge()
	if n, ok := sh.unencoded(); ok {
		sh.notices.tell(n)
	}
}

// relabel makes all screens anew, in the present language, as soon as nothing is
// at work on them. What is open stays open.
func (sh *shell) relabel(then func()) {
	t := sh.tasks
	if t == nil {
		return
	}
	t.whenIdle(func() {
		if sh.tasks != t { // another workspace was opened meanwhile
			return
		}
		up, query, selected := sh.place, sh.search.query, sh.search.selected
		t.stop()
		call(up.leave)
		sh.closePalette()
		sh.places, sh.place = nil, nil
		sh.notices.clear()
		touring := sh.tour
		sh.endTour()
		sh.open(sh.bench)
		if query != "" {
			sh.search.openAt(query, selected)
			sh.search.leaving = false // the focus belongs to the place that is up
		}
		sh.goTo(up.kind.id)
		if touring != nil {
			sh.tour = touring
			touring.card, touring.graded = nil, 0
			sh.showTour()
		}
		then()
	})
}

// goTo brings a place up. A place without a screen stays where it is.
func (sh *shell) goTo(id string) {
	for _, p := range sh.places {
		if p.kind.id == id {
			was, focused := sh.place, sh.canvas.Focused()
			if was != nil && was != p {
				call(was.leave)
			}
			sh.show(p)
			call(p.enter)
			if was != p && focused != nil && focused == sh.canvas.Focused() && sh.canvas.Overlays().Top() == nil {
				sh.canvas.Unfocus() // it belongs to another place, or to the rail: the next is the first of this place
			}
		}
	}
}

// show draws a place.
func (sh *shell) show(p *place) {
	sh.place = p
	sh.content.leave()
	sh.rail.mark(p)
	sh.middle.Objects = []fyne.CanvasObject{p.content}
	sh.inspector.Objects = nil
	if p.side != nil {
		sh.inspector.Objects = []fyne.CanvasObject{p.side}
	}
	sh.content.Refresh()
}

// refresh lets every place read the workspace again, after an import.
func (sh *shell) refresh() {
	for _, p := range sh.places {
		call(p.refresh)
	}
}

// nameJudge tells the workspace who sits here, where that is known.
func (sh *shell) nameJudge() {
	name, s := sh.person.name(), sh.search
	if name == "" || name == s.status.Judge || s.status.ReadOnly {
		return
	}
	sh.tasks.inOrder(func() func() {
		err := s.bench.SetJudge(name)
		return func() {
			if err != nil {
				s.tell(failure(locale.T("The judge was not named"), err))
				return
			}
			sh.countAgain()
		}
	})
}

// close leaves the open workspace. What it returns waits for grades to be
// written and closes the file; it may run anywhere.
func (sh *shell) close() (finish func() error) {
	b, t := sh.bench, sh.tasks
	if sh.place != nil {
		call(sh.place.leave)
	}
	sh.closePalette()
	sh.endTour()
	sh.bench, sh.tasks, sh.search, sh.judge, sh.catalogue, sh.places, sh.place = nil, nil, nil, nil, nil, nil, nil
	sh.rail.set(nil, nil)
	call(sh.banner)
	sh.banner = nil
	sh.inspector.RemoveAll()
	sh.showStatus()
	if b == nil {
		return func() error { return nil }
	}
	wait := t.stop()
	return func() error {
		wait()
		return b.Close()
	}
}

// showEmpty fills the page while no workspace is open.
func (sh *shell) showEmpty(o fyne.CanvasObject) {
	sh.middle.Objects = []fyne.CanvasObject{o}
	sh.content.Refresh()
}

// countAgain is showStatus after what the workspace says of itself has changed.
func (sh *shell) countAgain() {
	sh.search.status = sh.bench.Status()
	sh.showStatus()
}

func (sh *shell) showStatus() {
	sh.status.show(sh.search)
	sh.checkTour()
}

// opening is a workspace on its way: the page until then, and what to say when
// it does not open.
func (sh *shell) opening(name string) {
	sh.showEmpty(empty(locale.T("Opening %s", name), locale.T("The page is here in a moment.")))
}

// notOpened says why a workspace did not open.
func notOpened(name string, err error) notice {
	var held *workbench.InUseError
	switch {
	case errors.As(err, &held) && held.Who != "":
		return notice{bad: true, text: locale.T("%s is open in another Touchstone: %s. Close it there to work in it here.", name, held.Who)}
	case errors.Is(err, workbench.ErrInUse):
		return notice{bad: true, text: locale.T("%s is already open in another Touchstone. Close it there, then open it here again.", name)}
	case errors.Is(err, workbench.ErrNewer):
		return notice{bad: true, text: locale.T("%s was written by a newer Touchstone. Install that one to open it; nothing was changed.", name)}
	}
	return failure(locale.T("%s did not open", name), err)
}

// frame lays out the parts of a shell, rail, line, page, line, inspector, and
// below them a line and the status bar; in the order in which Tab goes through
// them the rail comes after the inspector.
type frame struct{ shell *shell }

// Layout implements fyne.Layout.
func (f *frame) Layout(o []fyne.CanvasObject, size fyne.Size) {
	place := func(i int, x, y, w, h float32) {
		o[i].Move(fyne.NewPos(x, y))
		o[i].Resize(fyne.NewSize(w, h))
	}
	height := size.Height - statusHeight - 1
	right := size.Width
	panes := &f.shell.panes
	railWidth := panes.railWidth()
	open := len(f.shell.inspector.Objects) > 0 && !panes.folded
	const page, divider, inspector, rail, besideRail, aboveStatus, status = 0, 1, 2, 3, 4, 5, 6
	o[divider].(fyne.Widget).Hide()
	f.shell.inspector.Hidden = !open
	if open {
		o[divider].Show()
		width := max(min(panes.inspector, size.Width-railWidth-pageLeast), inspectorWidth)
		f.shell.fitSides(width)
		right -= width
		place(inspector, right, 0, width, height)
		right--
		// The strip that can be dragged lies over both sides of its line.
		place(divider, right-(widgets.DividerWidth-1)/2, 0, widgets.DividerWidth, height)
	}
	place(rail, 0, 0, railWidth, height)
	place(besideRail, railWidth, 0, 1, height)
	f.shell.notices.setWidth(right - railWidth - 1)
	place(page, railWidth+1, 0, right-railWidth-1, height)
	place(aboveStatus, 0, height, size.Width, 1)
	place(status, 0, height+1, size.Width, statusHeight)
}

// MinSize implements fyne.Layout.
func (f *frame) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(900, 480) }
