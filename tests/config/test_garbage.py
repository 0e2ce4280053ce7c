"""What is there at the start is looked at no more."""

from __future__ import annotations

import gc

import pytest

from config.garbage import keep_what_is_there


@pytest.fixture
def _as_before():
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_as_before")
def test_what_was_there_is_kept_and_what_comes_is_collected():
    there = [{"cycle": n} for n in range(1000)]
    keep_what_is_there()
    assert gc.get_freeze_count() >= len(there)
    assert not any(one is there[0] for one in gc.get_objects())
    new = {}
    new["itself"] = new
    del new
    assert gc.collect() >= 1
