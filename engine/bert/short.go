package bert

// A short batch is shared by outputs instead of tokens: each worker multiplies all
// tokens with a part of each matrix, so that the weights are read once and not
// once a worker. In float32 reading them is what takes the time of a query.

const (
	// shortTokens is how many tokens a batch has at most that is shared so.
	shortTokens = blockRows
	// outputParts is how many parts of a product's outputs there are for each
	// worker: a few, so that one that comes late holds nobody up for long.
	outputParts = 3
)

// sharesOutputs reports whether several workers share a batch of that many tokens
// by outputs. In int8, a quarter as many bytes, it helps with 3 and 4 alone.
func (m *Model) sharesOutputs(tokens int) bool {
	return m.network.precision == FP32 && tokens <= shortTokens
}

// common is the memory that the workers of a short batch have in common.
type common struct {
	sum   []float32 // tokens × hidden: a layer's output before it is added to x
	inner []float32 // tokens × intermediate
}

// runShort is run for a short batch. What wants whole tokens between two products
// is little: the worker that ends the product before does it.
func (w *worker) runShort(b *batch) {
	s := &b.common
	b.phases.run(0, 1, func(int) { w.embed(b, 0, len(b.ids)) }, nil)
	phase := 1
	for i := range w.network.layers {
		l := &w.network.layers[i]
		w.multiplyParts(b, phase, b.qkv, b.x, &l.attention, nil)
		w.attendAll(b, phase+1)
		if w.poolFinishes(i) {
			break
		}
		w.multiplyParts(b, phase+2, s.sum, b.context, &l.attentionOutput, func() { w.residual(b.x, s.sum, &l.attentionNorm) })
		w.multiplyParts(b, phase+3, s.inner, b.x, &l.inner, func() { gelu(w.network.isa, s.inner, w.Inner) })
		w.multiplyParts(b, phase+4, s.sum, s.inner, &l.output, func() { w.residual(b.x, s.sum, &l.outputNorm) })
		phase += 5
	}
	w.poolAll(b, shortPhases(w.Layers)-1)
}

// shortPhases is how many phases a short batch has in n layers.
func shortPhases(n int) int { return 5*n + 2 }

// multiplyParts does a float32 product, each worker some of its outputs. The last
// one to be done does then too.
func (w *worker) multiplyParts(b *batch, phase int, dst, x []float32, d *dense, then func()) {
	panels := d.float.Panels()
	parts := min(panels, b.workers*outputParts)
	b.phases.run(phase, parts, func(part int) {
		d.float.Mul(dst, d.float.Rows, x, len(b.ids), part*panels/parts, (part+1)*panels/parts)
	}, then)
}
