package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

var day = flag.Float64("day", 0.01, "how much of a judge's day TestDay simulates")

// A judge's day, in numbers.
const (
	dayHours     = 8
	dayGrades    = 20_000
	daySearches  = 2_000
	dayLearnings = 200
)

// used is what the process holds of the machine.
type used struct {
	heap       int64 // bytes that are reachable
	goroutines int
	files      int // open
	temporary  int // files in the folder for temporary files
}

func measureUse(t *testing.T) used {
	t.Helper()
	runtime.GC()
	runtime.GC() // what finalizers and pools let go of
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u := used{heap: int64(m.HeapAlloc), goroutines: runtime.NumGoroutine()}
	open, err := os.ReadDir("/proc/self/fd")
	if err == nil {
		u.files = len(open)
	}
	temporary, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	u.temporary = len(temporary)
	return u
}

// settled waits until goroutines that were told to end have done so.
func settled(t *testing.T, before used) used {
	t.Helper()
	now := measureUse(t)
	for range 50 {
		if now.goroutines <= before.goroutines {
			break
		}
		time.Sleep(20 * time.Millisecond)
		now = measureUse(t)
	}
	return now
}

// TestDay simulates a judge's day on the sample, or a part of it: searches,
// grades, and learning from them. Memory is flat once it is warm, the file grows
// by the history of the grades, and nothing is left open.
func TestDay(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := filepath.Join(t.TempDir(), "day.touchstone")
	ctx := t.Context()
	warm, err := sampleWorkspace(ctx, filepath.Join(t.TempDir(), "warm.touchstone"), "en", nil) // opens the encoder, which stays
	if err != nil {
		t.Fatal(err)
	}
	if err := warm.Close(); err != nil {
		t.Fatal(err)
	}
	before := measureUse(t)
	b, err := sampleWorkspace(ctx, path, "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	defer func() {
		if !closed {
			b.Close()
		}
	}()
	queries, err := b.Queries()
	if err != nil || len(queries) == 0 {
		t.Fatal(queries, err)
	}
	rng := rand.New(rand.NewPCG(8, 17))
	// part is what of n a day falls into an hour.
	part := func(n, hour int) int {
		until := func(h int) int { return int(float64(n) * *day * float64(h) / dayHours) }
		return until(hour+1) - until(hour)
	}
	sizeAt := func() int64 {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	var hours []used
	size := sizeAt()
	total := 0
	for hour := range dayHours {
		graded := 0
		for search := range part(daySearches, hour) {
			page, err := b.Search(ctx, workbench.SearchRequest{Query: queries[rng.IntN(len(queries))].Text})
			if err != nil {
				t.Fatal(err)
			}
			for due := part(dayGrades, hour) * (search + 1) / part(daySearches, hour); graded < due; graded++ {
				if len(page.Results) == 0 {
					continue
				}
				product := page.Results[rng.IntN(len(page.Results))].Product.ID
				if err := b.Grade(ctx, page.Query, product, engine.Grade(rng.IntN(4))); err != nil {
					t.Fatal(err)
				}
			}
		}
		for range part(dayLearnings, hour) {
			if _, err := b.Train(ctx, workbench.TrainRequest{}, nil); err != nil {
				t.Fatal(err)
			}
		}
		total += graded
		now := settled(t, before)
		hours = append(hours, now)
		t.Logf("hour %d: %d grades, heap %.1f MB, %d goroutines, %d files open, workspace %.1f MB", hour+1, graded, float64(now.heap)/1e6, now.goroutines, now.files, float64(sizeAt())/1e6)
	}
	// The first hour fills what is kept in memory: documents, grades, queries.
	first, last := hours[0], hours[len(hours)-1]
	if grown := last.heap - first.heap; grown > first.heap/4+16<<20 {
		t.Errorf("the heap grew by %.1f MB from the first hour to the last", float64(grown)/1e6)
	}
	if last.goroutines > first.goroutines || last.files > first.files || last.temporary > first.temporary {
		t.Errorf("left open: %+v after the first hour, %+v after the last", first, last)
	}
	perGrade := float64(sizeAt()-size) / float64(max(1, total))
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	closed = true
	sizes, err := storage.Compact(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the workspace had %.2f MB, has %.2f MB (%.0f bytes a grade), and %.2f MB once compacted", float64(size)/1e6, float64(sizes.Before)/1e6, perGrade, float64(sizes.After)/1e6)
	after := settled(t, before)
	if after.goroutines > before.goroutines || after.files > before.files || after.temporary > before.temporary {
		t.Errorf("after closing: %+v, before opening: %+v", after, before)
	}
}

// TestNothingIsLeft holds that each action gives back what it took: open files,
// goroutines and temporary files, done, failed or cancelled.
func TestNothingIsLeft(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir := t.TempDir()
	w := filepath.Join(dir, "w.touchstone")
	csv := filepath.Join(dir, "shop.csv")
	rows := "id,title,price\n"
	for i := range 3000 {
		rows += fmt.Sprintf("%d,Desk lamp %d,%d\n", i, i, 10+i%90)
	}
	for name, content := range map[string]string{csv: rows, filepath.Join(dir, "bad.csv"): "id,title\n\"", filepath.Join(dir, "j.csv"): "query,docid,rating\nlamp,1,3\nlamp,2,0\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	warm, err := sampleWorkspace(t.Context(), filepath.Join(t.TempDir(), "warm.touchstone"), "en", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := warm.Close(); err != nil {
		t.Fatal(err)
	}
	bench, err := createWorkspace(w, workbench.AutoModel)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bench.Import(t.Context(), []string{csv}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := bench.Close(); err != nil {
		t.Fatal(err)
	}
	soon := func() (context.Context, context.CancelFunc) {
		return context.WithTimeout(t.Context(), 30*time.Millisecond)
	}
	with := func(do func(ctx context.Context, b *workbench.Bench) error) func() error {
		return func() error {
			b, err := openWorkspace(w)
			if err != nil {
				return err
			}
			defer b.Close()
			ctx, cancel := soon()
			defer cancel()
			return do(ctx, b)
		}
	}
	for _, c := range []struct {
		name  string
		fails bool
		do    func() error
	}{
		{"opening and closing", false, with(func(context.Context, *workbench.Bench) error { return nil })},
		{"a search", false, with(func(_ context.Context, b *workbench.Bench) error {
			_, err := b.Search(context.Background(), workbench.SearchRequest{Query: "lamp"})
			return err
		})},
		{"an import that is cancelled", true, with(func(ctx context.Context, b *workbench.Bench) error {
			more := filepath.Join(dir, "more.csv")
			if err := os.WriteFile(more, []byte(strings.ReplaceAll(rows, "\n", "\nx")+",,\n"), 0o600); err != nil {
				return err
			}
			_, err := b.Import(ctx, []string{more}, nil, nil)
			if err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("not cancelled, but %v", err)
			}
			return err
		})},
		{"an import that fails", true, with(func(_ context.Context, b *workbench.Bench) error {
			_, err := b.Import(context.Background(), []string{filepath.Join(dir, "bad.csv")}, nil, nil)
			return err
		})},
		{"judgments", false, with(func(_ context.Context, b *workbench.Bench) error {
			_, err := b.ImportJudgments(context.Background(), filepath.Join(dir, "j.csv"), "")
			return err
		})},
		{"a look at a workspace", false, func() error {
			b, err := viewWorkspace(w)
			if err != nil {
				return err
			}
			return b.Close()
		}},
		{"a backup that is cancelled", true, func() error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return backupWorkspace(ctx, w, filepath.Join(dir, "cancelled.touchstone"))
		}},
		{"a check", false, func() error { _, _, err := upkeep{}.Check(t.Context(), w); return err }},
		{"compacting", false, func() error { _, _, err := upkeep{}.Compact(t.Context(), w); return err }},
		{"compacting that is cancelled", true, func() error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			_, _, err := upkeep{}.Compact(ctx, w)
			return err
		}},
		{"a workspace that does not open", true, func() error { _, err := openWorkspace(csv); return err }},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := measureUse(t)
			for range 3 {
				if err := c.do(); (err != nil) != c.fails {
					t.Fatalf("fails %v: %v", c.fails, err)
				}
			}
			after := settled(t, before)
			if after.goroutines > before.goroutines || after.files > before.files || after.temporary > before.temporary {
				t.Errorf("before %+v, after %+v", before, after)
			}
			hidden, err := filepath.Glob(filepath.Join(dir, ".*"))
			if err != nil || len(hidden) > 0 {
				t.Errorf("left beside the workspace: %v, %v", hidden, err)
			}
		})
	}
}
