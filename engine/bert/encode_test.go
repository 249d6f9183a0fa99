package bert

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/kernel"
)

// TestEncodeOneByOne holds that a text's vector has unit length and depends
// neither on the texts beside it, nor on its place, nor on how many workers
// share the work: not by a bit.
func TestEncodeOneByOne(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "bca", "phone", "case", "?", "手"}), 0, 30).Draw(t, "words"), " ")
	})
	for _, precision := range []Precision{FP32, Int8} {
		m := mustOpen(t, tinyFolder(t), Options{Precision: precision})
		rapid.Check(t, func(t *rapid.T) {
			texts := rapid.SliceOfN(text, 0, 40).Draw(t, "texts")
			together := make([][]float32, len(texts))
			for i := range together {
				together[i] = make([]float32, m.Hidden)
			}
			processors := rapid.IntRange(1, 4).Draw(t, "processors")
			if err := newCrew(m).encode(context.Background(), texts, together, processors); err != nil {
				t.Fatal(err)
			}
			for i, text := range texts {
				alone, err := m.Encode(context.Background(), []string{text})
				if err != nil {
					t.Fatal(err)
				}
				if d := distance(together[i], alone[0]); d != 0 {
					t.Fatalf("%s: text %d %q is off by %g beside others, on %d processors", precision, i, text, d, processors)
				}
				if length := engine.Dot(alone[0], alone[0]); length < 0.9999 || length > 1.0001 {
					t.Fatalf("%s: %q: squared length %g", precision, text, length)
				}
			}
		})
	}
}

// TestEncodeSpoiltMemory holds that nothing is read from the memory that a crew
// keeps from call to call but what the call wrote.
func TestEncodeSpoiltMemory(t *testing.T) {
	texts := []string{"phone phone case", "", "a ?", "bca 手 手 手 a ? case bca phone bca", strings.Repeat("case ", 20)}
	for _, isa := range kernel.Available() {
		t.Setenv("TOUCHSTONE_KERNEL", isa.String())
		for _, precision := range []Precision{FP32, Int8} {
			for _, pooling := range []Pooling{Mean, CLS, Max, Pooler} {
				m := mustOpen(t, tinyFolder(t), Options{Precision: precision, Pooling: pooling})
				want := mustEncode(t, m, texts...)
				c := newCrew(m)
				for range 3 {
					got := make([][]float32, len(texts))
					for i := range got {
						got[i] = make([]float32, m.Hidden)
					}
					if err := c.encode(t.Context(), texts, got, 2); err != nil {
						t.Fatal(err)
					}
					if !reflect.DeepEqual(got, want) {
						t.Fatalf("%v, %s, %s: other vectors once memory is spoilt", isa, precision, pooling)
					}
					spoil(c.first.x, c.first.qkv, c.first.context, c.first.pooled, c.first.common.sum, c.first.common.inner)
					for _, m := range c.members {
						spoil(m.worker.sum, m.worker.inner, m.worker.first)
					}
				}
			}
		}
	}
}

func spoil(memory ...[]float32) {
	for _, s := range memory {
		for i := range s[:cap(s)] {
			s[:cap(s)][i] = float32(math.NaN())
		}
	}
}

func TestEncodeCancelled(t *testing.T) {
	m := mustOpen(t, tinyFolder(t), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if vectors, err := m.Encode(ctx, []string{"a"}); !errors.Is(err, context.Canceled) || vectors != nil {
		t.Errorf("%v, %v: want no vectors and context.Canceled", vectors, err)
	}
	if _, err := m.EncodeQuery(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	// What was cancelled is not remembered.
	if _, err := m.EncodeQuery(t.Context(), "a"); err != nil {
		t.Error(err)
	}
}

// overAfter is a context that ends when it has been asked that often.
type overAfter struct {
	context.Context
	asked atomic.Int64
	times int64
}

func (c *overAfter) Err() error {
	if c.asked.Add(1) > c.times {
		return context.Canceled
	}
	return nil
}

// TestEncodeCancelledBetweenBatches holds that a long list is given up soon
// after its context ends.
func TestEncodeCancelledBetweenBatches(t *testing.T) {
	m := mustOpen(t, tinyFolder(t), Options{})
	texts := slices.Repeat([]string{"a phone case"}, 5000)
	vectors := make([][]float32, len(texts))
	for i := range vectors {
		vectors[i] = make([]float32, m.Hidden)
	}
	c := newCrew(m)
	if err := c.encode(&overAfter{Context: t.Context(), times: 4}, texts, vectors, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want context.Canceled", err)
	}
	if begun := c.next.Load(); begun == 0 || begun > 4*batchTokens {
		t.Errorf("%d of %d texts were begun after it ended", begun, len(texts))
	}
}

func TestEncodeConcurrently(t *testing.T) {
	m := mustOpen(t, tinyFolder(t), Options{})
	texts := []string{"a phone", "case", strings.Repeat("b ", 40)}
	want := mustEncode(t, m, texts...)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20 {
				got, err := m.Encode(t.Context(), texts)
				if err != nil {
					t.Error(err)
					return
				}
				query, err := m.EncodeQuery(t.Context(), texts[0])
				if err != nil || distance(query, want[0]) > 1e-5 {
					t.Errorf("query: off by %g, %v", distance(query, want[0]), err)
				}
				for i := range want {
					if d := distance(got[i], want[i]); d > 1e-5 {
						t.Errorf("text %d is off by %g", i, d)
					}
				}
			}
		})
	}
	group.Wait()
}

func TestEncodeQueryIsTheCallers(t *testing.T) {
	m := mustOpen(t, tinyFolder(t), Options{})
	want := mustEncode(t, m, "phone")[0]
	for range 3 {
		got, err := m.EncodeQuery(t.Context(), "phone")
		if err != nil {
			t.Fatal(err)
		}
		if d := distance(got, want); d != 0 {
			t.Fatalf("off by %g after a caller wrote to an earlier answer", d)
		}
		clear(got)
	}
}

func TestQueryCacheForgetsTheOldest(t *testing.T) {
	c := newQueryCache(2)
	c.put("a", []float32{1})
	c.put("b", []float32{2})
	c.get("a")
	c.put("c", []float32{3})
	for query, want := range map[string]bool{"a": true, "b": false, "c": true} {
		if _, ok := c.get(query); ok != want {
			t.Errorf("%s: kept %v, want %v", query, ok, want)
		}
	}
}

func TestNormaliseZero(t *testing.T) {
	x := []float32{0, 0}
	if normalise(x); x[0] != 0 || x[1] != 0 {
		t.Errorf("%v", x)
	}
}

// TestEncodeDoesNotAllocate: once warm, beside the answer, whichever way the
// work is shared. A worker gets warm when it gets work, which may take a while.
func TestEncodeDoesNotAllocate(t *testing.T) {
	for _, precision := range []Precision{FP32, Int8} {
		m := mustOpen(t, tinyFolder(t), Options{Precision: precision})
		for _, n := range []int{1, 20, 300} {
			texts := slices.Repeat([]string{"a phone case"}, n)
			vectors := make([][]float32, n)
			for i := range vectors {
				vectors[i] = make([]float32, m.Hidden)
			}
			for _, processors := range []int{1, 3} {
				c := newCrew(m)
				allocations := 1.0
				for try := 0; allocations > 0 && try < 100; try++ {
					allocations = min(allocations, testing.AllocsPerRun(5, func() {
						if err := c.encode(t.Context(), texts, vectors, processors); err != nil {
							t.Fatal(err)
						}
					}))
				}
				if allocations > 0 {
					t.Errorf("%s, %d texts, %d processors: %v allocations at least", precision, n, processors, allocations)
				}
			}
		}
	}
}

// BenchmarkEncode encodes 100 texts of 36 tokens, the mean of a product text.
func BenchmarkEncode(b *testing.B) {
	for _, precision := range []Precision{FP32, Int8} {
		b.Run(string(precision), func(b *testing.B) {
			m := openShared(b, "all-MiniLM-L6-v2", Options{Precision: precision})
			texts := make([]string, 100)
			for i := range texts {
				texts[i] = strings.Repeat("cable ", 34)
			}
			tokens := 0
			for b.Loop() {
				if _, err := m.Encode(b.Context(), texts); err != nil {
					b.Fatal(err)
				}
				tokens += len(texts) * len(m.Tokenize(texts[0]))
			}
			b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}
