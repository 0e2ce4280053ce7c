"""Call flows: the city's switches, the flows, their versions."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.identity import current_person
from accounts.models import Department
from accounts.permissions import may, requires
from config.errors import Invalid, NotFound
from config.extensions import db
from hotline.forms.flows import BroadcastForm, NewFlowForm, NewNodeForm, NumbersForm, PublishForm, SoundForm
from hotline.ivr.check import exit_label, name_of
from hotline.ivr.compare import differences
from hotline.ivr.document import Flow
from hotline.ivr.drawing import BOX_HEIGHT, BOX_WIDTH, draw
from hotline.ivr.words import NodeKind, VersionState
from hotline.models import IvrFlow, IvrVersion
from hotline.services import flows, switches
from hotline.services.sounds import sounds
from hotline.views import blueprint
from hotline.views.flow_words import field_label, value_words


@blueprint.get("/administration/ivr")
@requires("ivr:see")
def call_flows() -> str:
    return flows_page()


@blueprint.post("/administration/ivr")
@requires("ivr:change")
def new_flow() -> Response | tuple[str, int]:
    """A flow for numbers of its own."""
    form = NewFlowForm()
    if form.validate_on_submit():
        try:
            flow = flows.make_flow(current_person(), form.code.data, form.name.data, form.listed())
        except Invalid as error:
            for name, sentence in error.fields.items():
                form[name].errors = [*form[name].errors, sentence]
        else:
            return redirect(url_for("hotline.call_flow", code=flow.code, version="draft"))
    return flows_page(flow_form=form), 422


@blueprint.post("/administration/ivr/straight")
@requires("ivr:switch")
def switch_straight() -> Response:
    """Straight to a person, or through the flows again."""
    on = request.form.get("on") == "1"
    switches.go_straight(current_person(), on)
    flash(_("Callers now get a person at once.") if on else _("Callers now go through their flow again."))
    return redirect(url_for("hotline.call_flows"))


@blueprint.post("/administration/ivr/broadcast")
@requires("ivr:switch")
def switch_broadcast() -> Response | tuple[str, int]:
    """The emergency broadcast."""
    form = BroadcastForm()
    form.offer(sounds())
    if form.validate_on_submit():
        try:
            switches.broadcast(current_person(), form.on.data, form.prompt())
        except Invalid as error:
            form.text.errors = [*form.text.errors, *map(str, error.fields.values())]
        else:
            flash(_("Callers hear it now.") if form.on.data else _("Callers do not hear it."))
            return redirect(url_for("hotline.call_flows"))
    return flows_page(broadcast_form=form), 422


@blueprint.get("/administration/ivr/<code>")
@requires("ivr:see")
def call_flow(code: str) -> str:
    """A version drawn, with what is wrong with it. `version`: its number or `draft`; default: what is in force."""
    return flow_page(code, request.args.get("version", ""))


@blueprint.post("/administration/ivr/<code>/numbers")
@requires("ivr:change")
def set_flow_numbers(code: str) -> Response | tuple[str, int]:
    """Which numbers of ours lead here; at once, whatever version is in force."""
    flow, form = flows.flow_by_code(code), NumbersForm()
    if form.validate_on_submit():
        try:
            flows.set_numbers(current_person(), flow, form.listed())
        except Invalid as error:
            form.numbers.errors = [*form.numbers.errors, *map(str, error.fields.values())]
        else:
            flash(_("These numbers lead here from the next caller on."), "good")
            return redirect(url_for("hotline.call_flow", code=code))
    return flow_page(code, "", numbers_form=form), 422


@blueprint.post("/administration/ivr/<code>/draft")
@requires("ivr:change")
def open_draft(code: str) -> Response:
    """Begin to change it."""
    flows.open_draft(current_person(), flows.flow_by_code(code))
    return redirect(url_for("hotline.call_flow", code=code, version="draft"))


@blueprint.post("/administration/ivr/<code>/discard")
@requires("ivr:change")
def discard_draft(code: str) -> Response:
    """Throw the draft away."""
    flows.discard_draft(current_person(), flows.flow_by_code(code))
    flash(_("The draft is thrown away."))
    return redirect(url_for("hotline.call_flow", code=code))


@blueprint.post("/administration/ivr/<code>/publish")
@requires("ivr:change")
def publish_flow(code: str) -> Response | tuple[str, int]:
    """Put the draft in force."""
    form = PublishForm()
    if not form.validate_on_submit():
        return flow_page(code, "draft", publish_form=form), 422
    revision = request.form.get("revision", -1, int)
    version = flows.publish(current_person(), flows.flow_by_code(code), revision, form.note.data or "")
    flash(_("Version %(number)s is in force for the next caller.", number=version.number), "good")
    return redirect(url_for("hotline.call_flow", code=code))


@blueprint.post("/administration/ivr/<code>/versions/<int:number>/roll-back")
@requires("ivr:change")
def roll_back_flow(code: str, number: int) -> Response:
    """Put an earlier version in force again."""
    flows.roll_back(current_person(), flows.flow_by_code(code), number)
    flash(_("Version %(number)s is in force for the next caller.", number=number), "good")
    return redirect(url_for("hotline.call_flow", code=code))


@blueprint.get("/administration/ivr/<code>/compare")
@requires("ivr:see")
def compare_flows(code: str) -> str:
    """What differs between two versions, both named as on the flow's page."""
    flow = flows.flow_by_code(code)
    names = request.args.get("before", ""), request.args.get("after", "draft")
    before, after = (chosen(flow, name)[1] for name in names)

    def named(name: str) -> str:
        return name_of(after if name in after.nodes else before, name)

    return render_template(
        "hotline/flow_compare.html",
        flow=flow,
        before=names[0],
        after=names[1],
        differences=differences(before, after),
        name_of=named,
        field_label=field_label,
        value_words=lambda field, value: value_words(field, value, named),
    )


def chosen(flow: IvrFlow, name: str) -> tuple[IvrVersion | None, Flow]:
    """The version of that name and its document; without a row the house's own."""
    wanted = select(IvrVersion).where(IvrVersion.flow_id == flow.id)
    if name == "draft":
        wanted = wanted.where(IvrVersion.state == VersionState.DRAFT)
    elif name.isdecimal() and len(name) < 9:
        wanted = wanted.where(IvrVersion.number == int(name))
    elif not name:
        wanted = wanted.where(IvrVersion.state == VersionState.PUBLISHED)
    else:
        raise NotFound(_("There is no such version."))
    version = db.session.scalars(wanted).one_or_none()
    if version is not None:
        return version, Flow.model_validate(version.body)
    if name:
        raise NotFound(_("There is no such version."))
    return None, flows.in_force(flow)


def flow_page(
    code: str,
    name: str,
    publish_form: PublishForm | None = None,
    node_form: NewNodeForm | None = None,
    numbers_form: NumbersForm | None = None,
) -> str:
    """The page of one version."""
    flow = flows.flow_by_code(code)
    version, document = chosen(flow, name)
    versions = db.session.scalars(
        select(IvrVersion).where(IvrVersion.flow_id == flow.id).order_by(IvrVersion.number.desc())
    ).all()
    found = flows.found_problems(document)
    return render_template(
        "hotline/flow.html",
        flow=flow,
        version=version,
        shown=name,
        document=document,
        drawing=draw(document),
        box=(BOX_WIDTH, BOX_HEIGHT),
        problems=found,
        blamed={one.node for one in found},
        versions=versions,
        is_draft=version is not None and version.state is VersionState.DRAFT,
        publish_form=publish_form or PublishForm(formdata=None),
        node_form=node_form or NewNodeForm(formdata=None),
        numbers_form=numbers_form or _numbers_form(flow),
        kinds=NodeKind,
        name_of=lambda one: name_of(document, one),
        exit_label=exit_label,
        may_change=may(current_person(), "ivr:change"),
    )


def _numbers_form(flow: IvrFlow) -> NumbersForm | None:
    """None for the flows of the house: they are for everybody, and for the departments' former numbers."""
    if flow.code in flows.OF_THE_HOUSE:
        return None
    return NumbersForm(formdata=None, data={"numbers": " ".join(row.number for row in flow.numbers)})


def flows_page(
    flow_form: NewFlowForm | None = None,
    broadcast_form: BroadcastForm | None = None,
    sound_form: SoundForm | None = None,
) -> str:
    """Switches, flows, former numbers, recordings."""
    flows.ensure_house_flows()
    now, recorded = switches.switches(), sounds()
    if broadcast_form is None:
        said = dict(now.broadcast) if now else {}
        shown = {"on": bool(now and now.broadcast_on), "text": said.get("text"), "sound": said.get("sound")}
        broadcast_form = BroadcastForm(formdata=None, data=shown)
        broadcast_form.offer(recorded)
    all_flows = db.session.scalars(select(IvrFlow).order_by(IvrFlow.id)).all()
    states = (VersionState.PUBLISHED, VersionState.DRAFT)
    live = db.session.scalars(select(IvrVersion).where(IvrVersion.state.in_(states))).all()
    former = select(Department).where(Department.active, Department.former_numbers != [])
    person = current_person()
    return render_template(
        "hotline/flows.html",
        switches=now,
        flows=all_flows,
        in_force={v.flow_id: v for v in live if v.state is VersionState.PUBLISHED},
        drafts={v.flow_id: v for v in live if v.state is VersionState.DRAFT},
        former=db.session.scalars(former.order_by(Department.name).limit(300)).all(),
        own_numbers={number.number: flow for flow in all_flows for number in flow.numbers},
        sounds=recorded,
        broadcast_form=broadcast_form,
        flow_form=flow_form or NewFlowForm(formdata=None, data={"numbers": request.args.get("numbers")}),
        sound_form=sound_form or SoundForm(formdata=None),
        may_change=may(person, "ivr:change"),
        may_switch=may(person, "ivr:switch"),
    )
