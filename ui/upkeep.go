package ui

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	fynetheme "fyne.io/fyne/v2/theme"

	"touchstone/engine/workbench"
	"touchstone/ui/locale"
	"touchstone/ui/theme"
	"touchstone/ui/widgets"
)

// upkeepActions are what can be done to the workspace file itself.
func (w *window) upkeepActions() []action {
	opened := func() bool { return w.shell.bench != nil && !w.shell.bench.Status().ReadOnly }
	file := locale.Mark("Workspace file")
	return []action{
		{id: "file.view", name: "Look at a workspace without changing it…", group: groupFile, under: file,
			run: func() {
				w.pickFile(locale.T("Look at a workspace without changing it…"), []string{workspaceEnding}, func(path string) { w.open(path, w.deps.View) })
			}},
		{id: "file.restore", name: "Go back to a backup…", group: groupFile, under: file, enabled: opened, why: noWorkspaceYet,
			run: func() { w.showBackups(w.shell.bench.Status().Path) }},
		{id: "file.check", name: "Check every record", group: groupFile, under: file, enabled: opened, why: noWorkspaceYet, run: w.check},
		{id: "file.compact", name: "Give unused space back", group: groupFile, under: file, enabled: opened, why: noWorkspaceYet, run: w.compact},
		{id: "file.repair", name: "Repair a damaged workspace…", group: groupFile, under: file,
			run: func() { w.pickFile(locale.T("Repair a damaged workspace…"), []string{workspaceEnding}, w.repair) }},
	}
}

// upkeep closes the workspace, does something to its file beside the window, and
// opens it again where it was. What do returns is told in any case.
func (w *window) upkeep(doing string, do func(ctx context.Context, path string) notice) {
	if w.busy {
		return
	}
	at := w.shell.spot()
	path := w.shell.bench.Status().Path
	ctx, cancel := context.WithCancel(context.Background())
	j := w.shell.notices.job(doing, cancel)
	w.replace(workspaceName(path), path, func() (Bench, error) {
		told := do(ctx, path)
		cancel()
		w.shell.post(func() {
			j.done()
			w.shell.notices.tell(told)
		})
		return w.deps.Open(path)
	}, func(string) { w.shell.backTo(at) })
}

func (w *window) check() {
	w.upkeep(locale.T("Checking every record"), func(ctx context.Context, path string) notice {
		counts, problems, err := w.deps.Upkeep.Check(ctx, path)
		switch {
		case err != nil:
			return failure(locale.T("The workspace was not checked"), err)
		case len(problems) > 0:
			return notice{bad: true, action: locale.T("What can be done…"), do: func() { w.showBackups(path) },
				text: locale.N(len(problems), "%d record is damaged.", "%d records are damaged.") + " " + problems[0]}
		}
		return notice{text: locale.T("Every record is whole: %s.", together(locale.N(countOf(counts, "products"), "%d product", "%d products"),
			locale.N(countOf(counts, "judgments"), "%d grade", "%d grades")))}
	})
}

func countOf(counts []workbench.Count, what string) int {
	for _, c := range counts {
		if c.What == what {
			return c.N
		}
	}
	return 0
}

func (w *window) compact() {
	w.upkeep(locale.T("Giving unused space back"), func(ctx context.Context, path string) notice {
		before, after, err := w.deps.Upkeep.Compact(ctx, path)
		if err != nil {
			return failure(locale.T("The workspace stays as it was"), err)
		}
		return notice{text: locale.T("The workspace file had %s MB and has %s MB now.", megabytes(before), megabytes(after))}
	})
}

func megabytes(bytes int64) string { return locale.Number(float64(bytes)/1e6, 1) }

// repair saves what can be read of a file into a new workspace and opens that.
func (w *window) repair(from string) {
	w.pickNewWorkspace(locale.T("Repair a damaged workspace…"), strings.TrimSuffix(workspaceName(from), workspaceEnding)+"-repaired"+workspaceEnding, func(to string) {
		w.replace(workspaceName(to), to, func() (Bench, error) {
			saved, err := w.deps.Upkeep.Repair(context.Background(), from, to)
			if err != nil {
				return nil, err
			}
			w.shell.post(func() { w.shell.notices.tell(repaired(saved)) })
			return w.deps.Open(to)
		}, w.remember)
	})
}

func repaired(saved workbench.Saved) notice {
	n := notice{text: locale.T("Saved:") + " " + locale.N(countOf(saved.Counts, "products"), "%d product", "%d products") +
		", " + locale.N(countOf(saved.Counts, "judgments"), "%d grade", "%d grades") + "."}
	if len(saved.Lost) == 0 && saved.Undated == 0 {
		n.text += " " + locale.T("Nothing was lost.")
		return n
	}
	n.bad = true
	if len(saved.Lost) > 0 {
		n.text += " " + locale.N(len(saved.Lost), "%d record is lost:", "%d records are lost:") + " " + saved.Lost[0]
	}
	if saved.Undated > 0 {
		n.text += " " + locale.N(saved.Undated, "%d record may be older than what was lost.", "%d records may be older than what was lost.")
	}
	return n
}

// showBackups lists the backups of a workspace, open or damaged, with what each
// holds, to put one in its place.
func (w *window) showBackups(path string) {
	if w.busy {
		return
	}
	backups, err := w.deps.Upkeep.Backups(path)
	if err != nil {
		w.shell.notices.tell(failure(locale.T("The backups cannot be listed"), err))
		return
	}
	const width = 620
	column := container.New(layout.NewCustomPaddedVBoxLayout(theme.Gap3))
	column.Add(widgets.NewParagraph(locale.T("A backup takes the place of the workspace, which itself is kept beside the backups. Backups are made before every import and once a day."), width, widgets.Style{Colour: theme.ColorMuted}))
	var leave func()
	looking, stop := context.WithCancel(context.Background())
	var held []*widgets.Text
	for _, b := range backups {
		holds := widgets.NewText(locale.T("Looking into it"), widgets.Style{Colour: theme.ColorMuted, Size: fynetheme.SizeNameCaptionText, Cut: true})
		held = append(held, holds)
		put := widgets.NewButton(locale.T("Go back to it"), widgets.Bordered, func() {
			leave()
			w.restore(path, b)
		})
		title := locale.T("%s, %s: %s, %s MB", locale.Date(b.Time.Local()), b.Time.Local().Format("15:04"), reason(b.Reason), megabytes(b.Bytes))
		column.Add(container.NewBorder(nil, nil, nil, container.NewCenter(put),
			container.New(layout.NewCustomPaddedVBoxLayout(0), widgets.NewText(title, widgets.Style{Cut: true}), holds)))
	}
	if len(backups) == 0 {
		column.Add(widgets.NewText(locale.T("There is no backup yet."), widgets.Style{}))
	}
	column.Add(widgets.NewParagraph(locale.T("Where the workspace is damaged, what can still be read of it can be saved into a new one."), width, widgets.Style{Colour: theme.ColorMuted}))
	column.Add(container.NewHBox(widgets.NewButton(locale.T("Save what can be read…"), widgets.Bordered, func() {
		leave()
		w.repair(path)
	})))
	leave = w.show(locale.T("Backups of %s", workspaceName(path)), column)
	w.asking.SetOnClosed(func() {
		stop()
		w.asking = nil
	})
	go func() {
		for i, b := range backups {
			if looking.Err() != nil {
				return
			}
			what, err := w.deps.Upkeep.Look(b.Path)
			w.shell.post(func() { held[i].SetText(holds(what, err)) })
		}
	}()
}

// holds says what is in a backup.
func holds(held workbench.Held, err error) string {
	if err != nil {
		return locale.Say(err.Error())
	}
	text := together(locale.N(held.Products, "%d product", "%d products"), locale.N(held.Judgments, "%d grade", "%d grades"),
		locale.N(held.Queries, "%d query", "%d queries"))
	if !held.Graded.IsZero() {
		at := held.Graded.Local()
		text = locale.T("%s. Last graded on %s at %s.", text, locale.Date(at), locale.Clock(at))
	}
	return text
}

// reason says why a backup was made.
func reason(word string) string {
	switch word {
	case "import":
		return locale.T("before an import")
	case "merge":
		return locale.T("before queries were made one")
	case "daily":
		return locale.T("once a day")
	case "adopt":
		return locale.T("before a model was taken into use")
	case "before-restore":
		return locale.T("put aside by going back")
	}
	return word
}

func (w *window) restore(path string, b workbench.Backup) {
	restore := func(ctx context.Context, path string) notice {
		aside, err := w.deps.Upkeep.Restore(ctx, path, b.Path)
		if err != nil {
			return failure(locale.T("The workspace stays as it was"), err)
		}
		return notice{text: locale.T("The workspace is that of %s, %s. What stood before is kept as %s.",
			locale.Date(b.Time.Local()), locale.Clock(b.Time.Local()), aside)}
	}
	if w.shell.bench != nil && w.shell.bench.Status().Path == path {
		w.upkeep(locale.T("Going back to a backup"), restore)
		return
	}
	w.replace(workspaceName(path), path, func() (Bench, error) {
		told := restore(context.Background(), path)
		w.shell.post(func() { w.shell.notices.tell(told) })
		return w.deps.Open(path)
	}, w.remember)
}

// pickNewWorkspace asks for a new workspace file.
func (w *window) pickNewWorkspace(title, name string, then func(path string)) {
	w.pickNewFile(title, name, func(path string) {
		// The dialog has made an empty file, which is not a workspace yet.
		if info, err := os.Stat(path); err == nil && info.Size() == 0 {
			if err := os.Remove(path); err != nil {
				w.shell.notices.tell(failure(locale.T("The workspace was not made"), err))
				return
			}
		}
		if !strings.HasSuffix(path, workspaceEnding) {
			path += workspaceEnding
		}
		then(path)
	})
}

// keepDaily backs the workspace up beside the window, where that is due.
func (w *window) keepDaily() {
	b := w.shell.bench
	w.shell.tasks.start(func(ctx context.Context) func() {
		err := b.KeepDailyBackup(ctx)
		return func() {
			if err != nil {
				w.shell.notices.tell(failure(locale.T("The workspace was not backed up"), err))
			}
		}
	}, false)
}

// looked is the banner of a workspace that can only be looked at.
func (w *window) looked() {
	st := w.shell.bench.Status()
	w.shell.banner = w.shell.notices.banner(
		locale.T("You are looking at %s as it stood at %s. Nothing can be changed here.", workspaceName(st.Path), locale.Clock(time.Now())),
		locale.T("Open it to work in it"), func() { w.open(st.Path, w.deps.Open) })
}

// spot is where a person is in a workspace.
type spot struct {
	place, query, product string
}

func (sh *shell) spot() spot {
	if sh.search == nil || sh.place == nil {
		return spot{}
	}
	return spot{sh.place.kind.id, sh.search.query, sh.search.selected}
}

// backTo goes to where a person was.
func (sh *shell) backTo(at spot) {
	if sh.search == nil {
		return
	}
	if at.query != "" {
		sh.search.wanted = at.product
		sh.search.open(at.query)
	}
	if at.place != "" {
		sh.goTo(at.place)
	}
}

// keepSpot remembers where the person is, for the next start.
func (w *window) keepSpot() {
	if w.shell.bench == nil {
		return
	}
	at := w.shell.spot()
	prefs := w.app.Preferences()
	for pref, value := range map[string]string{prefPlace: at.place, prefQuery: at.query, prefProduct: at.product, prefAt: w.shell.bench.Status().Path} {
		if prefs.String(pref) != value {
			prefs.SetString(pref, value)
		}
	}
}

// returnTo goes to where the person was when the window was last open, on the
// same workspace, however it ended.
func (w *window) returnTo(path string) {
	prefs := w.app.Preferences()
	if prefs.String(prefAt) == path {
		w.shell.backTo(spot{place: prefs.String(prefPlace), query: prefs.String(prefQuery), product: prefs.String(prefProduct)})
	}
}

// spotEvery is how often it is remembered where the person is.
const spotEvery = 5 * time.Second

// watchSpot does so until the program ends. It can wait, and so wakes no one.
func (w *window) watchSpot() {
	for range time.Tick(spotEvery) {
		fyne.Do(w.keepSpot)
	}
}

// notOpened says why a workspace did not open, and what can be done.
func (w *window) notOpened(name, path string, err error) notice {
	n := notOpened(name, err)
	switch {
	case path == "":
	case errors.Is(err, workbench.ErrInUse) && w.deps.View != nil:
		n.action, n.do = locale.T("Look at it"), func() { w.open(path, w.deps.View) }
	case errors.Is(err, workbench.ErrDamaged) && w.deps.Upkeep != nil:
		n.action, n.do = locale.T("What can be done…"), func() { w.showBackups(path) }
	}
	return n
}
