"""The front-end files that are copied, and what the pages may load."""

from __future__ import annotations

import re

import pytest

from config.settings import ROOT
from console.assets import BUNDLES, FILES, bundle_assets, copy_assets

STATIC = ROOT / "console" / "static"


def test_the_named_files_and_no_others_are_copied(tmp_path):
    for source in FILES.values():
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    copy_assets(tmp_path / "node_modules", tmp_path / "vendor")
    assert {path.name for path in (tmp_path / "vendor").iterdir()} == set(FILES)


def test_a_file_that_npm_did_not_bring_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"htmx\.org"):
        copy_assets(tmp_path / "node_modules", tmp_path / "vendor")


def test_the_lock_file_holds_no_download_addresses():
    assert "resolved" not in (ROOT / "package-lock.json").read_text()


def test_no_style_sheet_but_the_tokens_names_a_colour():
    named = {}
    for path in (STATIC / "css").glob("*.css"):
        found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", path.read_text())
        if found and path.name != "tokens.css":
            named[path.name] = found
    assert named == {}


def test_every_script_imports_only_files_that_are_there():
    for path in (STATIC / "js").rglob("*.js"):
        for target in re.findall(r'(?:from|import)\s+"(\.[^"]+)"', path.read_text()):
            there = (path.parent / target).resolve()
            assert there.exists() or there.parent.name == "vendor", f"{path.name}: {target}"


def test_no_script_holds_a_chinese_sentence_or_builds_markup_from_text():
    for path in (STATIC / "js").rglob("*.js"):
        text = path.read_text()
        assert not re.search(r"[\u4e00-\u9fff]", text), path.name
        assert not re.search(r"\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|\beval\(", text), path.name


def test_a_library_without_a_built_file_is_made_into_one_module(tmp_path):
    made = bundle_assets(vendor=tmp_path)
    assert [path.name for path in made] == list(BUNDLES)
    text = made[0].read_text()
    assert re.search(r"export\s*\{.*WebSocketInterface", text)
    assert not re.search(r"\beval\(|new Function", text), "the pages' policy forbids both"


def test_without_the_program_that_makes_modules_it_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="esbuild"):
        bundle_assets(tmp_path, tmp_path / "vendor")
