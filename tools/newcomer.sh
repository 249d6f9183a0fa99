#!/usr/bin/env bash
# newcomer.sh BINARY [FOLDER]: a newcomer's way from the first start to a better
# ranking of a catalogue of their own, through the real window on a virtual
# screen: opens a CSV whose columns have names of their own, brings in grades,
# searches, grades one, learns. Counts what the person does (a chord, a click, a
# text with Enter), keeps a picture after each in FOLDER, and then asks the
# workspace file itself whether the ranking is better. Needs Xvfb, xdotool,
# ImageMagick and python3.
set -euo pipefail
binary=$(realpath "$1") pictures=${2:-}
here=$(dirname "$(dirname "$(realpath "$0")")")
work=$(mktemp -d)
export HOME=$work XDG_CONFIG_HOME=$work/config XDG_CACHE_HOME=$work/cache
mkdir -p "$work/config" "$work/cache" ${pictures:+"$pictures"}
window='' screen=''
trap 'kill $window $screen 2>/dev/null || true; rm -rf "$work"' EXIT

python3 - "$here/assets/sample/en/products.jsonl" "$work/shop.csv" <<'PY'
import csv, json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
with open(sys.argv[2], "w", newline="") as f:
    w = csv.writer(f)
    w.writerow(["sku", "name", "maker", "department", "text", "cost", "stars"])
    for r in rows:
        w.writerow([r["id"], r["title"], r.get("brand", ""), r.get("category", ""), r.get("description", ""), r.get("price", ""), r.get("rating", "")])
PY
cp "$here/assets/sample/en/judgments.csv" "$work/judgments.csv"

exec 3<>"$work/display"
Xvfb -displayfd 3 -screen 0 1280x800x24 >/dev/null 2>&1 & screen=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
export DISPLAY=:$(tr -d '\n' <"$work/display")
began=$SECONDS
"$binary" >"$work/out" 2>&1 & window=$!
for _ in $(seq 600); do id=$(xdotool search --onlyvisible --name . 2>/dev/null | head -1) && [ -n "$id" ] && [ -s "$work/config/touchstone/sample-en.touchstone" ] && break; sleep 0.1; done
xdotool windowmove "$id" 0 0 windowsize "$id" 1280 800 2>/dev/null || true
xdotool windowfocus "$id" 2>/dev/null || true

actions=0
did() { # did SECONDS WHAT: what was just done, and how long to look at it
    actions=$((actions + 1))
    sleep "$1"
    echo "$actions. $2 ($((SECONDS - began)) s)"
    if [ -n "$pictures" ]; then import -window root "$pictures/$(printf %02d "$actions").png"; fi
}
click() { xdotool mousemove "$1" "$2"; sleep 0.2; xdotool click 1; }
settled() { # until the program has not worked for three seconds
    local before now still=0
    for _ in $(seq 120); do
        before=$(awk '{print $14+$15}' "/proc/$window/stat"); sleep 1
        now=$(awk '{print $14+$15}' "/proc/$window/stat")
        if [ $((now - before)) -lt 10 ]; then still=$((still + 1)); else still=0; fi
        [ "$still" -ge 3 ] && return
    done
}
settled
xdotool key ctrl+i;                           did 2 "Open your catalogue (Ctrl I)"
click 749 245;                                did 1 "choose shop.csv"
click 1035 660;                               did 3 "Open: what the columns were taken for is shown"
xdotool key Return; sleep 2; settled;         did 1 "open it as a new workspace"
xdotool key ctrl+k;                           did 1 "Find anything to do (Ctrl K)"
xdotool type --delay 30 "import judg"; sleep 0.5; xdotool key Return; did 2 "import judgments"
click 749 245;                                did 1 "choose judgments.csv"
click 1035 660; sleep 1; settled;             did 1 "Open"
xdotool key ctrl+f; xdotool type --delay 40 headphones; xdotool key Return; did 2 "search for headphones"
xdotool key 3;                                did 1 "grade the first result with 3"
xdotool key ctrl+l; sleep 2; settled;         did 1 "Learn from the grades (Ctrl L)"
took=$((SECONDS - began))
xdotool key ctrl+q
for _ in $(seq 100); do kill -0 "$window" 2>/dev/null || break; sleep 0.1; done

file=$work/shop.touchstone
score() { "$binary" eval "$file" --ranker "$1" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["mean"])'; }
"$binary" ranker list "$file"
before=$(score default) used=$("$binary" eval "$file" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["mean"])')
echo "$actions actions in $took s: NDCG@10 $before with the first weights, $used now"
[ "$actions" -le 15 ] && [ "$took" -le 180 ] && awk -v a="$before" -v b="$used" 'BEGIN { exit !(b > a) }'
