"""What departments and people are called."""

from __future__ import annotations

from flask_babel import gettext as _

from config.errors import Invalid


def needed_name(name: str) -> str:
    """Without blanks at its ends; Invalid where nothing is left."""
    if not name.strip():
        raise Invalid(fields={"name": _("This is needed.")})
    return name.strip()
