package electronics

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/x448/float16"

	"touchstone/engine"
	"touchstone/engine/workbench"
	"touchstone/storage"
)

// Source is the catalogue in memory, from which larger ones are made that are
// like it.
type Source struct {
	Settings workbench.Settings
	Products []engine.Product
	vectors  [][]float32
}

// moved is the length of the random vector that is added to a unit vector: the
// two come to a cosine of about 0.89.
const moved = 0.5

// Read reads the products of a workspace and their vectors, all of which must be
// there, of the model as encoder opens it.
func Read(ctx context.Context, path string, encoder func(model string) (engine.Encoder, error)) (*Source, error) {
	store, err := storage.Open(path, storage.Options{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer store.Close()
	s := &Source{Settings: store.Settings()}
	model, err := encoder(s.Settings.Model)
	if err != nil {
		return nil, err
	}
	err = store.EachProduct(ctx, func(_ uint32, p engine.Product) error {
		s.Products = append(s.Products, p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.vectors = make([][]float32, len(s.Products))
	return s, store.EachVectorBlock(ctx, model.Name(), func(block workbench.VectorBlock) error {
		for i := range block.Hashes {
			v := make([]float32, block.Dim)
			for k := range v {
				v[k] = float16.Frombits(block.Half[i*block.Dim+k]).Float32()
			}
			s.vectors[int(block.First)+i] = v
		}
		return nil
	})
}

// Len is how many products it has.
func (s *Source) Len() int { return len(s.Products) }

// At makes product i of a larger catalogue, and its vector. The first are the
// products themselves; the title of those behind them is the first half of one
// and the second half of another, and all else is the first one's.
func (s *Source) At(i int, random *rand.Rand) (engine.Product, []float32) {
	if i < len(s.Products) {
		return s.Products[i], s.vectors[i]
	}
	k := random.IntN(len(s.Products))
	p := s.Products[k]
	first, second := strings.Fields(p.Title), strings.Fields(s.Products[random.IntN(len(s.Products))].Title)
	p.ID = fmt.Sprintf("r%d", i)
	p.Title = strings.Join(append(first[:(len(first)+1)/2:(len(first)+1)/2], second[len(second)/2:]...), " ")
	if p.Price.Known {
		p.Price.Value = math.Round(p.Price.Value * (0.5 + random.Float64()))
	}
	return p, s.Near(k, random)
}

// Near is the vector of product k moved a little, and a unit vector again.
func (s *Source) Near(k int, random *rand.Rand) []float32 {
	v := make([]float32, len(s.vectors[k]))
	scale, length := moved/math.Sqrt(float64(len(v))), 0.0
	for d, x := range s.vectors[k] {
		v[d] = x + float32(scale*random.NormFloat64())
		length += float64(v[d]) * float64(v[d])
	}
	for d := range v {
		v[d] /= float32(math.Sqrt(length))
	}
	return v
}
