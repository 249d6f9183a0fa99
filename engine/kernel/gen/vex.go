package main

import "fmt"

// vpdpbusd multiplies unsigned with signed bytes and adds four products to each
// 32-bit sum. Go's assembler knows its AVX-512 form only; for Y0 to Y15 this
// writes the VEX form, which AVX-VNNI has: VEX.256.66.0F38.W0 50 /r (Intel SDM,
// volume 2, VPDPBUSD).
func (a *asm) vpdpbusd(signed, unsigned, sum int) {
	a.bytes(fmt.Sprintf("VPDPBUSD Y%d, Y%d, Y%d", signed, unsigned, sum), vpdpbusd(signed, unsigned, sum))
}

func vpdpbusd(signed, unsigned, sum int) []byte {
	return []byte{
		0xc4,
		byte(^sum>>3&1<<7 | 1<<6 | ^signed>>3&1<<5 | 0x02), // 0F38; the registers' fourth bits, inverted
		byte(^unsigned&15<<3 | 1<<2 | 1),                   // 256 bits, 66
		0x50,
		byte(3<<6 | sum&7<<3 | signed&7),
	}
}

// bytes writes an instruction that the assembler lacks.
func (a *asm) bytes(text string, code []byte) {
	line := "\t"
	for _, b := range code {
		line += fmt.Sprintf("BYTE $0x%02x; ", b)
	}
	a.line("%s// %s", line, text)
}
