#!/usr/bin/env bash
# Drives the real window under a virtual display: types a query, grades five
# results by keyboard, learns, closes, and checks that the file holds it all.
# usage: tools/smoke.sh bin/touchstone [folder for the pictures]
set -euo pipefail
bin=$(realpath "$1")
out=$(realpath -m "${2:-$(mktemp -d)}")
mkdir -p "$out"

need() {
    command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
missing=""
need Xvfb xvfb
need xdotool xdotool
need import imagemagick
if [ -n "$missing" ]; then
    sudo=""; [ "$(id -u)" = 0 ] || sudo=sudo
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null
fi

export HOME="$out/home" XDG_CONFIG_HOME="$out/home/.config"
rm -rf "$HOME"
mkdir -p "$HOME"
export LANG=C.UTF-8

# The server takes the first free display and says which.
: >"$out/display"
Xvfb -displayfd 1 -screen 0 1440x900x24 >"$out/display" 2>"$out/xvfb.log" &
server=$!
app=""
cleanup() {
    [ -z "$app" ] || kill "$app" 2>/dev/null || true
    kill "$server" 2>/dev/null || true
}
trap cleanup EXIT

fail() {
    echo "smoke: $1 (pictures and logs in $out)" >&2
    import -window root "$out/failed.png" 2>/dev/null || true
    cat "$out/app.log" >&2 || true
    exit 1
}

# until_true COMMAND: tries for three minutes.
until_true() {
    for _ in $(seq 360); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.5
    done
    return 1
}

count() { "$bin" check "$w" | awk -v what="$1" '$2 == what { print $1 }'; }

until_true test -s "$out/display" || fail "the virtual display did not start"
DISPLAY=:$(cat "$out/display")
export DISPLAY

# The first start makes the person's own copy of the sample.
w="$XDG_CONFIG_HOME/touchstone/sample-en.touchstone"
before=$(($(wc -l <"$(dirname "$0")/../assets/sample/en/judgments.csv") - 1))

"$bin" >"$out/app.log" 2>&1 &
app=$!
until_true xdotool search --onlyvisible --name Touchstone || fail "no window appeared"
window=$(xdotool search --onlyvisible --name Touchstone | head -1)
xdotool windowsize "$window" 1440 900 windowmove "$window" 0 0
xdotool windowfocus "$window" 2>/dev/null || true
until_true xdotool search --onlyvisible --name sample-en || fail "the sample did not open"
sleep 1
xdotool type --delay 40 "headphones"
sleep 3
import -window root "$out/1-search.png"
xdotool key Return
sleep 1
for key in 3 2 1 0 3; do
    xdotool key "$key"
    sleep 0.4
done
import -window root "$out/2-graded.png"
kill -0 "$app" 2>/dev/null || fail "the window died while grading"
xdotool key ctrl+l
sleep "${SMOKE_WAIT:-20}"
import -window root "$out/3-learned.png"
kill -0 "$app" 2>/dev/null || fail "the window died while learning"
xdotool key ctrl+q
for _ in $(seq 40); do kill -0 "$app" 2>/dev/null || break; sleep 0.25; done
if kill -0 "$app" 2>/dev/null; then fail "the window did not close on Ctrl-Q"; fi
wait "$app" || fail "the window ended with an error"
app=""
after=$(count judgments)
[ "$after" -gt "$before" ] || fail "the grades given by keyboard are not in the file: $before before, $after after"
[ "$(count rankers)" -gt 0 ] || fail "learning from the sample adopted nothing"
echo "smoke: the window searched, graded ($before → $after grades), learned and closed; pictures in $out"
