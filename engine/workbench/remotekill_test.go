package workbench_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// killVariable holds what the process that is killed works on.
const killVariable = "TOUCHSTONE_TEST_FILL"

type killJob struct {
	Workspace, File string
	Remote          engine.Remote
}

// TestFillUntilKilled is that process.
func TestFillUntilKilled(t *testing.T) {
	text := os.Getenv(killVariable)
	if text == "" {
		t.Skip("it is for TestKilledFillGoesOn")
	}
	var job killJob
	must(t, json.Unmarshal([]byte(text), &job))
	store, err := storage.Open(job.Workspace, storage.Options{})
	must(t, err)
	b, err := workbench.Open(context.Background(), store, func(string) (engine.Encoder, error) { return &wordVectors{above: true}, nil })
	must(t, err)
	_, err = b.Import(context.Background(), []string{job.File}, nil, nil)
	must(t, err)
	must(t, b.Close())
}

// TestKilledFillGoesOn: an import into Weaviate is killed at several moments and
// started again. In the end each product is there once, and the words are counted
// as by an import that nothing stopped.
func TestKilledFillGoesOn(t *testing.T) {
	_, r := node(t)
	const n = 8000
	s := newShop(t)
	s.encoder.above = true
	file := s.file("all.csv", furniture(n)...)
	must(t, s.PutRemote(r))
	must(t, s.Move(t.Context(), r.Name, nil))
	must(t, s.Close())
	text, err := json.Marshal(killJob{s.path, file, r})
	must(t, err)
	killed := 0
	for try := 1; ; try++ {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFillUntilKilled$")
		cmd.Env = append(os.Environ(), killVariable+"="+string(text))
		must(t, cmd.Start())
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		var over <-chan time.Time // it may end by itself after a few kills
		if try <= 6 {
			over = time.After(time.Duration(try) * 400 * time.Millisecond)
		}
		select {
		case <-over:
			must(t, cmd.Process.Signal(syscall.SIGKILL))
			<-done
			killed++
			continue
		case err := <-done:
			must(t, err)
		}
		break
	}
	if killed == 0 {
		t.Fatal("the import was too quick to be killed")
	}
	s.reopenAt()
	must(t, s.RefreshRemote(t.Context()))
	if got := s.Status().Products; got != n {
		t.Errorf("%d products counted by their words, want %d", got, n)
	}
	must(t, s.Move(t.Context(), workbench.Local, nil))
	if got := s.Status(); got.Products != n || got.Encoded != n {
		t.Errorf("%d products came back, %d with vectors; want %d", got.Products, got.Encoded, n)
	}
	t.Logf("killed %d times", killed)
}

// reopenAt opens the workspace of a closed shop.
func (s *shop) reopenAt() {
	s.t.Helper()
	store, err := storage.Open(s.path, storage.Options{})
	must(s.t, err)
	s.use(store)
}
