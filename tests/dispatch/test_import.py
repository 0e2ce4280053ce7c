"""Cases from files: every row through the same door, and what is refused is handed back."""

from __future__ import annotations

import csv

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from config.errors import Invalid, NotPermitted, Refused
from config.extensions import db
from dispatch.models import Case
from dispatch.services.importing import import_cases, read_meanings, write_unknown
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


FOREIGN = [
    ["标题", "内容", "类别", "紧急程度"],
    ["工资", "三个月没发工资", "劳动和社会保障", "普通"],
    ["公交", "公交车不来", "交通运输", "普通"],
    ["路灯", "三天没亮", "路灯", "normal"],
    ["工伤", "工伤不给认定", "劳动和社会保障", "normal"],
]


def test_words_of_another_system_are_counted_where_nobody_said_what_they_mean(staff, file):
    report = import_cases(staff.agent, file(rows=FOREIGN), dry_run=True)
    assert (report.taken, len(report.refused)) == (1, 3)
    assert report.unknown == {
        ("category", "劳动和社会保障"): 2,
        ("category", "交通运输"): 1,
        ("urgency", "普通"): 2,
    }


def test_words_of_another_system_mean_what_was_said_and_are_kept_for_the_dispatcher(staff, file):
    meanings = {
        "category": {"劳动和社会保障": "劳动社保", "交通运输": "05"},
        "urgency": {"普通": "normal"},
    }
    report = import_cases(staff.agent, file(rows=FOREIGN), meanings=meanings)
    assert (report.taken, report.refused, dict(report.unknown)) == (4, [], {})
    taken = {case.title: case for case in db.session.scalars(select(Case))}
    assert [taken[title].category_code for title in ("工资", "公交", "路灯")] == ["07", "05", "0305"]
    assert "劳动和社会保障" in taken["工资"].advice
    assert taken["路灯"].advice == ""


def test_what_still_nobody_knows_gets_the_fallback_and_keeps_its_own_name(staff, file):
    meanings = {"urgency": {"普通": "normal"}}
    report = import_cases(staff.agent, file(rows=FOREIGN), meanings=meanings, category_code="1801")
    assert (report.taken, report.refused) == (4, [])
    assert report.unknown == {("category", "劳动和社会保障"): 2, ("category", "交通运输"): 1}
    bus = db.session.scalars(select(Case).where(Case.title == "公交")).one()
    assert bus.category_code == "1801"
    assert "交通运输" in bus.advice


def test_what_was_taken_once_is_known_even_if_its_words_no_longer_are(staff, file):
    import_cases(
        staff.agent, file(rows=FOREIGN[:3:2]), category_code="1801", meanings={"urgency": {"普通": "normal"}}
    )
    again = import_cases(staff.agent, file(rows=FOREIGN[:3:2]))
    assert (again.known, again.refused) == (1, [])


def test_a_meaning_that_is_none_of_our_words_is_named_before_anything_is_read(staff, file):
    meanings = {"category": {"交通运输": "运输"}, "urgency": {"普通": "慢"}, "title": {"甲": "乙"}}
    with pytest.raises(Invalid) as wrong:
        import_cases(staff.agent, file(rows=FOREIGN), meanings=meanings)
    assert set(wrong.value.fields) == {"category:交通运输", "urgency:普通", "title"}


def test_the_table_of_unknown_values_comes_back_filled_in(staff, file, tmp_path):
    path = tmp_path / "values.csv"
    rows = [*FOREIGN, ["甲", "乙", "=1+1", "normal"]]
    write_unknown(path, import_cases(staff.agent, file(rows=rows), dry_run=True).unknown)
    said = {"劳动和社会保障": "07", "交通运输": "05", "普通": "normal", "'=1+1": "1801"}
    with path.open(encoding="utf-8-sig", newline="") as source:
        filled = [{**row, "becomes": said[row["value"]]} for row in csv.DictReader(source)]
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, filled[0])
        writer.writeheader()
        writer.writerows(filled)
    report = import_cases(staff.agent, file(rows=rows), meanings=read_meanings(path))
    assert (report.taken, report.refused) == (5, [])


def test_a_table_of_meanings_without_its_columns_is_refused(tmp_path):
    (tmp_path / "values.csv").write_text("甲,乙\n1,2\n")
    with pytest.raises(Invalid) as wrong:
        read_meanings(tmp_path / "values.csv")
    assert set(wrong.value.fields) == {"field", "value", "becomes"}


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


def test_the_command_takes_meanings_and_writes_what_it_does_not_know(app, staff, file, tmp_path):
    values = tmp_path / "values.csv"
    common = ["cases", "import", str(file(rows=FOREIGN)), "--as", staff.agent.login]
    tried = app.test_cli_runner().invoke(args=[*common, "--dry-run", "--unknown", str(values)])
    assert "category 劳动和社会保障: 2 rows" in tried.output
    values.write_text("field,value,becomes\ncategory,劳动和社会保障,07\nurgency,普通,normal\n")
    done = app.test_cli_runner().invoke(
        args=[*common, "--values", str(values), "--map", "category:交通运输=05", "--map", "title=标题"]
    )
    assert "4 registered, 0 known already, 0 refused" in done.output
    assert "we do not know" not in done.output
