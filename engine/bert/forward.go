package bert

import (
	"math"

	"touchstone/engine/kernel"
)

// blockRows is how many tokens go from one product to the next together: so
// few that what lies between two products stays in a core's own cache, enough
// to use each weight often. Tiles of all kernels divide it.
const blockRows = 48

// batch is some sequences, their tokens end to end without padding, and the
// memory that the network needs for them, reused from batch to batch. Several
// workers may share one.
type batch struct {
	ids       []int32
	positions []int32 // of each token in its sequence
	ends      []int   // where each sequence ends in ids

	x       []float32 // tokens × hidden: the state that the layers transform
	qkv     []float32 // tokens × 3·hidden
	context []float32 // tokens × hidden: what attention gathered
	pooled  []float32 // sequences × hidden

	workers int // that share it
	short   bool
	common  common
	blocks  int // of tokens, unless it is short: tasks of the phases between attentions
	phases  phases
}

// reset empties the batch.
func (b *batch) reset() {
	b.ids, b.positions, b.ends = b.ids[:0], b.positions[:0], b.ends[:0]
}

// add closes a sequence: the ids behind the last one.
func (b *batch) add() {
	for i := range len(b.ids) - len(b.positions) {
		b.positions = append(b.positions, int32(i))
	}
	b.ends = append(b.ends, len(b.ids))
}

// start is where a sequence begins.
func (b *batch) start(sequence int) int {
	if sequence == 0 {
		return 0
	}
	return b.ends[sequence-1]
}

// begin makes ready for that many workers: room for the values, and blocks of
// tokens for them to share evenly.
func (b *batch) begin(m *Model, workers int) {
	b.x = resize(b.x, len(b.ids)*m.Hidden)
	b.qkv = resize(b.qkv, len(b.ids)*3*m.Hidden)
	b.context = resize(b.context, len(b.ids)*m.Hidden)
	b.pooled = resize(b.pooled, len(b.ends)*m.Hidden)
	b.workers, b.short = workers, workers > 1 && m.sharesOutputs(len(b.ids))
	if b.short {
		b.common.sum = resize(b.common.sum, len(b.ids)*m.Hidden)
		b.common.inner = resize(b.common.inner, len(b.ids)*m.Inner)
		b.phases.reset(shortPhases(m.Layers))
		return
	}
	b.blocks = workers * blocksOf(len(b.ids), workers)
	b.phases.reset(2*m.Layers + 2)
}

// blocksOf is how many blocks of at most blockRows each of some workers has of
// n rows.
func blocksOf(n, workers int) int { return (n + workers*blockRows - 1) / (workers * blockRows) }

// rows are the tokens of a block.
func (b *batch) rows(block int) (from, to int) {
	return block * len(b.ids) / b.blocks, (block + 1) * len(b.ids) / b.blocks
}

// worker runs the network over a batch or its part of one, with memory of its
// own for what lies between two products.
type worker struct {
	*Model
	multiplier
	attention *kernel.Attention
	sum       []float32 // block × hidden: a layer's output before it is added to x
	inner     []float32 // block × intermediate
	first     []float32 // block × hidden: what the first tokens of sequences gathered
}

func newWorker(m *Model) *worker {
	return &worker{
		Model:      m,
		multiplier: multiplier{activations: kernel.NewActivations(m.network.isa, 0, 0)},
		attention:  kernel.NewAttention(m.network.isa),
		sum:        make([]float32, blockRows*m.Hidden),
		inner:      make([]float32, blockRows*m.Inner),
		first:      make([]float32, blockRows*m.Hidden),
	}
}

// run computes the pooled vector of each sequence, not normalised, together with
// the other workers that call it for this batch. Between two attentions a token
// needs no other, so that all the steps there are one phase.
func (w *worker) run(b *batch) {
	if b.short {
		w.runShort(b)
		return
	}
	layers := w.network.layers
	b.phases.run(0, b.blocks, func(block int) {
		from, to := b.rows(block)
		w.embed(b, from, to)
		w.project(&layers[0], b, from, to)
	}, nil)
	for i := range layers {
		w.attendAll(b, 2*i+1)
		if w.poolFinishes(i) {
			break
		}
		b.phases.run(2*i+2, b.blocks, func(block int) {
			from, to := b.rows(block)
			w.finish(&layers[i], b.x[from*w.Hidden:to*w.Hidden], b.context[from*w.Hidden:to*w.Hidden])
			if i+1 < len(layers) {
				w.project(&layers[i+1], b, from, to)
			}
		}, nil)
	}
	w.poolAll(b, 2*len(layers)+1)
}

// attendAll is the phase of an attention.
func (w *worker) attendAll(b *batch, phase int) {
	b.phases.run(phase, len(b.ends)*w.Heads, func(task int) {
		w.attend(b, task/w.Heads, task%w.Heads)
	}, nil)
}

// poolFinishes reports the layer whose tokens pool finishes, those that it needs.
func (w *worker) poolFinishes(layer int) bool {
	return layer == w.Layers-1 && (w.pooling == CLS || w.pooling == Pooler)
}

// poolAll is the last phase.
func (w *worker) poolAll(b *batch, phase int) {
	b.phases.run(phase, blocksOf(len(b.ends), 1), func(block int) {
		w.pool(b, block*blockRows, min((block+1)*blockRows, len(b.ends)))
	}, nil)
}

// project makes the queries, keys and values of up to blockRows tokens.
func (w *worker) project(l *layer, b *batch, from, to int) {
	h := w.Hidden
	w.multiply(b.qkv[from*3*h:to*3*h], b.x[from*h:to*h], &l.attention)
}

// embed looks up the tokens' vectors and adds those of their positions.
func (w *worker) embed(b *batch, from, to int) {
	n := w.network
	for i := from; i < to; i++ {
		row := b.x[i*w.Hidden:][:w.Hidden]
		n.words.row(row, int(b.ids[i]))
		w.addNorm(row, n.positions[int(b.positions[i])*w.Hidden:][:w.Hidden], &n.embeddingNorm)
	}
}

// attend lets each token of a sequence gather from all of them, for one head.
func (w *worker) attend(b *batch, sequence, head int) {
	h, size := w.Hidden, w.Hidden/w.Heads
	start, end := b.start(sequence), b.ends[sequence]
	qkv := b.qkv[start*3*h+head*size:]
	w.attention.Gather(b.context[start*h+head*size:], h, qkv, qkv[h:], qkv[2*h:], 3*h, end-start, size,
		float32(1/math.Sqrt(float64(size))))
}

// finish is what comes after attention, for up to blockRows tokens.
func (w *worker) finish(l *layer, x, context []float32) {
	n := len(x) / w.Hidden
	sum, inner := w.sum[:len(x)], w.inner[:n*w.Inner]
	w.multiply(sum, context, &l.attentionOutput)
	w.residual(x, sum, &l.attentionNorm)
	w.multiply(inner, x, &l.inner)
	w.multiplyGELU(sum, inner, &l.output, w.network.isa)
	w.residual(x, sum, &l.outputNorm)
}

// residual adds sum to x and normalises each token.
func (w *worker) residual(x, sum []float32, n *norm) {
	for ; len(x) > 0; x, sum = x[w.Hidden:], sum[w.Hidden:] {
		w.addNorm(x[:w.Hidden], sum[:w.Hidden], n)
	}
}

// addNorm adds add to x and normalises the sum.
func (w *worker) addNorm(x, add []float32, n *norm) {
	w.network.isa.AddNorm(x, add, n.weight, n.bias, float32(w.Epsilon))
}

// pool makes one vector of each of up to blockRows sequences. Where that is the
// vector of [CLS], the last layer is finished for these tokens alone.
func (w *worker) pool(b *batch, from, to int) {
	h := w.Hidden
	pooled := b.pooled[from*h : to*h]
	for i := from; i < to; i++ {
		dst := b.pooled[i*h:][:h]
		start, end := b.start(i), b.ends[i]
		copy(dst, b.x[start*h:])
		switch w.pooling {
		case Mean:
			for t := start + 1; t < end; t++ {
				w.network.isa.AddScaled(dst, b.x[t*h:][:h], 1)
			}
			for j := range dst {
				dst[j] /= float32(end - start)
			}
		case Max:
			for t := start + 1; t < end; t++ {
				for j, v := range b.x[t*h:][:h] {
					dst[j] = max(dst[j], v)
				}
			}
		default:
			copy(w.first[(i-from)*h:][:h], b.context[start*h:])
		}
	}
	if w.pooling == CLS || w.pooling == Pooler {
		w.finish(&w.network.layers[w.Layers-1], pooled, w.first[:len(pooled)])
	}
	if w.pooling == Pooler {
		w.multiply(w.sum[:len(pooled)], pooled, w.network.pooler)
		copy(pooled, w.sum)
		tanh(pooled)
	}
}
