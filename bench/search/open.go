package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"touchstone/engine/workbench"
)

// opened is what one process says of opening a workspace.
type opened struct {
	Products int     `json:"products"`
	Open     float64 `json:"open_ms"`
	First    float64 `json:"first_ms"` // from the start of opening to the first page
	Heap     float64 `json:"heap_mb"`  // what Go holds from the system
	Resident float64 `json:"resident_mb"`
	Peak     float64 `json:"peak_mb"` // resident, the highest so far
}

// openOnce is the work of a process of its own: a fresh one, so that its memory
// is all of this.
func openOnce(ctx context.Context, path string, out io.Writer) error {
	start := time.Now()
	w, err := openBench(ctx, path)
	if err != nil {
		return err
	}
	debug.SetGCPercent(25) // as main does
	var o opened
	o.Open = milliseconds(time.Since(start))
	page, err := w.Search(ctx, workbench.SearchRequest{Query: "wireless headphones"})
	if err != nil {
		return errors.Join(err, w.Close())
	}
	if len(page.Results) == 0 {
		return errors.Join(errors.New("the first query found nothing"), w.Close())
	}
	o.First = milliseconds(time.Since(start))
	for _, query := range []string{"laptop bag", "usb cable", "lcd monitor 22 inch"} {
		if _, err := w.Search(ctx, workbench.SearchRequest{Query: query, K: 100, Facets: true}); err != nil {
			return errors.Join(err, w.Close())
		}
	}
	o.Products = w.Status().Products
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	o.Heap = float64(m.Sys-m.HeapReleased) / 1e6
	o.Resident, o.Peak = resident()
	return errors.Join(json.NewEncoder(out).Encode(o), w.Close())
}

// resident is this process's memory in megabytes, now and at its highest; 0
// where the system does not tell.
func resident() (now, peak float64) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if _, err := fmt.Sscanf(line, "VmRSS: %f kB", &kb); err == nil {
			now = kb * 1024 / 1e6
		}
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &kb); err == nil {
			peak = kb * 1024 / 1e6
		}
	}
	return now, peak
}

// open runs openOnce in a process of its own.
func (b *bench) open(ctx context.Context, path string) (o opened, err error) {
	self, err := os.Executable()
	if err != nil {
		return o, err
	}
	command := exec.CommandContext(ctx, self, "-open", path)
	command.Stderr = os.Stderr
	answer, err := command.Output()
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(answer, &o)
}

func (b *bench) opening(ctx context.Context) error {
	path, err := b.recombined(ctx, b.products)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\nopening, each time in a new process, the file in the system's cache\n")
	if err := cached(path); err != nil {
		return err
	}
	for range 3 {
		o, err := b.open(ctx, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "%9d products: open %.0f ms, first page after %.0f ms; %.0f MB from the system, resident %.0f MB, at most %.0f MB\n",
			o.Products, o.Open, o.First, o.Heap, o.Resident, o.Peak)
	}
	return nil
}

// cached reads a file, which the peers' indexes may have driven out of the
// system's cache.
func cached(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, f)
	return errors.Join(err, f.Close())
}

// growth is what each tenfold costs.
func (b *bench) growth(ctx context.Context) error {
	queries, err := b.typedQueries(min(100, b.queries))
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "\ngrowth\n")
	for n := 10_000; n <= b.products; n *= 10 {
		path, err := b.recombined(ctx, n)
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if err := cached(path); err != nil {
			return err
		}
		o, err := b.open(ctx, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "%9d products: file %.0f MB, first page after %.0f ms, resident %.0f MB\n", o.Products, float64(info.Size())/1e6, o.First, o.Resident)
		if err := b.timeTyped(ctx, path, queries); err != nil {
			return err
		}
	}
	return nil
}
