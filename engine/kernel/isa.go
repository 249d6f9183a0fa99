package kernel

import (
	"fmt"
	"os"
	"strings"
)

// ISA is an instruction set that kernels are written for.
type ISA uint8

// The instruction sets. A better one is never chosen where the cpu lacks it.
const (
	Portable ISA = iota
	AVX2         // AVX2 and FMA
	AVXVNNI      // AVX2 with the byte products of AVX-VNNI
	AVX512       // AVX-512 F, BW, DQ, VL; int8 as AVX2
	VNNI         // AVX-512 with the byte products of VNNI
	NEON         // arm64
	DotProd      // arm64 with the byte products SDOT and UDOT

	isas = iota // how many there are
)

var isaNames = []string{"portable", "avx2", "avxvnni", "avx512", "vnni", "neon", "dotprod"}

// String is the name that TOUCHSTONE_KERNEL takes.
func (i ISA) String() string { return isaNames[i] }

// Available lists what this cpu can run, the best last.
func Available() []ISA { return append([]ISA{Portable}, detect()...) }

// Best is the instruction set that TOUCHSTONE_KERNEL names, or else the best of
// this cpu. A name that this cpu cannot run is an error, and Best falls back.
func Best() (ISA, error) {
	available := Available()
	best := available[len(available)-1]
	name := os.Getenv("TOUCHSTONE_KERNEL")
	if name == "" {
		return best, nil
	}
	var names []string
	for _, isa := range available {
		if isa.String() == name {
			return isa, nil
		}
		names = append(names, isa.String())
	}
	return best, fmt.Errorf("TOUCHSTONE_KERNEL=%s: this cpu runs %s", name, strings.Join(names, ", "))
}
