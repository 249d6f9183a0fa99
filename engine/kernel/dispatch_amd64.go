package kernel

var float32Kernels = [isas]tiles{AVX2: avx2Float32, AVXVNNI: avx2Float32, AVX512: avx512Float32, VNNI: avx512Float32}

var avx2Float32 = tiles{6, 16, []func(*tile){
	float32AVX2x1, float32AVX2x2, float32AVX2x3, float32AVX2x4, float32AVX2x5, float32AVX2x6}}

var avx512Float32 = tiles{12, 32, []func(*tile){
	float32AVX512x1, float32AVX512x2, float32AVX512x3, float32AVX512x4, float32AVX512x5, float32AVX512x6,
	float32AVX512x7, float32AVX512x8, float32AVX512x9, float32AVX512x10, float32AVX512x11, float32AVX512x12}}

// AVX-512 without VNNI multiplies int8 as AVX2 does, from 16-bit activations.
var int8Kernels = [isas]int8Kernel{
	AVX2: avx2Int8,
	AVXVNNI: {tiles: tiles{6, 16, []func(*tile){
		int8AVXVNNIx1, int8AVXVNNIx2, int8AVXVNNIx3, int8AVXVNNIx4, int8AVXVNNIx5, int8AVXVNNIx6}}, group: 4},
	AVX512: avx2Int8,
	VNNI: {tiles: tiles{6, 64, []func(*tile){
		int8VNNIx1, int8VNNIx2, int8VNNIx3, int8VNNIx4, int8VNNIx5, int8VNNIx6}}, group: 4},
}

var avx2Int8 = int8Kernel{tiles: tiles{4, 16, []func(*tile){
	int8AVX2x1, int8AVX2x2, int8AVX2x3, int8AVX2x4}}, group: 2, wide: true}

var elementwise = [isas]elementwiseKernels{
	AVX2:    {8, geluAVX2, addNormAVX2, addScaledAVX2, quantRangeAVX2, scaleColumnsAVX2, nil, quantiseAVX2},
	AVXVNNI: {8, geluAVX2, addNormAVX2, addScaledAVX2, quantRangeAVX2, scaleColumnsAVX2, quantiseAVXVNNI, nil},
	AVX512:  {16, geluAVX512, addNormAVX512, addScaledAVX512, quantRangeAVX512, scaleColumnsAVX512, nil, quantiseAVX2},
	VNNI:    {16, geluAVX512, addNormAVX512, addScaledAVX512, quantRangeAVX512, scaleColumnsAVX512, quantiseAVX512, nil},
}

var scans = [isas]scanKernels{
	AVX2:    {dotInt8AVX2, 32},
	AVXVNNI: {dotInt8AVXVNNI, 32},
	AVX512:  {dotInt8AVX2, 32},
	VNNI:    {dotInt8VNNI, 64},
}

var (
	avx2Half = halfKernels{halfLargestAVX2, halfCodesAVX2, codeValuesAVX2, 32}
	halves   = [isas]halfKernels{AVX2: avx2Half, AVXVNNI: avx2Half, AVX512: avx2Half, VNNI: avx2Half}
)

var attention = [isas]attentionKernels{
	AVX2:    {8, transposeAVX2, softmaxColumnsAVX2, nil},
	AVXVNNI: {8, transposeAVX2, softmaxColumnsAVX2, nil},
	AVX512:  {16, transposeAVX512, softmaxColumnsAVX512, &avx512Narrow},
	VNNI:    {16, transposeAVX512, softmaxColumnsAVX512, &avx512Narrow},
}

var avx512Narrow = tiles{12, 16, []func(*tile){
	float32AVX512Narrowx1, float32AVX512Narrowx2, float32AVX512Narrowx3, float32AVX512Narrowx4,
	float32AVX512Narrowx5, float32AVX512Narrowx6, float32AVX512Narrowx7, float32AVX512Narrowx8,
	float32AVX512Narrowx9, float32AVX512Narrowx10, float32AVX512Narrowx11, float32AVX512Narrowx12}}
