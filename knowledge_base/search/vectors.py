"""The vectors of passages, and of the questions that look for them, by the small encoder (`encoder`). Needs numpy.

Of an encoder's 512 numbers `data/axes.npy` keeps the 128 in which passages of law differ most (.83 of the variance;
measured, .005 of the mean reciprocal rank are lost). It holds their mean and the axes, made by a singular value
decomposition of the vectors of 29,000 passages of national law. Each is kept as a byte.

FILES are, for the passages of an index in ascending order, a row (passage, item, number of pieces) for each, a vector
for each, and the vectors of their pieces.

A passage has a vector for each piece of some sentences, and one of them all with the title of its document: an article
answers in one of its items, and says of what it speaks, if at all, in its title. Encoding is the work, 2 to 4 ms a
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

import numpy as np

from config.settings import settings
from knowledge_base.search.encoder import LENGTH, Array, Encoder, NotMade, encode_apart, name
from knowledge_base.search.engine import Damaged, Found, PassageDocument
from knowledge_base.search.meaning import FILES

PIECE, LONGEST_PIECE, MOST_PIECES = 70, 140, 12
"""Characters to which sentences are joined, and at which a piece is cut; pieces of a passage at most."""
TITLE = 0.8
"""Weight of the title's vector beside that of the text."""
BYTE = 200
"""What a number between -.63 and .63 is multiplied with to become a byte; likeness is off by .0015."""
SCANNED = 2048
"""Vectors made floating-point at once."""
LEADING, SHORTLISTED = 48, 4_000
"""Numbers of a vector by which a large stock is looked through, and how many of it are then measured whole. Axes stand
in order of how much they tell: of the sixty nearest among 30,000 passages of law .998 are found so, of the ten nearest
.999, in less than half of the time."""
AT_ONCE = 100
"""Texts encoded here, within somebody's search, when an index is changed; more of them are a process of their own."""
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
            self._passages, self._wholes, self._pieces = (
                np.asarray(np.load(folder / one, mmap_mode="r")) for one in FILES
            )
        except (OSError, ValueError, EOFError) as error:
            raise Damaged(f"{folder}: {error!r}") from error
        if (self._passages.dtype, self._wholes.dtype, self._pieces.dtype) != (np.int64, np.int8, np.int8):
            raise Damaged(f"{folder}: these are no vectors")
        self._first = np.concatenate(([0], np.cumsum(self._passages[:, 2])))
        if len(self._passages) != len(self._wholes) or self._first[-1] != len(self._pieces):
            raise Damaged(f"{folder}: vectors of another index")

    def nearest(self, question: Array, limit: int) -> list[Found]:
        """The passages that as a whole mean most nearly the same; offices are left to words."""
        rows = self._shortlist(question)
        like = _times(self._wholes[rows], question)
        like[self._passages[rows, 0] < 0] = -1
        best = np.argpartition(-like, limit)[:limit] if limit < len(like) else np.arange(len(like))
        best = rows[best[np.argsort(-like[best], kind="stable")]]
        return [Found(int(p), int(i), 0.0) for p, i, _n in self._passages[best] if p >= 0]

    def _shortlist(self, question: Array) -> Array:
        """The rows among which the nearest are: all of a small stock."""
        if len(self._wholes) <= SHORTLISTED:
            return np.arange(len(self._wholes))
        starts, leading = range(0, len(self._wholes), SCANNED), question[:LEADING]
        rough = np.concatenate([_times(self._wholes[at : at + SCANNED, :LEADING], leading) for at in starts])
        return np.sort(np.argpartition(-rough, SHORTLISTED)[:SHORTLISTED])

    def likeness(self, question: Array, passage_ids: Sequence[int]) -> dict[int, float]:
        """The mean of how near the whole and the nearest of its pieces are."""
        known = self._passages[:, 0]
        at = np.searchsorted(known, passage_ids)
        there = [n for n, row in enumerate(at) if row < len(known) and known[row] == passage_ids[n]]
        if not there:
            return {}
        rows = at[there]
        wholes = _times(self._wholes[rows], question)
        counts = self._passages[rows, 2]
        first = np.cumsum(counts) - counts
        mine = np.arange(counts.sum()) + np.repeat(self._first[rows] - first, counts)
        nearest = np.maximum.reduceat(
            _times(self._pieces[mine], question), first
        )  # every passage has a piece
        means = (wholes + nearest) / 2
        return {passage_ids[n]: float(mean) for n, mean in zip(there, means, strict=True)}


class VectorGatherer:
    """Keeps the texts that pass, and encodes them when the engine has taken them in."""

    def __init__(self, at_once: int | None = None) -> None:
        """Beyond `at_once` texts it lets them pass and keeps none."""
        self._at_once = at_once
        self._passages: list[tuple[int, int, int]] = []
        self._titles: list[str] = []
        self._pieces: list[str] = []
        self._too_many = False
        self._encoded: tuple[Array, Array, Array] | None = None

    def passing(self, documents: Iterable[PassageDocument]) -> Iterator[PassageDocument]:
        """The same documents."""
        for document in documents:
            if not self._too_many:
                self._take(document)
            yield document

    def encode(self) -> None:
        """Do the work, before anybody waits for `write`."""
        if self._too_many:
            return
        passages = np.array(self._passages, dtype=np.int64).reshape(-1, 3)
        different = sorted(set(self._titles))
        texts = [*different, *self._pieces]
        vectors = encode(texts) if self._at_once is not None else encode_many(texts)
        if vectors is None:
            return
        place = {title: at for at, title in enumerate(different)}
        titles, pieces = vectors[[place[title] for title in self._titles]], vectors[len(different) :]
        wholes = pieces
        if len(passages):
            counts = passages[:, 2]
            together = np.add.reduceat(pieces, np.cumsum(counts) - counts, axis=0)
            wholes = _unit(_unit(together) + TITLE * titles)
        self._encoded = passages, _as_bytes(wholes), _as_bytes(pieces)

    def write(self, folder: Path, gone: Collection[int] = ()) -> bool:
        """Put the vectors beside the index in `folder`, with those there but for the items `gone`. False, and nothing
        done, where there are more than are encoded at once, or there is nothing yet to encode them with."""
        if self._encoded is None:
            self.encode()
        if self._encoded is None:
            return False
        before = [array[:0] for array in self._encoded]
        if (folder / FILES[0]).exists():
            before = [np.load(folder / one, mmap_mode="r") for one in FILES]
        _write_together(folder, before, self._encoded, gone)
        return True

    def _take(self, document: PassageDocument) -> None:
        pieces = pieces_of(_ARTICLE.sub("", document.text))
        self._passages.append((document.passage_id, document.item_id, len(pieces)))
        self._titles.append(document.title.replace(_STATE, ""))
        self._pieces += pieces
        if self._at_once is not None and len(self._pieces) > self._at_once:
            self._too_many = True
            self._passages, self._titles, self._pieces = [], [], []


def _write_together(
    folder: Path, before: Sequence[Array], new: Sequence[Array], gone: Collection[int]
) -> None:
    """In the order of passages. Blocks of rows are copied from file to file: of a large stock there are many MB, and
    every publication writes them."""
    kept = ~np.isin(before[0][:, 1], list(gone))
    passages = np.concatenate((before[0], new[0]))
    rows = np.concatenate((np.flatnonzero(kept), np.arange(len(before[0]), len(passages))))
    rows = rows[np.argsort(passages[rows, 0], kind="stable")]
    first = np.cumsum(passages[:, 2]) - passages[:, 2]
    counts = passages[rows, 2]
    pieces = np.arange(counts.sum()) + np.repeat(first[rows] - (np.cumsum(counts) - counts), counts)
    for one, wanted, old, added in zip(FILES, (rows, rows, pieces), before, new, strict=True):
        draft = folder / f"{one}.new"
        with draft.open("wb") as file:
            head = {
                "descr": added.dtype.str,
                "fortran_order": False,
                "shape": (len(wanted), *added.shape[1:]),
            }
            np.lib.format.write_array_header_1_0(file, head)
            for at in range(0, len(wanted), SCANNED):
                some = wanted[at : at + SCANNED]
                block = np.empty((len(some), *added.shape[1:]), added.dtype)
                is_new = some >= len(old)
                block[~is_new], block[is_new] = old[some[~is_new]], added[some[is_new] - len(old)]
                file.write(block.tobytes())
        os.replace(draft, folder / one)  # a new file: the old one may be a link to what others have open


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


def encode(texts: Sequence[str]) -> Array | None:
    """A vector of length one for each text. None while the encoder's file has not been made (`encode_many` does)."""
    if not is_ready():
        return None
    by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))  # those of one length together
    vectors = np.empty((len(texts), LENGTH), dtype=np.float32)
    if texts:
        with _one_at_a_time:
            vectors[by_length] = _encoder().encode([texts[at] for at in by_length])
    return _turned(vectors)


def encode_many(texts: Sequence[str]) -> Array:
    """The same, in a process of its own, which makes the encoder's file if it has to."""
    return _turned(encode_apart(_file(), texts))


def is_ready() -> bool:
    """Whether the encoder can be opened. Asked of the disk until it can be."""
    try:
        _encoder()
    except NotMade:
        return False
    return True


def _file() -> Path:
    return settings().var_dir / "search" / name()


@lru_cache(maxsize=1)
def _encoder() -> Encoder:
    return Encoder(_file())


def _turned(vectors: Array) -> Array:
    mean, axes = _axes()
    return _unit((vectors - mean) @ axes)


def _times(vectors: Array, question: Array) -> Array:
    found: Array = vectors.astype(np.float32) @ question / BYTE
    return found


def _as_bytes(vectors: Array) -> Array:
    return np.clip(np.round(vectors * BYTE), -127, 127).astype(np.int8)


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@lru_cache(maxsize=1)
def _axes() -> tuple[Array, Array]:
    kept = np.load(_AXES).astype(np.float32)
    return kept[0], kept[1:].T
