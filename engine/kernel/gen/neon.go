package main

import "fmt"

// Go's arm64 assembler lacks most vector arithmetic. These instructions are
// written as words, encoded here (Arm Architecture Reference Manual, C4.1.94);
// neon_test.go compares them with what another assembler makes.

// instruction is the word of an instruction on registers 0, and its usual
// spelling: destination, first and second source.
type instruction struct {
	word    uint32
	text    string
	element element
}

// element is how an instruction picks one element of its second source.
type element uint8

const (
	whole  element = iota
	words          // 4 bytes, index 0 to 3, any register
	halves         // 2 bytes, index 0 to 7, registers 0 to 15
)

var instructions = map[string]instruction{
	"fadd":     {0x4e20d400, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fsub":     {0x4ea0d400, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fmul":     {0x6e20dc00, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fdiv":     {0x6e20fc00, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fmax":     {0x4e20f400, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fmin":     {0x4ea0f400, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fmla":     {0x4e20cc00, "v%d.4s, v%d.4s, v%d.4s", whole},
	"faddp":    {0x6e20d400, "v%d.4s, v%d.4s, v%d.4s", whole},
	"fmaxv":    {0x6e30f800, "s%d, v%d.4s", whole},
	"fminv":    {0x6eb0f800, "s%d, v%d.4s", whole},
	"fcvtns":   {0x4e21a800, "v%d.4s, v%d.4s", whole},
	"scvtf":    {0x4e21d800, "v%d.4s, v%d.4s", whole},
	"sqxtun":   {0x2e612800, "v%d.4h, v%d.4s", whole},
	"uqxtn":    {0x2e214800, "v%d.8b, v%d.8h", whole},
	"sxtl":     {0x0f08a400, "v%d.8h, v%d.8b", whole},
	"sxtl2":    {0x4f08a400, "v%d.8h, v%d.16b", whole},
	"smull":    {0x0e20c000, "v%d.8h, v%d.8b, v%d.8b", whole},
	"smlal2":   {0x4e208000, "v%d.8h, v%d.16b, v%d.16b", whole},
	"sadalp":   {0x4e606800, "v%d.4s, v%d.8h", whole},
	"sdot":     {0x4e809400, "v%d.4s, v%d.16b, v%d.16b", whole},
	"fmul.s":   {0x4f809000, "v%d.4s, v%d.4s, v%d.s[%d]", words},
	"fmla.s":   {0x4f801000, "v%d.4s, v%d.4s, v%d.s[%d]", words},
	"mul.s":    {0x4f808000, "v%d.4s, v%d.4s, v%d.s[%d]", words},
	"sdot.4b":  {0x4f80e000, "v%d.4s, v%d.16b, v%d.4b[%d]", words},
	"smlal.h":  {0x0f402000, "v%d.4s, v%d.4h, v%d.h[%d]", halves},
	"smlal2.h": {0x4f402000, "v%d.4s, v%d.8h, v%d.h[%d]", halves},
}

// encode makes the word of an instruction and its usual spelling. Operands are
// the destination, the sources and, where it takes one, the element's index.
func encode(name string, operands ...int) (word uint32, text string) {
	i, ok := instructions[name]
	if !ok {
		panic("no instruction " + name)
	}
	arguments := make([]any, len(operands))
	for at, o := range operands {
		arguments[at] = o
		if o < 0 || o > 31 {
			panic(fmt.Sprintf("%s: operand %d", name, o))
		}
	}
	word = i.word | uint32(operands[0]) | uint32(operands[1])<<5
	if len(operands) > 2 {
		word |= uint32(operands[2]) << 16
	}
	if i.element != whole {
		index := uint32(operands[3])
		if i.element == halves {
			if operands[2] > 15 || index > 7 {
				panic(fmt.Sprintf("%s: v%d[%d]", name, operands[2], index))
			}
			word |= index & 1 << 20
			index >>= 1
		}
		if index > 3 {
			panic(fmt.Sprintf("%s: element %d", name, index))
		}
		word |= index & 1 << 21
		word |= index >> 1 << 11
	}
	spelling := name
	for at, c := range name { // fmla.s is spelled fmla, with its element
		if c == '.' {
			spelling = name[:at]
		}
	}
	return word, spelling + " " + fmt.Sprintf(i.text, arguments...)
}

// v writes an instruction that Go's assembler lacks.
func (a *asm) v(name string, operands ...int) {
	word, text := encode(name, operands...)
	a.op("WORD $0x%08x // %s", word, text)
}
