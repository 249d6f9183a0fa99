package main

import "fmt"

// neonDotInt8 is dotInt8 with vectors of 16: sums in V0 to V3, values of the
// query in V4, rows at R8 to R11.
func neonDotInt8(a *asm, name string, add func(value, sum int)) {
	a.signature("dotInt8"+name, "(dst *int32, rows, query, tail *int8, n, dim, steps int)", 56)
	a.op("MOVD dst+0(FP), R0")
	a.op("MOVD rows+8(FP), R1")
	a.op("MOVD query+16(FP), R2")
	a.op("MOVD tail+24(FP), R3")
	a.op("MOVD n+32(FP), R4")
	a.op("MOVD dim+40(FP), R5")
	a.op("MOVD steps+48(FP), R6")
	a.op("FMOVQ (R3), F6")
	for _, height := range []int{scanRows, 1} {
		label := func(name string) string { return fmt.Sprintf("%s%d", name, height) }
		a.line("%s:", label("rows"))
		a.op("SUBS $%d, R4", height)
		a.op("BLT %s", label("end"))
		for r := range height {
			a.neonZero(r)
			if r == 0 {
				a.op("MOVD R1, R8")
			} else {
				a.op("ADD R5, R%d, R%d", 7+r, 8+r)
			}
		}
		a.op("MOVD R2, R12")
		a.op("MOVD R6, R13")
		a.op("CBZ R13, %s", label("tail"))
		a.line("%s:", label("loop"))
		a.op("FMOVQ.P 16(R12), F4")
		for r := range height {
			a.op("FMOVQ.P 16(R%d), F5", 8+r)
			add(4, r)
		}
		a.op("SUBS $1, R13")
		a.op("BNE %s", label("loop"))
		a.line("%s:", label("tail"))
		a.op("ADD R5, R1, R8")
		for r := range height {
			if r > 0 {
				a.op("ADD R5, R8")
			}
			a.op("FMOVQ -16(R8), F5")
			add(6, r)
		}
		if height == scanRows {
			a.op("VADDP V1.S4, V0.S4, V0.S4")
			a.op("VADDP V3.S4, V2.S4, V2.S4")
			a.op("VADDP V2.S4, V0.S4, V0.S4")
			a.op("FMOVQ.P F0, 16(R0)")
		} else {
			a.op("VADDV V0.S4, V0")
			a.op("FMOVS.P F0, 4(R0)")
		}
		a.op("MOVD R8, R1") // behind the last row
		a.op("B %s", label("rows"))
		a.line("%s:", label("end"))
		a.op("ADD $%d, R4", height)
	}
	a.op("RET")
}

// neonScan writes the scans: SDOT where there is one, else two products of 16
// bits are added, which cannot go over, before they widen.
func neonScan(a *asm) {
	neonDotInt8(a, "DotProd", func(value, sum int) { a.v("sdot", sum, value, 5) })
	neonDotInt8(a, "NEON", func(value, sum int) {
		a.v("smull", 7, value, 5)
		a.v("smlal2", 7, value, 5)
		a.v("sadalp", sum, 7)
	})
}
