"""Who is in a call, for the tests of what may happen in it."""

from __future__ import annotations

import pytest

from accounts.models import Person
from accounts.roles import Role
from tests.factories.hotline import make_agent, without_survey
from tests.hotline.services.scenes import Talk


@pytest.fixture
def talk(app, clock) -> Talk:
    without_survey()
    return Talk(clock)


@pytest.fixture
def lead(app) -> Person:
    return make_agent(name="组长", roles=(Role.SHIFT_LEAD,))
