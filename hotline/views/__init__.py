"""Pages and doors of this floor."""

from __future__ import annotations

from flask import Flask

from config.extensions import csrf, limiter


def init_app(app: Flask) -> None:
    """Register the blueprints."""
    from hotline.views import telephony

    app.register_blueprint(telephony.blueprint)
    csrf.exempt(telephony.blueprint)  # switches have a signature instead
    limiter.exempt(telephony.blueprint)
