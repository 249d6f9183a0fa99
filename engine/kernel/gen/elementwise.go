package main

import (
	"fmt"
	"math"
)

// A constant lies in memory as a whole vector of 64 bytes, so that any
// instruction can read it as an operand.
type constant struct {
	name  string
	lanes [16]uint32
}

// everywhere is a constant of the same bits in each lane.
func everywhere(name string, bits uint32) constant {
	c := constant{name: name}
	for i := range c.lanes {
		c.lanes[i] = bits
	}
	return c
}

// erf(z) = z·P(z²)/Q(z²) for |z| up to 3.92, beyond which it is ±1 in float32:
// a rational fit of our own, largest error 3.7e-7.
var erfP = []float32{1.128378987312317, 0.19276057183742523, 0.05305970832705498, 0.00386809092015028, 0.0002874592028092593, 2.0345705706859007e-06}
var erfQ = []float32{1, 0.5041612982749939, 0.11508288979530334, 0.015171837992966175, 0.001188029651530087, 3.80678684450686e-05}

// 2^r for |r| up to ½, largest error 1e-7 of it.
const exp2Degree = 5

func exp2Series() []float64 {
	r := chebyshev(-0.5, 0.5, exp2Degree+1)
	values := make([]float64, len(r))
	for i := range r {
		values[i] = math.Exp2(r[i])
	}
	return interpolate(r, values)
}

func constants() (list []constant) {
	add := func(name string, v float32) { list = append(list, everywhere(name, math.Float32bits(v))) }
	for i, v := range erfP {
		add(fmt.Sprintf("erfP%d", i), v)
	}
	for i, v := range erfQ {
		add(fmt.Sprintf("erfQ%d", i), v)
	}
	for i, v := range exp2Series() {
		add(fmt.Sprintf("exp%d", i), float32(v))
	}
	add("one", 1)
	add("half", 0.5)
	add("sqrtHalf", math.Sqrt2/2)
	add("erfMax", 3.92)
	add("erfMin", -3.92)
	add("log2e", math.Log2E)
	add("lowest", -126)
	add("byteMax", 255)
	return append(list, everywhere("bias", 127))
}

// table writes constants, each bytes long, and returns where one lies.
func (a *asm) table(list []constant, bytes int) func(name string) (offset int) {
	offset := map[string]int{}
	at := 0
	a.line("")
	for _, c := range list {
		offset[c.name] = at
		for i := 0; i < bytes/4; i += 2 {
			a.line("DATA constants<>+%d(SB)/8, $0x%08x%08x // %s", at, c.lanes[i+1], c.lanes[i], c.name)
			at += 8
		}
	}
	a.line("GLOBL constants<>(SB), RODATA|NOPTR, $%d", at)
	return func(name string) int {
		at, ok := offset[name]
		if !ok {
			panic("no constant " + name)
		}
		return at
	}
}

// elementwise writes the steps between matrix products. Lengths are whole
// vectors of 16 values, at least one.
func elementwise(a *asm, v vectors) {
	list := constants()
	if v.bytes == 64 {
		list = append(list, geluTable()...)
	}
	offset := a.table(list, 64)
	k := func(name string) string { return fmt.Sprintf("constants<>+%d(SB)", offset(name)) }
	gelu(a, v, k)
	softmaxColumns(a, v, k)
	addNorm(a, v, k)
	addScaled(a, v)
	quantRange(a, v)
	scaleColumns(a, v)
	if v.bytes == 64 {
		quantise(a, v, k, "AVX512", "byte", 1, func() {
			a.op("VPXORD Z3, Z3, Z3")
			a.op("VPMAXSD Z3, Z2, Z2")
			a.op("VPMOVUSDB Z2, (DI)")
		})
		return
	}
	pack := func() {
		a.op("VPACKUSDW Y2, Y2, Y2") // below 0 becomes 0; the halves stay apart
		a.op("VPERMQ $0x08, Y2, Y2")
	}
	// The products of AVX2 take activations of 16 bits.
	quantise(a, v, k, "AVX2", "uint16", 2, func() {
		pack()
		a.op("VMOVDQU X2, (DI)")
	})
	quantise(a, v, k, "AVXVNNI", "byte", 1, func() {
		pack()
		a.op("VPACKUSWB X2, X2, X2")
		a.op("VMOVQ X2, (DI)")
	})
}

// gelu is the exact GELU, by the form of the approximation that suits the vectors,
// and the range of the results.
func gelu(a *asm, v vectors, k func(name string) string) {
	reg := v.reg
	a.signature("gelu"+v.name, "(x *float32, n int) (low, high float32)", 24)
	a.op("MOVQ x+0(FP), SI")
	a.op("MOVQ n+8(FP), CX")
	a.op("VXORPS %s, %s, %s", reg(6), reg(6), reg(6))
	a.op("VXORPS %s, %s, %s", reg(7), reg(7), reg(7))
	if v.bytes == 64 {
		for i := range geluDegree + 1 {
			a.op("VMOVUPS %s, %s", k(fmt.Sprintf("gelu%d", i)), reg(16+i))
		}
	}
	a.line("loop:")
	a.op("VMOVUPS (SI), %s", reg(0))
	if v.bytes == 64 {
		a.geluPieces(k)
	} else {
		a.geluRational(v, k)
	}
	a.op("VMOVUPS %s, (SI)", reg(3))
	a.op("VMINPS %s, %s, %s", reg(3), reg(6), reg(6))
	a.op("VMAXPS %s, %s, %s", reg(3), reg(7), reg(7))
	a.op("ADDQ $%d, SI", v.bytes)
	a.op("SUBQ $%d, CX", v.bytes/4)
	a.op("JNE loop")
	a.reduce(v, "VMINPS", 6, 1)
	a.reduce(v, "VMAXPS", 7, 1)
	a.op("VMOVSS X6, low+16(FP)")
	a.op("VMOVSS X7, high+20(FP)")
	a.done()
}

// addNorm adds and normalises the sum: first its mean, then its deviation, then
// scale and bias.
func addNorm(a *asm, v vectors, k func(name string) string) {
	reg := v.reg
	a.signature("addNorm"+v.name, "(x, add, weight, bias *float32, n int, epsilon float32)", 44)
	a.op("MOVQ x+0(FP), SI")
	a.op("MOVQ add+8(FP), DI")
	a.op("MOVQ weight+16(FP), R8")
	a.op("MOVQ bias+24(FP), R9")
	a.op("MOVQ n+32(FP), CX")
	a.op("VCVTSI2SSQ CX, X5, X5")
	a.op("VXORPS %s, %s, %s", reg(0), reg(0), reg(0))
	a.op("VXORPS %s, %s, %s", reg(1), reg(1), reg(1))
	a.pairs(v, "sum", func(way, offset int) {
		a.op("VMOVUPS %d(SI)(AX*4), %s", offset, reg(2+way))
		a.op("VADDPS %d(DI)(AX*4), %s, %s", offset, reg(2+way), reg(2+way))
		a.op("VMOVUPS %s, %d(SI)(AX*4)", reg(2+way), offset)
		a.op("VADDPS %s, %s, %s", reg(2+way), reg(way), reg(way))
	})
	a.op("VADDPS %s, %s, %s", reg(1), reg(0), reg(0))
	a.reduce(v, "VADDPS", 0, 1)
	a.op("VDIVSS X5, X0, X0")
	a.op("VBROADCASTSS X0, %s", reg(0)) // the mean
	a.op("VXORPS %s, %s, %s", reg(3), reg(3), reg(3))
	a.op("VXORPS %s, %s, %s", reg(4), reg(4), reg(4))
	a.pairs(v, "squares", func(way, offset int) {
		a.op("VMOVUPS %d(SI)(AX*4), %s", offset, reg(1+way))
		a.op("VSUBPS %s, %s, %s", reg(0), reg(1+way), reg(1+way))
		a.op("VFMADD231PS %s, %s, %s", reg(1+way), reg(1+way), reg(3+way))
	})
	a.op("VADDPS %s, %s, %s", reg(4), reg(3), reg(3))
	a.reduce(v, "VADDPS", 3, 1)
	a.op("VDIVSS X5, X3, X3")
	a.op("VADDSS epsilon+40(FP), X3, X3")
	a.op("VSQRTSS X3, X3, X3")
	a.op("VMOVSS %s, X1", k("one"))
	a.op("VDIVSS X3, X1, X1")
	a.op("VBROADCASTSS X1, %s", reg(3)) // 1/deviation
	a.pairs(v, "norm", func(way, offset int) {
		a.op("VMOVUPS %d(SI)(AX*4), %s", offset, reg(1))
		a.op("VSUBPS %s, %s, %s", reg(0), reg(1), reg(1))
		a.op("VMULPS %s, %s, %s", reg(3), reg(1), reg(1))
		a.op("VMOVUPS %d(R8)(AX*4), %s", offset, reg(2))
		a.op("VFMADD213PS %d(R9)(AX*4), %s, %s", offset, reg(2), reg(1))
		a.op("VMOVUPS %s, %d(SI)(AX*4)", reg(1), offset)
	})
	a.done()
}

// addScaled adds factor times x.
func addScaled(a *asm, v vectors) {
	reg := v.reg
	a.signature("addScaled"+v.name, "(dst, x *float32, n int, factor float32)", 28)
	a.op("MOVQ dst+0(FP), DI")
	a.op("MOVQ x+8(FP), SI")
	a.op("MOVQ n+16(FP), CX")
	a.op("VBROADCASTSS factor+24(FP), %s", reg(0))
	a.op("XORQ AX, AX")
	a.line("loop:")
	a.op("VMOVUPS (DI)(AX*4), %s", reg(1))
	a.op("VFMADD231PS (SI)(AX*4), %s, %s", reg(0), reg(1))
	a.op("VMOVUPS %s, (DI)(AX*4)", reg(1))
	a.op("ADDQ $%d, AX", v.bytes/4)
	a.op("CMPQ AX, CX")
	a.op("JNE loop")
	a.done()
}

// quantRange finds the smallest and the largest value and 0.
func quantRange(a *asm, v vectors) {
	reg := v.reg
	a.signature("quantRange"+v.name, "(x *float32, n int) (low, high float32)", 24)
	a.op("MOVQ x+0(FP), SI")
	a.op("MOVQ n+8(FP), CX")
	for i := range 4 {
		a.op("VXORPS %s, %s, %s", reg(i), reg(i), reg(i))
	}
	a.pairs(v, "loop", func(way, offset int) {
		a.op("VMOVUPS %d(SI)(AX*4), %s", offset, reg(4+way))
		a.op("VMINPS %s, %s, %s", reg(4+way), reg(way), reg(way))
		a.op("VMAXPS %s, %s, %s", reg(4+way), reg(2+way), reg(2+way))
	})
	a.rangeOf(v, 16)
}

// scaleColumns multiplies by a factor a column and finds the range of the results.
func scaleColumns(a *asm, v vectors) {
	reg := v.reg
	a.signature("scaleColumns"+v.name, "(dst, x, columns *float32, n int) (low, high float32)", 40)
	a.op("MOVQ dst+0(FP), DI")
	a.op("MOVQ x+8(FP), SI")
	a.op("MOVQ columns+16(FP), R8")
	a.op("MOVQ n+24(FP), CX")
	for i := range 4 {
		a.op("VXORPS %s, %s, %s", reg(i), reg(i), reg(i))
	}
	a.pairs(v, "loop", func(way, offset int) {
		a.op("VMOVUPS %d(SI)(AX*4), %s", offset, reg(4+way))
		a.op("VMULPS %d(R8)(AX*4), %s, %s", offset, reg(4+way), reg(4+way))
		a.op("VMOVUPS %s, %d(DI)(AX*4)", reg(4+way), offset)
		a.op("VMINPS %s, %s, %s", reg(4+way), reg(way), reg(way))
		a.op("VMAXPS %s, %s, %s", reg(4+way), reg(2+way), reg(2+way))
	})
	a.rangeOf(v, 32)
}

// rangeOf returns as low and high, which lie at an offset, the smallest lane of
// registers 0 and 1 and the largest of 2 and 3.
func (a *asm) rangeOf(v vectors, offset int) {
	reg := v.reg
	a.op("VMINPS %s, %s, %s", reg(1), reg(0), reg(0))
	a.op("VMAXPS %s, %s, %s", reg(3), reg(2), reg(2))
	a.reduce(v, "VMINPS", 0, 1)
	a.reduce(v, "VMAXPS", 2, 1)
	a.op("VMOVSS X0, low+%d(FP)", offset)
	a.op("VMOVSS X2, high+%d(FP)", offset+4)
	a.done()
}

// quantise writes round(x·inverse + zero), between 0 and 255, as elements of
// size bytes; store writes whole numbers of up to 255 from register 2.
func quantise(a *asm, v vectors, k func(name string) string, name, element string, size int, store func()) {
	reg := v.reg
	lanes := v.bytes / 4
	a.signature("quantise"+name, fmt.Sprintf("(dst *%s, x *float32, n int, inverse, zero float32)", element), 32)
	a.op("MOVQ dst+0(FP), DI")
	a.op("MOVQ x+8(FP), SI")
	a.op("MOVQ n+16(FP), CX")
	a.op("VBROADCASTSS inverse+24(FP), %s", reg(0))
	a.op("VBROADCASTSS zero+28(FP), %s", reg(1))
	a.line("loop:")
	a.op("VMOVUPS (SI), %s", reg(2))
	a.op("VFMADD213PS %s, %s, %s", reg(1), reg(0), reg(2))
	a.op("VMINPS %s, %s, %s", k("byteMax"), reg(2), reg(2))
	a.op("VCVTPS2DQ %s, %s", reg(2), reg(2))
	store()
	a.op("ADDQ $%d, DI", lanes*size)
	a.op("ADDQ $%d, SI", v.bytes)
	a.op("SUBQ $%d, CX", lanes)
	a.op("JNE loop")
	a.done()
}

// pairs runs over CX values, two vectors a turn, so that sums and the like make
// two chains that do not wait for each other. The body is for the vector at AX
// plus an offset in bytes.
func (a *asm) pairs(v vectors, label string, body func(way, offset int)) {
	lanes := v.bytes / 4
	a.op("XORQ AX, AX")
	a.op("TESTQ $%d, CX", lanes)
	a.op("JZ %sPairs", label)
	body(0, 0)
	a.op("ADDQ $%d, AX", lanes)
	a.op("CMPQ AX, CX")
	a.op("JEQ %sEnd", label)
	a.line("%sPairs:", label)
	body(0, 0)
	body(1, v.bytes)
	a.op("ADDQ $%d, AX", 2*lanes)
	a.op("CMPQ AX, CX")
	a.op("JNE %sPairs", label)
	a.line("%sEnd:", label)
}

// reduce leaves the sum, the largest or the smallest of a vector in its lowest
// lane.
func (a *asm) reduce(v vectors, op string, from, spare int) {
	if v.bytes == 64 {
		a.op("VEXTRACTF64X4 $1, Z%d, Y%d", from, spare)
		a.op("%s Y%d, Y%d, Y%d", op, spare, from, from)
	}
	a.op("VEXTRACTF128 $1, Y%d, X%d", from, spare)
	a.op("%s X%d, X%d, X%d", op, spare, from, from)
	a.op("VPERMILPS $0x4E, X%d, X%d", from, spare)
	a.op("%s X%d, X%d, X%d", op, spare, from, from)
	a.op("VPERMILPS $0xB1, X%d, X%d", from, spare)
	a.op("%s X%d, X%d, X%d", op, spare, from, from)
}

// exp leaves in register 4 exp of register 1 × a scale − register 0, the latter
// two times log₂ e: the scale's product is in register 7. It needs 2 and 3.
func (a *asm) exp(v vectors, k func(name string) string) {
	reg := v.reg
	a.op("VFMSUB213PS %s, %s, %s", reg(0), reg(7), reg(1))
	a.op("VMAXPS %s, %s, %s", k("lowest"), reg(1), reg(1))
	if v.bytes == 64 {
		a.op("VRNDSCALEPS $8, %s, %s", reg(1), reg(2))
		a.op("VSUBPS %s, %s, %s", reg(2), reg(1), reg(1)) // what is left, within ½
	} else {
		a.op("VCVTPS2DQ %s, %s", reg(1), reg(2))
		a.op("VCVTDQ2PS %s, %s", reg(2), reg(3))
		a.op("VSUBPS %s, %s, %s", reg(3), reg(1), reg(1))
	}
	a.op("VMOVUPS %s, %s", k(fmt.Sprintf("exp%d", exp2Degree)), reg(4))
	for i := exp2Degree - 1; i >= 0; i-- {
		a.op("VFMADD213PS %s, %s, %s", k(fmt.Sprintf("exp%d", i)), reg(1), reg(4))
	}
	if v.bytes == 64 {
		a.op("VSCALEFPS %s, %s, %s", reg(2), reg(4), reg(4))
	} else {
		a.op("VPADDD %s, %s, %s", k("bias"), reg(2), reg(2))
		a.op("VPSLLD $23, %s, %s", reg(2), reg(2))
		a.op("VMULPS %s, %s, %s", reg(2), reg(4), reg(4))
	}
}
