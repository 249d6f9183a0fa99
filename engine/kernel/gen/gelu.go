package main

import (
	"fmt"
	"math"
)

// geluRational leaves in register 3 GELU of register 0: x/2·(1 + erf(x/√2)).
func (a *asm) geluRational(v vectors, k func(name string) string) {
	reg := v.reg
	a.op("VMULPS %s, %s, %s", k("sqrtHalf"), reg(0), reg(1))
	a.op("VMINPS %s, %s, %s", k("erfMax"), reg(1), reg(1))
	a.op("VMAXPS %s, %s, %s", k("erfMin"), reg(1), reg(1))
	a.op("VMULPS %s, %s, %s", reg(1), reg(1), reg(2))
	a.op("VMOVUPS %s, %s", k("erfP5"), reg(3))
	a.op("VMOVUPS %s, %s", k("erfQ5"), reg(4))
	for i := 4; i >= 0; i-- {
		a.op("VFMADD213PS %s, %s, %s", k(fmt.Sprintf("erfP%d", i)), reg(2), reg(3))
		a.op("VFMADD213PS %s, %s, %s", k(fmt.Sprintf("erfQ%d", i)), reg(2), reg(4))
	}
	a.op("VMULPS %s, %s, %s", reg(1), reg(3), reg(3))
	a.op("VDIVPS %s, %s, %s", reg(4), reg(3), reg(3))
	a.op("VMULPS %s, %s, %s", k("half"), reg(0), reg(0))
	a.op("VFMADD213PS %s, %s, %s", reg(0), reg(0), reg(3)) // half·erf + half
}

// Where a register holds 16 values, looking a polynomial up beats dividing:
// GELU(x) = max(x, 0) − g(|x|), g(t) = t·(1 − Φ(t)), g cut into 16 pieces about
// whole multiples of geluTop/15. Beyond geluTop g is below 1e-7. The largest
// error, of our own fit, is 2e-7·(1 + |x|).
const (
	geluTop    = 5.5
	geluDegree = 4
)

// geluTable is the polynomials, a vector for each power.
func geluTable() []constant {
	const scale = 15 / geluTop
	var tables [geluDegree + 1]constant
	for i := range tables {
		tables[i].name = fmt.Sprintf("gelu%d", i)
	}
	for piece := range 16 {
		low, high := -0.5, 0.5
		if piece == 0 {
			low = 0
		}
		u := chebyshev(low, high, geluDegree+1)
		if piece == 0 {
			u[0] = 0 // GELU(0) is 0
		}
		values := make([]float64, len(u))
		for i := range u {
			t := (float64(piece) + u[i]) / scale
			values[i] = t * math.Erfc(t/math.Sqrt2) / 2
		}
		for i, c := range interpolate(u, values) {
			tables[i].lanes[piece] = math.Float32bits(float32(c))
		}
	}
	bits := math.Float32bits
	return append(tables[:], everywhere("geluScale", bits(scale)), everywhere("geluLast", bits(15)),
		everywhere("round", bits(1<<23)), everywhere("magnitude", 0x7fffffff))
}

// geluPieces leaves in Z3 GELU of Z0, the polynomials in Z16 and on.
func (a *asm) geluPieces(k func(name string) string) {
	a.op("VPANDD %s, Z0, Z1", k("magnitude"))
	a.op("VMULPS %s, Z1, Z1", k("geluScale"))
	a.op("VMINPS %s, Z1, Z1", k("geluLast"))
	a.op("VADDPS %s, Z1, Z2", k("round")) // its lowest bits are the piece
	a.op("VSUBPS %s, Z2, Z4", k("round"))
	a.op("VSUBPS Z4, Z1, Z1") // what is left, within ½
	a.op("VPERMPS Z%d, Z2, Z3", 16+geluDegree)
	for i := geluDegree - 1; i >= 0; i-- {
		a.op("VPERMPS Z%d, Z2, Z4", 16+i)
		a.op("VFMADD213PS Z4, Z1, Z3")
	}
	a.op("VXORPS Z4, Z4, Z4")
	a.op("VMAXPS Z4, Z0, Z4")
	a.op("VSUBPS Z3, Z4, Z3")
}
