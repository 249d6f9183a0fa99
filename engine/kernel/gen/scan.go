package main

import "fmt"

// scanRows is how many rows of a scan are summed side by side: enough chains to
// keep the multipliers busy.
const scanRows = 4

// scanAhead is how many bytes ahead of itself a scan asks for memory: of 0 to
// 16 KiB the best, or next to it, with 32-byte and with 64-byte vectors.
const scanAhead = 8192

// scan is what the int8 dot products of the instruction sets differ in.
// Registers 0 to 3 hold the sums, 4 to 11 are free, 12 holds the values of the
// query and 13 what every sum begins with.
type scan struct {
	name  string
	v     vectors
	setup func(a *asm) // before all else
	// begin adds to register 13 for the query's values in register 12; nil
	// where sums begin with 0.
	begin func(a *asm)
	share func(a *asm) // prepares the query's values for all rows
	add   func(a *asm, row string, r int)
}

// dotInt8 writes the dot products of a query with consecutive rows. Rows are
// steps whole vectors and one more that ends with the row, which tail meets: a
// vector of the query's last values behind zeros.
func dotInt8(a *asm, s scan) {
	reg := func(n int) string { return fmt.Sprintf("%s%d", s.v.register, n) }
	a.signature("dotInt8"+s.name, "(dst *int32, rows, query, tail *int8, n, dim, steps int)", 56)
	a.op("MOVQ dst+0(FP), DI")
	a.op("MOVQ rows+8(FP), SI")
	a.op("MOVQ query+16(FP), R8")
	a.op("MOVQ tail+24(FP), R9")
	a.op("MOVQ n+32(FP), CX")
	a.op("MOVQ dim+40(FP), DX")
	a.op("MOVQ steps+48(FP), R10")
	a.op("LEAQ (DX)(DX*2), R11") // three rows
	s.setup(a)
	a.op("VPXOR X13, X13, X13")
	if s.begin != nil {
		a.op("MOVQ R8, AX")
		a.op("MOVQ R10, BX")
		a.op("TESTQ BX, BX")
		a.op("JZ begun")
		a.line("begin:")
		a.op("VMOVDQU%s (AX), %s", s.v.integers, reg(12))
		s.begin(a)
		a.op("ADDQ $%d, AX", s.v.bytes)
		a.op("DECQ BX")
		a.op("JNE begin")
		a.line("begun:")
		a.op("VMOVDQU%s (R9), %s", s.v.integers, reg(12))
		s.begin(a)
	}
	for _, height := range []int{scanRows, 1} {
		label := func(name string) string { return fmt.Sprintf("%s%d", name, height) }
		row := func(r, offset int) string {
			return fmt.Sprintf("%d%s", offset, []string{"(R12)", "(R12)(DX*1)", "(R12)(DX*2)", "(R12)(R11*1)"}[r])
		}
		a.line("%s:", label("rows"))
		a.op("SUBQ $%d, CX", height)
		a.op("JLT %s", label("end"))
		for r := range height {
			a.op("VMOVDQA%s %s, %s", s.v.integers, reg(13), reg(r))
		}
		a.op("MOVQ SI, R12")
		a.op("MOVQ R8, AX")
		a.op("MOVQ R10, BX")
		a.op("TESTQ BX, BX")
		a.op("JZ %s", label("tail"))
		a.line("%s:", label("loop"))
		a.op("VMOVDQU%s (AX), %s", s.v.integers, reg(12))
		if s.share != nil {
			s.share(a)
		}
		for r := range height {
			a.op("PREFETCHT0 %s", row(r, scanAhead))
			s.add(a, row(r, 0), r)
		}
		a.op("ADDQ $%d, AX", s.v.bytes)
		a.op("ADDQ $%d, R12", s.v.bytes)
		a.op("DECQ BX")
		a.op("JNE %s", label("loop"))
		a.line("%s:", label("tail"))
		a.op("VMOVDQU%s (R9), %s", s.v.integers, reg(12))
		if s.share != nil {
			s.share(a)
		}
		a.op("LEAQ -%d(SI)(DX*1), R12", s.v.bytes)
		for r := range height {
			a.op("PREFETCHT0 %s", row(r, scanAhead))
			s.add(a, row(r, 0), r)
		}
		if height == scanRows {
			a.addUp4(s.v)
			a.op("VMOVDQU X0, (DI)")
			a.op("LEAQ (SI)(DX*4), SI")
		} else {
			a.reduce(s.v, "VPADDD", 0, 4)
			a.op("VMOVD X0, (DI)")
			a.op("ADDQ DX, SI")
		}
		a.op("ADDQ $%d, DI", 4*height)
		a.op("JMP %s", label("rows"))
		a.line("%s:", label("end"))
		a.op("ADDQ $%d, CX", height)
	}
	a.done()
}

// addUp4 leaves in X0 the sums of the 32-bit lanes of registers 0 to 3.
func (a *asm) addUp4(v vectors) {
	for r := range 4 {
		if v.bytes == 64 {
			a.op("VEXTRACTI64X4 $1, Z%d, Y%d", r, 4+r)
			a.op("VPADDD Y%d, Y%d, Y%d", 4+r, r, r)
		}
	}
	a.op("VPHADDD Y1, Y0, Y0")
	a.op("VPHADDD Y3, Y2, Y2")
	a.op("VPHADDD Y2, Y0, Y0")
	a.op("VEXTRACTI128 $1, Y0, X1")
	a.op("VPADDD X1, X0, X0")
}

// scanBytes multiplies unsigned with signed bytes: rows are made unsigned by
// adding 128, so that each sum begins with −128 × the sum of the query.
func scanBytes(name string, v vectors, exclusiveOr string, multiply func(a *asm, signed, unsigned, sum int)) scan {
	reg := v.reg
	return scan{
		name: name, v: v,
		setup: func(a *asm) {
			a.op("MOVL $0x80808080, AX")
			a.op("VMOVD AX, X14")
			a.op("VPBROADCASTD X14, %s", reg(14))
		},
		begin: func(a *asm) {
			a.op("VPXOR X4, X4, X4")
			multiply(a, 12, 14, 4)
			a.op("VPSUBD %s, %s, %s", reg(4), reg(13), reg(13))
		},
		add: func(a *asm, row string, r int) {
			a.op("%s %s, %s, %s", exclusiveOr, row, reg(14), reg(4+r))
			multiply(a, 12, 4+r, r)
		},
	}
}

func scanVNNI() scan {
	return scanBytes("VNNI", avx512, "VPXORD", func(a *asm, signed, unsigned, sum int) {
		a.op("VPDPBUSD Z%d, Z%d, Z%d", signed, unsigned, sum)
	})
}

func scanAVXVNNI() scan { return scanBytes("AVXVNNI", avx2, "VPXOR", (*asm).vpdpbusd) }

// scanAVX2 multiplies the row's values, signed as the query's, with the query's
// without their signs: two such products never go over 16 bits.
func scanAVX2() scan {
	return scan{
		name: "AVX2", v: avx2,
		setup: func(a *asm) {
			a.op("MOVL $0x00010001, AX")
			a.op("VMOVD AX, X14")
			a.op("VPBROADCASTD X14, Y14")
		},
		share: func(a *asm) { a.op("VPABSB Y12, Y15") },
		add: func(a *asm, row string, r int) {
			a.op("VMOVDQU %s, Y%d", row, 4+r)
			a.op("VPSIGNB Y12, Y%d, Y%d", 4+r, 4+r)
			a.op("VPMADDUBSW Y%d, Y15, Y%d", 4+r, 4+r)
			a.op("VPMADDWD Y14, Y%d, Y%d", 4+r, 4+r)
			a.op("VPADDD Y%d, Y%d, Y%d", 4+r, r, r)
		},
	}
}
