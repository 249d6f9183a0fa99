// Package peer runs the programs that the benchmarks measure beside ours, each
// in a process of its own. It knows nothing of what they measure.
package peer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Process answers one JSON request a line with one JSON line. Its first line, a
// JSON string, says which versions it runs.
type Process struct {
	Versions string

	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

// Start starts a program and reads its first line. What it writes to its
// standard error goes to ours.
func Start(ctx context.Context, program string, arguments ...string) (*Process, error) {
	p := &Process{command: exec.CommandContext(ctx, program, arguments...)}
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
	if err := p.read(&p.Versions); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// Ask sends a request and reads the answer.
func (p *Process) Ask(request, answer any) error {
	if err := json.NewEncoder(p.in).Encode(request); err != nil {
		return fmt.Errorf("the peers' process: %w", err)
	}
	return p.read(answer)
}

func (p *Process) read(answer any) error {
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("the peers' process ended; what it said is above: %w", err)
	}
	return json.Unmarshal(line, answer)
}

// Stop closes the process's input and waits for its end.
func (p *Process) Stop() error { return errors.Join(p.in.Close(), p.command.Wait()) }

// Command runs a program in a folder, "" for the present one; an error says what
// it printed.
func Command(ctx context.Context, folder, name string, arguments ...string) error {
	var printed bytes.Buffer
	c := exec.CommandContext(ctx, name, arguments...)
	c.Dir, c.Stdout, c.Stderr = folder, &printed, &printed
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(arguments, " "), err, &printed)
	}
	return nil
}

// Python returns the Python of a virtual environment with the packages, each as
// "name==version". It stands in folder/venv and is made where it is not there
// from an earlier run.
func Python(ctx context.Context, folder string, packages []string) (python string, err error) {
	venv := filepath.Join(folder, "venv")
	python = filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	// The list of what was installed is written last: without it, or where it
	// lacks some, an installation is not whole.
	installed := filepath.Join(venv, "installed.txt")
	if have, err := os.ReadFile(installed); err == nil && hasAll(strings.Split(string(have), "\n"), packages) {
		return python, nil
	}
	fmt.Fprintln(os.Stderr, "installing", strings.Join(packages, ", "), "in", venv)
	if err := Command(ctx, "", "python3", "-m", "venv", venv); err != nil {
		return "", fmt.Errorf("%w: the benchmark needs python3 with its venv module (Debian: python3-venv)", err)
	}
	if err := Command(ctx, "", python, append([]string{"-m", "pip", "install", "--quiet"}, packages...)...); err != nil {
		return "", fmt.Errorf("%w: is there a network?", err)
	}
	return python, os.WriteFile(installed, []byte(strings.Join(packages, "\n")), 0o644)
}

func hasAll(list, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(list, w) })
}
