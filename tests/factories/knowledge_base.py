"""Knowledge for tests, made through the services."""

from __future__ import annotations

import itertools
from typing import Any

from accounts.models import Department, Person
from accounts.roles import Role
from knowledge_base.models import KnowledgeItem
from knowledge_base.services import ItemText, approve_item, draft_item, retire_item, submit_item
from knowledge_base.words import ItemKind, ItemState
from tests.factories.accounts import make_department, make_person

_number = itertools.count(1)
SOME_BODY = """本市户籍家庭人均住房面积低于十五平方米的，可以向户籍所在地街道办事处申请公共租赁住房。

受理后二十个工作日内答复。"""


def some_text(title: str = "", body: str = SOME_BODY, **more: Any) -> ItemText:
    return ItemText(
        kind=more.pop("kind", ItemKind.GUIDE),
        title=title or f"公租房申请指南{next(_number)}",
        body=body,
        **more,
    )


def make_editor(**more: Any) -> Person:
    return make_person(roles=(Role.KB_EDITOR,), **more)


def make_approver(**more: Any) -> Person:
    return make_person(roles=(Role.KB_APPROVER,), **more)


def make_item(
    title: str = "",
    body: str = SOME_BODY,
    *,
    state: ItemState = ItemState.PUBLISHED,
    department: Department | None = None,
    editor: Person | None = None,
    approver: Person | None = None,
    **more: Any,
) -> KnowledgeItem:
    """An item that has come as far as `state`."""
    editor = editor or make_editor()
    item = draft_item(editor, some_text(title, body, **more), department or make_department())
    if state is ItemState.DRAFT:
        return item
    submit_item(editor, item)
    if state is ItemState.IN_REVIEW:
        return item
    approver = approver or make_approver()
    approve_item(approver, item)
    if state is ItemState.RETIRED:
        retire_item(approver, item, "已被新办法取代")
    return item
