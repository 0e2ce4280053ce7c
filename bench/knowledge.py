"""Search on stocks of different size: building, catching up with one publication, answering, and how well.

A stock is filled with documents first (`bench.documents`), which questions are asked about, and then with generated
passages: nonsense in words of common characters whose frequencies fall as in real text.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.documents import Document
from bench.support import bench_servers, percentiles
from config import clock
from config.extensions import db
from config.ids import new_id
from config.settings import ROOT, Settings
from knowledge_base.passages import cut

SHIPPED_QUESTIONS = Path(__file__).resolve().parent.parent / "tests/knowledge_base/questions"
PASSAGES_PER_ITEM = 20
QUESTIONS = 300
ELSEWHERE = 20
"""Publications that a process with an index of its own has to find."""
CHARACTERS = bytes(
    half for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) for half in (row, cell)
).decode("gb2312")
"""The 3,666 common ones of the old standard, by sound."""
VOCABULARY, SEED = 20_000, 12345


def main() -> None:
    before = _resident_mb()
    measure_stocks("whoosh", (1_000, 10_000), None, (), 1)
    print(f"resident: {before:.0f} MB before, {_resident_mb():.0f} MB after")


def measure_stocks(
    engine: str, sizes: Sequence[int], documents: Path | None, questions: Sequence[Path], repeats: int
) -> None:
    """Print what `engine` does at each size; `documents` and `questions` None and empty: those we ship."""
    with bench_servers(search_engine=engine) as (settings, _found):
        from bench.documents import documents_in, shipped
        from knowledge_base.evaluation import read_questions
        from wsgi import create_app

        files = list(questions) or sorted(SHIPPED_QUESTIONS.glob("*-city.jsonl"))
        asked = {file.stem: read_questions(file.read_text("utf-8").splitlines()) for file in files}
        with create_app(settings).app_context():
            people = _people()
            language = _Language(SEED)
            there = _fill(documents_in(documents) if documents else shipped(), people)
            for size in sorted(sizes):
                if size > there:
                    there += _fill(language.documents(size - there), people)
                _measure(engine, language, people, asked, repeats)
                with _second_reader(settings) as second:
                    _publish_for(second, people)  # its index is there from here on
                    late = [_publish_for(second, people, language.chance.random()) for _n in range(ELSEWHERE)]
                print(f"  published → found by a second process: {percentiles(late)}  (target ≤ 2 s)")


def _measure(
    engine: str,
    language: _Language,
    people: tuple[Any, Any, Any],
    questions: Mapping[str, Sequence[Any]],
    repeats: int,
) -> None:
    from knowledge_base.evaluation import measure
    from knowledge_base.search import current_follower, search

    began = time.perf_counter()
    reader = current_follower().rebuild()
    took = time.perf_counter() - began
    print(
        f"{engine}, {reader.passage_count():,} passages: built in {took:.1f} s, {_resident_mb():.0f} MB resident"
    )
    began = time.perf_counter()
    current_follower().catch_up_meanings()
    print(f"  encoded in {time.perf_counter() - began:.1f} s")
    search("路灯")
    for name, asked in questions.items():
        figures = measure(asked, search, repeats).figures()
        print(f"  {name} ({len(asked)}): " + "  ".join(f"{key} {value}" for key, value in figures.items()))
    sentences = [language.sentence(3, 9) for _n in range(QUESTIONS)]
    letters = [sentence[:end] for sentence in sentences[:20] for end in range(1, len(sentence) + 1)]
    for name, typed in (("asked once", sentences), ("letter by letter", letters)):
        wall, processor = _asked(typed)
        print(f"  {name}: {percentiles(wall)}; of our processor time {percentiles(processor)}")
    print(f"  published → found: {percentiles([_publication(people, n) for n in range(5)])}  (target ≤ 2 s)")


def _asked(questions: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock on the wall, and of this process: where a machine is busy, the two lie far apart."""
    from knowledge_base.search import search

    wall, processor = [], []
    for question in questions:
        began, spent = time.perf_counter(), time.thread_time()
        search(question, 6)
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.thread_time() - spent) * 1000)
    return wall, processor


def _publication(people: tuple[Any, Any, Any], number: int) -> float:
    """Milliseconds from approval to being found by a process that looks at once."""
    from knowledge_base.search import current_follower, search
    from knowledge_base.services import approve_item

    item, word = _submitted(people, number)
    started = time.perf_counter()
    approve_item(people[1], item)
    current_follower().look_now()
    found = search(word, 6)
    if not any(hit.item_id == item.id for hit in found):
        raise RuntimeError("published and not found")
    return (time.perf_counter() - started) * 1000


def _submitted(people: tuple[Any, Any, Any], number: int) -> tuple[Any, str]:
    """An item that waits for approval, and a word that stands in no other."""
    from knowledge_base.services import ItemText, draft_item, submit_item
    from knowledge_base.words import ItemKind

    editor, _approver, department = people
    word = f"编号{new_id()[-8:]}"
    item = draft_item(editor, ItemText(ItemKind.NOTICE, f"通知{number}", f"{word}停水通知。"), department)
    submit_item(editor, item)
    return item, word


def _publish_for(second: subprocess.Popen[str], people: tuple[Any, Any, Any], pause: float = 0.0) -> float:
    """Milliseconds from approval to being found there, at any moment of the second between two of its looks."""
    from knowledge_base.services import approve_item

    assert second.stdin is not None
    assert second.stdout is not None
    time.sleep(pause)
    item, word = _submitted(people, 0)
    print(item.id, word, file=second.stdin, flush=True)
    approved = time.monotonic()
    approve_item(people[1], item)
    return (float(second.stdout.readline()) - approved) * 1000


@contextmanager
def _second_reader(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    folder = settings.var_dir / new_id()
    folder.mkdir()
    values = {name.upper(): str(v) for name, v in settings.model_dump().items() if v not in ("", None)}
    with subprocess.Popen(
        [sys.executable, "-m", "bench.second_reader"],
        env={**os.environ, **values, "VAR_DIR": str(folder)},
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def _people() -> tuple[Any, Any, Any]:
    from accounts.roles import Role
    from accounts.services.departments import create_department
    from accounts.services.people import create_person

    editor = create_person("bench-editor", "采编", None, (Role.KB_EDITOR,))
    approver = create_person("bench-approver", "审核", None, (Role.KB_APPROVER,))
    return editor, approver, create_department("BENCH", "测试单位")


def _fill(documents: Iterable[Document], people: tuple[Any, Any, Any]) -> int:
    """Rows written straight into the tables: search is measured, not the writing of drafts. How many passages."""
    from knowledge_base.models import KnowledgeItem, KnowledgeVersion, Passage
    from knowledge_base.models.revision import next_revision
    from knowledge_base.words import Audience, ItemKind, ItemState

    editor, approver, department = people
    at, revision = clock.now(), next_revision()
    passages = 0
    for document in documents:
        item_id = db.session.scalar(
            insert(KnowledgeItem)
            .values(
                item_no=new_id()[-16:],
                department_id=department.id,
                owner_id=editor.id,
                revision=revision,
                created_at=at,
            )
            .returning(KnowledgeItem.id)
        )
        version_id = db.session.scalar(
            insert(KnowledgeVersion)
            .values(
                item_id=item_id,
                number=1,
                edit_no=1,
                state=ItemState.PUBLISHED,
                kind=ItemKind.POLICY,
                audience=Audience.EVERYONE,
                title=document.title[:200],
                synonyms=list(document.synonyms),
                body="-",
                effective_on=document.effective_on or at.date(),
                expires_on=document.expires_on,
                written_by_id=editor.id,
                written_at=at,
                writer_ids=[editor.id],
                approved_by_id=approver.id,
                published_at=at,
                review_due_on=at.date(),
            )
            .returning(KnowledgeVersion.id)
        )
        rows = [
            {"version_id": version_id, "ordinal": n, "heading": piece.heading, "text": piece.text}
            for n, piece in enumerate(cut(document.body), 1)
        ]
        db.session.execute(insert(Passage), rows)
        passages += len(rows)
    db.session.commit()
    return passages


class _Language:
    """Words of two or three characters, as unevenly frequent as those of any language (Zipf)."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.words = [
            "".join(self.chance.choices(CHARACTERS, k=n))
            for n in self.chance.choices((2, 2, 3), k=VOCABULARY)
        ]
        self.weights = list(accumulate(1 / rank for rank in range(2, VOCABULARY + 2)))

    def documents(self, passages: int) -> Iterator[Document]:
        """Documents with as many passages in all, one to a paragraph with a heading."""
        for start in range(0, passages, PASSAGES_PER_ITEM):
            paragraphs = [
                f"# {n}\n{self.sentence(20, 60)}"
                for n in range(start, min(passages, start + PASSAGES_PER_ITEM))
            ]
            yield Document(self.sentence(3, 6), "\n".join(paragraphs))

    def sentence(self, least: int, most: int) -> str:
        """A sentence of `least` … `most` words."""
        count = self.chance.randint(least, most)
        return "".join(self.chance.choices(self.words, cum_weights=self.weights, k=count)) + "。"


def _resident_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
