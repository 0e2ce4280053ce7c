"""The nodes of a draft: add, change, remove, begin here."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import NotFound
from config.extensions import db
from hotline.forms.flows import KEYS, NewNodeForm, node_form, node_of
from hotline.ivr.check import prompt_label
from hotline.ivr.document import KINDS, MOST_NODES, PERSON, AnyNode, Flow, prompts
from hotline.ivr.words import NodeKind
from hotline.models import CallQueue, IvrFlow, IvrVersion
from hotline.services import flows
from hotline.services.sounds import sounds
from hotline.views import blueprint
from hotline.views.flows import chosen, flow_page


@blueprint.post("/administration/ivr/<code>/nodes")
@requires("ivr:change")
def add_node(code: str) -> Response | tuple[str, int]:
    """Another node; its own page comes next."""
    flow, draft, document = _draft(code)
    form = NewNodeForm()
    if form.validate_on_submit():
        name = form.name.data or ""
        if name in document.nodes or name == PERSON:
            form.name.errors = [*form.name.errors, _("There is a node with this name.")]
        elif len(document.nodes) >= MOST_NODES:
            form.name.errors = [*form.name.errors, _("A flow has at most %(n)s nodes.", n=MOST_NODES)]
        else:
            node = KINDS[form.kind.data](title=form.title.data or "")
            _save(flow, draft, document, {**document.nodes, name: node})
            return redirect(url_for("hotline.edit_node", code=code, name=name))
    return flow_page(code, "draft", node_form=form), 422


@blueprint.route("/administration/ivr/<code>/nodes/<name>", methods=["GET", "POST"])
@requires("ivr:change")
def edit_node(code: str, name: str) -> str | Response | tuple[str, int]:
    """What happens at this node."""
    flow, draft, document = _draft(code)
    node = _node(document, name)
    queues = db.session.scalars(select(CallQueue).where(CallQueue.active).order_by(CallQueue.name)).all()
    form = node_form(document, node, queues, sounds(), fill=request.method == "GET")
    status = 200
    if request.method == "POST":
        if form.validate_on_submit() and (changed := node_of(form, node)) is not None:
            _save(flow, draft, document, {**document.nodes, name: changed})
            flash(_("Kept in the draft. It is not in force yet."))
            return redirect(url_for("hotline.call_flow", code=code, version="draft"))
        status = 422
    page = render_template(
        "hotline/flow_node.html",
        flow=flow,
        draft=draft,
        name=name,
        node=node,
        kind=NodeKind(node.kind),
        form=form,
        fields=form._fields,
        keys=KEYS,
        spoken=[(one, prompt_label(one)) for one, prompt in prompts(node) if not prompt.is_silent],
        is_start=document.start == name,
        found=[one for one in flows.found_problems(document) if one.node == name],
    )
    return page, status


@blueprint.post("/administration/ivr/<code>/nodes/<name>/remove")
@requires("ivr:change")
def remove_node(code: str, name: str) -> Response:
    """Take it out of the draft; what led there is named by the check."""
    flow, draft, document = _draft(code)
    _node(document, name)
    _save(flow, draft, document, {one: node for one, node in document.nodes.items() if one != name})
    flash(_("The node is removed from the draft."))
    return redirect(url_for("hotline.call_flow", code=code, version="draft"))


@blueprint.post("/administration/ivr/<code>/nodes/<name>/start")
@requires("ivr:change")
def start_here(code: str, name: str) -> Response:
    """Callers begin at this node."""
    flow, draft, document = _draft(code)
    _node(document, name)
    _save(flow, draft, document, document.nodes, start=name)
    return redirect(url_for("hotline.call_flow", code=code, version="draft"))


def _draft(code: str) -> tuple[IvrFlow, IvrVersion, Flow]:
    flow = flows.flow_by_code(code)
    draft, document = chosen(flow, "draft")
    assert draft is not None
    return flow, draft, document


def _node(document: Flow, name: str) -> AnyNode:
    if name not in document.nodes:
        raise NotFound(_("There is no such node in the draft."))
    return document.nodes[name]


def _save(
    flow: IvrFlow, draft: IvrVersion, document: Flow, nodes: dict[str, AnyNode], start: str = ""
) -> None:
    revision = request.form.get("revision", -1, int)
    changed = Flow(start=start or document.start, nodes=nodes)
    flows.save_draft(current_person(), flow, changed, revision)
