package bert

import (
	"strings"
	"testing"
)

// BenchmarkEncode encodes 100 texts of 36 tokens, the mean of a product text.
func BenchmarkEncode(b *testing.B) {
	for _, precision := range []Precision{FP32, Int8} {
		b.Run(string(precision), func(b *testing.B) {
			m := openShared(b, "all-MiniLM-L6-v2", Options{Precision: precision})
			texts := make([]string, 100)
			for i := range texts {
				texts[i] = strings.Repeat("cable ", 34)
			}
			tokens := 0
			for b.Loop() {
				if _, err := m.Encode(b.Context(), texts); err != nil {
					b.Fatal(err)
				}
				tokens += len(texts) * len(m.Tokenize(texts[0]))
			}
			b.ReportMetric(float64(tokens)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}
