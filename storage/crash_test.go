package storage

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

var (
	crashRounds = flag.Int("rounds", 25, "times that TestKilledWhileWriting kills a writer")
	seedFlag    = flag.Uint64("seed", 0, "seed of the tests that break things, to repeat a failure; 0 takes a new one")
)

// seed is printed even when the test passes: a crash of the whole program
// would otherwise take it along.
func seed(t *testing.T) uint64 {
	s := *seedFlag
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	fmt.Printf("%s: -seed %d\n", t.Name(), s)
	return s
}

// shorter is a fifth of n in short mode, as it is for rapid's checks.
func shorter(n int) int {
	if testing.Short() {
		return n / 5
	}
	return n
}

const childEnv = "TOUCHSTONE_STORAGE_CHILD"

// TestMain turns the test binary into the program that is killed.
func TestMain(m *testing.M) {
	flag.Parse()
	if path := os.Getenv(childEnv); path != "" {
		os.Exit(child(path, flag.Args()))
	}
	os.Exit(m.Run())
}

// child goes on with the steps of a seed from the given one and prints the
// number of each as soon as the workspace says that it is done.
func child(path string, args []string) int {
	if args[0] == "compact" {
		for n := 0; ; n++ {
			fmt.Println(n)
			if _, err := Compact(context.Background(), path); err != nil {
				fmt.Println(err)
				return 1
			}
		}
	}
	from, err := strconv.Atoi(args[0])
	if err != nil {
		panic(err)
	}
	w, err := Open(path, Options{})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	want := newTwin()
	for n := 0; ; n++ {
		s := roll(rand.New(rand.NewPCG(*seedFlag, uint64(n))).IntN, want)
		if n >= from {
			if err := s.do(w); err != nil {
				fmt.Println(s.name, err)
				return 1
			}
			fmt.Println(n)
		}
		s.twin(want)
	}
}

// TestKilledWhileWriting kills a program that changes a workspace, at random
// moments, and holds what it finds in the file against a twin that made the
// same changes: each one that was acknowledged is there, and of the one under
// way everything or nothing.
func TestKilledWhileWriting(t *testing.T) {
	const perFile = 25
	base := seed(t)
	killed := map[string]int{}
	rounds := shorter(*crashRounds)
	for round := 0; round < rounds; round += perFile {
		w := newWorkspace(t)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		seed := base + uint64(round)
		rng := rand.New(rand.NewPCG(seed, 1<<63))
		want, done := newTwin(), 0
		for range min(perFile, rounds-round) {
			acknowledged := runAndKill(t, w.Path(), seed, done, time.Duration(rng.IntN(40_000))*time.Microsecond)
			var underWay step
			for ; ; done++ {
				underWay = roll(rand.New(rand.NewPCG(seed, uint64(done))).IntN, want)
				if done > acknowledged {
					break
				}
				underWay.twin(want)
			}
			opened, err := Open(w.Path(), Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := readAll(opened)
			if err != nil {
				t.Fatal(err)
			}
			if d := diff(want.contents, got); d != "" {
				underWay.twin(want)
				done++
				if diff(want.contents, got) != "" {
					t.Fatalf("after step %d the file holds neither what was acknowledged nor that and %s:\n%s", acknowledged, underWay.name, d)
				}
				killed["after the commit"]++
			} else {
				killed["before the commit"]++
			}
			expect(t, opened, want)
			if err := opened.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Log("killed", killed)
}

// runAndKill starts a child at step from, kills it a while after its first
// acknowledgement, and returns the last step that it acknowledged.
func runAndKill(t *testing.T, path string, seed uint64, from int, after time.Duration) int {
	t.Helper()
	return runAndKillArgs(t, path, from-1, after, "-seed", strconv.FormatUint(seed, 10), strconv.Itoa(from))
}

// runAndKillArgs does so with a child of any arguments, whose first
// acknowledgement is of step last+1.
func runAndKillArgs(t *testing.T, path string, last int, after time.Duration, args ...string) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childEnv+"="+path)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	var timer *time.Timer
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil || n != last+1 {
			cmd.Process.Kill()
			t.Fatalf("the child says %q after step %d\n%s", lines.Text(), last, errs.String())
		}
		last = n
		if timer == nil {
			timer = time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || timer == nil {
		t.Fatalf("the child ended by itself after step %d: %v\n%s", last, err, errs.String())
	}
	return last
}

// TestPowerCut cuts the power in the middle of a commit: bbolt writes the pages
// of a change, waits for the disk, and then writes one of two meta pages. Before
// the wait, any part of the pages may have arrived, in any order; after it, any
// part of the meta page.
func TestPowerCut(t *testing.T) {
	const sector = 512
	rng := rand.New(rand.NewPCG(seed(t), 0))
	w := newWorkspace(t)
	want := newTwin()
	metas := int64(2 * w.pageSize)
	read := func() []byte {
		b, err := os.ReadFile(w.Path())
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	cut := filepath.Join(t.TempDir(), "cut.touchstone")
	opened := func(file []byte) contents {
		t.Helper()
		if err := os.WriteFile(cut, file, 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := Open(cut, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Close()
		if _, err := w.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, err := readAll(w)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	kept := 0
	for range 40 {
		old, before := want.clone(), read()
		s := roll(rng.IntN, want)
		if err := s.do(w); err != nil {
			t.Fatal(err)
		}
		s.twin(want)
		after := read()
		// The file grows, filled with zeros, before anything is written.
		file := append(bytes.Clone(before), make([]byte, len(after)-len(before))...)
		for range 3 {
			partial := bytes.Clone(file)
			for at := metas; at < int64(len(after)); at += sector {
				if rng.IntN(2) == 0 {
					copy(partial[at:at+sector], after[at:])
				}
			}
			if d := diff(old.contents, opened(partial)); d != "" {
				t.Fatalf("%s, cut while its pages were written:\n%s", s.name, d)
			}
		}
		for range 3 {
			partial := bytes.Clone(after)
			from := rng.Int64N(metas)
			copy(partial[from:metas], file[from:metas])
			got := opened(partial)
			if diff(want.contents, got) == "" {
				kept++
			} else if d := diff(old.contents, got); d != "" {
				t.Fatalf("%s, cut while its meta page was written:\n%s", s.name, d)
			}
		}
	}
	t.Logf("%d of 120 cuts through the meta page kept the change", kept)
}
