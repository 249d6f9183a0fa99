package main

import "fmt"

// int8Tiles: tiles of up to 6 rows, for instruction sets whose VPDPBUSD
// multiplies unsigned activations with signed weights and adds four products to
// each sum. A panel holds for each four inputs the vectors' columns × 4 bytes.
// Registers hold the sums, from weights on the panel's columns, from spare on
// activations.
func int8Tiles(a *asm, name string, v vectors, columns, weights, spare int, multiply func(signed, unsigned, sum int)) {
	reg := v.reg
	for height := 1; height <= 6; height++ {
		a.function(fmt.Sprintf("int8%sx%d", name, height))
		address := a.rows(height)
		sum := func(row, column int) int { return row*columns + column }
		// The zero point's part: every sum begins at −zero × sum of weights.
		a.op("MOVQ %d(AX), DX", offZero)
		a.op("MOVQ %d(AX), DI", offWSum)
		for c := range columns {
			a.op("VMOVDQU%s %d(DI), %s", v.integers, v.bytes*c, reg(weights+c))
		}
		for r := range height {
			a.op("VPBROADCASTD %d(DX), %s", 4*r, reg(spare))
			for c := range columns {
				a.op("VPMULLD %s, %s, %s", reg(spare), reg(weights+c), reg(sum(r, c)))
			}
		}
		a.line("loop:")
		for c := range columns {
			a.op("VMOVDQU%s %d(BX), %s", v.integers, v.bytes*c, reg(weights+c))
		}
		a.ahead(v.bytes * columns)
		for r := range height {
			x := spare + r%2
			a.op("VPBROADCASTD %s, %s", address(r), reg(x))
			for c := range columns {
				multiply(weights+c, x, sum(r, c))
			}
		}
		a.op("ADDQ $%d, BX", v.bytes*columns)
		a.advance(height, "$4")
		a.op("DECQ CX")
		a.op("JNE loop")
		// result = sum × (row scale) × (column scale) + bias
		a.op("MOVQ %d(AX), DX", offScale)
		a.op("MOVQ %d(AX), DI", offDst)
		a.op("MOVQ %d(AX), R8", offLDD)
		a.op("MOVQ %d(AX), BX", offWScale)
		a.op("MOVQ %d(AX), CX", offBias)
		for c := range columns {
			a.op("VMOVUPS %d(BX), %s", v.bytes*c, reg(weights+c))
		}
		for r := range height {
			a.op("VBROADCASTSS %d(DX), %s", 4*r, reg(spare))
			for c := range columns {
				s := reg(sum(r, c))
				a.op("VCVTDQ2PS %s, %s", s, s)
				a.op("VMULPS %s, %s, %s", reg(spare), s, s)
				a.op("VFMADD213PS %d(CX), %s, %s", v.bytes*c, reg(weights+c), s)
				a.op("VMOVUPS %s, %d(DI)", s, v.bytes*c)
			}
			a.op("ADDQ R8, DI")
		}
		a.done()
	}
}

// int8VNNI: 64 columns.
func int8VNNI(a *asm) {
	int8Tiles(a, "VNNI", avx512, 4, 24, 28, func(signed, unsigned, sum int) {
		a.op("VPDPBUSD Z%d, Z%d, Z%d", signed, unsigned, sum)
	})
}

// int8AVXVNNI: 16 columns.
func int8AVXVNNI(a *asm) { int8Tiles(a, "AVXVNNI", avx2, 2, 12, 14, a.vpdpbusd) }

// int8AVX2: tiles of up to 4 rows × 16 columns. AVX2's own byte product
// saturates, so both sides are widened to 16 bits: a panel holds for each two
// inputs 16 columns × 2 bytes, activations are 16 bits wide in memory.
func int8AVX2(a *asm) {
	for height := 1; height <= 4; height++ {
		a.function(fmt.Sprintf("int8AVX2x%d", height))
		address := a.rows(height)
		sum := func(row, column int) string { return fmt.Sprintf("Y%d", row*2+column) }
		a.op("MOVQ %d(AX), DX", offZero)
		a.op("MOVQ %d(AX), DI", offWSum)
		a.op("VMOVDQU (DI), Y8")
		a.op("VMOVDQU 32(DI), Y9")
		for r := range height {
			a.op("VPBROADCASTD %d(DX), Y10", 4*r)
			a.op("VPMULLD Y10, Y8, %s", sum(r, 0))
			a.op("VPMULLD Y10, Y9, %s", sum(r, 1))
		}
		a.line("loop:")
		a.op("VPMOVSXBW (BX), Y8")
		a.op("VPMOVSXBW 16(BX), Y9")
		for r := range height {
			a.op("VPBROADCASTD %s, Y10", address(r))
			a.op("VPMADDWD Y8, Y10, Y11")
			a.op("VPMADDWD Y9, Y10, Y12")
			a.op("VPADDD Y11, %s, %s", sum(r, 0), sum(r, 0))
			a.op("VPADDD Y12, %s, %s", sum(r, 1), sum(r, 1))
		}
		a.op("ADDQ $32, BX")
		a.advance(height, "$4")
		a.op("DECQ CX")
		a.op("JNE loop")
		a.op("MOVQ %d(AX), DX", offScale)
		a.op("MOVQ %d(AX), DI", offDst)
		a.op("MOVQ %d(AX), R8", offLDD)
		a.op("MOVQ %d(AX), BX", offWScale)
		a.op("MOVQ %d(AX), CX", offBias)
		for r := range height {
			a.op("VBROADCASTSS %d(DX), Y10", 4*r)
			for c := range 2 {
				a.op("VCVTDQ2PS %s, %s", sum(r, c), sum(r, c))
				a.op("VMULPS Y10, %s, %s", sum(r, c), sum(r, c))
				a.op("VMOVUPS %d(CX), Y11", 32*c)
				a.op("VMOVUPS %d(BX), Y12", 32*c)
				a.op("VFMADD213PS Y11, Y12, %s", sum(r, c))
				a.op("VMOVUPS %s, %d(DI)", sum(r, c), 32*c)
			}
			a.op("ADDQ R8, DI")
		}
		a.done()
	}
}
