"""Cases from files: every row through the same door, and what is refused is handed back."""

from __future__ import annotations

import csv

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from config.errors import Invalid, NotPermitted, Refused
from config.extensions import db
from dispatch.models import Case
from dispatch.services.importing import import_cases
from dispatch.workflow import Urgency
from tests.factories.dispatch import make_staff

ROWS = [
    ["留言编号", "留言主题", "留言时间", "留言详情", "一级标签", "电话"],
    ["1", "路灯坏了", "2026/11/20 21:50:33", "三天没亮", "路灯", "13912340042"],
    ["2", "井盖丢失", "2026-11-21 08:00", "路口井盖没了", "井盖", "not a number"],
    ["3", "", "2026年11月21日", "有人占道经营", "占道经营", ""],
    ["4", "没有分类", "2026-11-21 08:00", "说不清", "其它的", ""],
    ["5", "时间不对", "明天", "说不清", "路灯", ""],
]


@pytest.fixture
def staff(app, clock):
    return make_staff()


@pytest.fixture
def file(tmp_path):
    def write(encoding="utf-8", rows=ROWS):
        path = tmp_path / "messages.csv"
        with path.open("w", encoding=encoding, newline="") as target:
            csv.writer(target).writerows(rows)
        return path

    return write


def number_of_cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_good_rows_become_cases_of_their_own_time_and_bad_ones_are_named(staff, file, encoding):
    report = import_cases(staff.agent, file(encoding))
    assert report.taken == 2
    assert [(line, reason.split(":")[0]) for line, reason, _row in report.refused] == [
        (3, "phone"),
        (5, "category"),
        (6, "registered_at"),
    ]
    first = db.session.scalars(select(Case).order_by(Case.id)).first()
    assert (first.title, first.category_code) == ("路灯坏了", "0305")
    assert first.registered_at.isoformat() == "2026-11-20T13:50:33+00:00"
    assert db.session.scalar(select(Case).where(Case.title == "有人占道经营")) is not None


def test_a_dry_run_says_the_same_and_keeps_nothing(staff, file):
    report = import_cases(staff.agent, file(), dry_run=True)
    assert (report.taken, len(report.refused), number_of_cases()) == (2, 3, 0)


def test_the_same_file_twice_makes_no_second_cases(staff, file):
    import_cases(staff.agent, file())
    again = import_cases(staff.agent, file())
    assert (again.taken, again.known, number_of_cases()) == (0, 2, 2)


def test_columns_can_be_mapped_by_hand(staff, file):
    rows = [["甲", "乙", "丙"], ["路灯坏了", "三天没亮", "critical"], ["路灯坏了", "两天没亮", "very"]]
    columns = {"title": "甲", "content": "乙", "urgency": "丙"}
    report = import_cases(staff.agent, file(rows=rows), columns, category_code="0305")
    assert [line for line, _reason, _row in report.refused] == [3]
    assert db.session.scalars(select(Case)).one().urgency is Urgency.CRITICAL


def test_a_mapping_that_cannot_be_is_named(staff, file):
    with pytest.raises(Invalid) as wrong:
        import_cases(staff.agent, file(rows=[["甲"], ["x"]]), {"title": "丁", "colour": "甲"})
    assert set(wrong.value.fields) == {"title", "colour", "content"}


def test_a_workbook_is_read_like_a_table(staff, tmp_path):
    book = Workbook()
    for row in [["标题", "内容", "分类代码", "紧急程度"], ["路灯坏了", "三天没亮", "0305", "urgent"]]:
        book.active.append(row)
    path = tmp_path / "cases.xlsx"
    book.save(path)
    assert import_cases(staff.agent, path).taken == 1
    assert db.session.scalars(select(Case)).one().urgency is Urgency.URGENT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cases.pdf", b"%PDF-1.7"),
        ("cases.xlsx", b"not a workbook"),
        ("cases.csv", b""),
        ("cases.csv", b"\xff\xff\xff\xff"),
        ("cases.csv", "标题,标题\n甲,乙\n".encode()),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(staff, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=name):
        import_cases(staff.agent, path)


def test_refused_rows_are_written_so_that_they_can_be_mended(staff, file, tmp_path):
    report = import_cases(staff.agent, file())
    report.write(tmp_path / "refused.csv")
    with (tmp_path / "refused.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [row["留言编号"] for row in rows] == ["2", "4", "5"]
    assert all(row["reason"] for row in rows)


def test_a_refused_cell_cannot_become_a_formula(staff, file, tmp_path):
    rows = [["标题", "内容", "分类"], ["=HYPERLINK(1)", "内容", "没有的"]]
    import_cases(staff.agent, file(rows=rows)).write(tmp_path / "refused.csv")
    assert "'=HYPERLINK(1)" in (tmp_path / "refused.csv").read_text("utf-8-sig")


def test_an_officer_may_not_import(staff, file):
    with pytest.raises(NotPermitted):
        import_cases(staff.officer, file())
    assert number_of_cases() == 0


def test_the_command_imports_and_reports(app, staff, file, tmp_path):
    report = tmp_path / "refused.csv"
    done = app.test_cli_runner().invoke(
        args=["cases", "import", str(file()), "--as", staff.agent.login, "--report", str(report)]
    )
    assert done.exit_code == 0, done.output
    assert "2 registered, 0 known already, 3 refused" in done.output
    assert report.exists()
    nobody = app.test_cli_runner().invoke(args=["cases", "import", str(file()), "--as", "nobody"])
    assert nobody.exit_code == 1
