package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed peer.py
var pythonPeer []byte

// The Python peers' releases, so that a figure can be had again. The Go peer's
// stand in bleve/go.mod.
var pythonPackages = []string{"faiss-cpu==1.12.0", "bm25s==0.3.16", "numpy==2.4.6"}

// peer is a process that runs other engines: it answers one JSON request a line
// with one JSON line.
type peer struct {
	versions string
	command  *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
}

// python starts faiss and bm25s, in a virtual environment that is made where it
// is missing.
func (b *bench) python(ctx context.Context) (*peer, error) {
	venv := filepath.Join(b.cache, "venv")
	python := filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	// The list of what was installed is written last: without it, or with
	// another one, an installation is not whole.
	list, installed := strings.Join(pythonPackages, "\n"), filepath.Join(venv, "installed.txt")
	if have, err := os.ReadFile(installed); err != nil || string(have) != list {
		fmt.Fprintln(os.Stderr, "installing", strings.Join(pythonPackages, ", "), "in", venv)
		if err := command(ctx, "", "python3", "-m", "venv", venv); err != nil {
			return nil, fmt.Errorf("%w: bench/search needs python3 with its venv module (Debian: python3-venv)", err)
		}
		if err := command(ctx, "", python, append([]string{"-m", "pip", "install", "--quiet"}, pythonPackages...)...); err != nil {
			return nil, fmt.Errorf("%w: is there a network?", err)
		}
		if err := os.WriteFile(installed, []byte(list), 0o644); err != nil {
			return nil, err
		}
	}
	script := filepath.Join(b.cache, "peer.py")
	if err := os.WriteFile(script, pythonPeer, 0o644); err != nil {
		return nil, err
	}
	return startPeer(ctx, python, script, b.cache, fmt.Sprint(runtime.GOMAXPROCS(0)))
}

// bleve builds and starts bleve, in a module of its own: the product needs only
// its analysis, not its index.
func (b *bench) bleve(ctx context.Context) (*peer, error) {
	program := filepath.Join(b.cache, "blevepeer")
	if err := command(ctx, filepath.Join("bench", "search", "bleve"), "go", "build", "-o", program, "."); err != nil {
		return nil, fmt.Errorf("%w: is this the repository's folder?", err)
	}
	return startPeer(ctx, program, b.cache)
}

func startPeer(ctx context.Context, program string, arguments ...string) (*peer, error) {
	p := &peer{command: exec.CommandContext(ctx, program, arguments...)}
	p.command.Stderr = os.Stderr
	var err error
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	if err := p.read(&p.versions); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// command runs a program in a folder; an error says what it printed.
func command(ctx context.Context, folder, name string, arguments ...string) error {
	var printed bytes.Buffer
	c := exec.CommandContext(ctx, name, arguments...)
	c.Dir, c.Stdout, c.Stderr = folder, &printed, &printed
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, &printed)
	}
	return nil
}

// ask sends a request and reads the answer.
func (p *peer) ask(request, answer any) error {
	if err := json.NewEncoder(p.in).Encode(request); err != nil {
		return fmt.Errorf("the peers' process: %w", err)
	}
	return p.read(answer)
}

func (p *peer) read(answer any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the peers' process ended; what it said is above: %w", err)
	}
	return json.Unmarshal(line, answer)
}

func (p *peer) stop() error { return errors.Join(p.in.Close(), p.command.Wait()) }

// found is a peer's answer to one search.
type found struct {
	MS    float64  `json:"ms"`
	Found [][]int  `json:"found"`
	Docs  []string `json:"docs"`
}
