package kernel

import "golang.org/x/sys/cpu"

// detect: NEON is part of arm64.
func detect() []ISA {
	if cpu.ARM64.HasASIMDDP {
		return []ISA{NEON, DotProd}
	}
	return []ISA{NEON}
}
