package bert

import (
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/nlpodyssey/safetensors"
	"golang.org/x/sync/errgroup"

	"touchstone/engine/kernel"
)

// linear is a dense layer: y = x·Wᵀ + b. Both precisions multiply in float32.
type linear = kernel.Float32

// norm is a layer normalisation.
type norm struct {
	weight, bias []float32
}

// layer is one of the encoder's transformer layers.
type layer struct {
	attention       *linear // query, key and value in one: 3 × hidden outputs
	attentionOutput *linear
	attentionNorm   norm
	inner           *linear
	output          *linear
	outputNorm      norm
}

// network is BERT's weights, ready for the forward pass.
type network struct {
	isa           kernel.ISA
	words         *tensor   // vocabulary × hidden, as in the file
	positions     []float32 // positions × hidden, the first segment's vector added
	embeddingNorm norm
	layers        []layer
	pooler        *linear // nil unless the pooling wants it
}

// newNetwork takes the network's parts from a folder's tensors.
func newNetwork(t tensors, a architecture, pooling Pooling, precision Precision) (*network, error) {
	isa, err := kernel.Best()
	if err != nil {
		return nil, err
	}
	b := builder{tensors: t, precision: precision, isa: isa}
	n := &network{
		isa:           isa,
		words:         b.get("embeddings.word_embeddings.weight", a.Vocabulary, a.Hidden),
		positions:     b.values("embeddings.position_embeddings.weight", a.Positions, a.Hidden),
		embeddingNorm: b.norm("embeddings.LayerNorm", a.Hidden),
		layers:        make([]layer, a.Layers),
	}
	segments := b.values("embeddings.token_type_embeddings.weight", a.Segments, a.Hidden)
	if pooling == Pooler {
		n.pooler = b.linear(a.Hidden, a.Hidden, "pooler.dense")
	}
	if b.err != nil {
		return nil, b.err
	}
	for i := 0; i < len(n.positions); i += a.Hidden {
		isa.AddScaled(n.positions[i:i+a.Hidden], segments[:a.Hidden], 1)
	}
	// Packing is most of the time that opening takes: every processor helps.
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n.layers {
		group.Go(func() error {
			b := b
			n.layers[i] = b.layer(a, fmt.Sprintf("encoder.layer.%d.", i))
			return b.err
		})
	}
	return n, group.Wait()
}

// builder takes parts from tensors; after its first error it takes no more.
type builder struct {
	tensors   tensors
	precision Precision
	isa       kernel.ISA
	err       error
}

// layer takes the layer whose tensors' names begin with prefix.
func (b *builder) layer(a architecture, prefix string) layer {
	self := prefix + "attention.self."
	return layer{
		attention:       b.linear(a.Hidden, a.Hidden, self+"query", self+"key", self+"value"),
		attentionOutput: b.linear(a.Hidden, a.Hidden, prefix+"attention.output.dense"),
		attentionNorm:   b.norm(prefix+"attention.output.LayerNorm", a.Hidden),
		inner:           b.linear(a.Inner, a.Hidden, prefix+"intermediate.dense"),
		output:          b.linear(a.Hidden, a.Inner, prefix+"output.dense"),
		outputNorm:      b.norm(prefix+"output.LayerNorm", a.Hidden),
	}
}

func (b *builder) get(name string, shape ...int) *tensor {
	if b.err != nil {
		return nil
	}
	var t *tensor
	t, b.err = b.tensors.get(name, shape...)
	return t
}

func (b *builder) values(name string, shape ...int) []float32 {
	t := b.get(name, shape...)
	if b.err != nil {
		return nil
	}
	return t.values()
}

func (b *builder) norm(name string, size int) norm {
	return norm{b.values(name+".weight", size), b.values(name+".bias", size)}
}

// linear packs the layers of the given names, each out × in, into one, their
// outputs side by side.
func (b *builder) linear(out, in int, names ...string) *linear {
	var weights, bias []float32
	for _, name := range names {
		t := b.get(name+".weight", out, in)
		bias = append(bias, b.values(name+".bias", out)...)
		if b.err != nil {
			return nil
		}
		at := len(weights)
		weights = slices.Grow(weights, (len(names)*out*in)-at)[:at+out*in]
		for i := range out {
			row := weights[at+i*in:][:in]
			t.row(row, i)
			if b.precision == Int8 && t.dtype != safetensors.I8 {
				roundRow(row)
			}
		}
	}
	return kernel.NewFloat32(b.isa, weights, bias, len(names)*out, in)
}

// roundRow gives a row the values that it has as int8.
func roundRow(row []float32) {
	integers := make([]int8, len(row))
	scale := quantiseRow(integers, row)
	for i, q := range integers {
		row[i] = float32(q) * scale
	}
}

// quantiseRow rounds a row to integers from -127 to 127 times the returned
// scale, which maps the largest value of the row to the end of that range.
func quantiseRow(dst []int8, row []float32) (scale float32) {
	var top float32
	for _, v := range row {
		top = max(top, v, -v)
	}
	scale = top / 127
	for i, v := range row {
		dst[i] = 0
		if scale > 0 {
			dst[i] = int8(math.RoundToEven(float64(v / scale)))
		}
	}
	return scale
}
