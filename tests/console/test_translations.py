"""Every message has its Chinese, and one meaning."""

from __future__ import annotations

from scripts.compile_translations import contradictions, untranslated


def test_every_message_has_a_chinese_translation():
    assert untranslated() == []


def test_no_message_means_one_thing_here_and_another_there():
    assert contradictions() == []
