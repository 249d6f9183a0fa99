//go:build !amd64

package kernel

var (
	float32Kernels map[ISA]tiles
	int8Kernels    map[ISA]int8Kernel
	elementwise    [DotProd + 1]elementwiseKernels
	scans          [DotProd + 1]scanKernels
	attention      [DotProd + 1]attentionKernels
)
