#!/bin/sh
# A real Asterisk with telephones and test tools, for `make test-switch`. Debian 12 has no Asterisk of its own, so a
# newer release's is unpacked into .switch/ with every library it needs; nothing of it touches the machine.
set -eu
cd "$(dirname "$0")/.."
root=.switch/root
missing=
command -v mmdebstrap >/dev/null || missing="$missing mmdebstrap"
command -v baresip >/dev/null || missing="$missing baresip-core"
command -v sipp >/dev/null || missing="$missing sip-tester"
command -v espeak-ng >/dev/null || missing="$missing espeak-ng"
command -v sox >/dev/null || missing="$missing sox"
[ -z "$missing" ] || sh scripts/apt.sh $missing
[ ! -x "$root/usr/sbin/asterisk" ] || exit 0
echo "== unpacking Asterisk into $root (240 MB)"
# The mirror this machine already uses, whichever it is.
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort -u | head -n 1)
rm -rf "$root.new"
mkdir -p .switch
mmdebstrap --quiet --variant=extract --components=main --architectures="$(dpkg --print-architecture)" \
    --include=asterisk,asterisk-modules,asterisk-config,asterisk-core-sounds-en-gsm \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Languages "none"' \
    --aptopt='APT::Install-Recommends "false"' \
    "${SWITCH_SUITE:-forky}" "$root.new" "deb $mirror ${SWITCH_SUITE:-forky} main"
rm -rf "$root.new/usr/share/doc" "$root.new/usr/share/man" "$root.new/usr/share/locale" \
    "$root.new/var/lib/apt" "$root.new/var/cache/apt"
mv "$root.new" "$root"
