package diagnosis

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// A running program holds an open file running-PID.crash, into which the
// runtime writes when it dies of a panic or a fatal error, wherever in the
// program that is. The next start finds what is not empty and keeps it as
// crash-TIME.txt.
const (
	runningCrash = "running-%d.crash"
	runningGlob  = "running-*.crash"
	keptCrash    = "crash-20060102-150405.000.txt"
	keptGlob     = "crash-*.txt"
	keptCrashes  = 5
)

func (l *Log) watch() error {
	if err := l.collect(); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(l.folder, fmt.Sprintf(runningCrash, os.Getpid())))
	if err != nil {
		return err
	}
	l.crash = f
	return debug.SetCrashOutput(f, debug.CrashOptions{})
}

// collect keeps what the programs that crashed have left.
func (l *Log) collect() error {
	left, err := filepath.Glob(filepath.Join(l.folder, runningGlob))
	if err != nil {
		return err
	}
	for _, file := range left {
		info, err := os.Stat(file)
		if err != nil {
			continue // its program ended just now
		}
		if info.Size() == 0 {
			var pid int
			if _, err := fmt.Sscanf(filepath.Base(file), runningCrash, &pid); err == nil && !running(pid) {
				_ = os.Remove(file) // killed, which leaves nothing to say
			}
			continue
		}
		kept := filepath.Join(l.folder, info.ModTime().UTC().Format(keptCrash))
		if err := os.Rename(file, kept); err != nil {
			return err
		}
		l.last = kept
	}
	kept, err := filepath.Glob(filepath.Join(l.folder, keptGlob))
	if err != nil {
		return err
	}
	slices.Sort(kept)
	for _, old := range kept[:max(0, len(kept)-keptCrashes)] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) unwatch() error {
	if l.crash == nil {
		return nil
	}
	if err := debug.SetCrashOutput(nil, debug.CrashOptions{}); err != nil {
		return err
	}
	name := l.crash.Name()
	if err := l.crash.Close(); err != nil {
		return err
	}
	return os.Remove(name)
}

// Crashed says whether the program crashed since it was last started, and when.
func (l *Log) Crashed() (at time.Time, crashed bool) {
	if l.last == "" {
		return at, false
	}
	at, err := time.Parse(keptCrash, filepath.Base(l.last))
	return at.Local(), err == nil
}

// newestCrash is the newest report that is kept, "" where there is none.
func (l *Log) newestCrash() (string, error) {
	kept, err := filepath.Glob(filepath.Join(l.folder, keptGlob))
	if err != nil || len(kept) == 0 {
		return "", err
	}
	report, err := os.ReadFile(slices.Max(kept))
	return string(report), err
}

// frames are the lines of a crash report that say where it happened: functions
// and places in the source, without what was said and without arguments.
func frames(report string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(report) {
		if strings.HasPrefix(line, "goroutine ") {
			inside = true
		}
		if !inside {
			continue
		}
		if at := strings.LastIndexByte(line, '('); at > 0 && !strings.HasPrefix(line, "\t") && !strings.HasPrefix(line, "created by") {
			line = line[:at] + "(…)\n"
		}
		b.WriteString(line)
	}
	return b.String()
}
