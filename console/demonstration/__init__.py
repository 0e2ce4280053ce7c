"""The demonstration city: a place that does not exist, with people, knowledge and a history of calls and cases.

Everything in it is made through the same services as in service, with the clock turned; so whatever is wrong with a
service shows here first. Nothing is made unless somebody runs `./manage demo …`.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add `./manage demo …`, and name the city's people on the sign-in page where the demonstration is on."""
    from console.demonstration import cli
    from console.demonstration.city.people import PASSWORD, shown_people

    app.cli.add_command(cli.demo)
    if app.config["SETTINGS"].demo:
        app.config["DEMO_PEOPLE"] = shown_people
        app.config["DEMO_PASSWORD"] = PASSWORD
