"""Settings are validated at start and listed in one page."""

from __future__ import annotations

import stat

import pytest
from pydantic import ValidationError

from config.cli import settings_page
from config.settings import ROOT, Settings


def test_the_page_of_settings_is_up_to_date():
    assert (ROOT / "docs" / "settings.md").read_text() == settings_page()


@pytest.mark.parametrize(
    "wrong",
    [
        {"port": 0},
        {"city_zone": "Mars/Olympus"},
        {"database_url": "mysql://x"},
        {"field_key": "abc"},
        {"default_language": "fr"},
        {"log_level": "LOUD"},
    ],
)
def test_a_wrong_setting_stops_the_start(tmp_path, wrong):
    with pytest.raises((ValidationError, ValueError, LookupError)):
        Settings(var_dir=tmp_path, **wrong)


def test_secrets_are_made_once_and_readable_by_nobody_else(tmp_path):
    one, two = Settings(var_dir=tmp_path), Settings(var_dir=tmp_path)
    assert one.secret_key == two.secret_key != one.field_key
    assert stat.S_IMODE((tmp_path / "secrets" / "secret_key").stat().st_mode) == 0o600


def test_a_plain_postgres_address_is_given_our_driver(tmp_path):
    assert (
        Settings(var_dir=tmp_path, database_url="postgresql://h/d").database_url == "postgresql+psycopg://h/d"
    )
