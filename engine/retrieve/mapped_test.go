package retrieve

import (
	"math"
	"testing"
)

func TestMappedVectors(t *testing.T) {
	v := NewVectors(2)
	if err := v.PutFloats(3, []uint64{7, 8, 9}, [][]float32{{0.6, 0.8}, nil, {0, 1}}); err != nil {
		t.Fatal(err)
	}
	m := v.Mapped(func(rows []float32) {
		for ; len(rows) > 0; rows = rows[2:] {
			rows[0], rows[1] = rows[1], rows[0]
		}
	})
	for row, want := range map[uint32][]float32{3: {0.8, 0.6}, 5: {1, 0}} {
		for k, got := range m.At(row) {
			if math.Abs(float64(got-want[k])) > 5e-4 {
				t.Errorf("row %d: %v, want %v", row, m.At(row), want)
			}
		}
	}
	if m.hash(3) != 7 || m.hash(4) != 0 {
		t.Errorf("hashes %d and %d, want 7 and 0", m.hash(3), m.hash(4))
	}
	if got := v.At(5); got[1] < 0.999 {
		t.Errorf("the first set changed: %v", got)
	}
}
