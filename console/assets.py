"""Brings the named front-end files from node_modules to console/static/vendor: `python -m console.assets`."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from config.settings import ROOT

VENDOR = ROOT / "console" / "static" / "vendor"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "socket.io.esm.min.js": "socket.io-client/dist/socket.io.esm.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
"""What the pages load, by the name they load it under."""
BUNDLES = {
    "jssip.esm.min.js": 'export { UA, WebSocketInterface } from "jssip";\n',
}
"""Libraries that come without a file a browser can load: what we take of them, made into one module."""


def copy_assets(modules: Path = ROOT / "node_modules", vendor: Path = VENDOR) -> list[Path]:
    """Copy each file; FileNotFoundError names the package that `npm ci` did not bring."""
    vendor.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(modules / source, vendor / name)) for name, source in FILES.items()]


def bundle_assets(modules: Path = ROOT / "node_modules", vendor: Path = VENDOR) -> list[Path]:
    """Make each module with esbuild, a program of its own that needs no Node.js."""
    vendor.mkdir(parents=True, exist_ok=True)
    esbuild = next(modules.glob("@esbuild/*/bin/esbuild"), None)
    if esbuild is None:
        raise FileNotFoundError(f"esbuild is not in {modules}")
    return [_bundle(esbuild, modules, vendor / name, text) for name, text in BUNDLES.items()]


def _bundle(esbuild: Path, modules: Path, target: Path, text: str) -> Path:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "entry.js").write_text(text)
        (Path(folder) / "node_modules").symlink_to(modules.resolve())
        subprocess.run(
            (
                str(esbuild.resolve()), "entry.js", "--bundle", "--minify", "--format=esm", "--platform=browser",
                "--target=es2022", "--legal-comments=eof", "--log-level=error", f"--outfile={target.resolve()}",
            ),
            cwd=folder,
            check=True,
        )  # fmt: skip
    return target


if __name__ == "__main__":
    made = [*copy_assets(), *bundle_assets()]
    print(f"{len(made)} front-end files in {VENDOR.relative_to(ROOT)}")
