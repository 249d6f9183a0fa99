// Command ui measures the window on a display: how soon it can be used, what it
// costs while nothing happens, how much memory it holds, and how many frames a
// second it paints while 1,000 results scroll by and while a slider is dragged
// over a page of 100, which is ranked anew for each frame. Run it from the
// repository:
//
//	xvfb-run -a go run -tags migrated_fynedo,no_animations ./bench/ui            the sample, and 19,406 products
//	… ./bench/ui shop.touchstone                                                 a workspace of your own
//
// Each workspace is opened twice, each time by a process of its own; what is
// told is the second, whose files lie in the system's cache. The products are
// those of ../shared/data/electronics, which are encoded the first time, in
// minutes. Where there is no processor for graphics, what paints is the same
// processor that works, and counts against the window.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"touchstone/assets"
	"touchstone/bench/machine"
	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
	"touchstone/ui"
)

func main() {
	shared := flag.String("shared", "../shared/data", "folder with electronics")
	began := flag.Int64("began", 0, "open the workspace, measure it, print JSON and stop; when the process was started")
	profile := flag.String("profile", "", "write where the processor's time goes to this `file`, for go tool pprof")
	heap := flag.String("heap", "", "write what holds memory in the end to this `file`, for go tool pprof")
	quiet := flag.Duration("quiet", 15*time.Second, "how long nothing happens")
	moving := flag.Duration("moving", 5*time.Second, "how long each thing moves")
	flag.Parse()
	var err error
	if *began != 0 {
		err = measure(flag.Arg(0), ui.Asked{Began: time.Unix(0, *began), Quiet: *quiet, Moving: *moving}, *profile, *heap, os.Stdout)
	} else {
		err = run(context.Background(), *shared, flag.Args(), *quiet, *moving, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ui:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, shared string, files []string, quiet, moving time.Duration, out io.Writer) error {
	if len(files) == 0 {
		var err error
		if files, err = workspaces(ctx, shared); err != nil {
			return err
		}
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, LP_NUM_THREADS=%s\n", machine.Name(), cmp.Or(os.Getenv("LP_NUM_THREADS"), "as Mesa chooses"))
	for _, file := range files {
		var s ui.Screen
		for i := range 2 {
			wait, move := quiet, moving
			if i == 0 {
				wait, move = time.Second, time.Second/2
			}
			child := exec.CommandContext(ctx, self, "-began", strconv.FormatInt(time.Now().UnixNano(), 10), "-quiet", wait.String(), "-moving", move.String(), file)
			child.Stderr = os.Stderr
			told, err := child.Output()
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			s = ui.Screen{}
			if err := json.Unmarshal(told, &s); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		fmt.Fprintf(out, "\n%d products\n", s.Products)
		fmt.Fprintf(out, "  usable after %d ms, first page of results after %d ms\n", s.Usable.Milliseconds(), s.First.Milliseconds())
		fmt.Fprintf(out, "  idle: %.2f %% of a processor; an empty window that never rests: %.2f %%\n", 100*s.Idle[0], 100*s.Idle[1])
		fmt.Fprintf(out, "  memory: %d MB, of which %d MB its own; in the end %d MB and %d MB\n",
			s.Memory[0].Resident/1e6, s.Memory[0].Own/1e6, s.Memory[1].Resident/1e6, s.Memory[1].Own/1e6)
		fmt.Fprintf(out, "  scrolling %d results: %s\n", s.Scrolled, frames(s.Scroll))
		fmt.Fprintf(out, "  dragging a slider, 100 results ranked anew: %s\n", frames(s.Drag))
		fmt.Fprintf(out, "  nothing moving: %s\n", frames(s.Still))
		fmt.Fprintf(out, "  an empty window of that size: %s\n", frames(s.Empty))
	}
	return nil
}

func frames(f ui.Frames) string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("%.1f frames a second, one every %.1f ms, 99 of 100 within %.1f ms; the window's own work %.1f ms", f.PerSecond, ms(f.Median), ms(f.Slow), ms(f.Work))
}

// workspaces are the sample and the electronics catalogue, made where they are
// missing.
func workspaces(ctx context.Context, shared string) ([]string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "touchstone", "bench", "ui")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	sample, large := filepath.Join(dir, "sample.touchstone"), filepath.Join(dir, "electronics.touchstone")
	files := []string{sample}
	err = once(sample, func(b *workbench.Bench) error {
		from, err := os.MkdirTemp("", "touchstone-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(from)
		if err := os.CopyFS(from, assets.Sample("en")); err != nil {
			return err
		}
		if _, err := b.Import(ctx, []string{filepath.Join(from, "products.jsonl")}, nil, nil); err != nil {
			return err
		}
		_, err = b.ImportJudgments(ctx, filepath.Join(from, "judgments.csv"), "")
		return err
	})
	if err != nil {
		return nil, err
	}
	products := filepath.Join(shared, "electronics", "products.jsonl.gz")
	if _, err := os.Stat(products); err != nil {
		fmt.Fprintln(os.Stderr, "ui: only the sample:", err)
		return files, nil
	}
	err = once(large, func(b *workbench.Bench) error {
		if _, err := b.Import(ctx, []string{products}, nil, nil); err != nil {
			return err
		}
		_, err := b.ImportJudgments(ctx, filepath.Join(shared, "electronics", "judgments.csv"), "")
		return err
	})
	return append(files, large), err
}

// once makes a workspace that is not there.
func once(path string, fill func(*workbench.Bench) error) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	made := path + ".made"
	if err := os.RemoveAll(made); err != nil {
		return err
	}
	store, err := storage.Create(made, storage.Options{})
	if err != nil {
		return err
	}
	b, err := openBench(store)
	if err != nil {
		return err
	}
	if err := errors.Join(fill(b), b.Close()); err != nil {
		return err
	}
	return os.Rename(made, path)
}

func openBench(store *storage.Workspace) (*workbench.Bench, error) {
	b, err := workbench.Open(context.Background(), store, encoder)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	debug.SetGCPercent(25) // as main does, and what follows
	go debug.FreeOSMemory()
	return b, nil
}

// encoder opens one of the embedded models, as main does.
func encoder(name string) (engine.Encoder, error) {
	encoders := workbench.Encoders{Embedded: assets.Model, Folder: func() (string, error) {
		return "", errors.New("the measured window has the embedded models only")
	}}
	return encoders.Open(name, "")
}

// measure is the work of a process of its own, so that its time and memory are
// all of this.
func measure(path string, asked ui.Asked, profile, heap string, out io.Writer) (err error) {
	asked.Queries = []string{"wireless headphones", "laptop bag", "usb cable", "lcd monitor 22 inch", "black ink"}
	asked.Holds, asked.Busy = resident, busy
	asked.Told = func(stage string) {
		var failed error
		switch {
		case stage == "scrolling" && profile != "":
			failed = keep(profile, pprof.StartCPUProfile)
		case stage == "end":
			pprof.StopCPUProfile()
			if heap != "" {
				runtime.GC()
				failed = keep(heap, pprof.WriteHeapProfile)
			}
		}
		err = errors.Join(err, failed)
	}
	open := func(path string) (ui.Bench, error) {
		store, err := storage.Open(path, storage.Options{})
		if err != nil {
			return nil, err
		}
		return openBench(store)
	}
	s, failed := ui.MeasureScreen(ui.Deps{Version: "bench", Path: path, Open: open, View: open, Create: open}, asked)
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(s)
}

// keep makes a file that with writes to, now or until the program ends.
func keep(path string, with func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return with(f)
}

// busy is the processor time of this process; 0 where the system does not tell.
func busy() time.Duration {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	const user, system, tick = 11, 12, 10 * time.Millisecond
	var used time.Duration
	for i, field := range strings.Fields(after) {
		if n, err := strconv.Atoi(field); err == nil && (i == user || i == system) {
			used += time.Duration(n) * tick
		}
	}
	return used
}

// resident is the memory of this process; zero where the system does not tell.
func resident() (m ui.Memory) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return m
	}
	for line := range strings.Lines(string(status)) {
		var kb int64
		if _, err := fmt.Sscanf(line, "VmRSS: %d kB", &kb); err == nil {
			m.Resident = kb * 1024
		}
		if _, err := fmt.Sscanf(line, "RssAnon: %d kB", &kb); err == nil {
			m.Own = kb * 1024
		}
	}
	return m
}
