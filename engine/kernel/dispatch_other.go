//go:build !amd64 && !arm64

package kernel

var (
	float32Kernels [isas]tiles
	int8Kernels    [isas]int8Kernel
	elementwise    [isas]elementwiseKernels
	scans          [isas]scanKernels
	halves         [isas]halfKernels
	attention      [isas]attentionKernels
)
