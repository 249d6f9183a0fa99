package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"touchstone/bench/electronics"
	"touchstone/engine"
)

// encoder fine-tunes the encoder on a copy of the workspace and prints what
// that changes on queries left out.
func encoder(ctx context.Context, o options, workspace string, out io.Writer) error {
	folder, err := os.MkdirTemp("", "touchstone-learning-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	copied := filepath.Join(folder, "copy.touchstone")
	content, err := os.ReadFile(workspace)
	if err != nil {
		return err
	}
	if err := os.WriteFile(copied, content, 0o600); err != nil {
		return err
	}
	bench, err := electronics.Open(ctx, copied)
	if err != nil {
		return err
	}
	tuned, err := bench.FineTune(ctx, o.seed, func(p engine.Progress) {
		fmt.Fprintf(os.Stderr, "\r%s %d of %d  ", p.Stage, p.Done, p.Total)
	})
	fmt.Fprintln(os.Stderr)
	if err = errors.Join(err, bench.Close()); err != nil {
		return err
	}
	fmt.Fprintf(out, "before %.4f / %.4f, after %.4f / %.4f, %d better, %d worse, %d equal; adopted: %v; %.0f s\n%s\n",
		tuned.Before.Whole, tuned.Before.Judged, tuned.After.Whole, tuned.After.Judged,
		len(tuned.Better), len(tuned.Worse), tuned.Equal, tuned.Adopted, tuned.Seconds, tuned.Why)
	return nil
}
