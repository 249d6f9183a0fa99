package main

import "fmt"

// Offsets of the fields of tile; matrix_test.go holds them to the struct.
const (
	offA      = 0  // first row of activations
	offLDA    = 8  // bytes from row to row
	offB      = 16 // panel of weights
	offK      = 24 // steps of the inner loop
	offDst    = 32 // first row of results
	offLDD    = 40 // bytes from row to row
	offBias   = 48 // one a column
	offScale  = 56 // int8: one a row of activations
	offZero   = 64 // int8: minus the zero point of each row of activations
	offWScale = 72 // int8: one a column
	offWSum   = 80 // int8: sum of the weights of each column
	offStepA  = 88 // float32: bytes from step to step of a row of activations
	offStepB  = 96 // float32: bytes from step to step of the panel
)

// rows loads the address of each row of activations: the first in SI, the
// others addressed from up to three bases with a stride in R8.
func (a *asm) rows(height int) (address func(row int) string) {
	a.op("MOVQ t+0(FP), AX")
	a.op("MOVQ %d(AX), SI", offA)
	a.op("MOVQ %d(AX), R8", offLDA)
	a.op("MOVQ %d(AX), BX", offB)
	a.op("MOVQ %d(AX), CX", offK)
	// A base every three rows: base, base+R8, base+2*R8.
	bases := []string{"SI", "R9", "R10", "R11"}
	for i := 1; i*3 < height; i++ {
		a.op("LEAQ (%s)(R8*2), %s", bases[i-1], bases[i])
		a.op("ADDQ R8, %s", bases[i])
	}
	return func(row int) string {
		base := bases[row/3]
		switch row % 3 {
		case 1:
			return fmt.Sprintf("(%s)(R8*1)", base)
		case 2:
			return fmt.Sprintf("(%s)(R8*2)", base)
		}
		return fmt.Sprintf("(%s)", base)
	}
}

// advance moves the row bases on by a number of bytes.
func (a *asm) advance(height int, bytes string) {
	for i, base := range []string{"SI", "R9", "R10", "R11"} {
		if i*3 < height {
			a.op("ADDQ %s, %s", bytes, base)
		}
	}
}

// panelAhead is how many bytes before its turn a panel's memory is asked for.
// docs/encoder.md has what it gains.
const panelAhead = 16384

// ahead asks for what the panel holds for a later step, of so many bytes.
func (a *asm) ahead(bytes int) {
	for offset := 0; offset < bytes; offset += 64 {
		a.op("PREFETCHT0 %d(BX)", panelAhead+offset)
	}
}
