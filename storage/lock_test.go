package storage

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"touchstone/engine/workbench"
)

func TestInUse(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	refused := func(opts Options) string {
		t.Helper()
		start := time.Now()
		second, err := Open(w.Path(), opts)
		if !errors.Is(err, workbench.ErrInUse) || !strings.Contains(err.Error(), w.Path()) {
			if second != nil {
				second.Close()
			}
			t.Fatalf("got %v after %v", err, time.Since(start))
		}
		return err.Error()
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, opts := range []Options{{}, {ReadOnly: true}} {
		if message := refused(opts); !strings.Contains(message, host) {
			t.Errorf("%q does not say who holds the file", message)
		}
	}
	// The name is a courtesy: another program's message goes without it, and
	// passes on no control characters.
	if err := os.WriteFile(holderFile(w.Path()), []byte("eve\x1b[2J\non till\xff2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if message := refused(Options{}); !strings.Contains(message, "(eve[2Jon till2)") {
		t.Errorf("got %q", message)
	}
	if err := os.Remove(holderFile(w.Path())); err != nil {
		t.Fatal(err)
	}
	refused(Options{})
	expect(t, w, want)
	expect(t, reopen(t, w), want)
}

func TestReadersShare(t *testing.T) {
	w := newWorkspace(t)
	want := fillSample(t, w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		r, err := Open(w.Path(), Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		expect(t, r, want)
	}
	if writer, err := Open(w.Path(), Options{}); !errors.Is(err, workbench.ErrInUse) {
		if writer != nil {
			writer.Close()
		}
		t.Fatalf("a writer among readers: %v", err)
	}
	if _, err := os.Stat(holderFile(w.Path())); err == nil {
		t.Error("readers or a closed writer left their name")
	}
}
