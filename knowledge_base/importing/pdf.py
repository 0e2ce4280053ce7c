"""The text of a PDF, page by page, without what stands on every page."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter

from knowledge_base.importing.problems import Unreadable
from knowledge_base.words import ImportProblem

MOST_PAGES = 2000
LEAST_LETTERS = 8
"""Letters on an average page; below that there are pictures of text."""
_PAGE_NO = re.compile(
    r"^[\s—–\-·.]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/共]\s*(?:共\s*)?\d{1,4}\s*页?)?[\s—–\-·.]*$"
)


def pages_of(data: bytes) -> list[str]:
    """The text of each page. Unreadable: broken, locked, scanned."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(ImportProblem.ENCRYPTED)
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise Unreadable(ImportProblem.TOO_LONG, str(count))
        pages = [(page.extract_text() or "").splitlines() for page in reader.pages]
    except DependencyError as error:
        raise Unreadable(ImportProblem.ENCRYPTED) from error
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError) as error:
        raise Unreadable(ImportProblem.BROKEN) from error
    if sum(len("".join(lines).strip()) for lines in pages) < LEAST_LETTERS * max(count, 1):
        raise Unreadable(ImportProblem.SCANNED)
    return ["\n".join(lines) for lines in _without_margins(pages)]


def _without_margins(pages: list[list[str]]) -> list[list[str]]:
    """Page numbers go, and what stands in the first or last line of most pages."""
    kept = [[line for line in lines if line.strip() and not _PAGE_NO.match(line)] for lines in pages]
    if len(kept) < 3:
        return kept
    edges = Counter(line.strip() for lines in kept for line in {*lines[:1], *lines[-1:]})
    margins = {line for line, seen in edges.items() if seen > len(kept) / 2}
    for lines in kept:
        if lines and lines[0].strip() in margins:
            del lines[0]
        if lines and lines[-1].strip() in margins:
            del lines[-1]
    return kept
