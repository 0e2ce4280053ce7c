"""Whoosh as an engine: writing. Reading and scoring are `whoosh_reader`'s."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from knowledge_base.search.engine import Damaged, PassageDocument
from knowledge_base.search.ranking import document_terms
from knowledge_base.search.whoosh_reader import WhooshReader
from knowledge_base.search.whoosh_schema import CODEC, ITEM, SCHEMA, index


class WhooshEngine:
    """Pure Python, nothing to install (docs/decisions/0007-search-index.md)."""

    name = "whoosh"

    def create(self, folder: Path, documents: Iterable[PassageDocument]) -> None:
        """Make a whole index in the empty `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        made = index.create_in(str(folder), SCHEMA)
        writer = made.writer(limitmb=32, codec=CODEC)
        _add(writer, documents)
        writer.commit(optimize=True)
        made.close()

    def change(self, folder: Path, documents: Iterable[PassageDocument], item_ids: Iterable[int]) -> None:
        """Forget all passages of `item_ids`, then add `documents`. Whoosh writes its files once, as we need it."""
        opened = _opened(folder)
        writer = opened.writer(limitmb=32, codec=CODEC)
        try:
            for item_id in item_ids:
                writer.delete_by_term(ITEM, str(item_id))
            _add(writer, documents)
        except BaseException:
            writer.cancel()
            raise
        writer.commit()
        opened.close()

    def is_in_pieces(self, folder: Path) -> bool:
        """Never: each change puts together what is small enough, and no more."""
        return False

    def tidy(self, folder: Path) -> None:
        """There is nothing to do."""

    def open(self, folder: Path, before: WhooshReader | None = None) -> WhooshReader:
        """Damaged if it cannot be read."""
        opened = _opened(folder)
        try:
            return WhooshReader(opened.reader(), before)
        except Exception as error:  # whatever a broken file makes Whoosh trip over
            raise Damaged(f"{folder}: {error!r}") from error


def _opened(folder: Path) -> Any:
    try:
        return index.open_dir(str(folder))
    except Exception as error:
        raise Damaged(f"{folder}: {error!r}") from error


def _add(writer: Any, documents: Iterable[PassageDocument]) -> None:
    for document in documents:
        counted = document_terms(document)
        writer.add_document(
            item=str(document.item_id), terms=counted, length=counted.total(), **document.facts()
        )
