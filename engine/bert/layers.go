package bert

import (
	"fmt"
	"runtime"
	"slices"

	"github.com/nlpodyssey/safetensors"
	"golang.org/x/sync/errgroup"

	"touchstone/engine/kernel"
)

// norm is a layer normalisation.
type norm struct {
	weight, bias []float32
}

// layer is one of the encoder's transformer layers.
type layer struct {
	attention       dense // query, key and value in one: 3 × hidden outputs
	attentionOutput dense
	attentionNorm   norm
	inner           dense
	output          dense
	outputNorm      norm
}

// network is BERT's weights, ready for the forward pass.
type network struct {
	isa           kernel.ISA
	precision     Precision
	words         *tensor   // vocabulary × hidden, as in the file
	positions     []float32 // positions × hidden, the first segment's vector added
	embeddingNorm norm
	layers        []layer
	pooler        *dense // in float32; nil unless the pooling wants it
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
		precision:     precision,
		words:         b.get("embeddings.word_embeddings.weight", a.Vocabulary, a.Hidden),
		positions:     b.values("embeddings.position_embeddings.weight", a.Positions, a.Hidden),
		embeddingNorm: b.norm("embeddings.LayerNorm", a.Hidden),
		layers:        make([]layer, a.Layers),
	}
	segments := b.values("embeddings.token_type_embeddings.weight", a.Segments, a.Hidden)
	if pooling == Pooler {
		b.precision = FP32 // its product is small
		pooler := b.dense(a.Hidden, a.Hidden, "pooler.dense")
		b.precision, n.pooler = precision, &pooler
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
		attention:       b.dense(a.Hidden, a.Hidden, self+"query", self+"key", self+"value"),
		attentionOutput: b.dense(a.Hidden, a.Hidden, prefix+"attention.output.dense"),
		attentionNorm:   b.norm(prefix+"attention.output.LayerNorm", a.Hidden),
		inner:           b.dense(a.Inner, a.Hidden, prefix+"intermediate.dense"),
		output:          b.dense(a.Hidden, a.Inner, prefix+"output.dense"),
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

// dense packs the layers of the given names, each out × in, into one, their
// outputs side by side: in int8 where that is the precision and all are.
func (b *builder) dense(out, in int, names ...string) dense {
	whole := b.precision == Int8
	var parts []*tensor
	var bias []float32
	for _, name := range names {
		t := b.get(name+".weight", out, in)
		bias = append(bias, b.values(name+".bias", out)...)
		if b.err != nil {
			return dense{}
		}
		parts = append(parts, t)
		whole = whole && t.dtype == safetensors.I8 && slices.Equal(t.columns, parts[0].columns)
	}
	if whole {
		return dense{int8: packInt8(b.isa, parts, bias), columns: parts[0].columns}
	}
	weights := make([]float32, 0, len(parts)*out*in)
	for _, t := range parts {
		weights = append(weights, t.values()...)
	}
	return dense{float: kernel.NewFloat32(b.isa, weights, bias, len(parts)*out, in)}
}

// packInt8 packs I8 tensors of the same width, the rows of one below another's.
func packInt8(isa kernel.ISA, parts []*tensor, bias []float32) *kernel.Int8 {
	var weights []int8
	var scale []float32
	for _, t := range parts {
		weights = append(weights, t.integers()...)
		scale = append(scale, t.scale...)
	}
	return kernel.NewInt8(isa, weights, scale, bias, len(scale), parts[0].width())
}
