#!/usr/bin/env bash
# judgekeys.sh BINARY: a judge's day with nothing but keys, through the real
# window on a virtual screen: names the judge, gives 100 grades, takes one back,
# and then asks the workspace file itself. Needs Xvfb and xdotool.
set -euo pipefail
binary=$(realpath "$1")
work=$(mktemp -d)
export HOME=$work XDG_CONFIG_HOME=$work/config
trap 'kill $window $screen 2>/dev/null || true; rm -rf "$work"' EXIT
window='' screen=''
exec 3<>"$work/display"
Xvfb -displayfd 3 -screen 0 1280x800x24 >/dev/null 2>&1 & screen=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
export DISPLAY=:$(tr -d '\n' <"$work/display")
"$binary" >"$work/out" 2>&1 & window=$!
file=$XDG_CONFIG_HOME/touchstone/sample-en.touchstone
for _ in $(seq 1200); do id=$(xdotool search --onlyvisible --name . 2>/dev/null | head -1) && [ -n "$id" ] && [ -s "$file" ] && break; sleep 0.1; done
sleep 15 # the sample's products are encoded the first time
key() { xdotool key --delay 20 "$@"; }
xdotool windowfocus "$id" 2>/dev/null || true
key ctrl+2; sleep 2
xdotool type --delay 20 kim; key Return; sleep 15 # the first pairs are found
for i in $(seq 100); do key $((i % 4)); sleep 0.08; done
sleep 2; key z; sleep 2
key ctrl+q; sleep 3
graded=$("$binary" history "$file" --judge kim --limit 1000)
given=$(grep -c '– → ' <<<"$graded" || true) taken=$(grep -c 'undo' <<<"$graded" || true)
echo "$given grades given by keys, $taken taken back"
[ "$taken" -ge 1 ] && [ "$given" -ge 100 ]
