package main

// halfLargest writes the largest of the magnitudes of half-precision values, as
// bits, which are in the order of the values.
func halfLargest(a *asm) {
	a.signature("halfLargestAVX2", "(half *uint16, n int) uint16", 18)
	a.op("MOVQ half+0(FP), SI")
	a.op("MOVQ n+8(FP), CX")
	a.op("MOVL $0x7FFF7FFF, AX")
	a.op("VMOVD AX, X2")
	a.op("VPBROADCASTD X2, Y2")
	a.op("VPXOR Y0, Y0, Y0")
	a.line("loop:")
	a.op("VPAND (SI), Y2, Y1")
	a.op("VPMAXUW Y1, Y0, Y0")
	a.op("ADDQ $32, SI")
	a.op("SUBQ $16, CX")
	a.op("JNE loop")
	a.op("VEXTRACTI128 $1, Y0, X1")
	a.op("VPMAXUW X1, X0, X0")
	for _, by := range []int{8, 4, 2} {
		a.op("VPSRLDQ $%d, X0, X1", by)
		a.op("VPMAXUW X1, X0, X0")
	}
	a.op("VPEXTRW $0, X0, AX")
	a.op("MOVW AX, ret+16(FP)")
	a.done()
}

// halfCodes writes the codes and rests of half-precision values, 32 a turn. The
// bits of a half behind each other, without its sign, are those of a float32 of
// 2⁻¹¹² times the value, which factor makes up for; to add 3·2²² rounds to whole
// numbers, which are then the lowest bits.
func halfCodes(a *asm) {
	a.line("")
	for i, lane := range []int{0, 4, 1, 5, 2, 6, 3, 7} {
		a.line("DATA halfOrder<>+%d(SB)/4, $%d", 4*i, lane)
	}
	a.line("GLOBL halfOrder<>(SB), RODATA|NOPTR, $32")
	a.signature("halfCodesAVX2", "(codes, rests *int8, half *uint16, n int, factor, restsOf float32)", 40)
	a.op("MOVQ codes+0(FP), DI")
	a.op("MOVQ rests+8(FP), R8")
	a.op("MOVQ half+16(FP), SI")
	a.op("MOVQ n+24(FP), CX")
	a.op("VBROADCASTSS factor+32(FP), Y8")
	a.op("VBROADCASTSS restsOf+36(FP), Y12")
	constant := func(register int, bits uint32) {
		a.op("MOVL $0x%X, AX", bits)
		a.op("VMOVD AX, X%d", register)
		a.op("VPBROADCASTD X%d, Y%d", register, register)
	}
	constant(9, 0x4B400000)
	constant(10, 0x7FFF)
	constant(11, 0x8000)
	rests := [4]int{3, 13, 14, 15}
	a.line("loop:")
	for q := range 4 {
		a.op("VPMOVZXWD %d(SI), Y0", 16*q)
		a.op("VPAND Y10, Y0, Y1")
		a.op("VPSLLD $13, Y1, Y1")
		a.op("VPAND Y11, Y0, Y0")
		a.op("VPSLLD $16, Y0, Y0")
		a.op("VPOR Y0, Y1, Y1")
		a.op("VMULPS Y8, Y1, Y1")
		a.op("VADDPS Y9, Y1, Y2")
		a.op("VPSUBD Y9, Y2, Y%d", 4+q)
		a.op("VSUBPS Y9, Y2, Y2")
		a.op("VSUBPS Y2, Y1, Y1")
		a.op("VMULPS Y12, Y1, Y1")
		a.op("VADDPS Y9, Y1, Y1")
		a.op("VPSUBD Y9, Y1, Y%d", rests[q])
	}
	// Packing works on halves of a vector: what it leaves in the order 0 4 1 5 …
	// is put in order.
	pack := func(to string, of [4]int) {
		a.op("VPACKSSDW Y%d, Y%d, Y%d", of[1], of[0], of[0])
		a.op("VPACKSSDW Y%d, Y%d, Y%d", of[3], of[2], of[2])
		a.op("VPACKSSWB Y%d, Y%d, Y%d", of[2], of[0], of[0])
		a.op("VPERMD Y%d, Y0, Y%d", of[0], of[0])
		a.op("VMOVDQU Y%d, (%s)", of[0], to)
	}
	a.op("VMOVDQU halfOrder<>(SB), Y0")
	pack("DI", [4]int{4, 5, 6, 7})
	pack("R8", rests)
	a.op("ADDQ $64, SI")
	a.op("ADDQ $32, DI")
	a.op("ADDQ $32, R8")
	a.op("SUBQ $32, CX")
	a.op("JNE loop")
	a.done()
}

// codeValues writes the values of codes and rests, 16 a turn: each step rounds as
// the plain loop's does.
func codeValues(a *asm) {
	a.signature("codeValuesAVX2", "(dst *float32, codes, rests *int8, n int, scale, restsOf float32)", 40)
	a.op("MOVQ dst+0(FP), DI")
	a.op("MOVQ codes+8(FP), SI")
	a.op("MOVQ rests+16(FP), R8")
	a.op("MOVQ n+24(FP), CX")
	a.op("VBROADCASTSS scale+32(FP), Y8")
	a.op("VBROADCASTSS restsOf+36(FP), Y9")
	a.line("loop:")
	for q := range 2 {
		a.op("VPMOVSXBD %d(SI), Y%d", 8*q, q)
		a.op("VCVTDQ2PS Y%d, Y%d", q, q)
		a.op("VPMOVSXBD %d(R8), Y%d", 8*q, 2+q)
		a.op("VCVTDQ2PS Y%d, Y%d", 2+q, 2+q)
		a.op("VDIVPS Y9, Y%d, Y%d", 2+q, 2+q)
		a.op("VADDPS Y%d, Y%d, Y%d", 2+q, q, q)
		a.op("VMULPS Y8, Y%d, Y%d", q, q)
		a.op("VMOVUPS Y%d, %d(DI)", q, 32*q)
	}
	a.op("ADDQ $16, SI")
	a.op("ADDQ $16, R8")
	a.op("ADDQ $64, DI")
	a.op("SUBQ $16, CX")
	a.op("JNE loop")
	a.done()
}
