//go:build !amd64 && !arm64

package kernel

var (
	float32Kernels map[ISA]float32Kernel
	int8Kernels    map[ISA]int8Kernel
	quantRanges    map[ISA]func(x *float32, n int) (low, high float32)
	quantBytesOf   map[ISA]func(dst *byte, x *float32, n int, inverse, zero float32)
)
