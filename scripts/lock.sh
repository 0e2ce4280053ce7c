#!/bin/sh
# Pin every package with its hashes. The development set is pinned so that it agrees with the other. The extra `vectors`
# is in both: who installs by these lists searches by meaning, who must save its 150 MB uninstalls it.
set -eu
.venv/bin/python -m pip install --quiet uv
compile() { .venv/bin/uv pip compile pyproject.toml --universal --python-version 3.11 --quiet \
    --no-emit-index-url --no-emit-find-links --no-header --generate-hashes "$@"; }
compile --extra vectors -o requirements.txt
compile --extra dev -c requirements.txt -o requirements-dev.txt
