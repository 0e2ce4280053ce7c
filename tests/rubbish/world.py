"""One of everything that an address can name, and one person of every role."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from accounts.models import ApiToken, Department, Person, RoleGrant, SignInSession
from accounts.roles import Role
from accounts.services.tokens import create_token
from config import clock
from config.extensions import db
from config.storage import StoredFile
from dispatch import services
from dispatch.models import Case
from dispatch.workflow import Action, CaseState
from hotline.models import Call, CallQueue, MissedCall, NumberRule, Recording, Voicemail
from hotline.services import flows, numbers
from hotline.services.queues import default_queue
from hotline.telephony.cti.lines import make_line
from hotline.telephony.cti.models import CtiLine
from hotline.words import MissedState, VoicemailState
from knowledge_base.models import (
    ImportRow,
    KnowledgeAttachment,
    KnowledgeCorrection,
    KnowledgeImport,
    KnowledgeItem,
    WordGroup,
)
from knowledge_base.queries import version_for
from knowledge_base.services import attach_file, send_correction, write_words
from knowledge_base.services.importing import Given, begin_import
from knowledge_base.words import ImportOrigin, ItemState
from tests.factories.accounts import make_person
from tests.factories.dispatch import Staff, make_case, make_staff
from tests.factories.hotline import make_agent, make_call
from tests.factories.knowledge_base import make_item

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40

COLUMNS: dict[str, tuple[Any, ...]] = {
    "agent_id": (Person.id,),
    "attachment_id": (KnowledgeAttachment.id,),
    "call_no": (Call.call_no,),
    "case_no": (Case.case_no,),
    "code": (CallQueue.code,),
    "correction_id": (KnowledgeCorrection.id,),
    "department_id": (Department.id,),
    "file_id": (StoredFile.id,),
    "grant_id": (RoleGrant.id,),
    "group_id": (WordGroup.id,),
    "import_id": (KnowledgeImport.id,),
    "item_id": (KnowledgeItem.id,),
    "line_id": (CtiLine.id,),
    "number": (MissedCall.id, NumberRule.id, Recording.id, StoredFile.id, Voicemail.id),
    "person_id": (Person.id,),
    "row_id": (ImportRow.id,),
    "session_id": (SignInSession.id,),
    "token_id": (ApiToken.id,),
}
"""What an argument of an address of this name may hold."""
WORDS: dict[str, tuple[str, ...]] = {
    "action": (*(action.value for action in Action), "submit", "approve"),
    "code": ("default",),
    "name": ("welcome",),
    "table": ("actions", "categories"),
}


@dataclass
class World:
    """`people` by role; `named` by the argument of an address: what is really there."""

    staff: Staff
    people: dict[Role, Person]
    named: dict[str, list[str]] = field(default_factory=dict)


def make_world() -> World:
    staff = make_staff()
    people = {role: make_person([role], staff.city, totp_exempt=True) for role in Role}
    for role in (Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER):
        people[role] = make_person([role], staff.section)
    _cases(staff)
    _calls()
    _knowledge(staff, people[Role.KB_EDITOR])
    lead, admin = people[Role.SHIFT_LEAD], people[Role.SYSTEM_ADMIN]
    flows.open_draft(lead, flows.flow_by_code("default"))
    make_line("旧排队机", admin)
    create_token("对端", ("cases:read",))
    default_queue()
    db.session.commit()
    return World(staff, people, {name: _known(name) for name in {*COLUMNS, *WORDS}})


def _known(name: str) -> list[str]:
    rows = [row for column in COLUMNS.get(name, ()) for row in db.session.scalars(select(column)).all()]
    return [*map(str, dict.fromkeys(rows)), *WORDS.get(name, ())]


def _cases(staff: Staff) -> None:
    for state in CaseState:
        make_case(state, staff)
    services.attach_file(staff.agent, make_case(staff=staff), io.BytesIO(PNG), "灯.png")
    services.save_draft(staff.agent, "case-new", {"title": "草稿"})


def _calls() -> None:
    agent = make_agent()
    call = make_call(agent)
    now, number = clock.now(), "+8613900000009"
    db.session.add(Recording(call_id=call.id, started_at=now))
    db.session.add(
        Voicemail(call_id=call.id, number=number, left_at=now, seconds=7, state=VoicemailState.OPEN)
    )
    about = {"number": number, "number_index": "9" * 64, "state": MissedState.OPEN}
    db.session.add(MissedCall(**about, first_missed_at=now, last_missed_at=now, due_at=now))
    numbers.propose_block(agent, call, 7, "骚扰")
    make_call(agent, "+8613900000010", "talking")


def _knowledge(staff: Staff, editor: Person) -> None:
    for state in (ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.PUBLISHED, ItemState.RETIRED):
        item = make_item(state=state, editor=editor, department=staff.city)
        if state is ItemState.DRAFT:
            attach_file(editor, item, io.BytesIO(PNG), "灯.png")
        if state is ItemState.PUBLISHED:
            send_correction(staff.agent, version_for(staff.agent, item), "电话改了")
    write_words(editor, "低保，最低生活保障")
    files = [Given("a.txt", io.BytesIO("标题\n\n内容".encode()))]
    begin_import(editor, files, staff.city, origin=ImportOrigin.PAGE)
