package storage

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

func TestDerived(t *testing.T) {
	w := newWorkspace(t)
	put := map[string][]byte{"lexical": bytes.Repeat([]byte("index\x00"), 1<<18), "empty": nil, "手机": []byte("x")}
	for name, data := range put {
		if err := w.PutDerived(name, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.PutDerived("手机", []byte("y")); err != nil {
		t.Fatal(err)
	}
	put["手机"] = []byte("y")
	w = reopen(t, w)
	for name, want := range put {
		calls := 0
		found, err := w.Derived(name, func(got []byte) error {
			calls++
			if !bytes.Equal(got, want) {
				t.Errorf("%s: %d bytes, want %d", name, len(got), len(want))
			}
			return nil
		})
		if err != nil || !found || calls != 1 {
			t.Errorf("%s: %v, %v, %d calls", name, found, err, calls)
		}
	}
	for _, name := range []string{"none", "", strings.Repeat("x", 40_000)} {
		found, err := w.Derived(name, func([]byte) error { return errors.New("called") })
		if found || err != nil {
			t.Errorf("%.5s: %v, %v", name, found, err)
		}
	}
	for name, want := range map[string]string{"": "needs a name", strings.Repeat("x", 40_000): "40000 bytes long"} {
		if err := w.PutDerived(name, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.5s: %v", name, err)
		}
	}
}

// TestDamagedDerived: large values are checked when they are read, and putting
// them again mends the file.
func TestDamagedDerived(t *testing.T) {
	w := newWorkspace(t)
	data := []byte(strings.Repeat("a", 50_000) + "needle")
	if err := w.PutDerived("lexical", data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	replaceInFile(t, w.Path(), "needle", "noodle")
	w, err := Open(w.Path(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	found, err := w.Derived("lexical", func([]byte) error { t.Error("called"); return nil })
	if found || !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), `derived "lexical": its checksum does not fit`) {
		t.Errorf("%v, %v", found, err)
	}
	if _, err := w.Check(t.Context()); !errors.Is(err, ErrDamaged) {
		t.Errorf("Check: %v", err)
	}
	if err := w.PutDerived("lexical", data); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Check(t.Context()); err != nil {
		t.Errorf("Check after putting it again: %v", err)
	}
}
