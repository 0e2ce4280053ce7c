#!/bin/sh
# Chromium and fonts with Chinese characters, for the browser tests.
set -eu
missing=
command -v chromium >/dev/null || missing="chromium"
ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] || sh scripts/apt.sh $missing
