"""A log tells what happened, and no number of a citizen."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from config.discretion import discreet, nameless
from config.logging import configure


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("caller +8613912340042 hung up", "caller +86139****0042 hung up"),
        ("sip:13912340042@trunk", "sip:139****0042@trunk"),
        ("身份证 11010519491231002X。", "身份证 110105********002X。"),
        ("case 20261127-0000001 call 261127-205638-YK5P5", "case 20261127-0000001 call 261127-205638-YK5P5"),
        (
            "request_id=01a21d03835d7305f8431573ccc04813912340042",
            "request_id=01a21d03835d7305f8431573ccc04813912340042",
        ),
        (
            "violates check\nDETAIL:  Failing row contains (1, 张三,\n幸福路).\n[SQL: INSERT]",
            "violates check\nDETAIL: left out\n[SQL: INSERT]",
        ),
    ],
)
def test_numbers_and_rows_are_left_out_and_identifiers_stay(written, read):
    assert discreet(written) == read


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_line_of_any_logger_holds_a_number(app, capsys, form):
    root = logging.getLogger()
    before, level, chosen = root.handlers[:], root.level, structlog.get_config()
    try:
        configure(app.config["SETTINGS"].model_copy(update={"log_format": form}))
        logging.getLogger("a.library").error("dialled %s", "13912340042")
        try:
            raise ValueError("no such number: 13912340042")
        except ValueError:
            structlog.get_logger("ours").exception(
                "not_dialled", to=["+8613912340042"], about={"from": "13912340043"}
            )
        lines = capsys.readouterr().err
    finally:
        root.handlers = before
        root.setLevel(level)
        structlog.configure(**chosen)
    assert "1391234004" not in lines
    assert lines.count("139****0042") >= 3
    if form == "json":
        assert json.loads(lines.splitlines()[1])["about"] == {"from": "139****0043"}


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("010-8800 1234 是谁的", "… 是谁的"),
        ("13912340042", "…"),
        ("身份证１１０１０５１９４９１２３１００２Ｘ", "身份证…Ｘ"),
        ("12345 打不通，96390 也打不通", "12345 打不通，96390 也打不通"),
        ("写信给 li.si+1@mail.example.cn 了", "写信给 … 了"),
    ],
)
def test_of_what_strangers_type_no_number_or_mail_address_is_kept(written, kept):
    assert nameless(written) == kept
