"""Files handed in by a machine."""

from __future__ import annotations

import base64

import pytest
from sqlalchemy import select

from accounts.services.tokens import create_token
from config.extensions import db
from knowledge_base import jobs
from knowledge_base.models import KnowledgeImport, KnowledgeItem
from tests.factories.accounts import make_department

TEXT = base64.b64encode("停水须知\n2026年1月5日发布\n停水前二十四小时通知用户。".encode()).decode()


@pytest.fixture
def api(client, app):
    shelf = make_department()

    def call(method, path, scopes=("knowledge:import",), **more):
        _token, plain = create_token("报送系统", scopes)
        return client.open(
            f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {plain}"}, **more
        )

    call.shelf = shelf
    return call


def body(**more):
    return {"files": [{"name": "须知.txt", "content": TEXT}], **more}


def test_files_are_handed_in_and_wait_for_a_person(api, client):
    _token, plain = create_token("报送系统", ("knowledge:import",))
    headers = {"Authorization": f"Bearer {plain}"}
    made = client.post("/api/v1/knowledge/imports", json=body(department=api.shelf.code), headers=headers)
    assert (made.status_code, made.json["state"]) == (202, "reading")
    jobs.read_import(made.json["id"])
    found = client.get(f"/api/v1/knowledge/imports/{made.json['id']}", headers=headers).json
    assert (found["state"], found["counts"]) == ("ready", {"ready": 1})
    assert found["files"][0]["title"] == "停水须知"
    assert found["files"][0]["issued_on"] == "2026-01-05"
    assert db.session.scalar(select(KnowledgeItem.id)) is None


def test_a_client_sees_its_own_imports_only(api):
    made = api("POST", "/knowledge/imports", json=body())
    assert api("GET", f"/knowledge/imports/{made.json['id']}").status_code == 404


def test_the_scope_is_needed(api):
    assert api("POST", "/knowledge/imports", scopes=("cases:read",), json=body()).status_code == 403


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"department": "nowhere"}, "department"),
        ({"files": []}, "files"),
        ({"files": [{"name": "x.txt", "content": "***"}]}, "files.0.content"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(api, wrong, field):
    answer = api("POST", "/knowledge/imports", json={**body(), **wrong})
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert db.session.scalar(select(KnowledgeImport.id)) is None
