"""Copies the named front-end files from node_modules to console/static/vendor: `python -m console.assets`."""

from __future__ import annotations

import shutil
from pathlib import Path

from config.settings import ROOT

VENDOR = ROOT / "console" / "static" / "vendor"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "socket.io.esm.min.js": "socket.io-client/dist/socket.io.esm.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
"""What the pages load, by the name they load it under."""


def copy_assets(modules: Path = ROOT / "node_modules", vendor: Path = VENDOR) -> list[Path]:
    """Copy each file; FileNotFoundError names the package that `npm ci` did not bring."""
    vendor.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(modules / source, vendor / name)) for name, source in FILES.items()]


if __name__ == "__main__":
    print(f"{len(copy_assets())} front-end files in {VENDOR.relative_to(ROOT)}")
