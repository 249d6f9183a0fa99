package main

// transpose writes a block of rows, one for each lane of a vector, as columns:
// dst[c][r] = src[r][c], the number of columns a multiple of 4. Distances from
// row to row are in bytes.
func transpose(a *asm, v vectors) {
	reg := v.reg
	quarters := v.bytes / 16
	a.signature("transpose"+v.name, "(dst *float32, ldd int, src *float32, lds, columns int)", 40)
	a.op("MOVQ dst+0(FP), DI")
	a.op("MOVQ ldd+8(FP), R8")
	a.op("MOVQ src+16(FP), SI")
	a.op("MOVQ lds+24(FP), R9")
	a.op("MOVQ columns+32(FP), CX")
	a.op("LEAQ (R8)(R8*2), R10")
	a.op("LEAQ (R9)(R9*2), R11")
	// A base every four rows.
	bases := []string{"SI", "AX", "BX", "DX"}[:quarters]
	for i := 1; i < quarters; i++ {
		a.op("LEAQ (%s)(R9*4), %s", bases[i-1], bases[i])
	}
	offset := func(base, stride, three string, n int) string {
		return []string{"(" + base + ")", "(" + base + ")(" + stride + "*1)", "(" + base + ")(" + stride + "*2)", "(" + base + ")(" + three + "*1)"}[n]
	}
	a.line("loop:")
	for r := range 4 { // four values of rows r, 4+r, 8+r, 12+r
		a.op("VMOVUPS %s, X%d", offset("SI", "R9", "R11", r), r)
		for q := 1; q < quarters; q++ {
			insert := "VINSERTF128"
			if v.bytes == 64 {
				insert = "VINSERTF32X4"
			}
			a.op("%s $%d, %s, %s, %s", insert, q, offset(bases[q], "R9", "R11", r), reg(r), reg(r))
		}
	}
	a.op("VUNPCKLPS %s, %s, %s", reg(1), reg(0), reg(4))
	a.op("VUNPCKHPS %s, %s, %s", reg(1), reg(0), reg(5))
	a.op("VUNPCKLPS %s, %s, %s", reg(3), reg(2), reg(6))
	a.op("VUNPCKHPS %s, %s, %s", reg(3), reg(2), reg(7))
	for c := range 4 {
		half := []string{"VUNPCKLPD", "VUNPCKHPD"}[c%2]
		a.op("%s %s, %s, %s", half, reg(6+c/2), reg(4+c/2), reg(c))
		a.op("VMOVUPS %s, %s", reg(c), offset("DI", "R8", "R10", c))
	}
	for _, base := range bases {
		a.op("ADDQ $16, %s", base)
	}
	a.op("LEAQ (DI)(R8*4), DI")
	a.op("SUBQ $4, CX")
	a.op("JNE loop")
	a.done()
}

// softmaxColumns replaces the values of each column by exp(scale·x), normalised
// to sum to 1 over the rows; columns are a multiple of a vector. ld is the
// distance from row to row in bytes.
func softmaxColumns(a *asm, v vectors, k func(name string) string) {
	reg := v.reg
	each := func(label string, body func()) {
		a.op("MOVQ SI, DI")
		a.op("MOVQ CX, DX")
		a.line("%s:", label)
		body()
		a.op("ADDQ R8, DI")
		a.op("DECQ DX")
		a.op("JNE %s", label)
	}
	a.signature("softmaxColumns"+v.name, "(x *float32, rows, columns, ld int, scale float32)", 36)
	a.op("MOVQ x+0(FP), SI")
	a.op("MOVQ rows+8(FP), CX")
	a.op("MOVQ columns+16(FP), BX")
	a.op("MOVQ ld+24(FP), R8")
	a.op("VBROADCASTSS scale+32(FP), %s", reg(7))
	a.op("VMULPS %s, %s, %s", k("log2e"), reg(7), reg(7))
	a.line("column:")
	a.op("VMOVUPS (SI), %s", reg(0))
	each("top", func() { a.op("VMAXPS (DI), %s, %s", reg(0), reg(0)) })
	a.op("VMULPS %s, %s, %s", reg(7), reg(0), reg(0))
	a.op("VXORPS %s, %s, %s", reg(6), reg(6), reg(6))
	each("exp", func() {
		a.op("VMOVUPS (DI), %s", reg(1))
		a.exp(v, k)
		a.op("VADDPS %s, %s, %s", reg(4), reg(6), reg(6))
		a.op("VMOVUPS %s, (DI)", reg(4))
	})
	a.op("VMOVUPS %s, %s", k("one"), reg(1))
	a.op("VDIVPS %s, %s, %s", reg(6), reg(1), reg(1))
	each("norm", func() {
		a.op("VMULPS (DI), %s, %s", reg(1), reg(2))
		a.op("VMOVUPS %s, (DI)", reg(2))
	})
	a.op("ADDQ $%d, SI", v.bytes)
	a.op("SUBQ $%d, BX", v.bytes/4)
	a.op("JNE column")
	a.done()
}
