package kernel

var float32Kernels = [isas]tiles{NEON: neonFloat32, DotProd: neonFloat32}

var neonFloat32 = tiles{6, 16, []func(*tile){
	float32NEONx1, float32NEONx2, float32NEONx3, float32NEONx4, float32NEONx5, float32NEONx6}}

var int8Kernels = [isas]int8Kernel{
	NEON: {tiles: tiles{4, 16, []func(*tile){
		int8NEONx1, int8NEONx2, int8NEONx3, int8NEONx4}}, group: 2, wide: true},
	DotProd: {tiles: tiles{6, 16, []func(*tile){
		int8DotProdx1, int8DotProdx2, int8DotProdx3, int8DotProdx4, int8DotProdx5, int8DotProdx6}}, group: 4, signed: true},
}

var elementwise = [isas]elementwiseKernels{
	NEON:    {4, geluNEON, addNormNEON, addScaledNEON, quantRangeNEON, scaleColumnsNEON, nil, quantiseNEON},
	DotProd: {4, geluNEON, addNormNEON, addScaledNEON, quantRangeNEON, scaleColumnsNEON, quantiseDotProd, nil},
}

var scans = [isas]scanKernels{
	NEON:    {dotInt8NEON, 16},
	DotProd: {dotInt8DotProd, 16},
}

var halves [isas]halfKernels // arm64 opens a workspace by the portable loop

var attention = [isas]attentionKernels{
	NEON:    {4, transposeNEON, softmaxColumnsNEON, nil},
	DotProd: {4, transposeNEON, softmaxColumnsNEON, nil},
}
