package bert

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// calibrationTokens is how many tokens columnScales looks at: many enough for
// the size of each column, which is all that it wants to know.
const calibrationTokens = 1024

// columnScales finds a scale for each column of the matrices that multiply what
// a layer normalisation made, by name. Such rows have a few columns many times
// larger than the rest, which take most of a row's 256 levels for themselves.
// Dividing the inputs' columns by √(size of input / size of weight), and
// multiplying the weights' columns with it, leaves the product as it is and
// shares the spread between both (SmoothQuant: Xiao et al., 2023, section 4;
// root mean squares here, largest values there).
//
// The sizes are those that random tokens have. That they make no sense does not
// matter: the large columns are the same for any input, in any language. With
// real texts in their place cosines were no better.
func columnScales(t tensors, a architecture) (map[string][]float32, error) {
	n, err := newNetwork(t, a, Mean, FP32)
	if err != nil {
		return nil, err
	}
	names := map[*dense][]string{}
	for i := range n.layers {
		l, prefix := &n.layers[i], fmt.Sprintf("encoder.layer.%d.", i)
		self := prefix + "attention.self."
		names[&l.attention] = []string{self + "query.weight", self + "key.weight", self + "value.weight"}
		names[&l.inner] = []string{prefix + "intermediate.dense.weight"}
	}
	w := newWorker(&Model{settings: settings{architecture: a, pooling: Mean}, network: n})
	squares := map[*dense][]float64{}
	w.observe = func(d *dense, x []float32) {
		if names[d] == nil {
			return
		}
		if squares[d] == nil {
			squares[d] = make([]float64, a.Hidden)
		}
		for i, v := range x {
			squares[d][i%a.Hidden] += float64(v) * float64(v)
		}
	}
	tokens := calibrationBatch(a)
	tokens.begin(w.Model, 1)
	w.run(tokens)

	scales := map[string][]float32{}
	for d, sums := range squares {
		var parts []*tensor
		for _, name := range names[d] {
			parts = append(parts, t[name])
		}
		columns := make([]float32, a.Hidden)
		for c, weight := range columnSquares(parts) {
			input := sums[c] / float64(len(tokens.ids))
			columns[c] = columnScale(input, weight)
		}
		for _, name := range names[d] {
			scales[name] = columns
		}
	}
	return scales, nil
}

// calibrationBatch are sequences of random tokens of the lengths of texts.
func calibrationBatch(a architecture) *batch {
	random := rand.New(rand.NewPCG(1, 2))
	b := &batch{}
	for len(b.ids) < calibrationTokens {
		for range min(a.Positions, 3+random.IntN(60)) {
			b.ids = append(b.ids, int32(random.IntN(a.Vocabulary)))
		}
		b.add()
	}
	return b
}

// columnSquares are the mean squares of the columns of matrices of one width.
func columnSquares(parts []*tensor) []float64 {
	sums := make([]float64, parts[0].width())
	row := make([]float32, len(sums))
	rows := 0
	for _, t := range parts {
		for i := range t.shape[0] {
			t.row(row, i)
			for c, v := range row {
				sums[c] += float64(v) * float64(v)
			}
		}
		rows += t.shape[0]
	}
	for c := range sums {
		sums[c] /= float64(rows)
	}
	return sums
}

// columnScale is what a column of inputs is multiplied by, from the mean squares
// of inputs and weights: √(weight/input) of their roots, to an eighth of an
// octave, so that the last digits of a machine's sums do not matter.
func columnScale(input, weight float64) float32 {
	octaves := math.Log2(weight/input) / 4
	if math.IsNaN(octaves) || math.IsInf(octaves, 0) {
		return 1
	}
	return float32(math.Exp2(math.Round(octaves*8) / 8))
}
