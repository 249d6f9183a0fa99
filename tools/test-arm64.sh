#!/bin/sh
# The kernels and the encoder for arm64, run by qemu: with SDOT and, on an older
# processor, without.
set -eu
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || {
	echo 'arm64: not tested, qemu is not installed (Debian: qemu-user-static)'
	exit 0
}
test=$(mktemp)
trap 'rm -f "$test"' EXIT
for package in engine/kernel engine/bert; do
	GOARCH=arm64 CGO_ENABLED=0 ${GO:-go} test -c -o "$test" "./$package"
	for cpu in max cortex-a72; do
		echo "$package on $cpu"
		(cd "$package" && "$qemu" -cpu "$cpu" "$test" -test.short -rapid.checks=20 \
			-test.skip 'GoldenEmbeddings|Fidelity|Cybertron|Allocate|Fuzz')
	done
done
