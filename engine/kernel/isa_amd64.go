package kernel

import "golang.org/x/sys/cpu"

func detect() (isas []ISA) {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA {
		return nil
	}
	isas = append(isas, AVX2)
	if cpu.X86.HasAVXVNNI {
		isas = append(isas, AVXVNNI)
	}
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL {
		isas = append(isas, AVX512)
		if cpu.X86.HasAVX512VNNI {
			isas = append(isas, VNNI)
		}
	}
	return isas
}
