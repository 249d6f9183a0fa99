package main

import (
	"context"
	"io"
	"os/exec"

	"touchstone/engine/learn"
)

// gradients runs the tests that hold every loss and layer to finite differences.
func gradients(ctx context.Context, _ options, _ *learn.Dataset, out io.Writer) error {
	c := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "FiniteDifferences", "./engine/learn/...")
	c.Stdout, c.Stderr = out, out
	return c.Run()
}
