// Command serve loads "touchstone serve" from a second process: searches at a
// fixed rate, whether answers come or not (an open loop, so that a slow service
// is not spared), each query another one, so that none was encoded before. Then
// three times the load, and the first load again. Every answer is compared with
// that to the same query when nothing else is asked. What a search takes of the
// service's processors stands beside what its caller waits for.
//
//	go build -o bin/touchstone . && go run ./bench/serve -workspace FILE
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"touchstone/bench/machine"
	"touchstone/engine"
	"touchstone/storage"
)

func main() {
	bin := flag.String("bin", "bin/touchstone", "the program")
	workspace := flag.String("workspace", "", "the workspace to serve")
	queries := flag.String("queries", "", "queries, one a line; without, one to four words of the titles in the workspace")
	rate := flag.Float64("rate", 400, "searches a second")
	seconds := flag.Float64("seconds", 10, "of each load")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *bin, *workspace, *queries, *rate, time.Duration(*seconds*float64(time.Second))); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin, workspace, file string, rate float64, long time.Duration) error {
	var queries []string
	if file == "" {
		var err error
		if queries, err = ofTitles(ctx, workspace); err != nil {
			return err
		}
	} else {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		queries = slices.DeleteFunc(strings.Split(string(data), "\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	if len(queries) == 0 {
		return errors.New("no queries")
	}
	address, end, err := start(ctx, bin, workspace)
	if err != nil {
		return err
	}
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256}}
	l := &load{client: client, address: address, queries: queries, given: map[string]string{}}
	if err := l.at(ctx, rate/4, 2*time.Second).failed(); err != nil { // warm
		return err
	}
	fmt.Println(machine.Name())
	fmt.Printf("%-10s %9s %9s %6s %6s %8s %8s %8s %14s\n", "asked", "answered", "a second", "shed", "other", "p50 ms", "p99 ms", "most ms", "processor ms")
	for _, r := range []float64{rate, 3 * rate, rate} {
		before, err := l.processor(ctx)
		if err != nil {
			return err
		}
		o := l.at(ctx, r, long)
		after, err := l.processor(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("%6.0f/s   %9d %9.0f %6d %6d %8.1f %8.1f %8.1f %14.2f\n", r, len(o.took), float64(len(o.took))/long.Seconds(), o.shed, o.other, o.ms(0.5), o.ms(0.99), o.ms(1),
			1000*(after-before)/float64(max(1, len(o.took))))
		if o.first != nil {
			fmt.Println("  the first other answer:", o.first)
		}
	}
	wrong, err := l.check(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%d answers compared, %d wrong\n", len(l.given), wrong)
	return end()
}

// ofTitles makes queries of the workspace's products, always the same: of each
// title one to four words that stand side by side, in an order drawn once.
func ofTitles(ctx context.Context, workspace string) ([]string, error) {
	store, err := storage.View(ctx, workspace)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	rng := rand.New(rand.NewPCG(1, 2))
	var queries []string
	err = store.EachProduct(ctx, func(_ uint32, p engine.Product) error {
		if words := strings.Fields(p.Title); len(words) > 0 {
			n := 1 + rng.IntN(min(4, len(words)))
			from := rng.IntN(len(words) - n + 1)
			queries = append(queries, strings.Join(words[from:from+n], " "))
		}
		return nil
	})
	rng.Shuffle(len(queries), func(i, k int) { queries[i], queries[k] = queries[k], queries[i] })
	return queries, err
}

// start serves the workspace on a free port and returns the address.
func start(ctx context.Context, bin, workspace string) (address string, end func() error, err error) {
	cmd := exec.CommandContext(ctx, bin, "serve", workspace, "--addr", "127.0.0.1:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.StderrPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	said := regexp.MustCompile(`http://[0-9.:]+`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if address = said.FindString(lines.Text()); address != "" {
			go io.Copy(io.Discard, out)
			return address, func() error {
				return errors.Join(cmd.Process.Signal(os.Interrupt), cmd.Wait())
			}, nil
		}
	}
	return "", nil, fmt.Errorf("%s did not start: %w", bin, cmd.Wait())
}

// load asks; every query is asked once.
type load struct {
	client  *http.Client
	address string
	queries []string
	next    int

	mu    sync.Mutex
	given map[string]string // query → IDs
}

// outcome is what came of one load.
type outcome struct {
	took  []time.Duration // of the answered
	shed  int
	other int
	first error
}

func (o *outcome) failed() error { return o.first }

// ms is a quantile of the times of the answered.
func (o *outcome) ms(q float64) float64 {
	if len(o.took) == 0 {
		return 0
	}
	return float64(o.took[min(len(o.took)-1, int(q*float64(len(o.took))))].Microseconds()) / 1000
}

// at asks at a rate, for so long.
func (l *load) at(ctx context.Context, rate float64, long time.Duration) *outcome {
	var mu sync.Mutex
	var group sync.WaitGroup
	o := &outcome{}
	begin := time.Now()
	for i := 0; ; i++ {
		due := begin.Add(time.Duration(float64(i) / rate * float64(time.Second)))
		if due.Sub(begin) >= long || ctx.Err() != nil {
			break
		}
		time.Sleep(time.Until(due))
		query := fmt.Sprintf("%s %d", l.queries[l.next%len(l.queries)], l.next)
		l.next++
		group.Go(func() {
			ids, code, err := l.ask(ctx, query)
			took := time.Since(due)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil && code == http.StatusOK:
				o.took = append(o.took, took)
				l.mu.Lock()
				l.given[query] = ids
				l.mu.Unlock()
			case code == http.StatusTooManyRequests:
				o.shed++
			default:
				o.other++
				if o.first == nil {
					o.first = fmt.Errorf("%q: %d, %w", query, code, err)
				}
			}
		})
	}
	group.Wait()
	slices.Sort(o.took)
	return o
}

// ask searches once and returns the IDs found.
func (l *load) ask(ctx context.Context, query string) (ids string, code int, err error) {
	req, err := http.NewRequestWithContext(ctx, "GET", l.address+"/v1/search?q="+url.QueryEscape(query), nil)
	if err != nil {
		return "", 0, err
	}
	res, err := l.client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	var page struct {
		Query   string
		Results []struct{ ID string }
	}
	if err := json.NewDecoder(res.Body).Decode(&page); err != nil {
		return "", res.StatusCode, err
	}
	if res.StatusCode == http.StatusOK && page.Query != query {
		return "", res.StatusCode, fmt.Errorf("it answered %q", page.Query)
	}
	for _, r := range page.Results {
		ids += r.ID + "\n"
	}
	return ids, res.StatusCode, nil
}

// processor is how many seconds of a processor the service has taken, by its own
// metrics.
func (l *load) processor(ctx context.Context) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", l.address+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	res, err := l.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "process_cpu_seconds_total "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.New("the metrics lack process_cpu_seconds_total")
}

// check asks every answered query again, alone, and counts other answers.
func (l *load) check(ctx context.Context) (wrong int, err error) {
	for query, given := range l.given {
		ids, code, err := l.ask(ctx, query)
		if err != nil || code != http.StatusOK {
			return wrong, fmt.Errorf("ask %q again: %d, %w", query, code, err)
		}
		if ids != given {
			wrong++
		}
	}
	return wrong, nil
}
