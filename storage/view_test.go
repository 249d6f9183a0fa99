package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
)

// TestViewBesideAWriter looks at a workspace that another open file is writing
// the whole time: what it sees is what stood after one of the changes.
func TestViewBesideAWriter(t *testing.T) {
	w := newWorkspace(t)
	t.Setenv("TMPDIR", t.TempDir()) // after the workspace's own folder
	// Change n leaves grade n on each of several pages of judgments.
	put := func(n int) error {
		judgments := make([]engine.Judgment, 30)
		for i := range judgments {
			judgments[i] = engine.Judgment{Query: fmt.Sprint(i), Product: "1", Judge: "ann", Grade: engine.Grade(n), Note: strings.Repeat("x", 400), Time: now()}
		}
		return w.PutJudgments(t.Context(), judgments)
	}
	if err := put(0); err != nil {
		t.Fatal(err)
	}
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for n := 1; ; n++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := put(n); err != nil {
				stopped <- err
				return
			}
			time.Sleep(5 * time.Millisecond) // faster than anyone grades
		}
	}()
	views := 0
	for range 20 {
		v, err := View(t.Context(), w.Path())
		if err != nil && strings.Contains(err.Error(), "changes it all the time") {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		views++
		if _, err := v.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		var first *engine.Judgment
		err = v.EachJudgment(t.Context(), func(j engine.Judgment) error {
			if first == nil {
				first = &j
			}
			if j.Grade != first.Grade {
				return fmt.Errorf("grades of two changes: %v and %v", first.Grade, j.Grade)
			}
			return nil
		})
		if err := errors.Join(err, v.Close()); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	v, err := View(t.Context(), w.Path()) // while it is open and at rest
	if err != nil {
		t.Fatal(err)
	}
	if views == 0 {
		t.Error("no view beside the writer was possible")
	}
	if v.Path() != w.Path() || !v.ReadOnly() {
		t.Errorf("the view is of %s, read-only %v", v.Path(), v.ReadOnly())
	}
	if err := v.PutQueries([]engine.Query{{Text: "lamp"}}); !errors.Is(err, workbench.ErrReadOnly) {
		t.Errorf("writing into a view: %v", err)
	}
	if err := v.KeepBackup(t.Context(), "import"); !errors.Is(err, workbench.ErrReadOnly) {
		t.Errorf("a backup of a view: %v", err)
	}
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestViewRefuses(t *testing.T) {
	w := newWorkspace(t)
	t.Setenv("TMPDIR", t.TempDir())
	none := filepath.Join(t.TempDir(), "none.touchstone")
	if _, err := View(t.Context(), none); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), none) {
		t.Errorf("nothing there: %v", err)
	}
	noise := filepath.Join(t.TempDir(), "noise.touchstone")
	if err := os.WriteFile(noise, bytes.Repeat([]byte("milk "), 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := View(t.Context(), noise); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), noise) {
		t.Errorf("a text: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := View(ctx, w.Path()); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestLook(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := w.KeepBackup(t.Context(), "import"); err != nil {
		t.Fatal(err)
	}
	kept, err := Backups(w.Path())
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	held, err := Look(kept[0].Path) // beside the open workspace
	if err != nil {
		t.Fatal(err)
	}
	if held.Products != len(want.Products) || held.Judgments != len(want.Judgments) || held.Queries != len(want.Queries) ||
		held.Rankers != len(want.Rankers) {
		t.Errorf("%+v, want the counts of %+v", held, want)
	}
	var newest engine.Change
	err = w.History(func(c engine.Change) bool { newest = c; return false })
	if err != nil || newest.Time.IsZero() || !held.Graded.Equal(newest.Time) {
		t.Errorf("graded at %v, want %v (%v)", held.Graded, newest.Time, err)
	}
	if _, err := Look(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing there: %v", err)
	}
}
