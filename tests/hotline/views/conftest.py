"""Who looks at the pages."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from accounts.roles import Role
from tests.factories.accounts import make_person


@pytest.fixture
def lead(app, sign_in) -> FlaskClient:
    """The browser of a shift lead."""
    return sign_in(make_person([Role.SHIFT_LEAD]))
