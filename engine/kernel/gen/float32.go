package main

import "fmt"

// vectors describes one width of vector registers.
type vectors struct {
	name           string
	register       string
	integers       string // how moves of whole numbers end
	bytes          int
	height, width  int // of the largest tile: rows, vectors
	weights, spare int // registers after the sums
}

// reg is the name of vector register n.
func (v vectors) reg(n int) string { return fmt.Sprintf("%s%d", v.register, n) }

var (
	avx512 = vectors{"AVX512", "Z", "32", 64, 12, 2, 24, 26}
	narrow = vectors{"AVX512Narrow", "Z", "32", 64, 12, 1, 24, 26}
	avx2   = vectors{"AVX2", "Y", "", 32, 6, 2, 12, 14}
)

// float32Tiles: a panel holds for each input v.width vectors of columns. The distances
// from step to step are the caller's, so that a panel may lie inside a larger
// matrix and activations may lie transposed.
func float32Tiles(a *asm, v vectors) {
	for height := 1; height <= v.height; height++ {
		a.function(fmt.Sprintf("float32%sx%d", v.name, height))
		address := a.rows(height)
		reg := v.reg
		sum := func(row, column int) string { return reg(row*v.width + column) }
		a.op("MOVQ %d(AX), DI", offBias)
		for c := range v.width {
			a.op("VMOVUPS %d(DI), %s", v.bytes*c, sum(0, c))
			for r := 1; r < height; r++ {
				a.op("VMOVAPS %s, %s", sum(0, c), sum(r, c))
			}
		}
		a.op("MOVQ %d(AX), R12", offStepA)
		a.op("MOVQ %d(AX), R13", offStepB)
		a.line("loop:")
		for c := range v.width {
			a.op("VMOVUPS %d(BX), %s", v.bytes*c, reg(v.weights+c))
		}
		a.ahead(v.bytes * v.width)
		for r := range height {
			x := reg(v.spare + r%2)
			a.op("VBROADCASTSS %s, %s", address(r), x)
			for c := range v.width {
				a.op("VFMADD231PS %s, %s, %s", reg(v.weights+c), x, sum(r, c))
			}
		}
		a.op("ADDQ R13, BX")
		a.advance(height, "R12")
		a.op("DECQ CX")
		a.op("JNE loop")
		a.op("MOVQ %d(AX), DI", offDst)
		a.op("MOVQ %d(AX), R8", offLDD)
		for r := range height {
			for c := range v.width {
				a.op("VMOVUPS %s, %d(DI)", sum(r, c), v.bytes*c)
			}
			a.op("ADDQ R8, DI")
		}
		a.done()
	}
}
