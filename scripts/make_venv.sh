#!/bin/sh
# Make .venv with a Python of at least 3.11, on a machine that may have no venv module yet.
set -eu
python=${PYTHON:-python3}
"$python" - <<'CHECK' || { echo "The hotline needs Python 3.11 or newer (found: $("$python" --version))." >&2; exit 1; }
import sys
sys.exit(sys.version_info < (3, 11))
CHECK
echo "== making the virtual environment"
rm -rf .venv
if ! "$python" -m venv .venv 2>/dev/null; then
    # Debian keeps venv in a package of its own.
    rm -rf .venv
    sh scripts/apt.sh python3-venv
    "$python" -m venv .venv
fi
# On Pythons for which there is no packaged Redis, the system's is used.
if ! "$python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))' && ! command -v redis-server >/dev/null; then
    sh scripts/apt.sh redis-server
fi
