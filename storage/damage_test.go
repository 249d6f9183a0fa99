package storage

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"touchstone/engine"
)

var mutations = flag.Int("mutations", 400, "damaged files that TestDamagedFile opens")

// damages are the ways in which a file loses its content.
var damages = []struct {
	name string
	do   func(d dice, file []byte) []byte
	// stale is a whole page in the place of another. Neither bbolt nor this
	// package can tell it from the right one when it fits in: no panic is all
	// that is promised.
	stale bool
}{
	{name: "a flipped bit", do: func(d dice, file []byte) []byte {
		file[d(len(file))] ^= 1 << d(8)
		return file
	}},
	{name: "a flipped bit in a page's head", do: func(d dice, file []byte) []byte {
		file[d(len(file)/4096)*4096+d(200)] ^= 1 << d(8)
		return file
	}},
	{name: "other bytes", do: func(d dice, file []byte) []byte {
		at := d(len(file))
		for i := at; i < min(len(file), at+1+d(64)); i++ {
			file[i] = byte(d(256))
		}
		return file
	}},
	{name: "a cut", do: func(d dice, file []byte) []byte { return file[:d(len(file))] }},
	{name: "an empty page", do: func(d dice, file []byte) []byte {
		clear(file[d(len(file)/4096)*4096:][:4096])
		return file
	}},
	{name: "a page in place of another", do: func(d dice, file []byte) []byte {
		n := len(file) / 4096
		copy(file[d(n)*4096:][:4096], file[d(n)*4096:][:4096])
		return file
	}},
	{name: "a page with another's number", do: func(d dice, file []byte) []byte {
		n := len(file) / 4096
		to := d(n)
		copy(file[to*4096:][:4096], file[d(n)*4096:][:4096])
		native.PutUint64(file[to*4096:], uint64(to))
		return file
	}, stale: true},
}

// TestDamagedFile opens damaged files. Whatever can be read of one without an
// error must be what was written; there is no third way, and no panic. What is
// harmless to read may still be found by Check.
func TestDamagedFile(t *testing.T) {
	seed := seed(t)
	w := newWorkspace(t)
	want := newTwin()
	rng := rand.New(rand.NewPCG(seed, 1<<63))
	for range 60 {
		s := roll(rng.IntN, want)
		if err := s.do(w); err != nil {
			t.Fatal(err)
		}
		s.twin(want)
	}
	// Losing the newest meta page means falling back to the transaction before,
	// as after a crash: the last two leave the same behind.
	for range 2 {
		if err := w.PutSettings(w.Settings()); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "damaged.touchstone")
	outcomes := map[string]int{}
	for n := range shorter(*mutations) {
		d := rand.New(rand.NewPCG(seed, uint64(n))).IntN
		damage := damages[n%len(damages)]
		if err := os.WriteFile(path, damage.do(d, bytes.Clone(whole)), 0o600); err != nil {
			t.Fatal(err)
		}
		outcome, err := tryDamaged(path, want, damage.stale)
		if err != nil {
			t.Fatalf("file %d, %s: %v", n, damage.name, err)
		}
		outcomes[outcome]++
	}
	t.Log(outcomes)
}

// tryDamaged opens a file and does with it what a program does. The error says
// what must not have happened.
func tryDamaged(path string, want *twin, stale bool) (outcome string, bad error) {
	honest := func(err error) error {
		if (errors.Is(err, ErrDamaged) || errors.Is(err, ErrNotWorkspace)) && strings.Contains(err.Error(), path) {
			return nil
		}
		return errors.Join(errors.New("not an error that says that the file is damaged"), err)
	}
	if r, err := Open(path, Options{ReadOnly: true}); err == nil {
		got, readErr := readAll(r)
		_, checkErr := r.Check(context.Background())
		r.Close()
		if d := diff(want.contents, withDerived(got, want)); readErr == nil && checkErr == nil && d != "" && !stale {
			return "", errors.New("opened for reading only, nothing finds what was never written:\n" + d)
		}
	} else if err := honest(err); err != nil {
		return "", err
	}
	w, err := Open(path, Options{})
	if err != nil {
		return "refused", honest(err)
	}
	defer w.Close()
	got, readErr := readAll(w)
	if readErr == nil && !stale {
		if d := diff(want.contents, withDerived(got, want)); d != "" {
			return "", errors.New("it reads without an error what was never written:\n" + d)
		}
	}
	_, checkErr := w.Check(context.Background())
	judgment := engine.Judgment{Query: "after", Product: "the", Judge: "damage", Grade: 3}
	writeErr := w.PutJudgments(context.Background(), []engine.Judgment{judgment})
	if writeErr != nil {
		if err := honest(writeErr); err != nil {
			return "", err
		}
	}
	switch {
	case readErr != nil:
		if checkErr == nil {
			return "", errors.Join(errors.New("Check missed what reading found"), readErr)
		}
		if stale {
			return "found while reading", honest(checkErr) // reading found it by what does not fit together
		}
		return "found while reading", errors.Join(honest(readErr), honest(checkErr))
	case checkErr != nil:
		return "found by Check", honest(checkErr)
	}
	return "harmless", nil
}

// withDerived adds the derived data that got lacks: only to be altered it must
// not be, since it can be made again.
func withDerived(got contents, want *twin) contents {
	for name, data := range want.Derived {
		if _, ok := got.Derived[name]; !ok {
			got.Derived[name] = data
		}
	}
	return got
}

// TestFileShrinksWhileOpen takes the file away from under an open workspace, as
// a network share does.
func TestFileShrinksWhileOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows refuses to cut a mapped file")
	}
	for _, c := range []struct {
		name string
		use  func(w *Workspace) error
	}{
		{"reading", func(w *Workspace) error {
			return w.EachProduct(t.Context(), func(uint32, engine.Product) error { return nil })
		}},
		{"writing", func(w *Workspace) error {
			_, err := w.PutProducts(t.Context(), catalogue(3))
			return err
		}},
		{"checking", func(w *Workspace) error { _, err := w.Check(t.Context()); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorkspace(t)
			fill(t, w, 2000, 8)
			if err := os.Truncate(w.Path(), 3*4096); err != nil {
				t.Fatal(err)
			}
			if err := c.use(w); !errors.Is(err, ErrDamaged) {
				t.Fatalf("got %v", err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestBrokenWorkspaceRefuses: after a fault, nothing can be said of the locks
// inside of bbolt, so every further call must fail at once instead of waiting.
func TestBrokenWorkspaceRefuses(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows refuses to cut a mapped file")
	}
	w := newWorkspace(t)
	fill(t, w, 2000, 8)
	if err := os.Truncate(w.Path(), 3*4096); err != nil {
		t.Fatal(err)
	}
	if err := w.EachProduct(t.Context(), func(uint32, engine.Product) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v", err)
	}
	if err := w.PutSettings(w.Settings()); !errors.Is(err, ErrDamaged) {
		t.Fatalf("got %v", err)
	}
}
