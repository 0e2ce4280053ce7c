#!/bin/sh
# Install Debian or Ubuntu packages, as root or through sudo; say what is missing where neither is possible.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "Please install: $* (no apt-get on this machine)" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Please install, as root: apt-get install $*" >&2; exit 1; }
    as_root=sudo
fi
echo "== installing $*"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq >/dev/null || true
$as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
