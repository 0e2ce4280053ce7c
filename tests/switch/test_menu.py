"""A citizen walks a menu of two levels with the keys of a real telephone, and hears what belongs to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline.ivr import document as doc
from hotline.ivr.document import PERSON, Flow, Prompt
from hotline.ivr.words import VersionState
from hotline.services import flows
from hotline.services.sounds import keep_sound
from hotline.words import CallState
from tests.factories.accounts import make_person
from tests.switch.conftest import Exchange
from tests.switch.telephone import TONES, Telephone, who_hears_whom
from tests.switch.tones import write_tone

pytestmark = pytest.mark.switch


@pytest.fixture
def two_levels(exchange: Exchange, tmp_path) -> Iterator[None]:
    """A flow in force whose menus are recordings that only the hotline has; afterwards what was before."""
    lead = make_person([Role.SHIFT_LEAD])
    db.session.commit()
    keys = {}
    for name in ("prompt", "other"):
        write_tone(tmp_path / f"{name}.wav", TONES[name], 6)
        with (tmp_path / f"{name}.wav").open("rb") as sound:
            keys[name] = keep_sound(lead, name, f"{name}.wav", sound).key
    flow = flows.flow_by_code("default")
    first = doc.Menu(prompt=Prompt(text="一", sound=keys["prompt"]), choices={"1": "second"}, wait=20)
    second = doc.Menu(prompt=Prompt(text="二", sound=keys["other"]), choices={"2": PERSON}, wait=20)
    document = Flow(start="first", nodes={"first": first, "second": second})
    before = flows.version_of(flow, VersionState.PUBLISHED)
    draft = flows.save_draft(lead, flow, document, flows.open_draft(lead, flow).revision)
    flows.publish(lead, flow, draft.revision)
    yield
    flows.roll_back(lead, flow, before.number)


def test_two_levels_of_keys_are_walked_and_each_is_heard(
    exchange: Exchange,
    citizen: Telephone,
    seats: dict[str, Telephone],
    on_duty: Callable[[str], Person],
    two_levels: None,
):
    citizen.dial("12345")
    citizen.wait("CALL_ESTABLISHED", citizen.count("CALL_ESTABLISHED") + 1)
    who_hears_whom({citizen: {"prompt"}})
    citizen.press("1")
    who_hears_whom({citizen: {"other"}})
    citizen.press("7")
    who_hears_whom({citizen: {"other"}})
    assert exchange.newest_call().state is CallState.IVR
    citizen.press("2")
    who_hears_whom({citizen: {"music"}})
    call = exchange.call_is(lambda call: call.state is CallState.QUEUED)
    assert call.asked_key == "2"
    on_duty("1001")
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
