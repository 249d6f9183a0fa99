#!/bin/sh
# Runs every fuzz target of every package for a time, one after another, and keeps
# a crash under the package's testdata/fuzz, where every later go test finds it.
# usage: tools/fuzz.sh 5m [package…]
set -eu
time=$1
shift
go=${GO:-go}
tags=${TAGS:--tags migrated_fynedo,no_animations}
[ $# -gt 0 ] || set -- $(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u)
failed=""
for package; do
    for target in $(grep -h '^func Fuzz' "$package"/*_test.go | sed 's/func \(Fuzz[A-Za-z0-9_]*\).*/\1/'); do
        echo "== $package $target, $time"
        # The workers share one processor with whatever else runs; 256 MB is the bar for memory.
        # shellcheck disable=SC2086
        GOMEMLIMIT=256MiB "$go" test $tags "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -parallel "${FUZZPARALLEL:-2}" || failed="$failed $package/$target"
    done
done
[ -z "$failed" ] || { echo "fuzz: failed:$failed" >&2; exit 1; }
