"""The house stands: floors import only downwards, and pages hold nothing inline or from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from config.settings import ROOT


def test_a_floor_imports_only_the_floors_below_it():
    checked = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout


def test_nothing_in_a_page_is_inline_or_from_elsewhere():
    for page in ROOT.glob("*/templates/**/*.html"):
        text = page.read_text()
        for forbidden in ("style=", "<script>", "onclick=", "https://", "javascript:"):
            assert forbidden not in text, f"{page.relative_to(ROOT)} has {forbidden}"
