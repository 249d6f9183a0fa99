package diagnosis

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// childEnv names the folder of a child that is to crash.
const childEnv = "TOUCHSTONE_DIAGNOSIS_CHILD"

func TestMain(m *testing.M) {
	folder := os.Getenv(childEnv)
	if folder == "" {
		os.Exit(m.Run())
	}
	if _, err := Open(folder, "v1"); err != nil {
		panic(err)
	}
	slog.Warn("a search failed", "took_ms", 12, "query", "secret query", "error", errors.New("no secret product"))
	done := make(chan bool)
	go func() { panic("secret panic of " + folder) }()
	<-done
}

// restore puts slog's default back.
func restore(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
}

func open(t *testing.T, folder string) *Log {
	t.Helper()
	l, err := Open(folder, "v2")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestCrash(t *testing.T) {
	restore(t)
	folder := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+folder)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "secret panic") {
		t.Fatalf("the child did not crash: %v\n%s", err, out)
	}
	l := open(t, folder)
	if _, crashed := l.Crashed(); !crashed {
		t.Fatal("the crash left no report")
	}
	facts := []Fact{{"products", 1000}}
	plain, err := l.Report(facts, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"products: 1000", "newest crash", "diagnosis.TestMain", "diagnosis_test.go:", `"msg":"a search failed"`, `"took_ms":12`, `"version":"v1"`} {
		if !strings.Contains(plain, want) {
			t.Errorf("the diagnostics lack %q:\n%s", want, plain)
		}
	}
	if strings.Contains(plain, "secret") || strings.Contains(plain, folder) {
		t.Errorf("the diagnostics hold what no one chose to tell:\n%s", plain)
	}
	full, err := l.Report(facts, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"secret panic", "secret query", "no secret product"} {
		if !strings.Contains(full, want) {
			t.Errorf("the whole diagnostics lack %q", want)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = open(t, folder)
	if _, crashed := l.Crashed(); crashed {
		t.Error("the crash is reported a second time")
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, runningGlob)); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestLogRotates(t *testing.T) {
	restore(t)
	folder := t.TempDir()
	l := open(t, folder)
	long := strings.Repeat("x", 64<<10)
	for i := range (logBackups + 3) * logSize * 16 {
		slog.Info("much", "i", i, "text", long)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var total int64
	names, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if info, err := n.Info(); err == nil {
			total += info.Size()
		}
	}
	// lumberjack removes old files beside the writer: one may be there still.
	if total > (logBackups+3)*logSize<<20 {
		t.Errorf("%d files of %d bytes", len(names), total)
	}
}

func TestCrashesKept(t *testing.T) {
	restore(t)
	folder := t.TempDir()
	for i := range keptCrashes + 3 {
		name := filepath.Join(folder, fmt.Sprintf("crash-2026010%d-000000.000.txt", i+1))
		if err := os.WriteFile(name, []byte("panic"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// Of a program that was killed, and of this one, which runs.
	for _, name := range []string{"running-999999999.crash", fmt.Sprintf(runningCrash, os.Getppid())} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := open(t, folder)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(folder, keptGlob))
	if err != nil || len(kept) != keptCrashes || !strings.Contains(kept[0], "20260104") {
		t.Errorf("kept %v, %v", kept, err)
	}
	left, err := filepath.Glob(filepath.Join(folder, runningGlob))
	if err != nil || len(left) != 1 || !strings.Contains(left[0], fmt.Sprint(os.Getppid())) {
		t.Errorf("of running programs: %v, %v", left, err)
	}
}

func TestOpenFails(t *testing.T) {
	restore(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(file, "log"), "v"); err == nil || !strings.Contains(err.Error(), "log") {
		t.Errorf("a folder below a file: %v", err)
	}
	if got := impersonal("no JSON " + io.EOF.Error()); strings.Contains(got, "EOF") {
		t.Errorf("got %q", got)
	}
}
