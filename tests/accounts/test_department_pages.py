"""Administration of departments, through the pages."""

from __future__ import annotations

import io
import re

import pytest

from accounts.models import DepartmentKind
from accounts.queries import department_by_code
from accounts.roles import Role
from tests.factories.accounts import make_department, make_person

FACTS = {"kind": "merged", "level": "bureau", "former_numbers": "12319，96310", "active": "y"}


@pytest.fixture
def admin(app, sign_in):
    return sign_in(make_person([Role.SYSTEM_ADMIN], totp_exempt=True))


def test_a_department_is_founded_with_its_numbers_and_contacts(admin):
    city = make_department(code="city")
    answer = admin.post(
        "/administration/departments/new",
        data={
            **FACTS,
            "code": "csgl",
            "name": "城管局",
            "parent": city.id,
            "contacts": "值班室 | 555 | 白天\n李四",
        },
    )
    assert answer.status_code == 302
    made = department_by_code("csgl")
    assert (made.kind, made.parent, made.former_numbers) == (DepartmentKind.MERGED, city, ["12319", "96310"])
    assert made.contacts == [
        {"name": "值班室", "phone": "555", "hours": "白天"},
        {"name": "李四", "phone": "", "hours": ""},
    ]
    listed = admin.get("/administration/departments").text
    assert "城管局" in listed
    assert "12319 96310" in listed


def test_what_the_form_shows_saved_again_changes_nothing(admin):
    city = make_department(code="city")
    made = make_department(
        "城管局",
        parent=city,
        former_numbers=("12319",),
        contacts=({"name": "甲", "phone": "1", "hours": ""},),
    )
    page = admin.get(f"/administration/departments/{made.id}").text
    assert f'selected value="{city.id}"' in page
    assert 'value="12319"' in page
    assert "甲 | 1" in page
    admin.post(
        f"/administration/departments/{made.id}",
        data={
            "name": "城管局",
            "kind": "terminal",
            "level": "bureau",
            "parent": city.id,
            "former_numbers": "12319",
            "contacts": "甲 | 1",
            "active": "y",
        },
    )
    assert (made.parent, made.path) == (city, f"{city.path}{made.id}/")
    assert made.contacts == [{"name": "甲", "phone": "1", "hours": ""}]


def test_a_department_is_not_hung_below_itself(admin):
    top = make_department()
    below = make_department(parent=top)
    answer = admin.post(
        f"/administration/departments/{top.id}", data={**FACTS, "name": "x", "parent": below.id}
    )
    assert answer.status_code == 422
    assert top.parent_id is None
    assert top.name != "x", "refused whole"


def test_an_administrator_of_a_branch_changes_nothing_outside_it(app, sign_in):
    city = make_department(code="city")
    branch, beside = make_department(parent=city), make_department(code="beside", parent=city)
    admin = sign_in(make_person([Role.SYSTEM_ADMIN], branch, totp_exempt=True))
    assert admin.get(f"/administration/departments/{beside.id}").status_code == 403
    for parent in (beside.id, ""):
        data = {**FACTS, "code": "new", "name": "新", "parent": parent}
        assert admin.post("/administration/departments/new", data=data).status_code == 422
    data = {**FACTS, "code": "new", "name": "新", "parent": branch.id}
    assert admin.post("/administration/departments/new", data=data).status_code == 302
    data = {**FACTS, "name": "分支", "parent": ""}
    assert admin.post(f"/administration/departments/{branch.id}", data=data).status_code == 422
    data = {**FACTS, "name": "分支", "parent": city.id}
    assert admin.post(f"/administration/departments/{branch.id}", data=data).status_code == 302
    tried = upload(admin, "a.csv", "code,name,parent\nbeside,别处,city\nroot2,根,\n".encode())
    assert tried.text.count("您没有权限进行此操作") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "=1"),
        ("name", ""),
        ("kind", "foo"),
        ("level", "foo"),
        ("parent", "999999"),
        ("contacts", "a|b|c|d"),
        ("former_numbers", "abc"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(admin, field, value):
    answer = admin.post(
        "/administration/departments/new",
        data={**FACTS, "code": "a1", "name": "甲", "parent": "", field: value},
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert department_by_code("a1") is None


def upload(client, name: str, content: bytes):
    return client.post("/administration/departments/import", data={"file": (io.BytesIO(content), name)})


def test_a_file_is_tried_first_and_then_taken_in(admin):
    tried = upload(admin, "单位.csv", "code,name\nnew,新单位\nbad,\n".encode())
    assert department_by_code("new") is None
    token = re.search(r'name="tried" value="([^"]+)"', tried.text).group(1)
    admin.post("/administration/departments/import/take", data={"tried": token})
    assert department_by_code("new").name == "新单位"


def test_a_file_tried_by_somebody_else_or_long_ago_is_not_taken(admin, sign_in):
    other = sign_in(make_person([Role.SYSTEM_ADMIN], totp_exempt=True))
    token = re.search(
        r'name="tried" value="([^"]+)"', upload(admin, "a.csv", b"code,name\nnew,x\n").text
    ).group(1)
    for wrong in (token, "rubbish", ""):
        assert other.post("/administration/departments/import/take", data={"tried": wrong}).status_code == 409
    assert department_by_code("new") is None


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"MZ"), ("a.csv", b""), ("a.csv", b"x,y\n1,2\n"), ("", b"")]
)
def test_a_file_that_is_none_is_refused_at_its_field(admin, name, content):
    answer = upload(admin, name, content)
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text


def test_the_export_is_a_file(admin):
    make_department("城管局", code="csgl")
    answer = admin.get("/administration/departments.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.decode("utf-8-sig").startswith("code,name,")
