package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDamageToRepair takes a workspace through what a person does when its file
// is damaged: the program refuses it and says what to do, and doing that works.
func TestDamageToRepair(t *testing.T) {
	dir := t.TempDir()
	w := filepath.Join(dir, "w.touchstone")
	judgments := filepath.Join(dir, "judgments.csv")
	var rows strings.Builder
	rows.WriteString("query,docid,rating\n")
	for range 60 {
		rows.WriteString("lamp,1,3\nlamp,2,2\ncushion,4,3\n")
	}
	if err := os.WriteFile(judgments, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, "new", w, "--model", "minilm")
	must(t, "judgments", w, judgments, "--judge", "ann")
	must(t, "backup", w, filepath.Join(dir, "backup.touchstone"))
	whole, err := os.ReadFile(w)
	if err != nil {
		t.Fatal(err)
	}
	// Every place where the product of the last row stands, but for the last.
	damaged := bytes.Clone(whole)
	for from := 0; ; {
		at := bytes.Index(damaged[from:], []byte(`"cushion","product":"4"`))
		if at < 0 {
			break
		}
		damaged[from+at+1] ^= 1
		from += at + 1
	}
	if err := os.WriteFile(w, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t, "", "check", w)
	if code != 1 || !strings.Contains(stdout, "judgments") || !strings.Contains(stderr, "touchstone repair") {
		t.Fatalf("check: %d, %s, %s", code, stdout, stderr)
	}
	if code, _, stderr := run(t, "", "eval", w); code != 1 || !strings.Contains(stderr, "touchstone repair") {
		t.Fatalf("eval: %d, %s", code, stderr)
	}
	saved := filepath.Join(dir, "saved.touchstone")
	out := must(t, "repair", w, saved)
	if !strings.Contains(out, "2 judgments") || !strings.Contains(out, `lost: judgments query "cushion", product "4"`) {
		t.Fatalf("repair: %s", out)
	}
	must(t, "check", saved)

	if out := must(t, "restore", w); !strings.Contains(out, "no automatic backup") {
		t.Fatalf("restore without a backup: %s", out)
	}
	must(t, "restore", w, filepath.Join(dir, "backup.touchstone"))
	if out := must(t, "check", w); !strings.Contains(out, "3 judgments") {
		t.Fatalf("check after restore: %s", out)
	}
	if out := must(t, "restore", w); !strings.Contains(out, "before-restore") {
		t.Fatalf("the damaged file is not listed: %s", out)
	}
	if out := must(t, "compact", w); !strings.Contains(out, "MB before") {
		t.Fatalf("compact: %s", out)
	}
	must(t, "check", w)
}
