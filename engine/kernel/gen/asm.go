package main

import (
	"fmt"
	"strings"
)

// asm is the text of a file as it is written.
type asm struct {
	strings.Builder
	declarations []string
}

func (a *asm) line(format string, args ...any) { fmt.Fprintf(a, format+"\n", args...) }
func (a *asm) op(format string, args ...any)   { fmt.Fprintf(a, "\t"+format+"\n", args...) }

// function opens a function that takes one pointer to a tile.
func (a *asm) function(name string) {
	a.declarations = append(a.declarations, name+"(t *tile)")
	a.line("")
	a.line("// func %s(t *tile)", name)
	a.line("TEXT ·%s(SB), NOSPLIT, $0-8", name)
}

// signature opens a function with plain arguments.
func (a *asm) signature(name, arguments string, size int) {
	a.declarations = append(a.declarations, name+arguments)
	a.line("")
	a.line("// func %s%s", name, arguments)
	a.line("TEXT ·%s(SB), NOSPLIT, $0-%d", name, size)
}

// done returns from an amd64 function.
func (a *asm) done() {
	a.op("VZEROUPPER")
	a.op("RET")
}
