#!/bin/sh
# Opens the window, or does the same job in the terminal where there is no display.
set -eu
bin=$1
case "$(uname -s)" in
Linux)
    if [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
        exec "$bin" demo --out demo
    fi ;;
esac
exec "$bin"
