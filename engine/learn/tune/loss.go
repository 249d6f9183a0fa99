package tune

import (
	"fmt"
	"math"

	"github.com/nlpodyssey/spago/ag"
	"github.com/nlpodyssey/spago/mat"
	"github.com/nlpodyssey/spago/mat/float"
)

// temperature is by what cosines are divided before the softmax where no ranker
// says what they count: 0.05, as in SimCSE (Gao, Yao and Chen, EMNLP 2021).
const temperature = 0.05

// apart is the standard deviation of a query's scores on the scale of the
// softmax: that of learn's weighted sums.
const apart = 2

// example is one query made ready for spago.
type example[T float.DType] struct {
	query  mat.Tensor // dim × 1
	items  mat.Tensor // dim × n, one product a column
	target mat.Tensor // n × 1: shares that sum to 1
	bias   mat.Tensor // n × 1: what each has beside its cosine, and the logarithm of what it counts among the others
	ones   mat.Tensor // dim × 1
	sharp  mat.Tensor // what a cosine of 1 counts
}

// newExample checks shapes, which spago would end the program for. target,
// weight and rest have one value an item; rest is what an item has beside sharp
// times its cosine.
func newExample[T float.DType](query []float32, items [][]float32, target, weight, rest []float64, sharp float64) (*example[T], error) {
	d, n := len(query), len(items)
	if d == 0 || n < 2 || len(target) != n || len(weight) != n || len(rest) != n {
		return nil, fmt.Errorf("%d values of a query, %d products, %d targets, %d weights and %d rests make no example", d, n, len(target), len(weight), len(rest))
	}
	columns := make([]T, d*n)
	for j, item := range items {
		if len(item) != d {
			return nil, fmt.Errorf("a product's vector has %d values, the query's %d", len(item), d)
		}
		for i, v := range item {
			columns[i*n+j] = T(v)
		}
	}
	x, t, b, ones := make([]T, d), make([]T, n), make([]T, n), make([]T, d)
	for i, v := range query {
		x[i], ones[i] = T(v), 1
	}
	for j := range n {
		t[j], b[j] = T(target[j]), T(rest[j]+math.Log(weight[j]))
	}
	return &example[T]{
		query: column(x), items: mat.NewDense[T](mat.WithShape(d, n), mat.WithBacking(columns)),
		target: column(t), bias: column(b), ones: column(ones), sharp: mat.Scalar(T(sharp)),
	}, nil
}

func column[T float.DType](v []T) mat.Tensor {
	return mat.NewDense[T](mat.WithShape(len(v), 1), mat.WithBacking(v))
}

// loss is the cross-entropy between the grades' shares and a softmax over the
// scores, in which only the cosines of mapped query and products vary (ListNet's
// top-one loss: Cao et al., ICML 2007; with one good product InfoNCE: van den
// Oord, Li and Vinyals, 2018).
// Products count among the others by their weight.
//
// spago adds the parts of a gradient in the order in which its goroutines come
// to them. No tensor here has more than two parts (Square would have two of its
// own), so that the sum does not depend on it.
func (e *example[T]) loss(down, up mat.Tensor) mat.Tensor {
	query := ag.Add(e.query, ag.Mul(up, ag.Mul(down, e.query)))
	items := ag.Add(e.items, ag.Mul(up, ag.Mul(down, e.items)))
	lengths := ag.Sqrt(ag.MulT(ag.Pow(items, 2), e.ones))
	length := ag.Sqrt(ag.ReduceSum(ag.Pow(query, 2)))
	cosines := ag.DivScalar(ag.Div(ag.MulT(items, query), lengths), length)
	logits := ag.Add(ag.ProdScalar(cosines, e.sharp), e.bias)
	return ag.Neg(ag.Dot(e.target, ag.LogSoftmax(logits)))
}
