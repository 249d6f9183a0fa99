package main

import "testing"

// TestEncode compares with the words that the GNU assembler 2.40 makes of the
// text (-march=armv8.2-a+dotprod).
func TestEncode(t *testing.T) {
	seen := map[string]bool{}
	for _, test := range []struct {
		name     string
		operands []int
		word     uint32
		text     string
	}{
		{"fadd", []int{31, 30, 15}, 0x4e2fd7df, "fadd v31.4s, v30.4s, v15.4s"},
		{"faddp", []int{31, 30, 15}, 0x6e2fd7df, "faddp v31.4s, v30.4s, v15.4s"},
		{"fcvtns", []int{31, 30}, 0x4e21abdf, "fcvtns v31.4s, v30.4s"},
		{"fdiv", []int{31, 30, 15}, 0x6e2fffdf, "fdiv v31.4s, v30.4s, v15.4s"},
		{"fmax", []int{31, 30, 15}, 0x4e2ff7df, "fmax v31.4s, v30.4s, v15.4s"},
		{"fmaxv", []int{31, 30}, 0x6e30fbdf, "fmaxv s31, v30.4s"},
		{"fmin", []int{31, 30, 15}, 0x4eaff7df, "fmin v31.4s, v30.4s, v15.4s"},
		{"fminv", []int{31, 30}, 0x6eb0fbdf, "fminv s31, v30.4s"},
		{"fmla", []int{31, 30, 15}, 0x4e2fcfdf, "fmla v31.4s, v30.4s, v15.4s"},
		{"fmla.s", []int{31, 30, 15, 3}, 0x4faf1bdf, "fmla v31.4s, v30.4s, v15.s[3]"},
		{"fmla.s", []int{7, 8, 28, 3}, 0x4fbc1907, "fmla v7.4s, v8.4s, v28.s[3]"},
		{"fmul", []int{31, 30, 15}, 0x6e2fdfdf, "fmul v31.4s, v30.4s, v15.4s"},
		{"fmul.s", []int{31, 30, 15, 3}, 0x4faf9bdf, "fmul v31.4s, v30.4s, v15.s[3]"},
		{"fmul.s", []int{7, 8, 28, 3}, 0x4fbc9907, "fmul v7.4s, v8.4s, v28.s[3]"},
		{"fsub", []int{31, 30, 15}, 0x4eafd7df, "fsub v31.4s, v30.4s, v15.4s"},
		{"mul.s", []int{31, 30, 15, 3}, 0x4faf8bdf, "mul v31.4s, v30.4s, v15.s[3]"},
		{"mul.s", []int{7, 8, 28, 3}, 0x4fbc8907, "mul v7.4s, v8.4s, v28.s[3]"},
		{"sadalp", []int{31, 30}, 0x4e606bdf, "sadalp v31.4s, v30.8h"},
		{"scvtf", []int{31, 30}, 0x4e21dbdf, "scvtf v31.4s, v30.4s"},
		{"sdot", []int{31, 30, 15}, 0x4e8f97df, "sdot v31.4s, v30.16b, v15.16b"},
		{"sdot.4b", []int{31, 30, 15, 3}, 0x4fafebdf, "sdot v31.4s, v30.16b, v15.4b[3]"},
		{"sdot.4b", []int{7, 8, 28, 3}, 0x4fbce907, "sdot v7.4s, v8.16b, v28.4b[3]"},
		{"smlal.h", []int{31, 30, 15, 3}, 0x0f7f23df, "smlal v31.4s, v30.4h, v15.h[3]"},
		{"smlal.h", []int{7, 8, 12, 7}, 0x0f7c2907, "smlal v7.4s, v8.4h, v12.h[7]"},
		{"smlal.h", []int{7, 28, 3, 4}, 0x0f432b87, "smlal v7.4s, v28.4h, v3.h[4]"},
		{"smlal2", []int{31, 30, 15}, 0x4e2f83df, "smlal2 v31.8h, v30.16b, v15.16b"},
		{"smlal2.h", []int{31, 30, 15, 3}, 0x4f7f23df, "smlal2 v31.4s, v30.8h, v15.h[3]"},
		{"smlal2.h", []int{7, 8, 12, 7}, 0x4f7c2907, "smlal2 v7.4s, v8.8h, v12.h[7]"},
		{"smlal2.h", []int{7, 28, 3, 4}, 0x4f432b87, "smlal2 v7.4s, v28.8h, v3.h[4]"},
		{"smull", []int{31, 30, 15}, 0x0e2fc3df, "smull v31.8h, v30.8b, v15.8b"},
		{"sqxtun", []int{31, 30}, 0x2e612bdf, "sqxtun v31.4h, v30.4s"},
		{"sxtl", []int{31, 30}, 0x0f08a7df, "sxtl v31.8h, v30.8b"},
		{"sxtl2", []int{31, 30}, 0x4f08a7df, "sxtl2 v31.8h, v30.16b"},
		{"uqxtn", []int{31, 30}, 0x2e214bdf, "uqxtn v31.8b, v30.8h"},
	} {
		word, text := encode(test.name, test.operands...)
		if word != test.word || text != test.text {
			t.Errorf("%s %v: %#08x %q, want %#08x %q", test.name, test.operands, word, text, test.word, test.text)
		}
		seen[test.name] = true
	}
	for name := range instructions {
		if !seen[name] {
			t.Errorf("%s is not tested", name)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, operands := range [][]int{{32, 0, 0, 0}, {0, 0, 16, 0}, {0, 0, 0, 8}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("smlal %v: not refused", operands)
				}
			}()
			encode("smlal.h", operands...)
		}()
	}
}
