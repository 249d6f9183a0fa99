#!/bin/sh
# Installs what Fyne needs to compile and is missing, or says what to install.
set -eu

case "$(uname -s)" in
Linux) ;;
Darwin)
    xcode-select -p >/dev/null 2>&1 || { echo "Touchstone needs Apple's compiler: run 'xcode-select --install', then try again." >&2; exit 1; }
    exit 0 ;;
*)
    command -v gcc >/dev/null 2>&1 || { echo "Touchstone needs a C compiler: install MSYS2 with mingw-w64-x86_64-gcc and put its bin folder on PATH, then try again." >&2; exit 1; }
    exit 0 ;;
esac

missing() {
    command -v gcc >/dev/null 2>&1 || return 0
    command -v pkg-config >/dev/null 2>&1 || return 0
    pkg-config --exists gl x11 xcursor xrandr xinerama xi xxf86vm xkbcommon || return 0
    return 1
}

missing || exit 0
packages="gcc pkg-config libgl1-mesa-dev xorg-dev libxkbcommon-dev"
command -v apt-get >/dev/null 2>&1 || {
    echo "Touchstone needs a C compiler and the development files of OpenGL, X11 and xkbcommon: install your system's packages for $packages, then try again." >&2
    exit 1
}
sudo=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "Run as root: apt-get install $packages" >&2; exit 1; }
    sudo="sudo"
fi
echo "Installing $packages" >&2
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
