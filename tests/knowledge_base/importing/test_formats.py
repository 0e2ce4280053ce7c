"""Every kind of file that people bring, and what can be wrong with it."""

from __future__ import annotations

import io
import zipfile

import pytest

from knowledge_base.importing.formats import extract
from knowledge_base.importing.kinds import FileKind, kind_of
from knowledge_base.importing.problems import Unreadable
from knowledge_base.importing.reading import TextReader
from knowledge_base.importing.recognition import recognise
from knowledge_base.importing.unpacking import Limits, members
from knowledge_base.words import ImportProblem
from tests.knowledge_base.importing.files import LAW, archive, locked, printed, word_document, workbook

MOST = 50 << 20


def text_of(name: str, data: bytes) -> str:
    return extract(kind_of(name, data), data, MOST).text


def problem_of(name: str, data: bytes) -> ImportProblem:
    with pytest.raises(Unreadable) as wrong:
        text_of(name, data)
    return wrong.value.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"])
def test_text_is_read_in_whatever_encoding_it_comes(encoding):
    assert text_of("条例.txt", LAW.encode(encoding)) == LAW


def test_traditional_text_in_big5_is_read():
    text = "養犬管理規定。養犬人應於取得犬隻之日起三十日內辦理登記，並出示免疫證明。" * 4
    assert text_of("規定.txt", text.encode("big5")) == text


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("空.txt", b"", ImportProblem.EMPTY),
        ("空.txt", b" \r\n ", ImportProblem.EMPTY),
        ("程序.txt", b"MZ\x90\x00" + b"\x00" * 200, ImportProblem.DISGUISED),
        ("程序.pdf", b"\x7fELF" + b"\x01" * 200, ImportProblem.DISGUISED),
        ("压缩.docx", archive({"a.txt": b"x"}), ImportProblem.DISGUISED),
        ("文字.pdf", "这不是便携文档。".encode() * 20, ImportProblem.BROKEN),
        ("图片.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, ImportProblem.DISGUISED),
        ("乱码.txt", bytes([0x81, 0x20, 0xFF, 0xFE, 0x90]) * 40, ImportProblem.ENCODING),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, ImportProblem.OLD_OFFICE),
        (
            "锁.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            ImportProblem.ENCRYPTED,
        ),
        ("坏.docx", word_document(["一段"])[:-900], ImportProblem.BROKEN),
        ("坏.pdf", printed([["正文"]])[:60], ImportProblem.BROKEN),
        ("扫描.pdf", printed([[], [], []]), ImportProblem.SCANNED),
        ("锁.pdf", locked(printed([["养犬登记的办法在这里写着。"]])), ImportProblem.ENCRYPTED),
        ("空.xlsx", workbook({"一": []}), ImportProblem.NO_TEXT),
        ("空.html", b"<html><script>var a</script></html>", ImportProblem.NO_TEXT),
        ("视频.mp4", b"....", ImportProblem.KIND),
    ],
)
def test_each_thing_that_is_wrong_has_its_own_message(name, data, problem):
    assert problem_of(name, data) is problem
    assert problem.label


def test_a_page_is_read_without_what_only_frames_it():
    page = """<html><head><title>养犬须知_云汀市政府</title><style>p{}</style></head><body><nav>首页</nav>
    <h2>费用</h2><p>每只<b>五十元</b>，<br>可刷卡。</p><table><tr><th>事项</th><th>时限</th></tr>
    <tr><td>登记</td><td>三日</td></tr></table>附注</body></html>"""
    found = extract(FileKind.HTML, page.encode("gb18030"), MOST)
    assert found.text.splitlines() == [
        "## 费用",
        "每只五十元，",
        "可刷卡。",
        "事项：登记；时限：三日。",
        "附注",
    ]
    assert found.title == "养犬须知"


def test_a_word_document_keeps_headings_and_tables_in_their_order():
    data = word_document(["# 收费", "按下表收取。"], [["项目", "金额"], ["登记", "50元"], ["年检", "20元"]])
    assert text_of("收费.docx", data).splitlines() == [
        "# 收费",
        "按下表收取。",
        "项目：登记；金额：50元。",
        "项目：年检；金额：20元。",
    ]


def test_a_workbook_tells_each_row_with_the_names_of_its_columns():
    data = workbook({"窗口": [["单位", "电话"], ["民政局", 88001234.0]], "备注": [["周末不办公"]]})
    assert text_of("通讯录.xlsx", data).splitlines() == [
        "## 窗口",
        "单位：民政局；电话：88001234。",
        "## 备注",
        "周末不办公",
    ]


def test_three_hundred_pages_are_read_without_their_margins():
    pages = [
        ["云汀市公报", f"第{n}条　关于第{n}件事项的规定，应当在十个工作日内办结并告知申请人。", f"— {n} —"]
        for n in range(1, 301)
    ]
    found = recognise("公报.pdf", extract(FileKind.PDF, printed(pages), MOST))
    assert found.articles == 300
    assert "公报" not in found.body
    assert "— 7 —" not in found.body


def test_a_file_that_never_ends_costs_its_own_time_only():
    with TextReader(MOST, seconds=0.01) as reader, pytest.raises(Unreadable) as wrong:
        reader.read(FileKind.PDF, printed([["正文"]] * 400))
    assert wrong.value.problem is ImportProblem.TOO_DEAR


def test_the_reader_goes_on_after_a_file_that_was_too_dear():
    with TextReader(MOST) as reader:
        reader._seconds = 0.0
        with pytest.raises(Unreadable):
            reader.read(FileKind.HTML, b"<p>one</p>")
        reader._seconds = 60
        assert reader.read(FileKind.HTML, "<p>后一个</p>".encode()).text == "后一个"


def limits(**changes: int) -> Limits:
    return Limits(**{"files": 100, "bytes": 40 << 20, "one_file": 20 << 20, **changes})


def test_names_that_lead_out_of_the_archive_are_left_out_and_the_rest_goes_in():
    data = archive({"../../etc/一.txt": b"x", "/绝对.txt": b"x", "C:/盘.txt": b"x", "好/正.txt": b"yes"})
    found = {m.name: m.problem for m in members(data, limits())}
    assert [name for name, problem in found.items() if problem is None] == ["好/正.txt"]
    assert set(found.values()) == {ImportProblem.ESCAPING, None}


def test_a_bomb_is_not_unpacked():
    data = archive({"大.txt": b"0" * (30 << 20)})
    assert [m.problem for m in members(data, limits(one_file=40 << 20))] == [ImportProblem.BOMB]
    with pytest.raises(Unreadable) as wrong:
        list(members(data, limits(bytes=1 << 20)))
    assert wrong.value.problem is ImportProblem.BOMB


def test_an_office_file_that_is_a_bomb_is_not_opened():
    data = archive({"word/document.xml": b" " * (30 << 20)})
    with pytest.raises(Unreadable) as wrong:
        extract(FileKind.DOCX, data, 1 << 20)
    assert wrong.value.problem is ImportProblem.BOMB


def test_too_many_files_and_too_deep_archives():
    with pytest.raises(Unreadable) as wrong:
        list(members(archive({f"{n}.txt": b"x" for n in range(9)}), limits(files=8)))
    assert wrong.value.problem is ImportProblem.TOO_MANY
    deep = archive({"二.zip": archive({"三.zip": archive({"底.txt": b"x"}), "中.txt": b"x"}), "上.txt": b"x"})
    assert {m.name: m.problem for m in members(deep, limits())} == {
        "二.zip/三.zip": ImportProblem.TOO_DEEP,
        "二.zip/中.txt": None,
        "上.txt": None,
    }


def test_names_written_by_chinese_windows_are_read():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        entry = zipfile.ZipInfo("ab.txt")
        made.writestr(entry, b"1")
    raw = kept.getvalue().replace(b"ab.txt", "养.txt".encode("gbk"))
    assert [m.name for m in members(raw, limits())] == ["养.txt"]
