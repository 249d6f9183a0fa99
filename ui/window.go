package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"touchstone/assets"
	"touchstone/ui/locale"
)

const workspaceEnding = ".touchstone"

// Settings of a person on this machine, kept by Fyne under the app's ID.
const (
	appID       = "app.touchstone.bench"
	prefLast    = "last-workspace"
	prefLook    = "look"
	prefText    = "text-size"
	prefSpeech  = "language"
	prefToured  = "toured"
	prefCompact = "compact"
	prefPane    = "pane-width"
	prefFolded  = "pane-folded"
	prefNames   = "rail-names"
	prefSplit   = "split"
	prefSideA   = "split-a"
	prefSideB   = "split-b"
	prefWidth   = "width"
	prefHeight  = "height"
	prefJudge   = "judge"
	prefMemory  = "memory-limit" // GB, 0 for none
	prefAt      = "spot-workspace"
	prefPlace   = "spot-place"
	prefQuery   = "spot-query"
	prefProduct = "spot-product"
	textSmaller = 0.85
	textLarger  = 1.5
	textStep    = 0.1
)

// window is the one window of a running app.
type window struct {
	deps  Deps
	app   fyne.App
	win   fyne.Window
	shell *shell
	rest  *rest // nil where the window is not the person's

	busy    bool   // a workspace is being opened or closed
	leaving func() // closes the window once it is not; nil when no one asked
	failed  error  // closing the workspace, once the window is closed

	asking question // the dialog in front, nil for none
}

// Run opens the window and returns when it is closed. The workspace is opened
// after the window shows.
func Run(deps Deps) error {
	a := app.NewWithID(appID)
	a.SetIcon(fyne.NewStaticResource("touchstone.png", assets.AppIcon))
	win, err := newWindow(a)
	if err != nil {
		return err
	}
	w := &window{deps: deps, app: a, win: win, rest: newRest()}
	w.build(w.rest.post)
	w.limitMemory()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a.Lifecycle().SetOnStarted(func() {
		w.openFirst()
		w.tellCrash()
		go w.watchSpot()
		go w.rest.keep(ctx, w.calm)
	})
	w.win.SetCloseIntercept(w.quit)
	w.win.ShowAndRun()
	return errors.Join(w.failed, w.ended())
}

// ended closes the workspace where the toolkit has ended the window by itself, as
// at a signal: grades that are on their way are written.
func (w *window) ended() error {
	if w.shell.bench == nil {
		return nil
	}
	w.shell.tasks.stop()()
	return w.shell.bench.Close()
}

// calm reports whether nothing is at work.
func (w *window) calm() bool {
	t := w.shell.tasks
	return !w.busy && (t == nil || t.running+t.asides == 0)
}

// newWindow is the app's first use of the display; where there is none, the
// graphics library panics.
func newWindow(a fyne.App) (win fyne.Window, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("open the window: %v; check that DISPLAY names a running display, or use the commands, which need none (touchstone --help)", r)
		}
	}()
	return a.NewWindow(locale.Name("Touchstone")), nil
}

// build makes the window's content, menu and keys.
func (w *window) build(post func(func())) {
	w.applyLook()
	failed := errors.Join(locale.Set(w.speech()), speakToolkit())
	w.shell = newShell(w.win.Canvas(), post)
	w.shell.drawing = &drawing{}
	w.shell.person = person{
		name: func() string { return w.app.Preferences().String(prefJudge) },
		keep: func(name string) { w.app.Preferences().SetString(prefJudge, name) },
	}
	if failed != nil {
		w.shell.notices.tell(failure(locale.T("The language was not changed"), failed))
	}
	w.shell.files = files{open: w.pickFile, save: w.pickNewFile, problems: w.showProblems}
	w.shell.over = w.show
	w.shell.own = w.actions()
	prefs := w.app.Preferences()
	w.shell.panes = panes{
		inspector: float32(prefs.FloatWithFallback(prefPane, inspectorWidth)), folded: prefs.Bool(prefFolded), names: prefs.Bool(prefNames),
		split: prefs.Bool(prefSplit), sides: [2]string{prefs.String(prefSideA), prefs.String(prefSideB)},
	}
	w.shell.rail.setNames(w.shell.panes.names)
	w.shell.keepPanes = func(p panes) {
		prefs.SetFloat(prefPane, float64(p.inspector))
		prefs.SetBool(prefFolded, p.folded)
		prefs.SetBool(prefNames, p.names)
		prefs.SetBool(prefSplit, p.split)
		prefs.SetString(prefSideA, p.sides[0])
		prefs.SetString(prefSideB, p.sides[1])
	}
	w.shell.rail.look.OnTapped = w.flipLook
	w.shell.rail.help.OnTapped = w.showKeys
	w.win.SetPadded(false)
	w.showMenu()
	w.win.Resize(fyne.NewSize(
		float32(prefs.FloatWithFallback(prefWidth, 1280)), float32(prefs.FloatWithFallback(prefHeight, 820))))
	w.win.SetOnDropped(w.drop)
	w.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { w.key(e.Name) })
	w.win.Canvas().SetOnTypedRune(w.rune)
}

// key and rune get what is typed while nothing has the focus. A dialog in front
// keeps it from the screens.
func (w *window) key(name fyne.KeyName) {
	switch {
	case w.asking == nil:
		w.shell.key(name)
	case name == fyne.KeyEscape:
		w.asking.Dismiss()
	}
}

func (w *window) rune(r rune) {
	if w.asking == nil {
		w.shell.rune(r)
	}
}

// show shows a sheet and returns how to close it.
func (w *window) show(title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) (close func()) {
	s := newSheet(w.win.Canvas(), title, content, buttons...)
	w.ask(s)
	return s.Dismiss
}

// ask shows a dialog, in place of one that is already there.
func (w *window) ask(d question) {
	if w.asking != nil {
		w.asking.Dismiss()
	}
	d.Show()
	w.asking = d
	d.SetOnClosed(func() { w.asking = nil })
}

// drop takes files that were dropped on the window: a workspace is opened,
// anything else is looked at as a catalogue.
func (w *window) drop(_ fyne.Position, dropped []fyne.URI) {
	var files []string
	for _, u := range dropped {
		if filepath.Ext(u.Path()) == workspaceEnding {
			w.open(u.Path(), w.deps.Open)
			return
		}
		files = append(files, u.Path())
	}
	if len(files) > 0 {
		w.previewCatalogue(files)
	}
}

// openFirst opens the workspace that was asked for, the last one, or the sample.
func (w *window) openFirst() {
	last := w.app.Preferences().String(prefLast)
	switch {
	case w.deps.Path != "":
		w.open(w.deps.Path, w.deps.Open)
	case last != "" && exists(last):
		w.open(last, w.deps.Open)
	default:
		w.begin(w.firstSample())
	}
}

// firstSample opens the sample in the window's own language, where there is one.
func (w *window) firstSample() func() (Bench, error) {
	for _, s := range w.deps.Samples {
		if s.Language == string(locale.Current()) {
			return s.Open
		}
	}
	return w.deps.Sample
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (w *window) openSample() { w.begin(w.deps.Sample) }

// begin opens a sample, the first time with the tour.
func (w *window) begin(sample func() (Bench, error)) {
	w.replace(locale.T("the sample"), "", sample, func(path string) {
		prefs := w.app.Preferences()
		prefs.RemoveValue(prefLast)
		w.returnTo(path)
		if !prefs.Bool(prefToured) {
			prefs.SetBool(prefToured, true)
			w.shell.startTour()
		}
	})
}

func (w *window) open(path string, opener Opener) {
	w.replace(workspaceName(path), path, func() (Bench, error) { return opener(path) }, func(path string) {
		w.remember(path)
		w.returnTo(path)
	})
}

// remember opens this workspace the next time, too.
func (w *window) remember(path string) {
	if full, err := filepath.Abs(path); err == nil {
		w.app.Preferences().SetString(prefLast, full)
	}
}

// replace closes the open workspace and opens another beside the window, that at
// path where it is known. Where that fails, the old one comes back.
func (w *window) replace(name, path string, opener func() (Bench, error), then func(path string)) {
	if w.busy {
		return
	}
	w.busy = true
	old := ""
	if w.shell.bench != nil {
		old = w.shell.bench.Status().Path
	}
	finish := w.shell.close()
	w.shell.opening(name)
	go func() {
		closed := finish()
		b, err := opener()
		failed := err != nil
		if failed && old != "" {
			var again error
			if b, again = w.deps.Open(old); again != nil {
				b = nil // said below is why the wanted one did not open
			}
		} else if failed {
			b = nil
		}
		w.shell.post(func() {
			w.busy = false
			if closed != nil {
				w.shell.notices.tell(failure(locale.T("The workspace was not closed cleanly"), closed))
			}
			if failed {
				w.shell.notices.tell(w.notOpened(name, path, err))
			}
			if b == nil {
				w.win.SetTitle(locale.Name("Touchstone"))
				w.shell.showEmpty(w.noWorkspace())
				w.showMenu()
			} else {
				w.shell.open(b)
				if b.Status().ReadOnly {
					w.looked()
				}
				w.keepDaily()
				w.win.SetTitle(workspaceName(b.Status().Path) + locale.Name(" – Touchstone"))
				w.showMenu()
				if !failed {
					then(b.Status().Path)
				}
			}
			if w.leaving != nil {
				w.leaving()
			}
		})
	}()
}

// quit writes what is on its way and closes the window.
func (w *window) quit() {
	if w.busy { // opening: the window closes when that is done
		w.leaving = w.quit
		return
	}
	w.busy, w.leaving = true, nil
	w.keepSpot()
	size := w.win.Canvas().Size()
	w.app.Preferences().SetFloat(prefWidth, float64(size.Width))
	w.app.Preferences().SetFloat(prefHeight, float64(size.Height))
	finish := w.shell.close()
	w.shell.showEmpty(empty(locale.T("Closing"), locale.T("The last changes are being written.")))
	go func() {
		err := finish()
		w.shell.post(func() {
			w.failed, w.busy = err, false
			w.win.SetCloseIntercept(nil)
			w.win.Close()
		})
	}()
}

// newWorkspace asks for a place and makes an empty workspace there.
func (w *window) newWorkspace() { w.newWorkspaceBy(w.deps.Create) }

func (w *window) newWorkspaceBy(create Opener) {
	w.pickNewWorkspace(locale.T("New workspace…"), "catalogue"+workspaceEnding, func(path string) { w.open(path, create) })
}
