package main

import "fmt"

// int8VNNI: tiles of up to 6 rows × 64 columns. A panel holds for each four
// inputs 64 columns × 4 bytes. VPDPBUSD multiplies unsigned activations with
// signed weights and adds four products to each of 16 sums.
func int8VNNI(a *asm) {
	const columns = 4 // vectors of 16
	for height := 1; height <= 6; height++ {
		a.function(fmt.Sprintf("int8VNNIx%d", height))
		address := a.rows(height)
		sum := func(row, column int) string { return fmt.Sprintf("Z%d", row*columns+column) }
		weights := func(column int) string { return fmt.Sprintf("Z%d", 24+column) }
		// The zero point's part: every sum begins at −zero × sum of weights.
		a.op("MOVQ %d(AX), DX", offZero)
		a.op("MOVQ %d(AX), DI", offWSum)
		for c := range columns {
			a.op("VMOVDQU32 %d(DI), %s", 64*c, weights(c))
		}
		for r := range height {
			a.op("VPBROADCASTD %d(DX), Z28", 4*r)
			for c := range columns {
				a.op("VPMULLD Z28, %s, %s", weights(c), sum(r, c))
			}
		}
		a.line("loop:")
		for c := range columns {
			a.op("VMOVDQU32 %d(BX), %s", 64*c, weights(c))
		}
		for r := range height {
			x := fmt.Sprintf("Z%d", 28+r%4)
			a.op("VPBROADCASTD %s, %s", address(r), x)
			for c := range columns {
				a.op("VPDPBUSD %s, %s, %s", weights(c), x, sum(r, c))
			}
		}
		a.op("ADDQ $256, BX")
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
			a.op("VMOVUPS %d(BX), %s", 64*c, weights(c))
		}
		for r := range height {
			a.op("VBROADCASTSS %d(DX), Z28", 4*r)
			for c := range columns {
				a.op("VCVTDQ2PS %s, %s", sum(r, c), sum(r, c))
				a.op("VMULPS Z28, %s, %s", sum(r, c), sum(r, c))
				a.op("VMOVUPS %d(CX), Z29", 64*c)
				a.op("VFMADD213PS Z29, %s, %s", weights(c), sum(r, c))
				a.op("VMOVUPS %s, %d(DI)", sum(r, c), 64*c)
			}
			a.op("ADDQ R8, DI")
		}
		a.done()
	}
}

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
