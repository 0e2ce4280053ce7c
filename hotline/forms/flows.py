"""What people may write into a flow. The fields of a node follow from its kind; the document has the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf.file import FileField, FileRequired
from pydantic import ValidationError
from wtforms import (
    BooleanField,
    DecimalField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from config.web.forms import HouseForm
from hotline.ivr.check import exit_label, prompt_label
from hotline.ivr.document import KINDS, PERSON, AnyNode, Flow, Prompt, exits, prompts
from hotline.ivr.words import NodeKind
from hotline.models import CallQueue, IvrSound

KEYS = "1234567890*#"
SPANS = 4
WEEKDAYS = (_l("Mon"), _l("Tue"), _l("Wed"), _l("Thu"), _l("Fri"), _l("Sat"), _l("Sun"))
LANGUAGES = [("zh", _l("Chinese")), ("en", _l("English"))]
NUMBERS = {
    "wait": _l("Seconds of silence that are waited for"),
    "tries": _l("How often it is asked"),
    "least": _l("Digits at least"),
    "most": _l("Digits at most"),
    "seconds": _l("Seconds at most"),
    "priority": _l("Priority added"),
}
WORDS = {
    "name": _l("Kept as (small letters)"),
    "number": _l("Outside number or extension"),
    "keys": _l("Keys that are ratings"),
    "key": _l("Key that accepts"),
}
HINTS = {
    "number": _l("Digits, with + before a country's code. Empty: callers go on as if nobody answered there."),
    "keys": _l("2 to 10 digits, the worst first."),
}
PATTERNS = {
    "name": _l("Begin with a small letter; small letters, digits, - and _."),
    "number": _l("2 to 20 digits, with a + before them at most."),
    "keys": _l("2 to 10 digits."),
    "key": _l("One key: 0 to 9, * or #."),
}
NAME = Regexp(
    r"^[a-z][a-z0-9_-]{0,31}$", message=_l("Begin with a small letter; small letters, digits, - and _.")
)


class NewNodeForm(HouseForm):
    """Another node."""

    kind = SelectField(_l("Kind"), choices=NodeKind.choices)
    name = StringField(_lp("node", "Name"), validators=[DataRequired(), NAME])
    title = StringField(_l("Title"), validators=[Optional(), Length(max=40)])


class NumbersForm(HouseForm):
    """The numbers of ours that lead to a flow."""

    numbers = StringField(
        _l("Numbers that lead here"),
        validators=[
            DataRequired(),
            Regexp(r"^[0-9 ,，-]{3,200}$", message=_l("Digits, with spaces between.")),
        ],
    )

    def listed(self) -> list[str]:
        """The numbers, one by one."""
        return (self.numbers.data or "").replace("，", " ").replace(",", " ").split()


class NewFlowForm(NumbersForm):
    """A flow for numbers of its own."""

    code = StringField(_l("Code"), validators=[DataRequired(), NAME])
    name = StringField(_lp("flow", "Name"), validators=[DataRequired(), Length(max=80)])


class SoundForm(HouseForm):
    """A recorded prompt."""

    title = StringField(_l("Title"), validators=[DataRequired(), Length(max=80)])
    file = FileField(_l("Recording (WAV, or MP3 where ffmpeg is installed)"), validators=[FileRequired()])


class PublishForm(HouseForm):
    """Why the draft goes into force."""

    note = StringField(_l("What is new"), validators=[DataRequired(), Length(max=200)])


class BroadcastForm(HouseForm):
    """What every caller hears first in an emergency."""

    on = BooleanField(_l("Callers hear it now"))
    text = TextAreaField(_l("Words"), validators=[Optional(), Length(max=600)])
    sound = SelectField(_l("Recording"))

    def offer(self, sounds: Sequence[IvrSound]) -> None:
        """Let a recording be chosen."""
        self.sound.choices = _sounds(sounds)

    def prompt(self) -> Prompt:
        return Prompt(text=self.text.data or "", sound=self.sound.data or "")


def node_form(
    flow: Flow, node: AnyNode, queues: Sequence[CallQueue], sounds: Sequence[IvrSound], fill: bool
) -> HouseForm:
    """A form with the fields of this kind of node; with `fill` it shows the node, else what was sent."""
    fields: dict[str, Any] = {"title": StringField(_l("Title"), validators=[Optional(), Length(max=40)])}
    shown: dict[str, Any] = {"title": node.title}
    for name, prompt in prompts(node):
        fields[f"{name}-text"] = TextAreaField(prompt_label(name), validators=[Optional(), Length(max=600)])
        fields[f"{name}-sound"] = SelectField(_l("Recording"), choices=_sounds(sounds))
        fields[f"{name}-language"] = SelectField(_l("Voice"), choices=LANGUAGES)
        shown |= {f"{name}-{part}": value for part, value in prompt.model_dump().items()}
    kind = type(node)
    targets = _targets(flow)
    if "choices" in kind.model_fields:
        for key in KEYS:
            fields[f"choices-{key}"] = SelectField(exit_label(f"key {key}"), choices=targets)
            shown[f"choices-{key}"] = node.choices.get(key, "")  # type: ignore[union-attr]
    for name in kind.model_fields:
        value = getattr(node, name)
        if name in NUMBERS:
            made = DecimalField if isinstance(value, float) else IntegerField
            fields[name], shown[name] = made(NUMBERS[name], validators=[InputRequired()]), value
        elif name in WORDS:
            field = StringField(WORDS[name], validators=[Length(max=32)], description=HINTS.get(name, ""))
            fields[name], shown[name] = field, value
        elif name == "queue":
            choices = [("", _("the default queue")), *((queue.code, queue.name) for queue in queues)]
            if value and value not in dict(choices):
                choices.append((value, value))
            fields[name], shown[name] = SelectField(_lp("node", "Queue"), choices=choices), value
        elif name == "spans":
            _add_spans(fields, shown, value)
    for exit_, target in exits(node):
        if not exit_.startswith("key "):
            fields[exit_], shown[exit_] = SelectField(exit_label(exit_), choices=targets), target
    made_form: type[HouseForm] = type("NodeForm", (HouseForm,), fields)
    return made_form(formdata=None, data=shown) if fill else made_form()


def node_of(form: HouseForm, node: AnyNode) -> AnyNode | None:
    """The node as the form has it; None, and errors beside the fields, if that is none."""
    said = {name: field.data for name, field in form._fields.items() if name != "csrf_token"}
    found: dict[str, Any] = {}
    for name, value in said.items():
        head, _dash, part = name.partition("-")
        if not part:
            found[name] = float(value) if name == "wait" and value is not None else value
        elif head == "choices" and value:
            found.setdefault("choices", {})[part] = value
        elif head in ("prompt", "number_prompt", "code_prompt", "wrong"):
            found.setdefault(head, {})[part] = value or ""
    if "days-0" in said:
        found["spans"] = [
            {"days": [int(day) for day in said[f"days-{n}"]], "since": since, "until": until}
            for n in range(SPANS)
            if said[f"days-{n}"] and (since := said[f"since-{n}"]) and (until := said[f"until-{n}"])
        ]
    try:
        made: AnyNode = KINDS[node.kind].model_validate(found)
    except ValidationError as error:
        for one in error.errors():
            field = form._fields.get("-".join(str(part) for part in one["loc"][:2]))
            field = field or form._fields.get(str(one["loc"][0])) or form._fields["title"]
            field.errors = [*field.errors, _sentence(one)]
        return None
    return made


def _sentence(error: Any) -> str:
    """What a document refuses, in the words of who reads the form."""
    limits = error.get("ctx") or {}
    match error["type"]:
        case "greater_than_equal":
            return _("At least %(n)s.", n=limits["ge"])
        case "less_than_equal":
            return _("At most %(n)s.", n=limits["le"])
        case "string_pattern_mismatch":
            return str(PATTERNS.get(str(error["loc"][-1]), _("These characters cannot stand here.")))
        case "string_too_long":
            return _("At most %(n)s characters.", n=limits["max_length"])
    return _("This cannot be used here.")


def _targets(flow: Flow) -> list[tuple[str, str]]:
    named = [(name, f"{node.title} ({name})" if node.title else name) for name, node in flow.nodes.items()]
    return [("", "–"), (PERSON, _("A person")), *named]


def _sounds(sounds: Sequence[IvrSound]) -> list[tuple[str, str]]:
    return [("", _("none: the words are spoken by a synthetic voice")), *((s.key, s.title) for s in sounds)]


def _add_spans(fields: dict[str, Any], shown: dict[str, Any], spans: Sequence[Any]) -> None:
    for n in range(SPANS):
        fields[f"days-{n}"] = SelectMultipleField(
            _("Days, line %(n)s", n=n + 1),
            choices=[(str(day), label) for day, label in enumerate(WEEKDAYS)],
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
        fields[f"since-{n}"] = TimeField(_("From"), validators=[Optional()])
        fields[f"until-{n}"] = TimeField(_("Until (not included)"), validators=[Optional()])
        if n < len(spans):
            shown[f"days-{n}"] = [str(day) for day in sorted(spans[n].days)]
            shown[f"since-{n}"], shown[f"until-{n}"] = spans[n].since, spans[n].until
