"""The dialog that sends a link to the citizen: to whom (masked), what, and whether they agree."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import HotlineError, Invalid, NotFound
from config.extensions import db, limiter
from config.phones import mask_phone
from dispatch.models import Case
from dispatch.queries import visible_case
from dispatch.services.sending import link_to, number_of, send_link
from dispatch.views import blueprint
from hotline.models import Call
from knowledge_base import queries
from knowledge_base.queries.public import public_version
from knowledge_base.views.numbers import number


@blueprint.route("/cases/knowledge-link", methods=["GET", "POST"])
@requires("case:send_link")
@limiter.limit("20/minute", methods=["POST"])
def knowledge_link() -> Any:
    """`item`, and `case` or `call`; `search`, `rank` and `intake` say where it was found and what it is for."""
    person, given = current_person(), request.values
    item = queries.item(number(given.get("item")) or 0)
    case, call = _case(given.get("case", "")), _call(given.get("call", ""))
    facts: dict[str, Any] = {"item": item, "given": given, "link": link_to(item), "error": "", "sent": None}
    facts["version"] = public_version(item.item_no)
    try:
        facts["masked"] = mask_phone(number_of(person, call, case))
        if request.method == "POST":
            facts["sent"] = send_link(
                person,
                item,
                call=call,
                case=case,
                consent=given.get("consent") == "1",
                search_id=number(given.get("search")),
                rank=number(given.get("rank")),
                intake_key=given.get("intake", "")[:57],
            )
    except Invalid as wrong:
        facts["error"] = str(wrong.fields["consent"])
    except HotlineError as refusal:
        facts |= {"refusal": refusal.message}
    return render_template("dispatch/knowledge_link.html", **facts), 422 if facts["error"] else 200


def _case(case_no: str) -> Case | None:
    return visible_case(current_person(), case_no[:24]) if case_no else None


def _call(call_no: str) -> Call | None:
    if not call_no:
        return None
    call = db.session.scalar(select(Call).where(Call.call_no == call_no.replace("\x00", "")[:32]))
    if call is None:
        raise NotFound(_("There is no such call."))
    return call
