"""What a program that serves does not load: each megabyte is paid once a process, all day; and who begins anew in the
middle of calls must be quick."""

from __future__ import annotations

import subprocess
import sys

from config.settings import ROOT

HEAVY = ("aiohttp", "alembic", "numpy", "requests", "tantivy")


def test_web_and_worker_load_no_library_that_only_commands_and_switches_use(app):
    code = f"""
import sys
from config.settings import Settings
from wsgi import create_app
create_app(Settings.model_validate_json(sys.argv[1]))
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    told = app.config["SETTINGS"].model_dump_json()
    done = subprocess.run(
        [sys.executable, "-c", code, told], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_switch_agent_loads_nothing_of_what_makes_an_app():
    code = """
import sys
import hotline.telephony.asterisk.__main__
print([name for name in ("flask", "werkzeug", "sqlalchemy", "flask_babel") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
