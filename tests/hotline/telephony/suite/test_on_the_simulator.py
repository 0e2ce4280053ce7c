"""The suite on the simulated switch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.hotline import without_survey
from tests.hotline.telephony.suite.on_simulator import simulator_stage
from tests.hotline.telephony.suite.scenarios import *  # noqa: F403 - the tests of this module
from tests.hotline.telephony.suite.stage import Stage

pytestmark = pytest.mark.alone  # telephones ring in real time


@pytest.fixture
def stage(committed: Flask) -> Iterator[Stage]:
    without_survey()
    folder = committed.config["SETTINGS"].var_dir / "recordings" / "simulator"
    with simulator_stage(committed, folder) as made:
        yield made
