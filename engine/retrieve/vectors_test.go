package retrieve

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/x448/float16"
	"pgregory.net/rapid"

	"touchstone/engine"
	"touchstone/engine/kernel"
	"touchstone/engine/text"
)

func toHalf(f float32) uint16   { return float16.Fromfloat32(f).Bits() }
func fromHalf(h uint16) float32 { return float16.Frombits(h).Float32() }

// cloud makes unit vectors in groups, as encoders do.
func cloud(r *rand.Rand, n, dim int) []float32 {
	centres := make([]float64, 8*dim)
	for i := range centres {
		centres[i] = r.NormFloat64()
	}
	out := make([]float32, 0, n*dim)
	for range n {
		c := centres[r.IntN(8)*dim:]
		v := make([]float64, dim)
		sum := 0.0
		for k := range v {
			v[k] = c[k] + 0.7*r.NormFloat64()
			sum += v[k] * v[k]
		}
		for k := range v {
			out = append(out, float32(v[k]/math.Sqrt(sum)))
		}
	}
	return out
}

// TestVectorsLikeBruteForce holds the scan of codes to cosines in float64 over
// all vectors: at least 99.5 of the nearest 100 are found, and their scores are
// right.
func TestVectorsLikeBruteForce(t *testing.T) {
	const n, dim, depth = 5000, 96, 100
	r := rand.New(rand.NewPCG(1, 2))
	values := cloud(r, n, dim)
	v := NewVectors(dim)
	const block = 512
	for first := 0; first < n; first += block {
		rows := min(block, n-first)
		hashes := make([]uint64, rows)
		half := make([]uint16, rows*dim)
		for i := range hashes {
			hashes[i] = 1
		}
		for i := range half {
			half[i] = toHalf(values[first*dim+i])
		}
		if err := v.Put(uint32(first), hashes, half); err != nil {
			t.Fatal(err)
		}
	}
	allowed := newBitmap(n)
	for i := range uint32(n) {
		if i%3 != 0 {
			allowed.set(i)
		}
	}
	found, asked := 0, 0
	for range 50 {
		query := cloud(r, 1, dim)
		var exact []scored
		for row := range uint32(n) {
			if allowed.has(row) {
				exact = append(exact, scored{row, dot64(values[int(row)*dim:][:dim], query)})
			}
		}
		slices.SortFunc(exact, func(a, b scored) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		floor := exact[depth-1].score
		got, err := v.best(context.Background(), newTarget(query), allowed, depth)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != depth {
			t.Fatalf("%d rows, want %d", len(got), depth)
		}
		for i, s := range got {
			want := dot64(values[int(s.row)*dim:][:dim], query)
			if math.Abs(want-s.score) > 1e-3 || !allowed.has(s.row) || i > 0 && s.score > got[i-1].score {
				t.Fatalf("place %d: row %d with %v, want %v", i, s.row, s.score, want)
			}
			if want >= floor-1e-3 { // half precision moves scores by less
				found++
			}
		}
		asked += depth
	}
	if share := float64(found) / float64(asked); share < 0.995 {
		t.Errorf("found %.4f of the nearest, want 0.995", share)
	}
}

func dot64(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// TestQuantiseHalfIsQuantise holds the path of opening to that of queries.
func TestQuantiseHalfIsQuantise(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	isa, err := kernel.Best()
	if err != nil {
		t.Fatal(err)
	}
	for _, scale := range []float64{1, 1e-3, 1e-7, 60000, 0} {
		for range 200 {
			half, values := make([]uint16, 37), make([]float32, 37)
			for i := range half {
				half[i] = toHalf(float32(scale * (2*r.Float64() - 1)))
				values[i] = fromHalf(half[i])
			}
			got, want := make([]int8, 2*37), make([]int8, 2*37)
			a, b := quantiseHalf(isa, got[:37], got[37:], half), quantise(want[:37], want[37:], values)
			if a != b {
				t.Fatalf("scale %v: %v, %v", scale, a, b)
			}
			for i := range values {
				x, y := (float64(got[i])+float64(got[37+i])/restsOf)*float64(a), (float64(want[i])+float64(want[37+i])/restsOf)*float64(b)
				if math.Abs(x-y) > 1.01*float64(a)/restsOf {
					t.Fatalf("scale %v: value %d is %v, want %v", scale, i, x, y)
				}
			}
		}
	}
}

func TestPutRefuses(t *testing.T) {
	v := NewVectors(2)
	if err := v.Put(10, []uint64{1, 1}, make([]uint16, 4)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		first  uint32
		hashes int
		half   int
	}{{20, 1, 3}, {9, 2, 4}, {11, 1, 2}} {
		if err := v.Put(test.first, make([]uint64, test.hashes), make([]uint16, test.half)); err == nil {
			t.Errorf("%+v was taken", test)
		}
	}
	c := v.Clone()
	if err := c.Put(10, []uint64{7}, make([]uint16, 2)); err != nil {
		t.Fatal(err)
	}
	if v.hash(10) != 1 || v.hash(11) != 1 || c.hash(10) != 7 || c.hash(11) != 0 || c.hash(9) != 0 {
		t.Error("a clone changed its origin, or replacing a block did not")
	}
}

// withVectors makes products on a circle: product i points i degrees up.
func withVectors(t *testing.T, n int) *Index {
	t.Helper()
	b := NewBuilder(english(t), nil)
	hashes, half := make([]uint64, n), make([]uint16, 0, 2*n)
	for i := range n {
		p := engine.Product{ID: fmt.Sprint(i), Title: fmt.Sprint("product ", i)}
		b.Add(uint32(i), &p)
		hashes[i] = p.TextHash()
		half = append(half, toHalf(float32(math.Cos(float64(i)*math.Pi/180))), toHalf(float32(math.Sin(float64(i)*math.Pi/180))))
	}
	hashes[3] = 99 // made from a text that is not the product's any more
	hashes[4] = 0
	s := opened(t, b)
	v := NewVectors(2)
	if err := v.Put(0, hashes, half); err != nil {
		t.Fatal(err)
	}
	return NewIndex([]*Segment{s}, v, Options{})
}

func ids(c engine.Candidates) (list []string) {
	for _, item := range c.Items {
		list = append(list, item.Product)
	}
	return list
}

func TestMeaningAnswersWhereNoWordDoes(t *testing.T) {
	x := withVectors(t, 50)
	if x.Len() != 50 || x.Encoded() != 48 {
		t.Errorf("%d products, %d encoded; want 50 and 48", x.Len(), x.Encoded())
	}
	found, err := x.Retrieve(context.Background(), engine.Request{Analysis: english(t).Analyze("nothing"), Vector: []float32{1, 0}, Depth: 4})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(found), []string{"0", "1", "2", "5"}; !slices.Equal(got, want) || found.Total != 4 {
		t.Errorf("found %v of %d, want %v: 3 is stale, 4 has no vector", got, found.Total, want)
	}
	if c := found.Items[1]; math.Abs(float64(c.Cosine)-math.Cos(math.Pi/180)) > 1e-3 || c.BM25 != 0 {
		t.Errorf("candidate %+v", c)
	}
	if x.Vector(3) != nil || x.Vector(1000) != nil || len(x.Vector(2)) != 2 {
		t.Error("Vector: of stale, unknown or known rows")
	}
}

func TestKeepCutsTheFusedList(t *testing.T) {
	x := withVectors(t, 90)
	request := engine.Request{Analysis: english(t).Analyze("60"), Vector: []float32{1, 0}, Depth: 20, Include: []string{"80"}}
	for _, fusion := range engine.Fusions {
		request.Fusion, request.Keep = fusion, 0
		all, err := x.Retrieve(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		request.Keep = 5
		kept, err := x.Retrieve(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(kept); len(got) != 6 || !slices.Equal(got[:5], ids(all)[:5]) || got[5] != "80" {
			t.Errorf("%s keeps %v of %v", fusion, got, ids(all))
		}
	}
	request.Fusion = "sum"
	if _, err := x.Retrieve(context.Background(), request); err == nil {
		t.Error("a fusion that there is not was used")
	}
}

func TestBothScoresWhicheverList(t *testing.T) {
	x := withVectors(t, 90)
	a := english(t)
	found, err := x.Retrieve(context.Background(), engine.Request{Analysis: a.Analyze("60"), Vector: []float32{1, 0}, Depth: 2, Include: []string{"80", "none"}})
	if err != nil {
		t.Fatal(err)
	}
	got := ids(found)
	slices.Sort(got)
	if want := []string{"0", "1", "60", "80"}; !slices.Equal(got, want) || found.Total != 4 {
		t.Fatalf("found %v of %d, want %v of 4", got, found.Total, want)
	}
	for _, c := range found.Items {
		angle := map[string]float64{"0": 0, "1": 1, "60": 60, "80": 80}[c.Product] * math.Pi / 180
		if math.Abs(float64(c.Cosine)-math.Cos(angle)) > 1e-3 || (c.BM25 > 0) != (c.Product == "60") {
			t.Errorf("candidate %+v", c)
		}
	}
	only, err := x.Retrieve(context.Background(), engine.Request{Analysis: a.Analyze("60"), Vector: []float32{1, 0}, Only: true, Include: []string{"80", "3"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(only); !slices.Equal(got, []string{"80", "3"}) {
		t.Errorf("only: %v", got)
	}
}

func TestRetrieveGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := withVectors(t, 9).Retrieve(ctx, engine.Request{Vector: []float32{1, 0}}); err == nil {
		t.Error("a search went on though its context had ended")
	}
	if _, err := withVectors(t, 9).Retrieve(context.Background(), engine.Request{Vector: []float32{1, 0, 0}}); err == nil {
		t.Error("a vector of another model was taken")
	}
}

func TestEmptyIndex(t *testing.T) {
	a := english(t)
	data, err := NewBuilder(a, nil).Build(7)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	filter, err := ParseFilter("price<3, colour=red")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []*Index{NewIndex(nil, nil, Options{}), NewIndex([]*Segment{s}, NewVectors(3), Options{})} {
		found, err := x.Retrieve(context.Background(), engine.Request{Analysis: a.Analyze("phone"), Vector: []float32{1, 0, 0}, Filter: filter, Include: []string{"1"}})
		if err != nil || len(found.Items) != 0 || found.Total != 0 {
			t.Errorf("an empty index answers %+v, %v", found, err)
		}
	}
	if s.Generation() != 7 || s.Language() != "en" {
		t.Errorf("generation %d, language %q", s.Generation(), s.Language())
	}
}

func BenchmarkVectors(b *testing.B) {
	const n, dim = 20000, 384
	r := rand.New(rand.NewPCG(1, 2))
	v := NewVectors(dim)
	hashes, half := make([]uint64, n), make([]uint16, n*dim)
	for i, f := range cloud(r, n, dim) {
		hashes[i/dim], half[i] = 1, toHalf(f)
	}
	if err := v.Put(0, hashes, half); err != nil {
		b.Fatal(err)
	}
	allowed := newBitmap(n)
	for i := range uint32(n) {
		allowed.set(i)
	}
	query := cloud(r, 1, dim)
	for b.Loop() {
		if _, err := v.best(context.Background(), newTarget(query), allowed, DefaultDepth); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	const n, dim = 4096, 384
	hashes, half := make([]uint64, n), make([]uint16, n*dim)
	for i, f := range cloud(rand.New(rand.NewPCG(1, 2)), n, dim) {
		half[i] = toHalf(f)
	}
	b.SetBytes(2 * n * dim)
	for b.Loop() {
		if err := NewVectors(dim).Put(0, hashes, half); err != nil {
			b.Fatal(err)
		}
	}
}

// TestFarFromTheQueryIsFoundWhereThereIsRoom: also what points away from it.
func TestFarFromTheQueryIsFoundWhereThereIsRoom(t *testing.T) {
	v := NewVectors(16)
	values := make([][]float32, 10)
	hashes := make([]uint64, len(values))
	for i := range values {
		angle := math.Pi * float64(i) / float64(len(values)-1) // up to opposite
		values[i], hashes[i] = make([]float32, 16), 1
		values[i][0], values[i][1] = float32(math.Cos(angle)), float32(math.Sin(angle))
	}
	if err := v.PutFloats(0, hashes, values); err != nil {
		t.Fatal(err)
	}
	allowed := newBitmap(len(values))
	for i := range values {
		allowed.set(uint32(i))
	}
	got, err := v.best(t.Context(), newTarget(values[0]), allowed, 20)
	if err != nil || len(got) != len(values) {
		t.Errorf("%d of %d vectors found with room for 20, %v", len(got), len(values), err)
	}
}

// TestAppendVectorLikeTheFormula: a vector is read as its codes and rests say,
// whatever blocks there are and whatever it is appended to.
func TestAppendVectorLikeTheFormula(t *testing.T) {
	const dim = 5
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		v := NewVectors(dim)
		first := uint32(rapid.IntRange(0, 3).Draw(t, "first"))
		for range rapid.IntRange(1, 5).Draw(t, "blocks") {
			n := rapid.IntRange(1, 4).Draw(t, "rows")
			hashes, rows := make([]uint64, n), make([][]float32, n)
			for i := range rows {
				hashes[i], rows[i] = 1, cloud(r, 1, dim)
			}
			if err := v.PutFloats(first, hashes, rows); err != nil {
				t.Fatal(err)
			}
			first += uint32(n + rapid.IntRange(0, 2).Draw(t, "gap"))
		}
		x := &Index{vectors: v, encoded: newBitmap(int(first))}
		for _, b := range v.blocks {
			for i := range b.hashes {
				row := b.first + uint32(i)
				x.encoded.set(row)
				want := []float32{7}
				for k := range dim {
					want = append(want, (float32(b.codes[i*dim+k])+float32(b.rests[i*dim+k])/restsOf)*b.scales[i])
				}
				if got := x.AppendVector([]float32{7}, row); !slices.Equal(got, want) {
					t.Fatalf("row %d: %v, want %v", row, got, want)
				}
			}
		}
		for row := range first + 2 {
			has := slices.ContainsFunc(v.blocks, func(b *vectorBlock) bool { return row >= b.first && int(row) < b.end() })
			if b := v.block(row); (b != nil) != has {
				t.Fatalf("row %d: block %v", row, b)
			}
		}
	})
}

// TestCosineLikeFourProducts: the cosine is the sum of the products of codes and
// rests, each alone.
func TestCosineLikeFourProducts(t *testing.T) {
	const n, dim = 50, 384
	r := rand.New(rand.NewPCG(3, 4))
	v := NewVectors(dim)
	rows, hashes := make([][]float32, n), make([]uint64, n)
	for i := range rows {
		rows[i], hashes[i] = cloud(r, 1, dim), 1
	}
	if err := v.PutFloats(0, hashes, rows); err != nil {
		t.Fatal(err)
	}
	query := newTarget(cloud(r, 1, dim))
	b := v.blocks[0]
	for i := range n {
		var cc, cr, rc, rr int
		for k := range dim {
			code, rest := int(b.codes[i*dim+k]), int(b.rests[i*dim+k])
			cc += int(query.codes[k]) * code
			cr += int(query.codes[k]) * rest
			rc += int(query.rests[k]) * code
			rr += int(query.rests[k]) * rest
		}
		want := (float64(cc) + (float64(cr)+float64(rc))/restsOf + float64(rr)/(restsOf*restsOf)) * query.scale * float64(b.scales[i])
		for _, isa := range kernel.Available() {
			if got := b.cosine(isa, uint32(i), query); got != want {
				t.Errorf("%v, row %d: %v, want %v", isa, i, got, want)
			}
		}
	}
}

// someWithVectors are some products in a builder, each with a vector by chance.
func someWithVectors(t *rapid.T, a *text.Analyzer, r *rand.Rand, dim int) (*Builder, *Vectors) {
	products := someProducts(t)
	b, v := NewBuilder(a, nil), NewVectors(dim)
	for _, row := range slices.Sorted(maps.Keys(products)) {
		p := products[row]
		b.Add(row, &p)
		if err := v.PutFloats(row, []uint64{p.TextHash()}, [][]float32{cloud(r, 1, dim)}); err != nil {
			t.Fatal(err)
		}
	}
	return b, v
}

// TestOneProcessorFindsTheSame: how many processors share a search changes nothing
// of what it finds.
func TestOneProcessorFindsTheSame(t *testing.T) {
	const dim = 16
	a := english(t)
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		b, v := someWithVectors(t, a, r, dim)
		s := opened(t, b)
		x := NewIndex([]*Segment{s}, v, Options{})
		req := engine.Request{Analysis: a.Analyze(someText(t, "query", 5)), Vector: cloud(r, 1, dim), Depth: rapid.IntRange(1, 5).Draw(t, "depth")}
		ctx := context.Background()
		want, err := x.Retrieve(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.Retrieve(engine.OneProcessor(ctx), req)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Fatal(err, d)
		}
	})
}

// TestSearchGivesWay: a search goes on when whoever it lets go first is done, and
// comes to the same.
func TestSearchGivesWay(t *testing.T) {
	x := withVectors(t, 9)
	req := engine.Request{Vector: []float32{1, 0}}
	want, err := x.Retrieve(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	asked, may := make(chan struct{}, 1), make(chan struct{})
	isDone := false
	ctx := engine.GivingWay(t.Context(), func(context.Context) {
		asked <- struct{}{}
		<-may
		isDone = true
	})
	go func() {
		<-asked
		close(may)
	}()
	got, err := x.Retrieve(ctx, req)
	if d := cmp.Diff(want, got); d != "" || err != nil || !isDone {
		t.Error("gave way:", isDone, err, d)
	}
}
