package storage

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"touchstone/engine"
)

func journaled(query, product string, grade engine.Grade) engine.Change {
	return engine.Change{Time: now(), After: &engine.Judgment{Query: query, Product: product, Judge: "ann", Grade: grade, Time: now()}}
}

// TestJournalIsPlayed: what could not be stored is stored when the workspace is
// opened next, once, whether or not a crash left the journal behind.
func TestJournalIsPlayed(t *testing.T) {
	w := newWorkspace(t)
	grade(t, w, "nike", 1)
	grade(t, w, "cleared", 1)
	for _, c := range []engine.Change{
		journaled("nike", "1", 3), journaled("nike", "1", 2), journaled("手机", "x", 0),
		{Time: now(), Before: &engine.Judgment{Query: "cleared", Product: "1", Judge: "ann"}},
	} {
		if _, err := w.Journal(c); err != nil {
			t.Fatal(err)
		}
	}
	journal, err := os.ReadFile(journalFile(w.Path()))
	if err != nil {
		t.Fatal(err)
	}
	holds := func(w *Workspace, changes int) {
		t.Helper()
		got := map[string]engine.Grade{}
		if err := w.EachJudgment(t.Context(), func(j engine.Judgment) error { got[j.Query] = j.Grade; return nil }); err != nil {
			t.Fatal(err)
		}
		counts, err := w.Check(t.Context())
		if err != nil || len(got) != 2 || got["nike"] != 2 || got["手机"] != 0 || counts.Changes != changes {
			t.Fatalf("%v, %+v, %v", got, counts, err)
		}
	}
	w = reopen(t, w)
	holds(w, 5)
	if _, err := os.Stat(journalFile(w.Path())); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the journal stays: %v", err)
	}
	// Killed after the commit and before the journal was removed.
	if err := os.WriteFile(journalFile(w.Path()), journal, 0o600); err != nil {
		t.Fatal(err)
	}
	w = reopen(t, w)
	holds(w, 5)
	// Older than a grade that was given since.
	grade(t, w, "nike", 0)
	if err := os.WriteFile(journalFile(w.Path()), journal, 0o600); err != nil {
		t.Fatal(err)
	}
	w = reopen(t, w)
	err = w.EachJudgment(t.Context(), func(j engine.Judgment) error {
		if j.Query == "nike" && j.Grade != 0 {
			t.Errorf("the journal was played over a later grade: %+v", j)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTornJournal: a line that did not arrive as a whole costs that line only,
// and stays for a person to look at.
func TestTornJournal(t *testing.T) {
	w := newWorkspace(t)
	for i := range 3 {
		if _, err := w.Journal(journaled("nike", string(rune('a'+i)), engine.Grade(i))); err != nil {
			t.Fatal(err)
		}
	}
	path := journalFile(w.Path())
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range whole {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Journal(journaled("last", "z", 3)); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		read, _ := readJournal(data)
		// The line feed that ends a line is not part of what its checksum holds.
		if want := bytes.Count(whole[:cut], []byte("}}")) + 1; len(read) != want {
			t.Fatalf("cut at %d: %d changes, want %d", cut, len(read), want)
		}
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(whole), `"product":"b"`, `"product":"B"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w = reopen(t, w)
	stored := 0
	if err := w.EachJudgment(t.Context(), func(engine.Judgment) error { stored++; return nil }); err != nil || stored != 2 {
		t.Fatalf("%d judgments, want those of the lines that are whole; %v", stored, err)
	}
	if _, err := os.Stat(path + ".damaged"); err != nil {
		t.Fatal(err)
	}
}

// TestJournalElsewhere: where nothing can be written beside the workspace, the
// journal is in the other folder, and both are played in the order of time.
func TestJournalElsewhere(t *testing.T) {
	w, elsewhere := newWorkspace(t), filepath.Join(t.TempDir(), "journals")
	path := w.Path()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w, err := Open(path, Options{Journals: elsewhere})
	if err != nil {
		t.Fatal(err)
	}
	first, second, third := journaled("nike", "1", 1), journaled("nike", "1", 2), journaled("nike", "1", 3)
	file, err := w.Journal(second)
	if err != nil || file != path+".journal" {
		t.Fatal(file, err)
	}
	// A folder in its place stands for a share that takes nothing.
	if err := errors.Join(os.Rename(file, file+".kept"), os.Mkdir(file, 0o700)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []engine.Change{first, third} {
		if file, err := w.Journal(c); err != nil || filepath.Dir(file) != elsewhere {
			t.Fatal(file, err)
		}
	}
	if err := errors.Join(os.Remove(file), os.Rename(file+".kept", file), w.Close()); err != nil {
		t.Fatal(err)
	}
	if w, err = Open(path, Options{Journals: elsewhere}); err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	err = w.EachJudgment(t.Context(), func(j engine.Judgment) error {
		if j.Grade != 3 {
			t.Errorf("the last change was another: %+v", j)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Fatalf("left: %v, %v", left, err)
	}
}

func FuzzJournal(f *testing.F) {
	f.Add([]byte("00000000 {}\n"))
	f.Add([]byte("\n8a9136aa x\n\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "again.journal")
		changes, _ := readJournal(data)
		for _, c := range changes {
			content, err := json.Marshal(c)
			if err == nil {
				err = appendJournal(file, content)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		written, err := os.ReadFile(file)
		if len(changes) == 0 {
			return
		}
		if again, whole := readJournal(written); err != nil || !whole || !cmp.Equal(changes, again) {
			t.Fatalf("%v, %s", err, cmp.Diff(changes, again))
		}
	})
}
