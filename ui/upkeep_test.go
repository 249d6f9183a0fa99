package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"touchstone/engine/workbench"
)

// fakeUpkeep is the upkeep of a workspace that the window must have closed.
type fakeUpkeep struct {
	opened *fakeBench // of which nothing may be done while it is open
	done   []string
	err    error
}

func (u *fakeUpkeep) do(what string) error {
	if u.opened != nil && !u.opened.closed {
		return fmt.Errorf("%s while the workspace is open", what)
	}
	u.done = append(u.done, what)
	return u.err
}

func (u *fakeUpkeep) Check(context.Context, string) ([]workbench.Count, []string, error) {
	return []workbench.Count{{What: "products", N: 3}, {What: "judgments", N: 2}}, nil, u.do("check")
}

func (u *fakeUpkeep) Repair(_ context.Context, from, to string) (workbench.Saved, error) {
	return workbench.Saved{Lost: []string{"judgments query \"x\""}}, u.do("repair " + from + " " + to)
}

func (u *fakeUpkeep) Backups(string) ([]workbench.Backup, error) {
	at := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	return []workbench.Backup{{Path: "/shop/new", Time: at, Reason: "import", Bytes: 3_100_000}, {Path: "/shop/old", Time: at.AddDate(0, 0, -1), Reason: "daily"}}, nil
}

func (u *fakeUpkeep) Look(backup string) (workbench.Held, error) {
	if backup == "/shop/old" {
		return workbench.Held{}, errors.New("looking into /shop/old: the file is damaged")
	}
	return workbench.Held{Products: 1000, Judgments: 345, Queries: 20}, nil
}

func (u *fakeUpkeep) Restore(_ context.Context, path, backup string) (string, error) {
	return "/shop/aside", u.do("restore " + backup)
}

func (u *fakeUpkeep) Compact(context.Context, string) (before, after int64, err error) {
	return 5_000_000, 2_000_000, u.do("compact")
}

// upkeepWindow is a window whose benches the test sees.
func upkeepWindow(t *testing.T) (*testWindow, *fakeUpkeep) {
	u := &fakeUpkeep{}
	open := func(string) (Bench, error) {
		u.opened = newFakeBench()
		return u.opened, nil
	}
	w := newTestWindow(t, Deps{Path: "/shop/spring.touchstone", Open: open, Upkeep: u,
		Diagnostics: func(st *workbench.Status, _ int, details bool) (string, error) {
			return fmt.Sprintf("open %v, details %v", st != nil, details), nil
		}})
	w.openFirst()
	w.wait()
	return w, u
}

func TestUpkeepOfAnOpenWorkspace(t *testing.T) {
	for _, c := range []struct{ action, done, says string }{
		{"file.check", "check", "Every record is whole: 3 products, 2 grades."},
		{"file.compact", "compact", "had 5.0 MB and has 2.0 MB now"},
	} {
		w, u := upkeepWindow(t)
		w.shell.search.open("headphones")
		w.settle()
		before := u.opened
		w.shell.goTo(placeJudge)
		w.shell.act(c.action)
		w.settle()
		if got := words(w.shell.notices.content); fmt.Sprint(u.done) != "["+c.done+"]" || !strings.Contains(got, c.says) {
			t.Errorf("%s did %v and says %q", c.action, u.done, got)
		}
		if u.opened == before || u.opened.closed {
			t.Errorf("%s: the workspace is not open again", c.action)
		}
		if w.shell.place.kind.id != placeJudge || w.shell.search.query != "headphones" {
			t.Errorf("%s: afterwards at %q in %q", c.action, w.shell.search.query, w.shell.place.kind.id)
		}
		u.err = errors.New("disk on fire")
		w.shell.act(c.action)
		w.wait()
		if got := words(w.shell.notices.content); !strings.Contains(got, "disk on fire") || w.shell.bench == nil {
			t.Errorf("%s that failed: %q, open %v", c.action, got, w.shell.bench != nil)
		}
	}
}

func TestGoingBackToABackup(t *testing.T) {
	w, u := upkeepWindow(t)
	w.settle()
	w.shell.act("file.restore")
	for range 2 {
		(<-w.loop.queue)() // what is in each backup
	}
	overlay := w.win.Canvas().Overlays().Top()
	got := words(overlay)
	for _, want := range []string{"before an import", "3.1 MB", "1,000 products, 345 grades, 20 queries", "once a day", "the file is damaged"} {
		if !strings.Contains(got, want) {
			t.Errorf("the list of backups lacks %q: %q", want, got)
		}
	}
	press(t, overlay, "Go back to it") // the last
	w.wait()
	if fmt.Sprint(u.done) != "[restore /shop/old]" || !strings.Contains(words(w.shell.notices.content), "kept as /shop/aside") {
		t.Errorf("did %v and says %q", u.done, words(w.shell.notices.content))
	}
}

func TestDamagedAndHeldWorkspaces(t *testing.T) {
	viewed := newFakeBench()
	viewed.readOnly = true
	u := &fakeUpkeep{}
	failing := fmt.Errorf("opening it: %w", &workbench.InUseError{Who: "lisa on till, process 7"})
	w := newTestWindow(t, Deps{Upkeep: u,
		Open: func(string) (Bench, error) { return nil, failing },
		View: func(string) (Bench, error) { return viewed, nil },
	})
	w.open("/shop/spring.touchstone", w.deps.Open)
	w.wait()
	if got := words(w.shell.notices.content); !strings.Contains(got, "lisa on till, process 7") {
		t.Errorf("the window does not say who: %q", got)
	}
	press(t, w.shell.notices.content, "Look at it")
	w.wait()
	if got := words(w.shell.notices.content); !strings.Contains(got, "Nothing can be changed here") {
		t.Errorf("a workspace to look at: %q", got)
	}
	w.shell.act("file.compact")
	if len(u.done) > 0 {
		t.Errorf("upkeep of a workspace that is only looked at: %v", u.done)
	}
	failing = fmt.Errorf("opening it: %w", workbench.ErrDamaged)
	press(t, w.shell.notices.content, "Open it to work in it")
	w.wait()
	press(t, w.shell.notices.content, "What can be done…")
	if got := words(w.win.Canvas().Overlays().Top()); !strings.Contains(got, "Save what can be read…") {
		t.Errorf("what can be done: %q", got)
	}
}

func TestReopensWhereItWas(t *testing.T) {
	w, _ := upkeepWindow(t)
	w.shell.search.open("headphones")
	w.settle()
	w.shell.goTo(placeJudge)
	w.keepSpot() // as every few seconds; then the program is killed
	again := w.another()
	again.openFirst()
	again.settle()
	if again.shell.place.kind.id != placeJudge || again.shell.search.query != "headphones" {
		t.Errorf("reopened at %q in %q", again.shell.search.query, again.shell.place.kind.id)
	}
}

func TestDiagnosticsAreCopied(t *testing.T) {
	w, _ := upkeepWindow(t)
	w.deps.Crashed = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	w.tellCrash()
	for label, want := range map[string]string{"Copy": "open true, details false", "Copy with messages": "open true, details true"} {
		w.shell.act("help.diagnostics")
		press(t, w.win.Canvas().Overlays().Top(), label)
		if got := w.app.Clipboard().Content(); got != want {
			t.Errorf("%s copied %q", label, got)
		}
	}
	if got := words(w.shell.notices.content); !strings.Contains(got, "ended unexpectedly") {
		t.Errorf("the crash is not told: %q", got)
	}
}

func TestWorkspaceIsBackedUpDaily(t *testing.T) {
	w, u := upkeepWindow(t)
	w.settle()
	if u.opened.daily != 1 {
		t.Errorf("%d daily backups were asked for", u.opened.daily)
	}
}
