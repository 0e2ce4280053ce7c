"""The department file: what goes out comes in again, and nothing wrong gets through."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry, Department, DepartmentKind, DepartmentLevel
from accounts.queries import department_by_code
from accounts.roles import Role
from accounts.services.department_files import export_departments, import_departments
from config.errors import Invalid
from config.extensions import db
from config.text import plain_cell, safe_cell
from tests.factories.accounts import make_department, make_person

FORMULAS = st.text(st.sampled_from("=+-@\t'a1(市"), max_size=8)


@pytest.fixture
def admin(app):
    return make_person([Role.SYSTEM_ADMIN])


@pytest.fixture
def tree(app):
    city = make_department("市政府", code="city", level=DepartmentLevel.CITY)
    contacts = ({"name": "值班室", "phone": "0990-5551000", "hours": "9:00–17:30"},)
    make_department("=城管局", parent=city, code="csgl", former_numbers=("12319", "96310"), contacts=contacts)
    make_department("燃气公司", parent=city, code="gas", kind=DepartmentKind.SYSTEM, active=False)
    return city


def take(admin, text: str, dry_run: bool = False):
    return import_departments(admin, text.encode(), dry_run)


def test_what_goes_out_comes_in_again_and_changes_nothing(admin, tree):
    report = take(admin, export_departments())
    assert (report.added, report.changed, report.unchanged, report.refused) == (0, 0, 3, [])


def test_a_city_that_lost_its_tree_gets_it_back_from_the_file(admin, tree):
    kept = export_departments()
    for department in db.session.query(Department).order_by(Department.id.desc()):
        db.session.delete(department)
    db.session.commit()
    assert take(admin, kept).added == 3
    assert export_departments() == kept
    again = department_by_code("csgl")
    assert again.parent.code == "city"
    assert again.path == f"{again.parent.path}{again.id}/"


def test_a_spreadsheet_finds_no_formula_in_the_file(admin, tree):
    cells = [cell for row in csv.reader(io.StringIO(export_departments())) for cell in row]
    assert "'=城管局" in cells
    assert not [cell for cell in cells if cell.lstrip("\ufeff").startswith(("=", "+", "-", "@", "\t"))]


@given(text=FORMULAS)
def test_a_cell_made_safe_is_read_back_as_it_was(text):
    safe = safe_cell(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
    if text == text.strip() and not text.startswith("'"):
        assert plain_cell(safe) == text


def test_a_dry_run_says_what_would_happen_and_keeps_nothing(admin, tree):
    text = "code,name,parent\nnew,新单位,city\ncsgl,城市管理局,city\n"
    report = take(admin, text, dry_run=True)
    assert (report.added, report.changed) == (1, 1)
    assert department_by_code("new") is None
    assert department_by_code("csgl").name == "=城管局"
    assert take(admin, text).added == 1
    assert department_by_code("new").parent.code == "city"


def test_a_wrong_row_is_refused_with_its_line_and_the_others_go_in(admin, tree):
    report = take(
        admin,
        "code,name,kind,level,parent,active,former_numbers,contacts\n"
        "a1,甲,terminal,bureau,city,1,,\n"
        ",没有代码,,,,,,\n"
        "a2,,,,,,,\n"
        "a3,丙,foo,,,,,\n"
        "a4,丁,,foo,,,,\n"
        "a5,戊,,,nowhere,,,\n"
        "a6,己,,,,perhaps,,\n"
        "a7,庚,,,,,abc,\n"
        "a8,辛,,,,,,a | b | c | d\n"
        "a9," + "壬" * 121 + ",,,,,,\n"
        "a\x00,癸,,,,,,\n",
    )
    assert report.added == 1
    assert [line for line, _why in report.refused] == list(range(3, 13))
    assert all(why for _line, why in report.refused)


def test_a_department_hung_below_itself_is_refused(admin, tree):
    report = take(admin, "code,name,parent\ncity,市政府,csgl\n")
    assert len(report.refused) == 1
    assert department_by_code("city").parent_id is None


def test_columns_that_are_missing_leave_things_as_they_are(admin, tree):
    take(admin, "code,name,former_numbers\ncsgl,城管局,12319\n")
    department = department_by_code("csgl")
    assert department.former_numbers == ["12319"]
    assert department.parent.code == "city"
    assert department.contacts[0]["phone"] == "0990-5551000"


def test_a_file_of_an_older_spreadsheet_is_read(admin, tree):
    report = import_departments(admin, "code,name\nnew,新单位\n".encode("gb18030"), dry_run=False)
    assert report.added == 1
    assert department_by_code("new").name == "新单位"


@pytest.mark.parametrize(
    "content", [b"", b"name\nx\n", b"\xff\xfe\x00\xd8\xff", b'code,name\n"a,b\n', b"x" * 5_000_001]
)
def test_a_file_that_is_none_is_refused_by_name(admin, content):
    with pytest.raises(Invalid) as invalid:
        import_departments(admin, content)
    assert "file" in invalid.value.fields


@given(content=st.binary(max_size=300))
def test_rubbish_is_refused_and_never_an_error_of_ours(app, content):
    admin = make_person([Role.SYSTEM_ADMIN])
    for body in (content, b"code,name,parent,contacts\n" + content):
        with suppress(Invalid):
            report = import_departments(admin, body, dry_run=True)
            assert report.dry_run
        assert db.session.query(Department).count() == 0


def test_who_took_the_contacts_along_is_in_the_trail(app, sign_in):
    admin = make_person([Role.SYSTEM_ADMIN], totp_exempt=True)
    assert sign_in(admin).get("/administration/departments.csv").status_code == 200
    row = db.session.query(AuditEntry).filter_by(verb="department:export").one()
    assert row.person_id == admin.id
