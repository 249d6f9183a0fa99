package main

import (
	"bytes"
	"encoding/hex"
	"testing"
)

// TestVPDPBUSD compares with the bytes that the GNU assembler 2.40 makes of
// {vex} vpdpbusd, which takes the registers in the same order.
func TestVPDPBUSD(t *testing.T) {
	for want, registers := range map[string][3]int{
		"c4e27d50c0": {0, 0, 0},
		"c4621d50ff": {7, 12, 15},
		"c4422d50dd": {13, 10, 11},
		"c4420550ff": {15, 15, 15},
	} {
		code, err := hex.DecodeString(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := vpdpbusd(registers[0], registers[1], registers[2]); !bytes.Equal(got, code) {
			t.Errorf("%v: %x, want %s", registers, got, want)
		}
	}
}
