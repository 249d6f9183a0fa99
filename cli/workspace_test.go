package cli

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMistypedCommand: a word that is neither a command nor a file is wrong
// usage and opens no window; a workspace without an extension opens.
func TestMistypedCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shop", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		word   string
		code   int
		opened bool
	}{
		{"serach", exitUsage, false},
		{"shop", exitOK, true},
		{"lost.touchstone", exitOK, true}, // the window says that it is not there
		{filepath.Join(".", "sub", "shop"), exitOK, true},
	} {
		var opened string
		var errs strings.Builder
		code := Run(t.Context(), []string{c.word}, Deps{Stdout: io.Discard, Stderr: &errs, Window: func(path string) error { opened = path; return nil }})
		if code != c.code || (opened == c.word) != c.opened || (code != exitOK && !strings.Contains(errs.String(), c.word)) {
			t.Errorf("%s: exit %d, opened %q, said %q", c.word, code, opened, errs.String())
		}
	}
}
