package retrieve

import "slices"

// Mapped is a new set whose vectors are these after fn, which changes several
// rows of dim values in place and keeps them unit vectors. It is called from
// several goroutines.
func (v *Vectors) Mapped(fn func(rows []float32)) *Vectors {
	out := &Vectors{isa: v.isa, dim: v.dim, blocks: make([]*vectorBlock, len(v.blocks))}
	for i, b := range v.blocks {
		next := &vectorBlock{first: b.first, hashes: slices.Clone(b.hashes),
			codes: make([]int8, len(b.codes)), rests: make([]int8, len(b.rests)), scales: make([]float32, len(b.scales))}
		split(len(b.hashes), func(from, to int) {
			rows := make([]float32, (to-from)*v.dim)
			for i := from; i < to; i++ {
				v.at(b.first+uint32(i), rows[(i-from)*v.dim:(i-from+1)*v.dim])
			}
			fn(rows)
			for i := from; i < to; i++ {
				at, end := i*v.dim, (i+1)*v.dim
				next.scales[i] = quantise(next.codes[at:end], next.rests[at:end], rows[at-from*v.dim:end-from*v.dim])
			}
		})
		out.blocks[i] = next
	}
	return out
}
