"""The text of each kind of file, in lines; headings begin with `#`. Pure, and run where a bad file can do no harm."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from knowledge_base.importing.decoding import decode
from knowledge_base.importing.kinds import FileKind
from knowledge_base.importing.problems import Unreadable
from knowledge_base.importing.tables import readable
from knowledge_base.importing.unpacking import check_office
from knowledge_base.words import ImportProblem

LONGEST_ROWS = 50_000
"""Rows of one sheet that are read: what is longer is a table for a database."""
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "blockquote",
        "dt",
        "dd",
    )
) | {"br", "table", "ul", "ol", "pre"}
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "nav", "footer", "form")) | {
    "iframe", "object", "svg", "button", "select",
}  # fmt: skip
_LEVEL = re.compile(r"(?:heading|标题)\s*([1-6])", re.I)


@dataclass(frozen=True)
class Extract:
    """`title` is what the file itself calls its title; `wrapped`: lines end where the page does, not the sentence."""

    text: str
    title: str = ""
    wrapped: bool = False


def extract(kind: FileKind, data: bytes, most: int) -> Extract:
    """The text of a file of `kind`. `most`: bytes an office file may unpack to."""
    if kind in (FileKind.DOCX, FileKind.XLSX):
        check_office(data, most)
    found = _READERS[kind](data)
    if not found.text.strip():
        raise Unreadable(ImportProblem.NO_TEXT)
    return found


def _text(data: bytes) -> Extract:
    return Extract(decode(data))


def _html(data: bytes) -> Extract:
    from lxml import etree, html

    declared = re.search(rb"charset=[\"']?\s*([\w-]+)", data[:2048], re.I)
    try:
        text = decode(data)
    except Unreadable:
        if declared is None:
            raise
        try:
            text = data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            raise Unreadable(ImportProblem.ENCODING) from None
    parser = html.HTMLParser(no_network=True, huge_tree=False)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        tree = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise Unreadable(ImportProblem.NO_TEXT) from error
    title = " ".join((tree.findtext(".//title") or "").split())
    lines = [" ".join(line.split()) for line in "".join(_spoken(tree)).split("\n")]
    return Extract("\n".join(line for line in lines if line), re.split(r"[_|–-]", title)[0].strip())


def _spoken(tree: Any) -> Iterator[str]:
    """The words of a page and where its lines end. Walks without recursion: pages nest as deep as they like."""
    from lxml import etree

    silent = 0
    for event, one in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = one.tag if isinstance(one.tag, str) else ""
        hushed = tag in _SILENT or _is_plain_table(one, tag)
        if event == "start":
            if not silent:
                yield from _opening(one, tag)
            silent += hushed
            continue
        if event == "end":
            silent -= hushed
            if not silent and tag in _BLOCKS:
                yield "\n"
        if not silent and one.tail:
            yield one.tail


def _opening(one: Any, tag: str) -> Iterator[str]:
    if _is_plain_table(one, tag):
        rows = [[cell.text_content() for cell in row.xpath("./td|./th")] for row in one.iter("tr")]
        yield "\n" + "\n".join(readable(rows))
    elif tag not in _SILENT:
        if tag in _BLOCKS:
            yield "\n"
        if re.fullmatch("h[1-6]", tag):
            yield "#" * int(tag[1]) + " "
        yield one.text or ""


def _is_plain_table(one: Any, tag: str) -> bool:
    """A table that holds cells; one that holds tables lays out a page."""
    return tag == "table" and one.find(".//table") is None


def _docx(data: bytes) -> Extract:
    import docx
    from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        title = ""
        styles: dict[str | None, str] = {}  # by key: python-docx walks through all of them to name one
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += readable([[cell.text for cell in row.cells] for row in block.rows])
                continue
            text, key = " ".join(block.text.split()), block._p.style
            if key not in styles:
                styles[key] = (block.style.name if block.style else "") or ""
            style = styles[key]
            if text and style.lower() in ("title", "标题"):
                title = title or text
            level = _LEVEL.match(style)
            lines.append(f"{'#' * int(level[1])} {text}" if level and text else text)
    except (KeyError, ValueError, AttributeError, OSError, SyntaxError) as error:
        raise Unreadable(ImportProblem.BROKEN) from error
    return Extract("\n".join(lines), title)


def _xlsx(data: bytes) -> Extract:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    lines: list[str] = []
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            if len(book.worksheets) > 1:
                lines.append(f"## {sheet.title}")
            rows = sheet.iter_rows(values_only=True, max_row=LONGEST_ROWS)
            lines += readable([["" if c is None else _cell(c) for c in row] for row in rows])
        book.close()
    except (KeyError, ValueError, TypeError, AttributeError, OSError, BadZipFile, SyntaxError) as error:
        raise Unreadable(ImportProblem.BROKEN) from error
    return Extract("\n".join(lines) if any(not line.startswith("## ") for line in lines) else "")


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text.removesuffix(" 00:00:00")


def _pdf(data: bytes) -> Extract:
    from knowledge_base.importing.pdf import pages_of

    return Extract("\n".join(pages_of(data)), wrapped=True)


_READERS: dict[FileKind, Callable[[bytes], Extract]] = {
    FileKind.TEXT: _text,
    FileKind.MARKDOWN: _text,
    FileKind.HTML: _html,
    FileKind.DOCX: _docx,
    FileKind.XLSX: _xlsx,
    FileKind.PDF: _pdf,
}
