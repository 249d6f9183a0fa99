package retrieve

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/x448/float16"
	"golang.org/x/sync/errgroup"

	"touchstone/engine"
	"touchstone/engine/kernel"
)

// Vectors are the vectors of products, by row: a value is scale × (code + rest ÷
// 254), two int8 numbers with one scale a row, which is finer than the half
// precision that it comes from. Codes alone are scanned, half the bytes of a
// vector; what they bring up is scored again with the rests. Once an Index has
// them they must not change: Clone before Put.
type Vectors struct {
	isa    kernel.ISA
	dim    int
	blocks []*vectorBlock // by first row, without overlap
}

// vectorBlock is a run of consecutive rows; it never changes.
type vectorBlock struct {
	first  uint32
	hashes []uint64 // of the text that each vector was made from; 0: no vector
	codes  []int8   // dim a row
	rests  []int8   // dim a row, in 1/254 of a code
	scales []float32
}

// NewVectors makes an empty set of vectors with dim values each.
func NewVectors(dim int) *Vectors {
	isa, _ := kernel.Best() // an unknown name in the environment is the encoder's to report
	return &Vectors{isa: isa, dim: dim}
}

// Clone is a set that can change without changing v; blocks are shared.
func (v *Vectors) Clone() *Vectors { return &Vectors{v.isa, v.dim, slices.Clone(v.blocks)} }

// Put adds the vectors of consecutive rows from first on, or replaces the block
// that starts there: half holds dim half-precision values for each of hashes. A
// hash of 0 says that the row has no vector. Put keeps copies.
func (v *Vectors) Put(first uint32, hashes []uint64, half []uint16) error {
	if v.dim <= 0 || len(half) != len(hashes)*v.dim {
		return fmt.Errorf("vectors of rows %d to %d: %d values are not %d for each of %d rows; encode the catalogue again",
			first, int(first)+len(hashes)-1, len(half), v.dim, len(hashes))
	}
	at, replace := slices.BinarySearchFunc(v.blocks, first, func(b *vectorBlock, first uint32) int { return int(int64(b.first) - int64(first)) })
	after := at
	if replace {
		after++
	}
	if at > 0 && v.blocks[at-1].end() > int(first) || after < len(v.blocks) && int(first)+len(hashes) > int(v.blocks[after].first) {
		return fmt.Errorf("vectors of rows %d to %d overlap another block; encode the catalogue again", first, int(first)+len(hashes)-1)
	}
	b := &vectorBlock{first: first, hashes: slices.Clone(hashes),
		codes: make([]int8, len(half)), rests: make([]int8, len(half)), scales: make([]float32, len(hashes))}
	split(len(hashes), func(from, to int) {
		for i := from; i < to; i++ {
			b.scales[i] = quantiseHalf(v.isa, b.codes[i*v.dim:(i+1)*v.dim], b.rests[i*v.dim:(i+1)*v.dim], half[i*v.dim:(i+1)*v.dim])
		}
	})
	if replace {
		v.blocks[at] = b
	} else {
		v.blocks = slices.Insert(v.blocks, at, b)
	}
	return nil
}

// PutFloats is Put for vectors in single precision, which are kept in half; a nil
// one says that the row has no vector.
func (v *Vectors) PutFloats(first uint32, hashes []uint64, values [][]float32) error {
	hashes = slices.Clone(hashes)
	half := make([]uint16, len(values)*v.dim)
	for i, vector := range values {
		if vector == nil {
			hashes[i] = 0
			continue
		}
		if len(vector) != v.dim {
			return fmt.Errorf("the vector of row %d has %d values, not %d; encode the catalogue again", int(first)+i, len(vector), v.dim)
		}
		for k, f := range vector {
			half[i*v.dim+k] = float16.Fromfloat32(f).Bits()
		}
	}
	return v.Put(first, hashes, half)
}

// end is the row behind the last one of the block.
func (b *vectorBlock) end() int { return int(b.first) + len(b.hashes) }

// split runs fn for all of n rows, some on each core.
func split(n int, fn func(from, to int)) {
	cores := runtime.GOMAXPROCS(0)
	var group sync.WaitGroup
	for c := range cores {
		group.Go(func() { fn(n*c/cores, n*(c+1)/cores) })
	}
	group.Wait()
}

// restsOf is how many rests make a code: a rest of ±127 is half a code.
const restsOf = 254

// quantise writes values as codes −127 to 127 and rests −127 to 127 and returns
// the scale: value ≈ (code + rest ÷ restsOf) × scale. What has no finite length
// gets the scale 0.
func quantise(codes, rests []int8, values []float32) float32 {
	var most float32
	for _, v := range values {
		most = max(most, v, -v)
	}
	if !(most > 0 && most <= math.MaxFloat32) {
		clear(codes)
		clear(rests)
		return 0
	}
	// Behind 1.5·2²³ a float32 has no fraction: adding it rounds, halves to even.
	const whole = 3 << 22
	inverse := 127 / most
	for i, v := range values {
		v *= inverse
		code := v + whole
		codes[i] = int8(math.Float32bits(code) - math.Float32bits(whole))
		rests[i] = int8(math.Float32bits((v-(code-whole))*restsOf+whole) - math.Float32bits(whole))
	}
	return most / 127
}

// quantiseHalf is quantise of half-precision values, made for opening a million
// rows: what makes a float32 of a half and what makes a code of that are one
// factor.
func quantiseHalf(isa kernel.ISA, codes, rests []int8, half []uint16) float32 {
	most := float16.Frombits(isa.LargestHalf(half)).Float32()
	factor := 0x1p112 * (127 / most)
	if !(most > 0 && most <= math.MaxFloat32 && factor <= math.MaxFloat32) { // nothing, or too small to be a direction's
		values := make([]float32, len(half))
		for i, h := range half {
			values[i] = float16.Frombits(h).Float32()
		}
		return quantise(codes, rests, values)
	}
	isa.CodesOfHalf(codes, rests, half, factor, restsOf)
	return most / 127
}

// block finds the block of a row; nil where there is none.
func (v *Vectors) block(row uint32) *vectorBlock {
	if v == nil || len(v.blocks) == 0 {
		return nil
	}
	// Most are as long as the first, and none is missing before them.
	if i := int(row) / max(1, len(v.blocks[0].hashes)); i < len(v.blocks) && row >= v.blocks[i].first && int(row) < v.blocks[i].end() {
		return v.blocks[i]
	}
	i, found := slices.BinarySearchFunc(v.blocks, row, func(b *vectorBlock, row uint32) int { return int(int64(b.first) - int64(row)) })
	if !found {
		i--
	}
	if i < 0 || int(row) >= v.blocks[i].end() {
		return nil
	}
	return v.blocks[i]
}

// hash is that of the text that a row's vector was made from, 0 for no vector.
func (v *Vectors) hash(row uint32) uint64 {
	if b := v.block(row); b != nil {
		return b.hashes[row-b.first]
	}
	return 0
}

// At is a copy of the vector of a row, which must be there.
func (v *Vectors) At(row uint32) []float32 {
	dst := make([]float32, v.dim)
	v.at(row, dst)
	return dst
}

// at reads the vector of a row into dst.
func (v *Vectors) at(row uint32, dst []float32) {
	b := v.block(row)
	i := int(row - b.first)
	v.isa.ValuesOfCodes(dst[:v.dim], b.codes[i*v.dim:(i+1)*v.dim], b.rests[i*v.dim:(i+1)*v.dim], b.scales[i], restsOf)
}

// target is a query on its way through the vectors, in their form. One goroutine
// at a time may ask for cosines with it.
type target struct {
	codes, rests []int8
	both         []int8 // the codes, and the rests behind them
	scale        float64
	dots         [4]int32 // for cosine: of a row's codes, then of its rests, with both
}

// newTarget is nil for a query without a direction.
func newTarget(query []float32) *target {
	both := make([]int8, 2*len(query))
	t := &target{codes: both[:len(query)], rests: both[len(query):], both: both}
	t.scale = float64(quantise(t.codes, t.rests, query))
	if t.scale == 0 {
		return nil
	}
	return t
}

// cosine is that of the query and the vector of a row, both of length 1. Sums
// are of whole numbers: every machine comes to the same.
func (b *vectorBlock) cosine(isa kernel.ISA, row uint32, t *target) float64 {
	dim := len(t.codes)
	i := int(row - b.first)
	codes, rests := b.codes[i*dim:(i+1)*dim], b.rests[i*dim:(i+1)*dim]
	isa.DotInt8(t.dots[:2], codes, t.both)
	isa.DotInt8(t.dots[2:], rests, t.both)
	sum := float64(t.dots[0]) + (float64(t.dots[2])+float64(t.dots[1]))/restsOf + float64(t.dots[3])/(restsOf*restsOf)
	return sum * t.scale * float64(b.scales[i])
}

// shard is how many rows are scanned between two looks at the context.
const shard = 4096

// best lists the rows among allowed that are nearest to query, best first.
// Codes bring up somewhat more than size, and exact scores choose among them.
func (v *Vectors) best(ctx context.Context, query *target, allowed bitmap, size int) ([]scored, error) {
	type run struct {
		b        *vectorBlock
		from, to int
	}
	var runs []run
	for _, b := range v.blocks {
		for from := 0; from < len(b.hashes); from += shard {
			runs = append(runs, run{b, from, min(from+shard, len(b.hashes))})
		}
	}
	if len(runs) == 0 {
		return nil, nil
	}
	scanners := make([]*scanner, min(engine.Processors(ctx), len(runs)))
	defer func() {
		for _, s := range scanners {
			idleScanners.Put(s)
		}
	}()
	var nextRun atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for w := range scanners {
		s := idleScanners.Get().(*scanner)
		s.near.reset(2*size + 64)
		scanners[w] = s
		group.Go(func() error {
			for {
				i := int(nextRun.Add(1)) - 1
				if i >= len(runs) {
					return nil
				}
				if ctx.Err() != nil {
					return ctx.Err()
				}
				engine.GiveWay(ctx)
				r := runs[i]
				s.scan(v.isa, r.b, r.from, r.to, query.codes, allowed)
			}
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	near := &scanners[0].near
	for _, s := range scanners[1:] {
		near.list = append(near.list, s.near.list...)
	}
	near.cut()
	for i, s := range near.list {
		near.list[i].score = v.block(s.row).cosine(v.isa, s.row, query)
	}
	selectBest(near.list, size)
	best := slices.Clone(near.list[:min(size, len(near.list))])
	sortBest(best)
	return best, nil
}

// stride is how many rows' products are taken together.
const stride = 64

// scanner is what one worker scans with.
type scanner struct {
	near shortlist
	dots [stride]int32
}

// idleScanners are those that no search works with.
var idleScanners = sync.Pool{New: func() any { return new(scanner) }}

// scan offers rows from to to of a block, scored by their codes.
func (s *scanner) scan(isa kernel.ISA, b *vectorBlock, from, to int, query []int8, allowed bitmap) {
	dim := len(query)
	for i := from; i < to; i += stride {
		n := min(stride, to-i)
		wanted := false
		for k := range n {
			wanted = wanted || allowed.has(b.first+uint32(i+k))
		}
		if !wanted {
			continue
		}
		dots, scales := s.dots[:n], b.scales[i:i+n]
		isa.DotInt8(dots, query, b.codes[i*dim:(i+n)*dim])
		for k, dot := range dots {
			score := float64(dot) * float64(scales[k])
			if row := b.first + uint32(i+k); score >= s.near.floor && allowed.has(row) {
				s.near.offer(scored{row, score})
			}
		}
	}
}
