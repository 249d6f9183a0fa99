package main

import "fmt"

// Registers of a NEON tile: R0 the tile, R1 the panel, R2 the steps that are
// left, R3 how far into the rows the step is, R4 to R9 the rows; sums of up to
// 6 rows × 4 vectors of columns in V0 to V23, weights in V24 to V27.
const (
	neonColumns = 4 // vectors
	neonHeight  = 6
	neonWeights = 24
	neonSpare   = 28
)

func neonRow(r int) string { return fmt.Sprintf("R%d", 4+r) }

// neonRows loads the addresses of the panel and of each row.
func (a *asm) neonRows(height int) {
	a.op("MOVD t+0(FP), R0")
	a.op("MOVD %d(R0), R1", offB)
	a.op("MOVD %d(R0), R2", offK)
	a.op("MOVD ZR, R3")
	a.op("MOVD %d(R0), %s", offA, neonRow(0))
	a.op("MOVD %d(R0), R10", offLDA)
	for r := 1; r < height; r++ {
		a.op("ADD R10, %s, %s", neonRow(r-1), neonRow(r))
	}
}

// load4 reads four vectors from an address into registers from first on.
func (a *asm) load4(base string, first int) {
	a.op("FLDPQ (%s), (F%d, F%d)", base, first, first+1)
	a.op("FLDPQ 32(%s), (F%d, F%d)", base, first+2, first+3)
}

func neonSum(r, c int) int { return r*neonColumns + c }

// neonFloat32: tiles of up to 6 rows × 16 columns.
func neonFloat32(a *asm) {
	for height := 1; height <= neonHeight; height++ {
		a.function(fmt.Sprintf("float32NEONx%d", height))
		a.neonRows(height)
		a.op("MOVD %d(R0), R10", offBias)
		a.load4("R10", neonSum(0, 0))
		for r := 1; r < height; r++ {
			for c := range neonColumns {
				a.op("VMOV V%d.B16, V%d.B16", neonSum(0, c), neonSum(r, c))
			}
		}
		a.op("MOVD %d(R0), R11", offStepA)
		a.op("MOVD %d(R0), R12", offStepB)
		a.line("loop:")
		a.load4("R1", neonWeights)
		a.op("ADD R12, R1")
		for r := range height {
			x := neonSpare + r%4
			a.op("FMOVS (%s)(R3), F%d", neonRow(r), x)
			for c := range neonColumns {
				a.v("fmla.s", neonSum(r, c), neonWeights+c, x, 0)
			}
		}
		a.op("ADD R11, R3")
		a.op("SUBS $1, R2")
		a.op("BNE loop")
		a.op("MOVD %d(R0), R10", offDst)
		a.op("MOVD %d(R0), R11", offLDD)
		for r := range height {
			a.op("FSTPQ (F%d, F%d), (R10)", neonSum(r, 0), neonSum(r, 1))
			a.op("FSTPQ (F%d, F%d), 32(R10)", neonSum(r, 2), neonSum(r, 3))
			a.op("ADD R11, R10")
		}
		a.op("RET")
	}
}

// neonInt8Begin makes every sum −zero × sum of weights.
func (a *asm) neonInt8Begin(height, first int) {
	a.op("MOVD %d(R0), R10", offZero)
	a.op("MOVD %d(R0), R11", offWSum)
	a.load4("R11", neonWeights)
	for r := range height {
		a.op("FMOVS %d(R10), F%d", 4*r, neonSpare)
		for c := range neonColumns {
			a.v("mul.s", first+neonSum(r, c), neonWeights+c, neonSpare, 0)
		}
	}
}

// neonInt8End writes sum × (row scale) × (column scale) + bias.
func (a *asm) neonInt8End(height, first int) {
	a.op("MOVD %d(R0), R10", offWScale)
	a.load4("R10", neonWeights)
	a.op("MOVD %d(R0), R10", offScale)
	a.op("MOVD %d(R0), R11", offBias)
	a.op("MOVD %d(R0), R12", offDst)
	a.op("MOVD %d(R0), R13", offLDD)
	for r := range height {
		a.op("FMOVS %d(R10), F%d", 4*r, neonSpare)
		for c := range neonColumns {
			sum := first + neonSum(r, c)
			a.v("scvtf", sum, sum)
			a.v("fmul.s", sum, sum, neonSpare, 0)
			a.op("FMOVQ %d(R11), F%d", 16*c, neonSpare+1)
			a.v("fmla", neonSpare+1, sum, neonWeights+c)
			a.op("FMOVQ F%d, %d(R12)", neonSpare+1, 16*c)
		}
		a.op("ADD R13, R12")
	}
	a.op("RET")
}

// int8DotProd: tiles of up to 6 rows × 16 columns, the panel as for VNNI. SDOT
// takes signed bytes only, so that activations have 128 taken from them.
func int8DotProd(a *asm) {
	for height := 1; height <= neonHeight; height++ {
		a.function(fmt.Sprintf("int8DotProdx%d", height))
		a.neonRows(height)
		a.neonInt8Begin(height, 0)
		a.line("loop:")
		a.load4("R1", neonWeights)
		a.op("ADD $64, R1")
		for r := range height {
			x := neonSpare + r%4
			a.op("FMOVS (%s)(R3), F%d", neonRow(r), x)
			for c := range neonColumns {
				a.v("sdot.4b", neonSum(r, c), neonWeights+c, x, 0)
			}
		}
		a.op("ADD $4, R3")
		a.op("SUBS $1, R2")
		a.op("BNE loop")
		a.neonInt8End(height, 0)
	}
}

// int8NEON: tiles of up to 4 rows × 16 columns, panel and activations as for
// AVX2: two inputs a step, activations of 16 bits. Sums are in V4 to V19, as
// only V0 to V15 can give single halves.
func int8NEON(a *asm) {
	const first = 4
	for height := 1; height <= 4; height++ {
		a.function(fmt.Sprintf("int8NEONx%d", height))
		a.neonRows(height)
		a.neonInt8Begin(height, first)
		a.line("loop:")
		a.op("VLD2.P 32(R1), [V24.B16, V25.B16]") // one vector for each input
		a.v("sxtl", 26, 24)
		a.v("sxtl2", 27, 24)
		a.v("sxtl", 28, 25)
		a.v("sxtl2", 29, 25)
		for r := range height {
			a.op("FMOVS (%s)(R3), F%d", neonRow(r), r)
			for input := range 2 {
				for half := range 2 {
					from := 26 + 2*input + half
					a.v("smlal.h", first+neonSum(r, 2*half), from, r, input)
					a.v("smlal2.h", first+neonSum(r, 2*half+1), from, r, input)
				}
			}
		}
		a.op("ADD $4, R3")
		a.op("SUBS $1, R2")
		a.op("BNE loop")
		a.neonInt8End(height, first)
	}
}
