package bert

import (
	"math"
	"sync"
)

// pass is one run of the network over a batch: the sequences' tokens packed end
// to end, without padding. Its memory is reused from batch to batch.
type pass struct {
	*Model
	width int // goroutines that share the work
	ids   []int32
	ends  []int // where each sequence ends in ids

	x       []float32   // tokens × hidden: the state that the layers transform
	qkv     []float32   // tokens × 3·hidden
	context []float32   // tokens × hidden: what attention gathered
	sum     []float32   // tokens × hidden: a layer's output before it is added to x
	inner   []float32   // tokens × intermediate
	pooled  []float32   // sequences × hidden
	scores  [][]float32 // of one token over its sequence, for each goroutine
}

// run computes the pooled vector of each sequence, not normalised. The returned
// memory, sequences × hidden, is the pass's own.
func (p *pass) run(width int, ids []int32, ends []int) []float32 {
	p.reset(width, ids, ends)
	p.embed()
	for i := range p.network.layers {
		l := &p.network.layers[i]
		p.linear(p.qkv, p.x, len(ids), l.attention)
		p.attend()
		p.linear(p.sum, p.context, len(ids), l.attentionOutput)
		p.residual(&l.attentionNorm)
		p.linear(p.inner, p.x, len(ids), l.inner)
		p.activate(p.inner, p.network.isa.GELU)
		p.linear(p.sum, p.inner, len(ids), l.output)
		p.residual(&l.outputNorm)
	}
	p.pool()
	return p.pooled
}

func (p *pass) reset(width int, ids []int32, ends []int) {
	p.width, p.ids, p.ends = width, ids, ends
	p.x = resize(p.x, len(ids)*p.Hidden)
	p.qkv = resize(p.qkv, len(ids)*3*p.Hidden)
	p.context = resize(p.context, len(ids)*p.Hidden)
	p.sum = resize(p.sum, len(ids)*p.Hidden)
	p.inner = resize(p.inner, len(ids)*p.Inner)
	p.pooled = resize(p.pooled, len(ends)*p.Hidden)
	p.scores = resize(p.scores, width)
	for i := range p.scores {
		p.scores[i] = resize(p.scores[i], p.maxTokens)
	}
}

// embed looks up the tokens' vectors and adds those of their positions.
func (p *pass) embed() {
	start := 0
	for _, end := range p.ends {
		p.share(end-start, func(_, from, to int) {
			for i := from; i < to; i++ {
				row := p.x[(start+i)*p.Hidden:][:p.Hidden]
				p.network.words.row(row, int(p.ids[start+i]))
				p.addNorm(row, p.network.positions[i*p.Hidden:][:p.Hidden], &p.network.embeddingNorm)
			}
		})
		start = end
	}
}

// linear writes x·Wᵀ + b to dst, for rows of x.
func (p *pass) linear(dst, x []float32, rows int, l *linear) {
	p.share(l.Panels(), func(_, from, to int) {
		l.Mul(dst, l.Rows, x, rows, from, to)
	})
}

// activate applies a function to every value of x.
func (p *pass) activate(x []float32, function func([]float32)) {
	p.share(len(x), func(_, from, to int) { function(x[from:to]) })
}

// attend lets each token gather from the tokens of its own sequence: softmax of
// query·key/√d over the values, head by head (Vaswani et al., 2017, section 3.2).
func (p *pass) attend() {
	heads, size := p.Heads, p.Hidden/p.Heads
	scale := float32(1 / math.Sqrt(float64(size)))
	p.share(len(p.ends)*heads, func(part, from, to int) {
		for task := from; task < to; task++ {
			sequence, head := task/heads, task%heads
			start, end := 0, p.ends[sequence]
			if sequence > 0 {
				start = p.ends[sequence-1]
			}
			at := func(token, which int) []float32 {
				return p.qkv[(token*3+which)*p.Hidden+head*size:][:size]
			}
			scores := p.scores[part][:end-start]
			for i := start; i < end; i++ {
				query := at(i, 0)
				for j := range scores {
					scores[j] = dot(query, at(start+j, 1))
				}
				p.network.isa.Softmax(scores, scale)
				gathered := p.context[i*p.Hidden+head*size:][:size]
				clear(gathered)
				for j, s := range scores {
					p.network.isa.AddScaled(gathered, at(start+j, 2), s)
				}
			}
		}
	})
}

// residual adds sum to x and normalises each token.
func (p *pass) residual(n *norm) {
	p.share(len(p.ids), func(_, from, to int) {
		for i := from; i < to; i++ {
			p.addNorm(p.x[i*p.Hidden:][:p.Hidden], p.sum[i*p.Hidden:][:p.Hidden], n)
		}
	})
}

// addNorm adds add to x and normalises the sum.
func (p *pass) addNorm(x, add []float32, n *norm) {
	p.network.isa.AddNorm(x, add, n.weight, n.bias, float32(p.Epsilon))
}

// pool makes one vector of each sequence.
func (p *pass) pool() {
	start := 0
	for i, end := range p.ends {
		dst := p.pooled[i*p.Hidden:][:p.Hidden]
		copy(dst, p.x[start*p.Hidden:])
		switch p.pooling {
		case Mean:
			for t := start + 1; t < end; t++ {
				p.network.isa.AddScaled(dst, p.x[t*p.Hidden:][:p.Hidden], 1)
			}
			for j := range dst {
				dst[j] /= float32(end - start)
			}
		case Max:
			for t := start + 1; t < end; t++ {
				for j, v := range p.x[t*p.Hidden:][:p.Hidden] {
					dst[j] = max(dst[j], v)
				}
			}
		}
		start = end
	}
	if p.pooling == Pooler {
		p.linear(p.sum, p.pooled, len(p.ends), p.network.pooler)
		copy(p.pooled, p.sum)
		p.activate(p.pooled, tanh)
	}
}

// share runs do over 0 to n, cut into as many parts as the pass has goroutines.
func (p *pass) share(n int, do func(part, from, to int)) {
	if p.width == 1 {
		do(0, 0, n)
		return
	}
	var group sync.WaitGroup
	for i := range p.width {
		group.Go(func() { do(i, i*n/p.width, (i+1)*n/p.width) })
	}
	group.Wait()
}

// resize returns a slice of n elements, s itself where it has the room; what
// stands in it is kept or zero.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return append(s[:cap(s)], make([]T, n-cap(s))...)
	}
	return s[:n]
}
