"""Words by their sound, and what a mistyped one was meant to be."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.search.lexicon import FILE, Collector, Lexicon, sound_of
from knowledge_base.search.text import terms
from tests.knowledge_base.search.test_engine import document


class Held:
    """As much of a reader as corrections ask."""

    def __init__(self, *texts: str) -> None:
        self.held = set().union(*(terms(text) for text in texts))

    def holding(self, wanted):
        return {term: int(term in self.held) for term in wanted}


MORE = ["井盖丢失", "供暖费缴纳", "阿姨", "作业做完", "a"]
TEXTS = ["申请公租房应当提交收入证明", "供暖温度不达标", "路灯报修"]


@pytest.fixture
def lexicon(tmp_path) -> Lexicon:
    collector = Collector()
    assert len(list(collector.passing([document(n, text) for n, text in enumerate(TEXTS, 1)]))) == 3
    collector.write(tmp_path)
    return Lexicon(tmp_path)


@pytest.mark.parametrize("typed", ["gongnuan", "gn", "gong'nuan"])
def test_pinyin_and_initials_find_the_word(lexicon, typed):
    assert "供暖" in lexicon.by_sound(typed)


def test_words_written_in_one_are_taken_apart(lexicon):
    assert lexicon.by_sound("gongnuanwendu") == ["供暖", "温度"]


def test_the_beginning_of_a_pinyin_finds_it_too(lexicon):
    assert "收入" in lexicon.by_sound("shour")


def test_what_keyboards_confuse_sounds_alike():
    assert sound_of("证明") == sound_of("真民")


def test_a_word_that_nothing_holds_is_corrected_by_its_sound(lexicon):
    corrected = lexicon.correct("供软温度", Held(*TEXTS))
    assert corrected is None  # 软 sounds otherwise
    corrected = lexicon.correct("供馁路灯", Held(*TEXTS))
    assert corrected is None
    corrected = lexicon.correct("路登报修", Held(*TEXTS))
    assert (corrected.text, corrected.words) == ("路灯报修", ["路灯"])


def test_what_stands_in_the_stock_is_not_corrected(lexicon):
    assert lexicon.correct("路灯报修", Held(*TEXTS)) is None


STOCK = ["照明不良", "水桶", "社保卡", "医保报销", "公积金提取", "养老金", "热线", "路灯", "通知", "报修"]


@pytest.mark.parametrize(
    "typed", ["路灯不亮", "停水通知", "路灯不亮了", "暖气不热", "水管爆裂", "垃圾没人收"]
)
def test_words_of_the_language_are_meant_as_they_stand_though_no_text_has_them(tmp_path, typed):
    _written(tmp_path, STOCK)
    assert Lexicon(tmp_path).correct(typed, Held(*STOCK)) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("社报卡", "社保卡"),
        ("医宝报销", "医保报销"),
        ("公鸡金提取", "公积金提取"),
        ("养老京", "养老金"),
        ("路登不亮", "路灯不亮"),
    ],
)
def test_what_is_no_word_is_corrected_whatever_stands_beside_it(tmp_path, typed, meant):
    _written(tmp_path, STOCK)
    assert Lexicon(tmp_path).correct(typed, Held(*STOCK)).text == meant


def test_words_are_added_beside_those_already_there(tmp_path, lexicon):
    more = Collector()
    list(more.passing([document(9, "井盖丢失")]))
    more.write(tmp_path)
    assert Lexicon(tmp_path).by_sound("jinggai") == ["井盖"]
    assert "路灯" in Lexicon(tmp_path).by_sound("ludeng")


@given(st.lists(st.lists(st.sampled_from(TEXTS + MORE), min_size=1), min_size=1, max_size=4))
def test_words_added_bit_by_bit_are_as_those_written_at_once(batches):
    with TemporaryDirectory() as one, TemporaryDirectory() as many:
        _written(Path(one), [text for batch in batches for text in batch])
        for batch in batches:
            _written(Path(many), batch)
        assert (Path(one) / FILE).read_bytes() == (Path(many) / FILE).read_bytes()


def _written(folder: Path, texts: list[str]) -> None:
    collector = Collector()
    list(collector.passing([document(n, text) for n, text in enumerate(texts, 1)]))
    collector.write(folder)


def test_without_a_file_no_word_is_known():
    assert Lexicon(None).by_sound("gongnuan") == []
    assert Lexicon(None).correct("路登", Held()) is None


def test_the_readings_are_those_of_their_source():
    from scripts.make_readings import FILE as READINGS
    from scripts.make_readings import lines

    assert READINGS.read_text("utf-8").splitlines() == lines()
