"""What every engine must do; a second engine joins by a line in `ENGINES`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.search import engines, tantivy_engine
from knowledge_base.search.engine import Damaged, Engine, Filters, PassageDocument
from knowledge_base.search.engines import chosen, missing
from knowledge_base.search.folder import IndexFolder
from knowledge_base.search.tantivy_engine import TantivyEngine
from knowledge_base.search.text import terms
from knowledge_base.search.whoosh_engine import WhooshEngine
from knowledge_base.words import NATION, Audience, ItemKind

ENGINES = [WhooshEngine(), TantivyEngine()]
TODAY = date(2026, 11, 23)


def document(passage_id: int, text: str, **more) -> PassageDocument:
    facts = {
        "item_id": passage_id,
        "kind": ItemKind.GUIDE,
        "department_id": 1,
        "effective_on": date(2020, 1, 1),
        "expires_on": None,
        "title": "",
        "heading": "",
    }
    return PassageDocument(passage_id=passage_id, text=text, **{**facts, **more})


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request) -> Engine:
    return request.param


def find(reader, question: str, **filters) -> list[int]:
    found = reader.find(terms(question), 10, Filters(**{"on": TODAY, **filters}))
    return [hit.passage_id for hit in found]


def test_the_passage_with_the_rarer_words_comes_first(engine, tmp_path):
    engine.create(
        tmp_path / "i",
        [
            document(1, "申请人应当提交身份证。"),
            document(2, "申请公共租赁住房应当提交收入证明。"),
            document(3, "申请人应当在三日内领取。"),
        ],
    )
    assert find(engine.open(tmp_path / "i"), "申请公租房，公共租赁住房要什么")[0] == 2


def test_a_term_weighs_what_the_question_gives_it(engine, tmp_path):
    engine.create(tmp_path / "i", [document(1, "路灯报修电话"), document(2, "井盖报修电话")])
    reader = engine.open(tmp_path / "i")
    today = Filters(on=TODAY)
    assert [f.passage_id for f in reader.find({"路灯": 1.0, "井盖": 0.5}, 10, today)] == [1, 2]
    assert [f.passage_id for f in reader.find({"路灯": 0.5, "井盖": 1.0}, 10, today)] == [2, 1]


def test_it_says_in_how_many_passages_a_term_stands(engine, tmp_path):
    engine.create(tmp_path / "i", [document(1, "路灯报修"), document(2, "路灯维护"), document(3, "井盖")])
    assert engine.open(tmp_path / "i").holding(["路灯", "井盖", "彩虹"]) == {"路灯": 2, "井盖": 1, "彩虹": 0}


def test_a_word_in_the_title_counts_twice(engine, tmp_path):
    engine.create(
        tmp_path / "i",
        [
            document(1, "带身份证到窗口办理，当天办结，路灯损坏请拨热线。"),
            document(2, "带身份证到窗口办理，当天办结，缴费请拨热线电话。", title="路灯报修"),
        ],
    )
    assert find(engine.open(tmp_path / "i"), "路灯") == [2, 1]


def test_half_words_are_found_by_their_bigrams(engine, tmp_path):
    engine.create(tmp_path / "i", [document(1, "机动车驾驶证期满换证")])
    assert find(engine.open(tmp_path / "i"), "驾照期满") == [1]


def test_what_is_not_valid_on_the_day_is_not_found(engine, tmp_path):
    engine.create(
        tmp_path / "i",
        [
            document(1, "供暖补贴每平方米三元", expires_on=date(2026, 11, 22)),
            document(
                2, "供暖补贴每平方米四元", effective_on=date(2026, 11, 23), expires_on=date(2026, 11, 23)
            ),
            document(3, "供暖补贴每平方米五元", effective_on=date(2026, 11, 24)),
        ],
    )
    reader = engine.open(tmp_path / "i")
    assert find(reader, "供暖补贴") == [2]
    assert find(reader, "供暖补贴", on=date(2025, 1, 1)) == [1]
    assert find(reader, "供暖补贴", on=date(2027, 1, 1)) == [3]


def test_filters_leave_only_what_was_asked_for(engine, tmp_path):
    engine.create(
        tmp_path / "i",
        [
            document(1, "停水通知", kind=ItemKind.NOTICE, department_id=7),
            document(2, "停水怎么办", kind=ItemKind.QA, department_id=7),
            document(3, "停水通知", kind=ItemKind.NOTICE, department_id=8),
        ],
    )
    reader = engine.open(tmp_path / "i")
    assert set(find(reader, "停水", kinds=frozenset({ItemKind.NOTICE}))) == {1, 3}
    assert find(reader, "停水", kinds=frozenset({ItemKind.NOTICE}), departments=frozenset({7})) == [1]


def test_audience_and_region_narrow_and_what_names_no_region_holds_everywhere(engine, tmp_path):
    engine.create(
        tmp_path / "i",
        [
            document(1, "犬只登记", region="东区"),
            document(2, "犬只登记", region="西区", audience=Audience.ENTERPRISES),
            document(3, "犬只登记"),
            document(4, "犬只登记", region=NATION),
        ],
    )
    reader = engine.open(tmp_path / "i")
    assert set(find(reader, "犬只登记", regions=frozenset({"东区"}))) == {1, 3, 4}
    assert find(reader, "犬只登记", audiences=frozenset({Audience.ENTERPRISES})) == [2]


@pytest.mark.parametrize("national", [4, 5, 8])
def test_what_a_place_says_of_itself_is_found_behind_laws_of_the_nation(engine, tmp_path, national):
    laws = [document(n, "犬只登记", region=NATION) for n in range(1, national + 1)]
    own = [
        document(n, "养犬的人应当为其犬只到所在街道登记。", region=r)
        for n, r in ((11, "东区"), (12, ""), (13, ""))
    ]
    engine.create(tmp_path / "i", [*laws, *own])
    found = engine.open(tmp_path / "i").find(terms("犬只登记"), 4, Filters(on=TODAY), local=2)
    assert [one.passage_id in range(1, 9) for one in found] == [True] * 4 + [False] * 2
    assert len({one.passage_id for one in found}) == 6


def test_every_passage_of_an_item_stands_for_itself_the_best_first(engine, tmp_path):
    engine.create(
        tmp_path / "i",
        [
            document(1, "犬只登记", item_id=5),
            document(2, "犬只登记费用为五百元", item_id=5),
            document(3, "犬只免疫", item_id=6),
        ],
    )
    assert find(engine.open(tmp_path / "i"), "犬只登记费用") == [2, 1, 3]


def test_a_change_replaces_an_item_and_forgets_another(engine, tmp_path):
    folder = IndexFolder(tmp_path)
    first = folder.new_generation()
    engine.create(first, [document(1, "旧的路灯说明"), document(2, "井盖说明")])
    before = engine.open(first)
    second = folder.new_generation(like=first)
    engine.change(second, [document(3, "新的路灯说明", item_id=1)], [1, 2])
    after = engine.open(second, before)
    assert (find(after, "路灯说明"), find(after, "井盖")) == ([3], [])
    assert after.passage_count() == 1
    assert find(before, "井盖") == [2], "who has the index open reads on undisturbed"


def test_the_pieces_that_changes_left_are_put_together_and_nothing_is_lost(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(tantivy_engine, "CHEAP", 0)
    folder = IndexFolder(tmp_path)
    live = folder.new_generation()
    engine.create(live, [document(n, f"第{n}号公告关于路灯") for n in range(1, 6)])
    assert not engine.is_in_pieces(live)
    for n in range(6, 10):
        live = folder.new_generation(like=live)
        engine.change(live, [document(n, f"第{n}号公告关于路灯")], [n, n - 5])
    assert engine.is_in_pieces(live) == (engine.name == "tantivy")
    before = find(engine.open(live), "路灯公告")
    tidied = folder.new_generation(like=live)
    engine.tidy(tidied)
    assert not engine.is_in_pieces(tidied)
    after = engine.open(tidied)
    assert set(find(after, "路灯公告")) == set(before) == {5, 6, 7, 8, 9}
    assert after.passage_count() == 5


def test_many_changes_in_a_row_stay_true(engine, tmp_path):
    folder = IndexFolder(tmp_path)
    live, reader = folder.new_generation(), None
    engine.create(live, [document(n, f"第{n}号公告关于路灯") for n in range(1, 6)])
    for n in range(6, 26):
        beside = folder.new_generation(like=live)
        engine.change(beside, [document(n, f"第{n}号公告关于路灯")], [n, n - 5])
        live, reader = beside, engine.open(beside, reader)
    assert sorted(find(reader, "公告路灯")) == list(range(21, 26))
    assert reader.passage_count() == 5


# Whoosh leaves open what it could not read.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("harm", ["empty", "cut", "gone", "rubbish"])
def test_a_damaged_index_says_so(engine, tmp_path, harm):
    folder = tmp_path / "i"
    engine.create(folder, [document(1, "路灯")])
    for file in list(folder.iterdir()):
        if harm == "gone":
            file.unlink()
        elif harm == "empty":
            file.write_bytes(b"")
        elif harm == "cut":
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
        else:
            file.write_bytes(b"\xff" * 300)
    with pytest.raises(Damaged):
        engine.open(folder)


def test_an_empty_stock_is_searched_without_complaint(engine, tmp_path: Path):
    engine.create(tmp_path / "i", [])
    reader = engine.open(tmp_path / "i")
    assert (reader.passage_count(), find(reader, "路灯"), reader.starting_with("路", 5)) == (0, [], [])


def test_where_a_library_is_missing_the_first_engine_runs_and_says_what_to_install(monkeypatch):
    assert chosen("tantivy").name == "tantivy"
    assert missing("whoosh") == ""
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda _name: None)
    assert "tantivy" in missing("tantivy")
    assert chosen("tantivy").name == "whoosh"
