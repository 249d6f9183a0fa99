#!/bin/sh
# package.sh BINARY VERSION ARCH: dist/touchstone_VERSION_ARCH.deb and
# dist/touchstone-VERSION-linux-ARCH.tar.gz of a program that was built.
set -eu
bin=$1 version=$2 arch=$3
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
tree=$root/touchstone-$version
install -Dm755 "$bin" "$tree/usr/bin/touchstone"
install -Dm644 packaging/touchstone.desktop "$tree/usr/share/applications/touchstone.desktop"
install -Dm644 packaging/touchstone-mime.xml "$tree/usr/share/mime/packages/touchstone.xml"
install -Dm644 assets/icons/app.png "$tree/usr/share/icons/hicolor/512x512/apps/touchstone.png"
install -Dm644 assets/icons/app.svg "$tree/usr/share/icons/hicolor/scalable/apps/touchstone.svg"
install -Dm644 LICENSE "$tree/usr/share/doc/touchstone/copyright"
install -Dm644 NOTICE "$tree/usr/share/doc/touchstone/NOTICE"
install -Dm644 assets/licences.txt "$tree/usr/share/doc/touchstone/licences.txt"
mkdir -p dist

# The tar has the same tree without usr/: unpack it and run bin/touchstone, or
# copy it over ~/.local or /usr/local.
tar -C "$root" --owner=0 --group=0 --sort=name --mtime=@0 --transform "s,^touchstone-$version/usr,touchstone-$version," \
    -czf "dist/touchstone-$version-linux-$arch.tar.gz" "touchstone-$version/usr"

if command -v dpkg-deb >/dev/null; then
    mkdir -p "$tree/DEBIAN"
    cat > "$tree/DEBIAN/control" <<CONTROL
Package: touchstone
Version: $version
Architecture: $arch
Maintainer: The Touchstone authors <touchstone@localhost>
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Depends: libc6, libgl1, libx11-6, libxcursor1, libxrandr2, libxinerama1, libxi6, libxxf86vm1
Section: misc
Priority: optional
Description: bench for testing and tuning product search
 Opens a catalogue, searches it with words and with BERT, explains each score,
 and turns people's grades into better ranking weights, on this machine.
CONTROL
    dpkg-deb --root-owner-group --build "$tree" "dist/touchstone_${version}_$arch.deb" >/dev/null
else
    echo "no dpkg-deb: the .deb was left out" >&2
fi
ls -l dist/*"$version"*
