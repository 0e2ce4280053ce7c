"""What Chinese needs of an encoder for sixteen languages.

Of the 128,000 pieces of words it knows, a Chinese text is made of some 10,000. The others are let go of: with their
rows of the table and their place in the tokenizer's dictionary they are two thirds of the memory that it takes. Chinese
text is encoded exactly as before; Latin letters are, by ones and twos, of little meaning.
"""

from __future__ import annotations

import gc
import re
from array import array
from typing import Any

import numpy as np

SHORT = 2
"""Characters: pieces up to this are kept in any writing that we meet, and of figures all."""
_WRITTEN = re.compile("[\u2581\u3000-\u303f\u4e00-\u9fff\uff00-\uffef!-~]+")
_SAYS = re.compile("[\u4e00-\u9fff]|^[\u2581]?[0-9.,:%]+$")
_MARKS = (0, 1, 2)
"""Of what is unknown, of the beginning and of the end."""


class Rows:
    """The rows of a table that are kept, asked for by the numbers they had in the whole one."""

    def __init__(self, table: np.ndarray[Any, Any], kept: np.ndarray[Any, Any]) -> None:
        self._rows = table[kept]
        self._at = np.zeros(len(table), dtype=np.int32)
        self._at[kept] = np.arange(len(kept), dtype=np.int32)

    def __getitem__(self, numbers: np.ndarray[Any, Any]) -> Any:
        return self._rows[self._at[numbers]]


def chinese_part(encoder: Any) -> Any:
    """The same encoder, made small. It must be the version that we know from inside (`vectors` in pyproject.toml)."""
    tokenizer, model = encoder._tokenizer, encoder._model
    known = tokenizer._prefixes
    kept = [piece for piece in known if _is_kept(piece)]
    numbers = array("i", (known[piece] for piece in kept))
    rows = {number - 1 for number in numbers if number}
    model.table = Rows(model.table, np.array(sorted(rows.union(_MARKS))))
    # Strings that stay would hold on to the memory of those around them: all go, and those we keep are made anew.
    written = "\n".join(kept)
    tokenizer._prefixes, tokenizer._pieces = {}, []
    del known, kept
    gc.collect()
    tokenizer._prefixes = dict(zip(written.split("\n"), numbers, strict=True))
    return encoder


def _is_kept(piece: str) -> bool:
    return bool(_WRITTEN.fullmatch(piece)) and (len(piece) <= SHORT or bool(_SAYS.search(piece)))
