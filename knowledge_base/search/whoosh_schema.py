"""What a document of the Whoosh index is made of, and everything of Whoosh that we import."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from knowledge_base.search.engine import FACTS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its source has escapes that Python 3.11 warns of
    from whoosh import columns, fields, formats, index, reading
    from whoosh.codec import whoosh3 as codec

ITEM, TERMS = "item", "terms"
COLUMNS = (*FACTS, "length")


class Counted(fields.FieldType):
    """A field given as terms with their counts; nothing is left for Whoosh to cut or weigh."""

    def __init__(self) -> None:
        self.format = formats.Existence()
        self.analyzer = None
        self.scorable = False
        self.stored = False
        self.unique = False
        self.multitoken_query = "default"
        self.spelling = False
        self.vector = None

    def index(self, value: Mapping[str, int], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, count in value.items():
            yield term.encode(), count, float(count), b""


SCHEMA = fields.Schema(
    **{ITEM: fields.ID(), TERMS: Counted()},
    **{name: fields.COLUMN(columns.NumericColumn("q")) for name in COLUMNS},
)

CODEC = codec.W3Codec(blocklimit=4096)
"""Whoosh's own, with postings in larger blocks: a term's are read whole, and each block costs as much as its first
hundred."""

__all__ = ["CODEC", "COLUMNS", "ITEM", "SCHEMA", "TERMS", "codec", "index", "reading"]
