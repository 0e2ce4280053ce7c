"""Language and theme: a person's own choice, before and after sign-in."""

from __future__ import annotations

from flask import redirect, request, session
from werkzeug.wrappers import Response

from accounts.identity import current_person_or_none
from accounts.permissions import public
from accounts.services.people import choose_language
from config.settings import settings
from config.web.requests import LANGUAGES
from console.shell import THEMES
from console.views import blueprint

A_YEAR = 365 * 24 * 3600


@blueprint.post("/preferences")
@public
def preferences() -> Response:
    """Keep the language with the person, before sign-in in the session, and the theme in a cookie; and go back to
    where they were chosen."""
    if (language := request.form.get("language")) in LANGUAGES:
        session["language"] = language
        person = current_person_or_none()
        if person is not None and person.language != language:
            choose_language(person, language)
    answer = redirect(local_path(request.form.get("next", "")))
    if (theme := request.form.get("theme")) in THEMES:
        answer.set_cookie("theme", theme, max_age=A_YEAR, samesite="Lax", secure=settings().secure_cookies)
    return answer


def local_path(address: str) -> str:
    """`address` if it is a page of ours, else the first page: nobody is sent to another host."""
    safe = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if safe else "/"
