#!/bin/sh
# Pin every package with its hashes. The development set is pinned so that it agrees with the other.
set -eu
.venv/bin/python -m pip install --quiet uv
compile() { .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet \
    --no-emit-index-url --no-emit-find-links --no-header --generate-hashes "$@"; }
compile -o requirements.txt
compile --extra dev -c requirements.txt -o requirements-dev.txt
