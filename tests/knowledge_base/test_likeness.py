"""The same, alike, other."""

from __future__ import annotations

import pytest

from knowledge_base.likeness import fingerprint, likeness, sketch, title_key
from tests.knowledge_base.importing.files import LAW


@pytest.mark.parametrize(
    "title",
    [
        "中华人民共和国妇女权益保障法",
        "妇女权益保障法(2022-10-30)",
        "《妇女权益保障法》",
        "妇女权益保障法（2018年修正）",
        "妇女 权益保障法",
    ],
)
def test_titles_that_name_the_same_law_are_the_same(title):
    assert title_key(title) == "妇女权益保障法"


def test_titles_of_different_documents_stay_apart():
    assert title_key("养犬管理办法（试行）") != title_key("养犬管理办法")


def test_spaces_and_punctuation_make_no_other_text():
    assert fingerprint("第一条　为了规范，制定。") == fingerprint("第一条 为了规范,制定.")
    assert fingerprint("收费五十元") != fingerprint("收费六十元")


def test_a_text_with_a_few_words_changed_is_found_by_its_sketch():
    text = LAW * 2 + "附则另行规定的事项由市公安局会同有关部门拟定，报市人民政府批准后公布。"
    changed = text.replace("三十日", "十五日", 1)
    assert set(sketch(text)) & set(sketch(changed))
    assert 0.8 < likeness(text, changed) < 1


def test_another_text_is_not():
    other = "城市供水企业应当保证水压和水质符合国家标准，停水二十四小时前通知用户，抢修不得拖延。" * 8
    assert not set(sketch(LAW)) & set(sketch(other))
    assert likeness(LAW, other) < 0.1
