"""The suite on the TwiML dialect, with a carrier on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.hotline import without_survey
from tests.hotline.telephony.suite.on_twiml import twiml_stage
from tests.hotline.telephony.suite.scenarios import *  # noqa: F403 - the tests of this module
from tests.hotline.telephony.suite.stage import Stage


@pytest.fixture
def stage(committed: Flask) -> Iterator[Stage]:
    without_survey()
    with twiml_stage(committed) as made:
        yield made
