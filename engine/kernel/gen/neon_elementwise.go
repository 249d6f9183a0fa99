package main

import "fmt"

// neonConstants loads constants into registers from first on, and says which
// register holds which.
func (a *asm) neonConstants(offset func(name string) int, first int, names ...string) func(name string) int {
	at := map[string]int{}
	a.op("MOVD $constants<>(SB), R9")
	for i, name := range names {
		a.op("FMOVQ %d(R9), F%d", offset(name), first+i)
		at[name] = first + i
	}
	return func(name string) int {
		r, ok := at[name]
		if !ok {
			panic("constant not loaded: " + name)
		}
		return r
	}
}

func (a *asm) neonZero(register int) {
	a.op("VEOR V%d.B16, V%d.B16, V%d.B16", register, register, register)
}

// horner leaves in register p the polynomial of register x whose coefficients,
// highest power first, are in registers c; it needs spare.
func (a *asm) horner(p, x, spare int, c ...int) {
	if len(c)%2 == 0 {
		p, spare = spare, p // so that the last step ends in p
	}
	a.op("VMOV V%d.B16, V%d.B16", c[0], p)
	for _, next := range c[1:] {
		a.op("VMOV V%d.B16, V%d.B16", next, spare)
		a.v("fmla", spare, p, x)
		p, spare = spare, p
	}
}

func numbered(name string, high int) (names []string) {
	for i := high; i >= 0; i-- {
		names = append(names, fmt.Sprintf("%s%d", name, i))
	}
	return names
}

func registers(of func(string) int, names []string) (r []int) {
	for _, name := range names {
		r = append(r, of(name))
	}
	return r
}

// neonExp loads what exp needs, from register 16 on, and returns what writes it:
// register 1 becomes exp of register 1 − register 0, times the scale whose
// product with log₂ e is in register 7. It needs 2, 3 and 4.
func (a *asm) neonExp(offset func(name string) int) func() {
	series := numbered("exp", exp2Degree)
	k := a.neonConstants(offset, 16, append(series, "lowest", "bias", "log2e")...)
	a.v("fmul", 7, 7, k("log2e"))
	return func() {
		a.v("fsub", 1, 1, 0)
		a.v("fmul", 1, 1, 7)
		a.v("fmax", 1, 1, k("lowest"))
		a.v("fcvtns", 2, 1)
		a.v("scvtf", 3, 2)
		a.v("fsub", 3, 1, 3) // what is left, within ½
		a.horner(1, 3, 4, registers(k, series)...)
		a.op("VADD V%d.S4, V2.S4, V2.S4", k("bias"))
		a.op("VSHL $23, V2.S4, V2.S4")
		a.v("fmul", 1, 1, 2)
	}
}

// addUp leaves in each lane of a register the sum of its lanes.
func (a *asm) addUp(r int) {
	a.v("faddp", r, r, r)
	a.v("faddp", r, r, r)
}

func (a *asm) ones(r int) { a.op("FMOVS $1.0, F%d\n\tVDUP V%d.S[0], V%d.S4", r, r, r) }

func (a *asm) splat(argument string, r int) {
	a.op("FMOVS %s, F%d", argument, r)
	a.op("VDUP V%d.S[0], V%d.S4", r, r)
}

// neonElementwise writes the steps between matrix products. Lengths are whole
// vectors of 4 values, at least one.
func neonElementwise(a *asm) {
	offset := a.table(constants(), 16)
	neonGELU(a, offset)
	neonSoftmaxColumns(a, offset)
	neonAddNorm(a)
	neonAddScaled(a)
	neonQuantRange(a)
	neonScaleColumns(a)
	neonQuantise(a)
}

// neonLoop goes through the vectors from R0, of which R1 values are left, with R2
// at the one in turn, which body moves on.
func (a *asm) neonLoop(label string, body func()) {
	a.op("MOVD R0, R2")
	a.op("MOVD R1, R3")
	a.line("%s:", label)
	body()
	a.op("SUBS $4, R3")
	a.op("BNE %s", label)
}

// neonGELU is gelu by the rational form.
func neonGELU(a *asm, offset func(name string) int) {
	a.signature("geluNEON", "(x *float32, n int) (low, high float32)", 24)
	a.op("MOVD x+0(FP), R0")
	a.op("MOVD n+8(FP), R1")
	p, q := numbered("erfP", 5), numbered("erfQ", 5)
	k := a.neonConstants(offset, 16, append(append([]string{"sqrtHalf", "erfMax", "erfMin", "half"}, p...), q...)...)
	a.neonZero(6)
	a.neonZero(7)
	a.line("loop:")
	a.op("FMOVQ (R0), F0")
	a.v("fmul", 1, 0, k("sqrtHalf"))
	a.v("fmin", 1, 1, k("erfMax"))
	a.v("fmax", 1, 1, k("erfMin"))
	a.v("fmul", 2, 1, 1)
	a.horner(3, 2, 5, registers(k, p)...)
	a.horner(4, 2, 5, registers(k, q)...)
	a.v("fmul", 3, 3, 1)
	a.v("fdiv", 3, 3, 4)
	a.v("fmul", 0, 0, k("half"))
	a.v("fmla", 0, 0, 3) // half·erf + half
	a.op("FMOVQ.P F0, 16(R0)")
	a.v("fmin", 6, 6, 0)
	a.v("fmax", 7, 7, 0)
	a.op("SUBS $4, R1")
	a.op("BNE loop")
	a.v("fminv", 6, 6)
	a.v("fmaxv", 7, 7)
	a.op("FMOVS F6, low+16(FP)")
	a.op("FMOVS F7, high+20(FP)")
	a.op("RET")
}

// neonSoftmaxColumns is softmaxColumns.
func neonSoftmaxColumns(a *asm, offset func(name string) int) {
	a.signature("softmaxColumnsNEON", "(x *float32, rows, columns, ld int, scale float32)", 36)
	a.op("MOVD x+0(FP), R0")
	a.op("MOVD rows+8(FP), R1")
	a.op("MOVD columns+16(FP), R4")
	a.op("MOVD ld+24(FP), R5")
	a.splat("scale+32(FP)", 7)
	exp := a.neonExp(offset)
	each := func(label string, body func()) {
		a.op("MOVD R0, R2")
		a.op("MOVD R1, R3")
		a.line("%s:", label)
		a.op("FMOVQ (R2), F1")
		body()
		a.op("ADD R5, R2")
		a.op("SUBS $1, R3")
		a.op("BNE %s", label)
	}
	a.line("column:")
	a.op("FMOVQ (R0), F0")
	each("top", func() { a.v("fmax", 0, 0, 1) })
	a.neonZero(6)
	each("exp", func() {
		exp()
		a.v("fadd", 6, 6, 1)
		a.op("FMOVQ F1, (R2)")
	})
	a.ones(1)
	a.v("fdiv", 6, 1, 6)
	each("norm", func() {
		a.v("fmul", 1, 1, 6)
		a.op("FMOVQ F1, (R2)")
	})
	a.op("ADD $16, R0")
	a.op("SUBS $4, R4")
	a.op("BNE column")
	a.op("RET")
}

// neonAddNorm is addNorm.
func neonAddNorm(a *asm) {
	a.signature("addNormNEON", "(x, add, weight, bias *float32, n int, epsilon float32)", 44)
	a.op("MOVD x+0(FP), R0")
	a.op("MOVD add+8(FP), R4")
	a.op("MOVD n+32(FP), R1")
	a.op("SCVTFS R1, F5")
	a.op("VDUP V5.S[0], V5.S4")
	a.neonZero(0)
	a.neonLoop("sum", func() {
		a.op("FMOVQ (R2), F1")
		a.op("FMOVQ.P 16(R4), F2")
		a.v("fadd", 1, 1, 2)
		a.op("FMOVQ.P F1, 16(R2)")
		a.v("fadd", 0, 0, 1)
	})
	a.addUp(0)
	a.v("fdiv", 0, 0, 5) // the mean
	a.neonZero(2)
	a.neonLoop("squares", func() {
		a.op("FMOVQ.P 16(R2), F1")
		a.v("fsub", 1, 1, 0)
		a.v("fmla", 2, 1, 1)
	})
	a.addUp(2)
	a.v("fdiv", 2, 2, 5)
	a.op("FMOVS epsilon+40(FP), F3")
	a.op("FADDS F3, F2")
	a.op("FSQRTS F2, F2")
	a.op("FMOVS $1.0, F3")
	a.op("FDIVS F2, F3") // 1/deviation
	a.op("MOVD weight+16(FP), R4")
	a.op("MOVD bias+24(FP), R5")
	a.neonLoop("norm", func() {
		a.op("FMOVQ (R2), F1")
		a.v("fsub", 1, 1, 0)
		a.v("fmul.s", 1, 1, 3, 0)
		a.op("FMOVQ.P 16(R4), F2")
		a.op("FMOVQ.P 16(R5), F4")
		a.v("fmla", 4, 1, 2)
		a.op("FMOVQ.P F4, 16(R2)")
	})
	a.op("RET")
}

// neonAddScaled is addScaled.
func neonAddScaled(a *asm) {
	a.signature("addScaledNEON", "(dst, x *float32, n int, factor float32)", 28)
	a.op("MOVD dst+0(FP), R0")
	a.op("MOVD x+8(FP), R4")
	a.op("MOVD n+16(FP), R1")
	a.op("FMOVS factor+24(FP), F0")
	a.neonLoop("loop", func() {
		a.op("FMOVQ (R2), F1")
		a.op("FMOVQ.P 16(R4), F2")
		a.v("fmla.s", 1, 2, 0, 0)
		a.op("FMOVQ.P F1, 16(R2)")
	})
	a.op("RET")
}

// neonQuantRange is quantRange.
func neonQuantRange(a *asm) {
	a.signature("quantRangeNEON", "(x *float32, n int) (low, high float32)", 24)
	a.op("MOVD x+0(FP), R0")
	a.op("MOVD n+8(FP), R1")
	a.neonZero(0)
	a.neonZero(2)
	a.neonLoop("loop", func() {
		a.op("FMOVQ.P 16(R2), F1")
		a.v("fmin", 0, 0, 1)
		a.v("fmax", 2, 2, 1)
	})
	a.v("fminv", 0, 0)
	a.v("fmaxv", 2, 2)
	a.op("FMOVS F0, low+16(FP)")
	a.op("FMOVS F2, high+20(FP)")
	a.op("RET")
}

// neonScaleColumns is scaleColumns.
func neonScaleColumns(a *asm) {
	a.signature("scaleColumnsNEON", "(dst, x, columns *float32, n int) (low, high float32)", 40)
	a.op("MOVD dst+0(FP), R4")
	a.op("MOVD x+8(FP), R0")
	a.op("MOVD columns+16(FP), R5")
	a.op("MOVD n+24(FP), R1")
	a.neonZero(0)
	a.neonZero(2)
	a.neonLoop("loop", func() {
		a.op("FMOVQ.P 16(R2), F1")
		a.op("FMOVQ.P 16(R5), F3")
		a.v("fmul", 1, 1, 3)
		a.op("FMOVQ.P F1, 16(R4)")
		a.v("fmin", 0, 0, 1)
		a.v("fmax", 2, 2, 1)
	})
	a.v("fminv", 0, 0)
	a.v("fmaxv", 2, 2)
	a.op("FMOVS F0, low+32(FP)")
	a.op("FMOVS F2, high+36(FP)")
	a.op("RET")
}

// neonQuantise is quantise: signed bytes for SDOT, 16 bits for the products that
// widen.
func neonQuantise(a *asm) {
	for _, to := range []struct {
		name, element, store string
		narrow               func()
	}{
		{"quantiseDotProd", "byte", "FMOVS.P F2, 4(R4)", func() {
			a.v("uqxtn", 2, 2)
			a.op("VEOR V3.B8, V2.B8, V2.B8") // − 128
		}},
		{"quantiseNEON", "uint16", "FMOVD.P F2, 8(R4)", func() { a.op("VUMIN V3.H4, V2.H4, V2.H4") }},
	} {
		a.signature(to.name, fmt.Sprintf("(dst *%s, x *float32, n int, inverse, zero float32)", to.element), 32)
		a.op("MOVD dst+0(FP), R4")
		a.op("MOVD x+8(FP), R0")
		a.op("MOVD n+16(FP), R1")
		a.op("FMOVS inverse+24(FP), F0")
		a.splat("zero+28(FP)", 1)
		if to.element == "byte" {
			a.op("VMOVI $128, V3.B8")
		} else {
			a.op("MOVD $255, R5")
			a.op("VDUP R5, V3.H4")
		}
		a.neonLoop("loop", func() {
			a.op("FMOVQ.P 16(R2), F4")
			a.op("VMOV V1.B16, V2.B16")
			a.v("fmla.s", 2, 4, 0, 0)
			a.v("fcvtns", 2, 2)
			a.v("sqxtun", 2, 2) // below 0 becomes 0
			to.narrow()
			a.op(to.store)
		})
		a.op("RET")
	}
}

// neonTranspose is transpose for blocks of 4 rows.
func neonTranspose(a *asm) {
	a.signature("transposeNEON", "(dst *float32, ldd int, src *float32, lds, columns int)", 40)
	a.op("MOVD dst+0(FP), R0")
	a.op("MOVD ldd+8(FP), R1")
	a.op("MOVD src+16(FP), R2")
	a.op("MOVD lds+24(FP), R6")
	a.op("MOVD columns+32(FP), R7")
	a.op("ADD R6, R2, R3")
	a.op("ADD R6, R3, R4")
	a.op("ADD R6, R4, R5")
	a.line("loop:")
	for r := range 4 {
		a.op("FMOVQ.P 16(R%d), F%d", 2+r, r)
	}
	for pair := range 2 {
		a.op("VTRN1 V%d.S4, V%d.S4, V%d.S4", 2*pair+1, 2*pair, 4+2*pair)
		a.op("VTRN2 V%d.S4, V%d.S4, V%d.S4", 2*pair+1, 2*pair, 5+2*pair)
	}
	a.op("VTRN1 V6.D2, V4.D2, V0.D2")
	a.op("VTRN1 V7.D2, V5.D2, V1.D2")
	a.op("VTRN2 V6.D2, V4.D2, V2.D2")
	a.op("VTRN2 V7.D2, V5.D2, V3.D2")
	for c := range 4 {
		a.op("FMOVQ F%d, (R0)", c)
		a.op("ADD R1, R0")
	}
	a.op("SUBS $4, R7")
	a.op("BNE loop")
	a.op("RET")
}
