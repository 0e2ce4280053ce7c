"""Files as people bring them, made here byte by byte."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

LAW = """# 云汀市养犬管理条例

2019年3月28日 云汀市第十五届人民代表大会常务委员会第二十次会议通过

## 第一章　总 则

第一条　为了规范养犬行为，保障公民健康和人身安全，维护市容环境卫生和社会公共秩序，制定本条例。

第二条 本市行政区域内犬只的饲养、经营以及相关管理活动，适用本条例。

## 第二章 登记

第三条 养犬实行登记制度。养犬人应当自取得犬只之日起三十日内，到居住地派出所办理登记。

登记时应当出示犬只免疫证明。

第四条 办理登记每只犬收费五十元。

第五条 本条例自2019年6月1日起施行。
"""


def archive(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of `files`."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return kept.getvalue()


def word_document(paragraphs: Sequence[str], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A docx whose lines that begin with `#` are headings."""
    import docx

    document = docx.Document()
    for text in paragraphs:
        if text.startswith("# "):
            document.add_heading(text[2:], level=1)
        else:
            document.add_paragraph(text)
    if table:
        made = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An xlsx."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def printed(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with the lines of each page, in the way of a word processor: a CID font and a map back to letters."""
    letters = sorted({c for lines in pages for line in lines for c in line})
    code = {c: n + 1 for n, c in enumerate(letters)}
    pairs = "\n".join(f"<{code[c]:04X}> <{c.encode('utf-16-be').hex()}>" for c in letters)
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{max(len(letters), 1)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    ).encode()
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type0 /BaseFont /S /Encoding /Identity-H /DescendantFonts [4 0 R]"
        b" /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /S /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> /DW 1000 >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(to_unicode), to_unicode),
    ]
    kids = []
    for lines in pages:
        drawn = "BT /F1 12 Tf 14 TL 60 780 Td " + " ".join(
            f"<{''.join(f'{code[c]:04X}' for c in line)}> Tj T*" for line in lines
        )
        content = (drawn + " ET").encode()
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    listed = " ".join(f"{n} 0 R" for n in kids).encode()
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, len(kids))
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    kept, places = io.BytesIO(), []
    kept.write(b"%PDF-1.7\n")
    for number, body in enumerate(objects, start=1):
        places.append(kept.tell())
        kept.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = kept.tell()
    kept.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        kept.write(b"%010d 00000 n \n" % place)
    kept.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return kept.getvalue()


def locked(pdf: bytes) -> bytes:
    """The PDF with a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("geheim", algorithm="AES-256")
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()
