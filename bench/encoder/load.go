package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"touchstone/engine/kernel"
)

// loading times new processes from their start to the first vector of the
// embedded model.
func (b *bench) loading(ctx context.Context) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	var inside, outside []float64
	for range b.rounds {
		c := exec.CommandContext(ctx, program, "-first-vector")
		c.Stderr = os.Stderr
		start := time.Now()
		printed, err := c.Output()
		if err != nil {
			return fmt.Errorf("%s -first-vector: %w", program, err)
		}
		outside = append(outside, milliseconds(time.Since(start)))
		ms, err := strconv.ParseFloat(string(bytes.TrimSpace(printed)), 64)
		if err != nil {
			return err
		}
		inside = append(inside, ms)
	}
	fmt.Fprintf(b.out, "\nopening the embedded model to its first vector, in a new process: %.0f ms; with the process's start and end %.0f ms\n", median(inside), median(outside))
	return nil
}

// printFirstVector opens the embedded model, encodes a query and prints how many
// milliseconds that took.
func printFirstVector(ctx context.Context, out io.Writer) error {
	start := time.Now()
	m, err := openEmbedded()
	if err != nil {
		return err
	}
	if _, err := m.EncodeQuery(ctx, "wireless mouse"); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%.3f\n", milliseconds(time.Since(start)))
	return err
}

// kernels names the instruction set in use.
func kernels() string {
	isa, err := kernel.Best()
	if err != nil {
		return err.Error()
	}
	return isa.String()
}
