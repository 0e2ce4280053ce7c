"""tantivy as an engine, for large stocks: a compiled library, installed by choice (docs/decisions/0012).

The terms are ours, joined with spaces and cut at them again: tantivy has no part in reading Chinese.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge_base.search.engine import FACTS, NATION_NUMBER, Damaged, Filters, Found, PassageDocument
from knowledge_base.search.ranking import document_terms, heaviest

TERMS, ITEM = "terms", "item"
_ANY_DAY = Filters(on=date(2000, 1, 1))
WRITER_BYTES, MAKER_BYTES = 64_000_000, 256_000_000
"""Held at most while a change is written, and a whole index. One thread writes: the order of segments, and with it
ties, stay as they were. What does not fit becomes another segment."""
MERGED, SMALL = 8, 16_800
"""tantivy merges as soon as there are so many segments of fewer passages than that, which among 15,000 takes a second
of a processor; it cannot be told to merge earlier. Empty passages make up the number at a moment when nobody waits."""
PIECES = 4
CHEAP = 1_000
"""Passages that are merged in no time."""
_NONE = "-"
"""The item of an empty passage."""


class TantivyEngine:
    """ImportError where the library is missing; `engines` says what to install."""

    name = "tantivy"

    def __init__(self) -> None:
        import tantivy  # noqa: F401 - asked for at once, not at the first question

    def create(self, folder: Path, documents: Iterable[PassageDocument]) -> None:
        """Make a whole index in the empty `folder`."""
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        _write(_known(tantivy.Index(_schema(), path=str(folder), reuse=False)), documents, (), MAKER_BYTES)

    def change(self, folder: Path, documents: Iterable[PassageDocument], item_ids: Iterable[int]) -> None:
        """Forget all passages of `item_ids`, then add `documents`.

        tantivy writes its segments once and replaces its list of them, as we need it.
        """
        _write(_opened(folder), documents, item_ids)

    def is_in_pieces(self, folder: Path) -> bool:
        """Whether changes have left so many pieces that one of the next would put them together, and wait for it."""
        small = _small_segments(folder)
        return len(small) >= PIECES and sum(small) > CHEAP

    def tidy(self, folder: Path) -> None:
        """Put them together now, which takes seconds; `folder` as for `change`."""
        import tantivy

        index = _opened(folder)
        writer = index.writer(WRITER_BYTES, 1)
        for _n in range(MERGED - len(_small_segments(folder))):
            empty = tantivy.Document()
            empty.add_text(ITEM, _NONE)
            writer.add_document(empty)
            writer.commit()
        writer.wait_merging_threads()
        _write(index, (), (_NONE,))

    def open(self, folder: Path, before: Any = None) -> TantivyReader:
        """Damaged if it cannot be read."""
        opened = _opened(folder)
        try:
            return TantivyReader(opened)
        except Exception as error:
            raise Damaged(f"{folder}: {error!r}") from error


class TantivyReader:
    """One searcher, which sees one state of the index for ever."""

    def __init__(self, index: Any) -> None:
        index.reload()
        self._index = index
        self._searcher = index.searcher()
        self._count = self._searcher.num_docs
        self.find({"": 1.0}, 1, _ANY_DAY)  # so that broken files are noticed now

    def passage_count(self) -> int:
        """How many passages can be found."""
        return int(self._count)

    def holding(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many passages each term stands (deleted ones still count, until their segment is merged)."""
        return {term: int(self._searcher.doc_freq(TERMS, term)) for term in terms}

    def find(self, terms: Mapping[str, float], limit: int, filters: Filters, local: int = 0) -> list[Found]:
        """The best passages for `terms`, best first, and `local` more that are no law of the nation."""
        import tantivy

        if not self._count:
            return []
        schema = self._index.schema
        holding = self.holding(terms)
        weights = heaviest(terms, holding, self._count)
        if not weights:
            return []
        any_term = [
            (
                tantivy.Occur.Should,
                # tantivy weighs rare terms itself: ours is only the weight in the question
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, TERMS, term, "freq"), _asked(terms[term])
                ),
            )
            for term, _weight in weights
        ]
        wanted = [(tantivy.Occur.Must, tantivy.Query.boolean_query(any_term)), *_conditions(schema, filters)]
        hits = self._searcher.search(tantivy.Query.boolean_query(wanted), limit + local, count=False).hits
        if local and len(hits) > limit:
            hits = [*hits[:limit], *self._elsewhere(wanted, hits, limit, local)]
        places = [place for _score, place in hits]
        passages = self._searcher.fast_field_values("passage_id", places)
        items = self._searcher.fast_field_values("item_id", places)
        return [
            Found(int(passage), int(item), float(score))
            for (score, _place), passage, item in zip(hits, passages, items, strict=True)
        ]

    def _elsewhere(self, wanted: list[Any], best: list[Any], limit: int, local: int) -> list[Any]:
        """Up to `local` more of `wanted` that are no law of the nation, after the first `limit` of the `best`."""
        import tantivy

        after = best[limit:]
        regions = self._searcher.fast_field_values("region", [place for _score, place in after])
        more = [hit for hit, region in zip(after, regions, strict=True) if region != NATION_NUMBER]
        if len(more) == local or len(best) < limit + local:  # enough of them, or there are no others at all
            return more
        national = tantivy.Query.range_query(
            self._index.schema, "region", tantivy.FieldType.Integer, NATION_NUMBER, NATION_NUMBER
        )
        elsewhere = tantivy.Query.boolean_query([*wanted, (tantivy.Occur.MustNot, national)])
        seen = {(place.segment_ord, place.doc) for _score, place in best[:limit]}
        found = self._searcher.search(elsewhere, limit + local, count=False).hits
        return [hit for hit in found if (hit[1].segment_ord, hit[1].doc) not in seen][:local]

    def starting_with(self, start: str, limit: int) -> list[str]:
        """The most frequent terms that begin with `start`."""
        return [term for term, _count in self._searcher.terms_with_prefix(TERMS, start, limit=limit)]

    def close(self) -> None:
        """Nothing is held open but memory."""


def _asked(weight: float) -> float:
    return min(weight, 3.0)


def _conditions(schema: Any, filters: Filters) -> list[tuple[Any, Any]]:
    """The filters, which must hold and weigh nothing."""
    import tantivy

    day = filters.on.toordinal()

    def between(name: str, low: int | None, high: int | None) -> Any:
        return tantivy.Query.range_query(schema, name, tantivy.FieldType.Integer, low, high)

    asked = [between("from_day", None, day), between("to_day", day, None)]
    for name, allowed in filters.numbers().items():
        exact = [(tantivy.Occur.Should, between(name, n, n)) for n in sorted(allowed)]
        asked.append(tantivy.Query.boolean_query(exact))
    return [(tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in asked]


def _write(
    index: Any,
    documents: Iterable[PassageDocument],
    item_ids: Iterable[int | str],
    most_bytes: int = WRITER_BYTES,
) -> None:
    import tantivy

    writer = index.writer(most_bytes, 1)
    try:
        for item_id in item_ids:
            writer.delete_documents_by_term(ITEM, str(item_id))
        for document in documents:
            row = tantivy.Document()
            row.add_text(ITEM, str(document.item_id))
            counted = document_terms(document)
            row.add_text(TERMS, " ".join(term for term in counted.elements() if " " not in term))
            for name, number in document.facts().items():
                row.add_integer(name, number)
            writer.add_document(row)
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    writer.wait_merging_threads()


def _small_segments(folder: Path) -> list[int]:
    """The passages of each segment that would be merged; none where that cannot be read, or is gone."""
    try:
        told = json.loads((folder / "meta.json").read_text())
        return [n for segment in told["segments"] if (n := int(segment["max_doc"])) < SMALL]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _opened(folder: Path) -> Any:
    import tantivy

    try:
        return _known(tantivy.Index.open(str(folder)))
    except Exception as error:
        raise Damaged(f"{folder}: {error!r}") from error


def _known(index: Any) -> Any:
    import tantivy

    apart = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("apart", apart)
    return index


@lru_cache(maxsize=1)
def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field(ITEM, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(TERMS, tokenizer_name="apart", index_option="freq")
    for name in FACTS:
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()
