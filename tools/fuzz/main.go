// Command fuzz gives every fuzz target of the module a time, one after another,
// and prints of each how many inputs it tried, the most memory a worker held,
// and the slowest of the inputs that were worth keeping. What crashes a target
// stays under its package's testdata/fuzz, where every later go test finds it.
//
//	go run ./tools/fuzz -time 5m [package…]
package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bars that each reader is held to.
const (
	memoryBar = 256 << 20
	timeBar   = time.Second
)

var (
	fuzzTime = flag.Duration("time", 5*time.Minute, "how long each target is fuzzed")
	workers  = flag.Int("parallel", 2, "processes that try inputs at once")
	only     = flag.String("run", "", "only targets whose names match this regular expression")
	tags     = flag.String("tags", "migrated_fynedo,no_animations", "build tags")
)

// A target is one fuzz function of a package, a folder as "./engine/text".
type target struct{ folder, name string }

// An outcome is what fuzzing a target showed.
type outcome struct {
	target
	tried   int
	memory  int64 // most bytes resident in one worker, 0 where the system does not tell
	kept    int   // inputs that reached something new, now and in earlier runs
	slowest time.Duration
	err     error
}

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	targets, err := find(flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
	failed := 0
	fmt.Printf("%-46s %12s %8s %10s %8s\n", "target", "tried", "memory", "kept", "slowest")
	for _, t := range targets {
		o := run(ctx, t)
		fmt.Printf("%-46s %12d %5d MB %10d %8s\n", strings.TrimPrefix(t.folder, "./")+" "+t.name, o.tried, o.memory>>20, o.kept, o.slowest)
		if o.err != nil {
			failed++
			fmt.Fprintf(os.Stderr, "fuzz: %s %s: %v\n", t.folder, t.name, o.err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	if failed > 0 {
		fmt.Fprintf(os.Stderr, "fuzz: %d targets failed\n", failed)
		os.Exit(1)
	}
}

var fuzzFunction = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// find lists the targets of the packages in folders, of all without any.
func find(folders []string) ([]target, error) {
	var targets []target
	wanted, err := regexp.Compile(*only)
	if err != nil {
		return nil, fmt.Errorf("-run: %w", err)
	}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		folder := "./" + filepath.ToSlash(filepath.Dir(path))
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") ||
			len(folders) > 0 && !slices.Contains(folders, folder) {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range fuzzFunction.FindAllSubmatch(source, -1) {
			if !wanted.Match(found[1]) {
				continue
			}
			targets = append(targets, target{folder, string(found[1])})
		}
		return nil
	})
	if err == nil && len(targets) == 0 {
		err = errors.New("no fuzz target here: start it in the module's folder, with packages such as ./engine/exchange")
	}
	return targets, err
}

// run fuzzes one target and then tries again what it kept.
func run(ctx context.Context, t target) outcome {
	o := outcome{target: t}
	if o.err = fuzz(ctx, &o); o.err != nil {
		return o
	}
	if o.err = replay(ctx, &o); o.err != nil {
		return o
	}
	if o.memory > memoryBar {
		o.err = fmt.Errorf("a worker held %d MB, more than %d", o.memory>>20, memoryBar>>20)
	}
	if o.slowest > timeBar {
		o.err = errors.Join(o.err, fmt.Errorf("an input took %s, longer than %s", o.slowest, timeBar))
	}
	return o
}

var progress = regexp.MustCompile(`execs: (\d+) .*\(total: (\d+)\)`)

// On a busy machine Go's fuzzer may call the end of its own time a failure of
// the target (golang/go#75804). It then has no input to show, which it has for
// each crash and each hang.
var timeIsUp = regexp.MustCompile(`(?m)^--- FAIL: Fuzz\w+ \([\d.]+s\)\n    context deadline exceeded\nFAIL$`)

// fuzz runs the target, counts what it tried, and watches its workers' memory.
func fuzz(ctx context.Context, o *outcome) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-tags", *tags, o.folder, "-run", "^$", "-fuzz", "^"+o.name+"$",
		"-fuzztime", fuzzTime.String(), "-parallel", strconv.Itoa(*workers),
		"-fuzzminimizetime", "200x") // a time would fail on a machine that pauses
	cmd.Env = append(os.Environ(), "GOMEMLIMIT="+strconv.Itoa(memoryBar))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			o.memory = max(o.memory, workersMemory(o.name))
		case err := <-done:
			for _, line := range progress.FindAllSubmatch(out.Bytes(), -1) {
				o.tried, _ = strconv.Atoi(string(line[1])) // digits, by the pattern
				o.kept, _ = strconv.Atoi(string(line[2]))
			}
			if err != nil && !timeIsUp.Match(out.Bytes()) {
				return fmt.Errorf("%w\n%s", err, out.Bytes())
			}
			return nil
		}
	}
}

var residentMost = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// workersMemory returns the most bytes that any worker of the target has had in
// memory so far. A worker that ended between two looks is missed by its last
// 200 ms alone.
func workersMemory(name string) int64 {
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0
	}
	var most int64
	for _, p := range processes {
		line, err := os.ReadFile(filepath.Join(p, "cmdline"))
		if err != nil || !bytes.Contains(line, []byte("-test.fuzzworker")) || !bytes.Contains(line, []byte("^"+name+"$")) {
			continue
		}
		status, err := os.ReadFile(filepath.Join(p, "status"))
		if err != nil {
			continue
		}
		if found := residentMost.FindSubmatch(status); found != nil {
			kb, _ := strconv.ParseInt(string(found[1]), 10, 64) // digits, by the pattern
			most = max(most, kb<<10)
		}
	}
	return most
}

var passed = regexp.MustCompile(`--- (?:PASS|FAIL|SKIP): Fuzz\w+/\S+ \(([\d.]+)s\)`)

// replay runs every input that fuzzing kept as a test of its own, to see how
// long the slowest takes. For that the inputs lie beside the seeds meanwhile.
func replay(ctx context.Context, o *outcome) error {
	kept, err := cached(ctx, *o)
	if err != nil || len(kept) == 0 {
		return err
	}
	seeds := filepath.Join(o.folder, "testdata", "fuzz", o.name)
	made, err := missing(seeds)
	if err != nil {
		return err
	}
	var placed []string
	defer func() {
		for _, path := range append(placed, made...) {
			os.Remove(path) // a folder that was there before holds other seeds, and stays
		}
	}()
	for _, path := range kept {
		input, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		place := filepath.Join(seeds, "replayed-"+filepath.Base(path))
		placed = append(placed, place)
		if err := os.WriteFile(place, input, 0o600); err != nil {
			return err
		}
	}
	out, err := exec.CommandContext(ctx, "go", "test", "-tags", *tags, o.folder, "-run", "^"+o.name+"$", "-v").CombinedOutput()
	scanner := bufio.NewScanner(bytes.NewReader(out))
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		if found := passed.FindSubmatch(scanner.Bytes()); found != nil {
			took, parseErr := time.ParseDuration(string(found[1]) + "s")
			if parseErr != nil {
				return parseErr
			}
			o.slowest = max(o.slowest, took)
		}
	}
	if err != nil {
		return fmt.Errorf("trying what was kept again: %w\n%s", err, out)
	}
	return scanner.Err()
}

// cached lists the inputs that go's cache keeps for a target.
func cached(ctx context.Context, o outcome) ([]string, error) {
	cache, err := exec.CommandContext(ctx, "go", "env", "GOCACHE").Output()
	if err != nil {
		return nil, err
	}
	path, err := exec.CommandContext(ctx, "go", "list", o.folder).Output()
	if err != nil {
		return nil, err
	}
	return filepath.Glob(filepath.Join(strings.TrimSpace(string(cache)), "fuzz", strings.TrimSpace(string(path)), o.name, "*"))
}

// missing makes a folder and returns those of it that were not there, the
// deepest first.
func missing(folder string) ([]string, error) {
	var made []string
	for path := folder; ; path = filepath.Dir(path) {
		if _, err := os.Stat(path); err == nil {
			break
		}
		made = append(made, path)
	}
	return made, os.MkdirAll(folder, 0o755)
}
