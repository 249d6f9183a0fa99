package storage

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"touchstone/engine/workbench"
)

var update = flag.Bool("update", false, "write testdata anew from what the program does now")

// setSchema makes a workspace say that it is of another version.
func setSchema(t *testing.T, w *Workspace, version int) {
	t.Helper()
	err := w.update(func(tx *bbolt.Tx, _ *state) error {
		return in(tx, bucketWorkspace).put([]byte(keySchema), version)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNewerSchema(t *testing.T) {
	w := newWorkspace(t)
	setSchema(t, w, schemaVersion+1)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, opts := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(w.Path(), opts); !errors.Is(err, workbench.ErrNewer) || !strings.Contains(err.Error(), "update Touchstone") {
			t.Errorf("got %v", err)
		}
	}
	after, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error("the refused file was changed")
	}
}

// TestMigration runs made-up migrations, since version 1 has none.
func TestMigration(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	var order []int
	mark := func(n int) migration {
		return func(tx *bbolt.Tx) error {
			order = append(order, n)
			return in(tx, bucketWorkspace).put([]byte("mark"), n)
		}
	}
	failing := map[int]migration{1: mark(1), 2: func(*bbolt.Tx) error { return errors.New("no room for it") }}
	err := w.migrate(failing, 3)
	if err == nil || !strings.Contains(err.Error(), "from schema 2 to 3: no room for it") {
		t.Fatalf("got %v", err)
	}
	first := w.Path() + ".schema-1.backup"
	if !strings.Contains(err.Error(), first) {
		t.Errorf("%v does not name the backup", err)
	}
	if version, err := w.version(); err != nil || version != 1 {
		t.Fatalf("after a failed migration: version %d, %v", version, err)
	}
	if err := w.migrate(map[int]migration{1: mark(1), 2: mark(2)}, 3); err != nil {
		t.Fatal(err)
	}
	if version, err := w.version(); err != nil || version != 3 {
		t.Fatalf("after a migration: version %d, %v", version, err)
	}
	if len(order) != 3 || order[1] != 1 || order[2] != 2 {
		t.Errorf("migrations ran as %v", order)
	}
	expect(t, w, want)
	for _, path := range []string{first, w.Path() + ".schema-1-2.backup"} {
		b, err := Open(path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, b, want)
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMigrationNeedsWriting(t *testing.T) {
	w := newWorkspace(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := Open(w.Path(), Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.migrate(nil, schemaVersion+1); err == nil || !strings.Contains(err.Error(), "open it once for writing") {
		t.Errorf("got %v", err)
	}
}

func TestMissingParts(t *testing.T) {
	for name, remove := range map[string]func(tx *bbolt.Tx) error{
		"bucket":     func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(bucketHistory)) },
		"schema":     func(tx *bbolt.Tx) error { return in(tx, bucketWorkspace).Delete([]byte(keySchema)) },
		"settings":   func(tx *bbolt.Tx) error { return in(tx, bucketWorkspace).Delete([]byte(keySettings)) },
		"generation": func(tx *bbolt.Tx) error { return in(tx, bucketWorkspace).Delete([]byte(keyGeneration)) },
		"numbers":    func(tx *bbolt.Tx) error { return in(tx, bucketWorkspace).put([]byte(keyGeneration), "many") },
	} {
		w := newWorkspace(t)
		if err := w.update(func(tx *bbolt.Tx, _ *state) error { return remove(tx) }); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(w.Path(), Options{}); !errors.Is(err, ErrDamaged) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// TestEveryVersionOpens opens a file of each schema version that was ever
// written: testdata/v1.touchstone.gz holds what v1.json says. -update writes
// those of the present version; older ones stay as they were written.
func TestEveryVersionOpens(t *testing.T) {
	if *update {
		writeGolden(t)
	}
	files, err := filepath.Glob("testdata/v*.touchstone.gz")
	if err != nil || len(files) != schemaVersion {
		t.Fatalf("%d files of %d versions, %v", len(files), schemaVersion, err)
	}
	for _, file := range files {
		w := openPacked(t, file)
		got, err := readAll(w)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Check(t.Context()); err != nil {
			t.Error(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		said, err := os.ReadFile(strings.TrimSuffix(file, ".touchstone.gz") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var want contents
		if err := json.Unmarshal(said, &want); err != nil {
			t.Fatal(err)
		}
		if d := diff(want, got); d != "" {
			t.Errorf("%s:\n%s", file, d)
		}
	}
}

func writeGolden(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	said, err := json.Marshal(want.contents) // not indented: rankers hold raw JSON
	if err != nil {
		t.Fatal(err)
	}
	writePacked(t, w.Path(), fmt.Sprintf("v%d", schemaVersion), said)
}

// writePacked keeps a closed workspace in testdata, packed, beside what it says.
func writePacked(t *testing.T, path, name string, said []byte) {
	t.Helper()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := zip.Write(whole); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	for ending, content := range map[string][]byte{".touchstone.gz": packed.Bytes(), ".json": append(said, '\n')} {
		if err := os.WriteFile(filepath.Join("testdata", name+ending), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// openPacked opens a copy of a packed workspace; the caller closes it.
func openPacked(t *testing.T, file string) *Workspace {
	t.Helper()
	packed, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unzip, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := io.ReadAll(unzip)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "old.touchstone")
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}
