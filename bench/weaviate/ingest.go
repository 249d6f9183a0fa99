package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/weaviate/weaviate-go-client/v5/weaviate"

	"touchstone/bench/electronics"
	"touchstone/engine"
	port "touchstone/engine/remote/weaviate"
	"touchstone/engine/remote/weaviate/weaviatetest"
)

// ingestion is a run of -products.
type ingestion struct {
	products int
	kills    int           // of the importer; the server is killed twice then
	queue    time.Duration // how long to look on while vectors are sorted
	disk     int64         // bytes that all servers may take

	file  string
	start time.Time
}

// server is a Weaviate that is filled, and who fills it.
type server struct {
	name      string
	dir       string
	node      *weaviatetest.Node
	importer  importer
	catalogue *port.Catalogue
	client    *weaviate.Client
	sent      atomic.Pointer[sent] // of the official client
	ended     chan error           // the importer's end
	process   *os.Process          // the importer's
	took      time.Duration        // until all was counted
}

// How a server is set. It takes vectors in first and sorts them into its graph
// behind that: once a second it looks whether there is a part of the queue to
// sort. Where later is set, it does not begin while it is filled.
const (
	async = "ASYNC_INDEXING=true"
	later = "QUEUE_SCHEDULER_INTERVAL=24h"
	now   = "QUEUE_SCHEDULER_INTERVAL=1s"
)

func (g *ingestion) newServer(ctx context.Context, dir, name string, official bool, settings ...string) (*server, error) {
	s := &server{name: name, dir: filepath.Join(dir, name)}
	if err := os.Mkdir(s.dir, 0o700); err != nil {
		return nil, err
	}
	nodes, err := weaviatetest.Start(s.dir, 1, append(settings, async)...)
	if err != nil {
		return nil, err
	}
	s.node = nodes[0]
	r := weaviatetest.Remote(nodes)
	r.Index, r.Timeout = "Shop", 600 // a machine that does other things too is no failure
	s.importer = importer{Official: official, Remote: r, File: g.file, Workspace: workspaceIn(dir)}
	if s.catalogue, err = port.Open(r, ""); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	s.client, err = weaviate.NewClient(weaviate.Config{Host: strings.TrimPrefix(r.URLs[0], "http://"), Scheme: "http"})
	if err == nil {
		err = s.catalogue.Prepare(ctx, engine.RemoteAbout{Language: "en", Model: "minilm", Encoder: made{}.Name(), Dim: made{}.Dim()})
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// fill starts the importer.
func (s *server) fill() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	task, err := json.Marshal(s.importer)
	if err != nil {
		return err
	}
	cmd := exec.Command(self, "-importer", string(task))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.process, s.ended = cmd.Process, make(chan error, 1)
	go func() {
		lines := bufio.NewScanner(out)
		var failed error
		for lines.Scan() {
			var n sent
			if failed = json.Unmarshal(lines.Bytes(), &n); failed != nil {
				break
			}
			s.sent.Store(&n)
		}
		s.ended <- errors.Join(failed, lines.Err(), cmd.Wait())
	}()
	return nil
}

// stop kills the importer and the server.
func (s *server) stop() error {
	var failed error
	if s.process != nil {
		if failed = s.process.Kill(); errors.Is(failed, os.ErrProcessDone) {
			failed = nil
		}
	}
	return errors.Join(failed, s.node.Kill())
}

// waiting is how many vectors are not yet in the graph.
func (s *server) waiting(ctx context.Context) (int64, error) {
	status, err := s.client.Cluster().NodesStatusGetter().WithOutput("verbose").Do(ctx)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, node := range status.Nodes {
		for _, shard := range node.Shards {
			n += shard.VectorQueueLength
		}
	}
	return n, nil
}

// line says how a server stands, and how many bytes it has on disk.
func (g *ingestion) line(ctx context.Context, s *server) (int64, error) {
	count, err := s.catalogue.Count(ctx)
	if err != nil {
		return 0, err
	}
	waiting, err := s.waiting(ctx)
	if err != nil {
		return 0, err
	}
	size, err := onDisk(s.dir)
	if err != nil {
		return 0, err
	}
	memory, err := inMemory(s.node.PID())
	if err != nil {
		return 0, err
	}
	busy, err := processorTime(s.node.PID())
	if err != nil {
		return 0, err
	}
	fmt.Printf("%6.0f s  %-8s %8d products, %8d vectors waiting, on disk %5.2f GB, %s, processor %.0f s\n",
		time.Since(g.start).Seconds(), s.name, count, waiting, float64(size)/1e9, memory, busy.Seconds())
	return size, nil
}

// processorTime is what a process has used since it was started, whatever else
// the machine did: Linux counts it in hundredths of a second.
func processorTime(pid int) (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:])) // behind the name, from the third on
	total := time.Duration(0)
	for _, f := range fields[11:13] {
		ticks, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		total += time.Duration(ticks) * 10 * time.Millisecond
	}
	return total, nil
}

// inMemory is what a process takes now and took at most, as the system writes it.
func inMemory(pid int) (string, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return "", err
	}
	var parts []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "VmHWM") || strings.HasPrefix(line, "VmRSS") {
			parts = append(parts, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(parts, ", "), nil
}

// lines says how all stand, and fails where they have grown too large.
func (g *ingestion) lines(ctx context.Context, servers []*server) error {
	total := int64(0)
	for _, s := range servers {
		size, err := g.line(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		total += size
	}
	if total > g.disk {
		return fmt.Errorf("the servers take %d MB of the disk, more than -disk allows", total>>20)
	}
	return nil
}

// every is how often the state is written.
const every = 30 * time.Second

func (g *ingestion) run(ctx context.Context, dir string) error {
	if _, err := electronics.Workspace(ctx); err != nil {
		return err
	}
	encoder, err := readMade(ctx)
	if err != nil {
		return err
	}
	g.file = filepath.Join(dir, "products.jsonl.gz")
	if err := encoder.writeFile(g.file, g.products); err != nil {
		return err
	}
	if g.kills > 0 {
		return g.killed(ctx, dir)
	}
	return g.sideBySide(ctx, dir)
}

// sideBySide fills two servers at the same time, each with the share of the
// machine that it gets.
func (g *ingestion) sideBySide(ctx context.Context, dir string) (err error) {
	var servers []*server
	defer func() {
		for _, s := range servers {
			err = errors.Join(err, s.stop())
		}
	}()
	for i, name := range []string{"ours", "official"} {
		s, err := g.newServer(ctx, dir, name, i == 1, later)
		if err != nil {
			return err
		}
		servers = append(servers, s)
	}
	g.start = time.Now()
	for _, s := range servers {
		if err := s.fill(); err != nil {
			return err
		}
	}
	ours, official := servers[0], servers[1]
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ours.took == 0 || official.took == 0 {
		var done *server
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
			if err := g.lines(ctx, servers); err != nil {
				return err
			}
			continue
		case err := <-ours.ended:
			if done = ours; err != nil {
				return err
			}
		case err := <-official.ended:
			if done = official; err != nil {
				return err
			}
		}
		done.took = time.Since(g.start)
		for _, s := range servers {
			n, err := s.catalogue.Count(ctx)
			if err != nil {
				return err
			}
			if s == done && n != g.products {
				return fmt.Errorf("%s: %d products are there, %d were stored", s.name, n, g.products)
			}
			fmt.Printf("%s is done; %s has %d\n", done.name, s.name, n)
		}
	}
	if err := g.lines(ctx, servers); err != nil {
		return err
	}
	sending := official.sent.Load().Took
	fmt.Printf("%d products of 384 values into one node each, %d cores, side by side: ours %.0f s, the official client %.0f s, of which %.0f s sending: %.2f times\n",
		g.products, runtime.GOMAXPROCS(0), ours.took.Seconds(), official.took.Seconds(), sending.Seconds(), ours.took.Seconds()/sending.Seconds())
	if err := errors.Join(official.stop(), os.RemoveAll(official.dir)); err != nil {
		return err
	}
	if err := g.verify(ctx, ours); err != nil {
		return err
	}
	if err := errors.Join(ours.node.Kill(), ours.node.Restart(now), ours.node.Wait()); err != nil {
		return err
	}
	return g.sorted(ctx, ours)
}
