"""The lines to the telephone network."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from config.extensions import db
from hotline.models import Trunk


def trunks_down() -> Sequence[Trunk]:
    """Those in use whose other end does not answer."""
    return db.session.scalars(select(Trunk).where(Trunk.active, ~Trunk.online).order_by(Trunk.name)).all()


def lines_down() -> str:
    """Their names, as a remark for `/readyz`: no web is to be taken out of service because of them."""
    names = ", ".join(trunk.name for trunk in trunks_down())
    return f"down: {names}" if names else ""
