"""Search by meaning: what shares no word with a question is found, and an index without vectors still answers."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from config import clock
from knowledge_base import search as finder
from knowledge_base.search import Filters, indexer, meaning, vectors
from knowledge_base.search import follower as following
from knowledge_base.search.answers import answers
from knowledge_base.search.engine import Damaged
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.folder import Busy, meant_of
from knowledge_base.search.follower import Follower
from knowledge_base.search.meaning import FILES, Nothing, meaning_of
from knowledge_base.search.thesaurus import Thesaurus
from knowledge_base.search.vectors import (
    BYTE,
    MOST_PIECES,
    SHORTLISTED,
    VectorGatherer,
    Vectors,
    encode,
    pieces_of,
)
from knowledge_base.search.whoosh_engine import WhooshEngine
from knowledge_base.services import retire_item
from knowledge_base.words import ItemKind
from tests.factories.knowledge_base import make_approver, make_item
from tests.support.later import Later

QUESTIONS = Path(__file__).parent.parent / "questions"
NO_WORDS = Thesaurus(())
ASKED = "父亲喝醉以后动手伤人"
"""Shares no word and no two characters with ANSWER."""
ANSWER = "对实施家庭暴力的加害人，由公安机关给予批评教育或者出具告诫书。"


@pytest.fixture
def turn(app, monkeypatch):
    """`turn(on=False)`."""

    def to(on: bool) -> None:
        changed = app.config["SETTINGS"].model_copy(update={"search_by_meaning": on})
        monkeypatch.setitem(app.config, "SETTINGS", changed)

    return to


@pytest.fixture(autouse=True)
def turned_on(turn, encoder_file, app):
    """With the encoder's file there, as it is everywhere but on the first day."""
    turn(on=True)
    mine = app.config["SETTINGS"].var_dir / "search" / encoder_file.name
    mine.parent.mkdir(parents=True, exist_ok=True)
    if not mine.exists():
        os.link(encoder_file, mine)


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


def test_turned_off_words_find_and_no_vectors_are_kept(process, law, turn):
    assert titles(process, ASKED)
    turn(on=False)
    make_item("井盖丢失", "井盖丢了由养护单位设围挡。")
    assert titles(process, "井盖丢了怎么办") == ["井盖丢失"]
    assert not any((process.folder.live() / name).exists() for name in FILES)


def test_turned_on_later_the_vectors_join_the_index_there_is(process, law, turn):
    turn(on=False)
    assert titles(process, ASKED) == []
    before = process.folder.live()
    turn(on=True)
    assert titles(process, "灯") == ["路灯报修"]  # who searches does not wait for it
    assert titles(process, ASKED)[0] == "反家庭暴力法"
    assert (before.name, process.stamp) != (process.folder.live().name, None)
    assert meant_of(process.folder.live()) == process.stamp.number


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
    finder.current_follower().catch_up()  # at once: what goes on beside would go on in the next test
    assert finder.search(ASKED)[0].title == "反家庭暴力法"


def test_in_a_large_stock_the_nearest_are_found_though_most_is_only_looked_through(tmp_path):
    chance = np.random.default_rng(12345)
    telling = 1 / np.sqrt(1 + np.arange(128))  # as of texts: the first axes tell most
    stock = chance.normal(size=(3 * SHORTLISTED, 128)) * telling
    stock = (
        np.round(stock / np.linalg.norm(stock, axis=1, keepdims=True) * BYTE).clip(-127, 127).astype(np.int8)
    )
    ids = np.arange(len(stock)) + 7
    rows = np.stack([ids, ids, np.ones_like(ids)], axis=1)
    for name, array in zip(FILES, (rows, stock, stock), strict=True):
        np.save(tmp_path / name, array)
    vectors = Vectors(tmp_path)
    for question in stock[::1500].astype(np.float32) / BYTE:
        like = stock.astype(np.float32) @ question
        exact = ids[np.argsort(-like, kind="stable")[:10]].tolist()
        found = [one.passage_id for one in vectors.nearest(question, 10)]
        assert found[0] == exact[0]
        assert len({*found} & {*exact}) >= 9


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


@pytest.fixture
def later():
    return Later()


@pytest.fixture
def slow(tmp_path, later, monkeypatch):
    """A process of a machine on which two texts are too many to wait for, and two passages a generation."""
    monkeypatch.setattr(vectors, "AT_ONCE", 2)
    monkeypatch.setattr(indexer, "PASSAGES_AT_ONCE", 2)
    monkeypatch.setattr(following, "ENCODE_AGAIN_SECONDS", 0.0)
    return Follower(tmp_path / "slow", WhooshEngine(), DatabaseFeed(), later)


def test_what_takes_long_to_encode_is_found_by_its_words_at_once_and_by_its_meaning_later(slow, law, later):
    assert titles(slow, "家庭暴力") == ["反家庭暴力法"]
    assert titles(slow, ASKED) == []
    assert len(later.waiting) == 1, "asked for once, however often one searches"
    later.run()
    assert titles(slow, ASKED)[0] == "反家庭暴力法"
    assert titles(slow, ASKED)
    assert later.waiting == []


def test_a_publication_does_not_wait_for_what_is_being_encoded(slow, law, later, monkeypatch):
    titles(slow, "家庭暴力")
    apart, found = vectors.encode_apart, []

    def and_meanwhile(*wanted):
        if not found:
            make_item("井盖丢失", "井盖丢了由养护单位设围挡。")
            found.extend(titles(slow, "井盖丢了怎么办"))
        return apart(*wanted)

    monkeypatch.setattr(vectors, "encode_apart", and_meanwhile)
    later.run()
    assert found == ["井盖丢失"]
    assert titles(slow, ASKED)[0] == "反家庭暴力法"
    assert len(Vectors(slow.folder.live())._passages) == 4


def test_while_one_candidate_is_not_encoded_words_alone_rank(process, law, monkeypatch):
    titles(process, "家庭暴力怎么办")
    monkeypatch.setattr(vectors, "AT_ONCE", 0)
    make_item("家庭暴力求助", "遇到家庭暴力请拨打热线。")
    process._beside = Later()
    process.look_now()
    hits = answers(process, NO_WORDS, "遇到家庭暴力怎么办", 10).hits
    assert hits[0].title == "家庭暴力求助"
    assert {hit.parts["meaning"] for hit in hits} == {0}


def test_what_was_encoded_when_a_process_was_killed_is_not_encoded_again(slow, law, later, monkeypatch):
    titles(slow, "家庭暴力")
    begun = meant_of(slow.folder.live())
    passed, write = [], VectorGatherer.passing

    def counting(self, documents):
        for document in write(self, documents):
            passed.append(document.passage_id)
            yield document

    monkeypatch.setattr(VectorGatherer, "passing", counting)
    with monkeypatch.context() as patch:
        patch.setattr(VectorGatherer, "encode", killed_at_the_second())
        with pytest.raises(KeyboardInterrupt):
            slow.indexer.catch_up_meanings()
    assert begun < meant_of(slow.folder.live()) < slow.stamp.number
    slow.indexer.catch_up_meanings()
    assert meant_of(slow.folder.live()) == slow.stamp.number
    assert len(set(passed)) == 3
    assert len(passed) == 4, "only the passage that was in hand was taken twice"


def killed_at_the_second():
    encode, calls = VectorGatherer.encode, []

    def now_and_then(self) -> None:
        calls.append(self)
        if len(calls) > 1:
            raise KeyboardInterrupt
        encode(self)

    return now_and_then


def test_one_process_of_a_machine_encodes(slow, law, later):
    titles(slow, "家庭暴力")
    with slow.folder.encoding(wait=None):
        with pytest.raises(Busy):
            slow.indexer.catch_up_meanings()
        later.run()  # says nothing, and asks again later
    assert titles(slow, "家庭暴力") == ["反家庭暴力法"]
    later.run()
    assert titles(slow, ASKED)[0] == "反家庭暴力法"


def test_vectors_of_another_encoder_are_made_anew(process, law, monkeypatch):
    titles(process, ASKED)
    monkeypatch.setattr(meaning, "RECIPE", 1000)
    again = Follower(process.folder.path.parent, WhooshEngine(), DatabaseFeed(), lambda work: work())
    assert meant_of(process.folder.live()) == 0
    assert titles(again, "家庭暴力") == ["反家庭暴力法"]
    assert titles(again, ASKED)[0] == "反家庭暴力法"
    assert len(Vectors(again.folder.live())._passages) == 3


def test_on_the_first_day_the_encoder_is_made_beside(process, law, app, monkeypatch):
    var = app.config["SETTINGS"].model_copy(update={"var_dir": process.folder.path.parent})
    monkeypatch.setitem(app.config, "SETTINGS", var)
    vectors._encoder.cache_clear()
    try:
        assert titles(process, "家庭暴力怎么办") == ["反家庭暴力法"]
        assert titles(process, ASKED)[0] == "反家庭暴力法"
    finally:
        vectors._encoder.cache_clear()


def test_if_it_cannot_be_encoded_words_answer_and_it_is_tried_again_later(slow, law, later, monkeypatch):
    titles(slow, "家庭暴力")
    with monkeypatch.context() as patch:
        patch.setattr(vectors, "encode_apart", broken)
        later.run()
    assert titles(slow, "家庭暴力") == ["反家庭暴力法"]
    assert later.waiting == [], "not at once"
    slow._next_encoding = 0.0
    titles(slow, "家庭暴力")
    later.run()
    assert titles(slow, ASKED)[0] == "反家庭暴力法"


def test_an_encoder_that_questions_cannot_use_is_an_error_and_not_tried_without_end(slow, law, monkeypatch):
    titles(slow, "家庭暴力")
    monkeypatch.setattr(indexer, "is_ready", lambda: False)
    with pytest.raises(RuntimeError, match="cannot be opened"):
        slow.indexer.catch_up_meanings()


def broken(*_wanted):
    raise RuntimeError("encoding ended with -9")


def test_the_command_makes_the_index_with_all_that_its_texts_mean(app, law, monkeypatch):
    monkeypatch.setattr(vectors, "AT_ONCE", 0)
    done = app.test_cli_runner().invoke(args=["kb", "reindex"])
    assert "what they mean in" in done.output
    assert finder.search(ASKED)[0].title == "反家庭暴力法"


def test_a_hotline_without_the_encoder_finds_by_words_and_says_what_is_missing(process, law, monkeypatch):
    monkeypatch.setattr(meaning, "is_installed", lambda: False)
    assert titles(process, ASKED) == []
    assert titles(process, "家庭暴力怎么办") == ["反家庭暴力法"]
    assert meaning.missing() == meaning.TO_INSTALL
    process.catch_up_meanings()
    assert meant_of(process.folder.live()) == 0
