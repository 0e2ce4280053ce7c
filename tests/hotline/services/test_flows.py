"""A flow is checked against what there is in this city."""

from __future__ import annotations

import pytest

from config.extensions import db
from hotline.ivr.document import PERSON, Flow, Transfer
from hotline.services.flows import found_problems
from tests.factories.accounts import make_department
from tests.factories.hotline import SwitchCall


def nodes_to_blame(number: str) -> list[str]:
    flow = Flow(start="out", nodes={"out": Transfer(number=number, otherwise=PERSON)})
    return [one.node for one in found_problems(flow) if one.grave]


@pytest.mark.parametrize("number", ["01066001234", "+861066001234", "12345"])
def test_a_flow_sends_nobody_out_to_a_number_that_leads_here(clock, number):
    make_department().former_numbers = ["010-6600 1234"]
    db.session.commit()
    SwitchCall().arrive(to="12345")
    assert nodes_to_blame(number) == ["out"]


def test_any_other_number_is_fine(clock):
    SwitchCall().arrive(to="12345")
    assert nodes_to_blame("01066009999") == []
    assert nodes_to_blame("110") == []
