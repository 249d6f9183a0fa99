package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/engine/bert"
)

// shapes times batches of one length: ours from text, theirs from ids. Each
// round runs both sides as often as fits in a short while.
func (b *bench) shapes(ctx context.Context) error {
	fmt.Fprintf(b.out, "\n| tokens | onnxruntime int8, ms | ours int8, ms | ratio | onnxruntime float32, ms | ours float32, ms | ratio |\n|---|---|---|---|---|---|---|\n")
	for _, shape := range [][2]int{{1, 8}, {1, 16}, {1, 32}, {1, 64}, {1, 128}, {32, 32}, {32, 64}} {
		fmt.Fprintf(b.out, "| %d × %d", shape[0], shape[1])
		for _, precision := range []bert.Precision{bert.Int8, bert.FP32} {
			c, err := b.shape(ctx, precision, shape[0], shape[1])
			if err != nil {
				return err
			}
			fmt.Fprintf(b.out, " | %.2f | %.2f | %.2f", c.theirs, c.ours, c.ratio)
		}
		fmt.Fprintln(b.out, " |")
	}
	return nil
}

// comparison are the medians of both sides' times and of their ratios, theirs
// over ours.
type comparison struct{ ours, theirs, ratio float64 }

// compare runs both sides in turn and compares what they return. A first round, to
// get warm, does not count.
func (b *bench) compare(ctx context.Context, rounds int, ours, theirs func(warming bool) (float64, error)) (comparison, error) {
	var all [3][]float64
	for i := range rounds + 1 {
		warming := i == 0
		o, err := ours(warming)
		if err != nil {
			return comparison{}, err
		}
		if err := pause(ctx); err != nil {
			return comparison{}, err
		}
		t, err := theirs(warming)
		if err != nil {
			return comparison{}, err
		}
		if err := pause(ctx); err != nil {
			return comparison{}, err
		}
		if warming {
			continue
		}
		for j, v := range []float64{o, t, t / o} {
			all[j] = append(all[j], v)
		}
	}
	return comparison{median(all[0]), median(all[1]), median(all[2])}, nil
}

func (b *bench) shape(ctx context.Context, precision bert.Precision, batch, tokens int) (comparison, error) {
	model := b.ours[precision]
	text := strings.Repeat("1 ", tokens-2) // beside [CLS] and [SEP]
	ids := model.Tokenize(text)
	if len(ids) != tokens {
		return comparison{}, fmt.Errorf("a text made for %d tokens has %d", tokens, len(ids))
	}
	texts, sequences := slices.Repeat([]string{text}, batch), slices.Repeat([][]int32{ids}, batch)
	times := max(3, 2000/(batch*tokens))
	return b.compare(ctx, b.rounds, func(bool) (float64, error) {
		var each []float64
		for range times {
			start := time.Now()
			if _, err := model.Encode(ctx, texts); err != nil {
				return 0, err
			}
			each = append(each, milliseconds(time.Since(start)))
		}
		return median(each), nil
	}, func(bool) (float64, error) {
		var each []float64
		err := b.theirs.Ask(map[string]any{"do": "shape", "model": precision, "ids": sequences, "times": times}, &each)
		return median(each), err
	})
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// median is 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	values = slices.Sorted(slices.Values(values))
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
