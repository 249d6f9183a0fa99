package main

import (
	"os"
	"os/exec"
	"testing"
)

// TestQuietWithoutLocale: a program that starts without a language in its
// environment prints nothing before it does anything.
func TestQuietWithoutLocale(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"LANG=C", "LANG=", "LANG=C.UTF-8", "LC_ALL=POSIX", "LANG=de_DE.UTF-8"} {
		cmd := exec.Command(program, "-test.list=^$")
		cmd.Env = []string{"HOME=" + t.TempDir(), lang}
		out, err := cmd.CombinedOutput()
		if err != nil || len(out) > 0 {
			t.Errorf("%s: %v, printed %q", lang, err, out)
		}
	}
}
