"""The index keeps in step with the database: on several machines, through damage, and when it is large."""

from __future__ import annotations

import shutil
import threading
import time

import pytest

from knowledge_base import search as finder
from knowledge_base.models.revision import current_stamp
from knowledge_base.search import follower as following
from knowledge_base.search import tantivy_engine
from knowledge_base.search.answers import answers
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.folder import Busy, IndexFolder, stamp_of
from knowledge_base.search.follower import Follower, SearchNotReady
from knowledge_base.search.tantivy_engine import TantivyEngine
from knowledge_base.search.thesaurus import Thesaurus
from knowledge_base.search.whoosh_engine import WhooshEngine
from knowledge_base.services import retire_item
from tests.factories.knowledge_base import make_approver, make_item
from tests.support.later import Later

THESAURUS = Thesaurus(())
ENGINES = [WhooshEngine(), TantivyEngine()]


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request):
    return request.param


@pytest.fixture
def machine(app, tmp_path, engine):
    """`machine("a")` → a process on machine a; `machine("a", again)` another one there."""

    def boot(name: str, beside=None) -> Follower:
        return Follower(tmp_path / name, engine, DatabaseFeed(), beside or Later())

    return boot


def titles(process: Follower, query: str) -> list[str]:
    process.look_now()
    return [hit.title for hit in answers(process, THESAURUS, query, 10).hits]


def generations(process: Follower) -> list[str]:
    return [path.name for path in process.folder.path.glob("gen-*")]


def test_two_machines_see_the_same_after_every_change(machine):
    one, two = machine("a"), machine("b")
    item = make_item("路灯报修")
    assert titles(one, "路灯") == titles(two, "路灯") == ["路灯报修"]
    make_item("路灯缴费")
    retire_item(make_approver(), item, "过时")
    assert titles(one, "路灯") == titles(two, "路灯") == ["路灯缴费"]
    assert one.stamp == two.stamp == current_stamp()


def test_two_processes_on_one_machine_share_the_work(machine):
    one, two = machine("a"), machine("a")
    make_item("路灯报修")
    assert titles(one, "路灯") == ["路灯报修"]
    before = generations(one)
    assert titles(two, "路灯") == ["路灯报修"]
    assert generations(two) == before, "the second opened what the first had made"


def test_a_change_adds_to_the_index_and_leaves_one_generation(machine):
    process = machine("a")
    for n in range(4):
        make_item(f"路灯{n}")
        assert len(titles(process, "路灯")) == n + 1
    assert len(generations(process)) == 1


def test_within_a_second_the_database_is_not_asked_again(machine, count_queries):
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯坏了找谁")  # the first search of all takes its time
    process.look_now()
    process.reader()
    with count_queries() as queries:
        process.reader()
    assert queries == []


def test_while_another_process_writes_a_search_answers_from_what_it_has(machine, monkeypatch):
    monkeypatch.setattr(following, "WAIT_FOR_WRITER_SECONDS", 0.05)
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯")
    make_item("路灯缴费")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with IndexFolder(process.folder.path).writing(wait=None):
            held.set()
            release.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    held.wait(10)
    try:
        assert titles(process, "路灯") == ["路灯报修"]
        with pytest.raises(Busy), IndexFolder(process.folder.path).writing(wait=0.05):
            pass
    finally:
        release.set()
        other.join()
    assert len(titles(process, "路灯")) == 2


def test_a_large_change_goes_on_beside_the_live_index(machine, monkeypatch):
    later = Later()
    process = machine("a", later)
    make_item("路灯报修")
    assert titles(process, "路灯") == ["路灯报修"]
    monkeypatch.setattr(following, "AT_ONCE_PASSAGES", 0)
    make_item("路灯缴费")
    assert titles(process, "路灯") == ["路灯报修"]
    assert titles(process, "路灯") == ["路灯报修"]
    assert len(later.waiting) == 1, "one catching up at a time"
    later.run()
    assert len(titles(process, "路灯")) == 2


def test_a_large_first_index_asks_for_patience(machine, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE_PASSAGES", 0)
    later = Later()
    process = machine("a", later)
    make_item("路灯报修")
    with pytest.raises(SearchNotReady):
        titles(process, "路灯")
    later.run()
    assert titles(process, "路灯") == ["路灯报修"]


def test_another_database_is_never_taken_for_an_older_state_of_this_one(machine):
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯")
    live = process.folder.live()
    told = (live / "stamp.json").read_text()
    (live / "stamp.json").write_text(told.replace(process.stamp.epoch, "another"))
    assert titles(machine("a"), "路灯") == ["路灯报修"]
    assert stamp_of(machine("a").folder.live()) == current_stamp()


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh leaves broken files open
@pytest.mark.parametrize("harm", ["all gone", "files gone", "rubbish", "stamp", "pointer"])
def test_a_damaged_index_is_noticed_and_made_anew(machine, harm):
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯")
    live = process.folder.live()
    if harm == "all gone":
        shutil.rmtree(process.folder.path)
    elif harm == "pointer":
        (process.folder.path / "current").write_text("gen-nowhere")
    elif harm == "stamp":
        (live / "stamp.json").write_text("{")
    else:
        for file in [f for f in live.iterdir() if f.name not in ("stamp.json", "sounds")]:
            file.unlink()
            if harm == "rubbish":
                file.write_bytes(b"\x00" * 500)
    assert titles(machine("a"), "路灯") == ["路灯报修"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_reader_that_trips_over_its_files_has_them_made_anew(machine, monkeypatch):
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯")

    def trip(*_args):
        raise ValueError("block tag error")

    monkeypatch.setattr(process._reader, "find", trip)
    assert titles(process, "路灯") == ["路灯报修"]


def test_what_a_killed_process_left_half_made_is_swept_away(machine):
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯")
    process.folder.new_generation()
    process.rebuild()
    assert len(generations(process)) == 1


def test_readiness_says_how_far_the_index_is(app):
    make_item("路灯报修")
    finder.current_follower().look_now()
    assert finder.check() == f"1 passages at revision {current_stamp().number}"


def test_commands_rebuild_and_search(app):
    item = make_item("路灯报修")
    done = app.test_cli_runner().invoke(args=["kb", "reindex"])
    assert done.output.startswith("1 passages in "), done.output
    found = app.test_cli_runner().invoke(args=["kb", "search", "路灯"])
    assert item.item_no in found.output
    assert "1 hits in" in found.output


def test_a_publication_is_found_at_once_by_a_process_that_asks_the_database_once_an_hour(app, monkeypatch):
    monkeypatch.setattr(following, "GLANCE_SECONDS", 3600.0)
    finder.current_follower().look_now()
    assert finder.search("路灯") == []
    make_item("路灯报修")
    until = time.monotonic() + 20
    while not (found := finder.search("路灯")) and time.monotonic() < until:
        time.sleep(0.01)
    assert [hit.title for hit in found] == ["路灯报修"]
    finder.current_follower().look_now()  # nor need the next test wait an hour


def test_a_ring_during_a_glance_leads_to_another(machine, monkeypatch):
    process = machine("a")
    make_item("路灯报修")
    titles(process, "路灯")
    asked = process.feed.stamp

    def published_meanwhile():
        stamp = asked()
        monkeypatch.undo()
        make_item("路灯缴费")
        process.look_now()
        return stamp

    monkeypatch.setattr(process.feed, "stamp", published_meanwhile)
    assert titles(process, "路灯") == ["路灯报修"]
    assert {hit.title for hit in answers(process, THESAURUS, "路灯", 10).hits} == {"路灯报修", "路灯缴费"}


@pytest.mark.parametrize("engine", [TantivyEngine()], indirect=True)  # Whoosh leaves none
def test_pieces_are_put_together_beside_and_thrown_away_where_somebody_published_meanwhile(
    machine, engine, monkeypatch
):
    monkeypatch.setattr(tantivy_engine, "CHEAP", 0)
    later = Later()
    one = machine("a", later)
    for n in range(1, 6):
        make_item(f"路灯{n}")
        assert len(titles(one, "路灯")) == n
    in_pieces = one.folder.live()
    make_item("路灯6")
    two = machine("a")
    tidy, found_meanwhile = one.engine.tidy, []

    def slow_tidy(folder):
        tidy(folder)
        found_meanwhile.append(len(titles(two, "路灯")))

    monkeypatch.setattr(one.engine, "tidy", slow_tidy)
    assert later.waiting
    later.run()
    assert found_meanwhile == [6]
    assert one.engine.is_in_pieces(one.folder.live())
    assert len(titles(one, "路灯")) == 6
    monkeypatch.undo()
    monkeypatch.setattr(tantivy_engine, "CHEAP", 0)
    one.indexer.tidy()
    assert one.folder.live() != in_pieces
    assert not one.engine.is_in_pieces(one.folder.live())
    assert len(titles(one, "路灯")) == len(titles(two, "路灯")) == 6
    assert len(generations(one)) == 1
