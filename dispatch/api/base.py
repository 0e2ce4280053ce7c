"""How an endpoint is made: a route, the scope it needs, what it takes and answers, and its place in OpenAPI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, request
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict
from spectree import Response, SpecTree
from spectree.models import SecureType, SecurityScheme, SecuritySchemeData

from accounts.permissions import requires_scope
from config.errors import Invalid
from config.extensions import csrf

API_PATH = "/api/v1"
View = TypeVar("View", bound=Callable[..., Any])

blueprint = Blueprint("api", __name__, url_prefix=API_PATH, template_folder="templates")


class Schema(BaseModel):
    """What travels; unknown fields are refused, so that a misspelt one is not silently lost."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Problem(BaseModel):
    """An RFC 9457 problem document. `errors` maps each wrong field to what is wrong with it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    errors: dict[str, str] | None = None


def _tell_what_is_wrong(_request: Any, _response: Any, error: Any, _view: Any, _adapter: Any) -> None:
    """Turn a validation error into ours, so that every refusal is the same kind of document."""
    if error is None:
        return
    wrong: dict[str, str] = {}
    for each in error.errors():
        name = ".".join(str(part) for part in each["loc"]) or "body"
        words = _WORDS.get(each["type"])
        wrong.setdefault(name, words() if words else str(each["msg"]))
    raise Invalid(fields=wrong)


_WORDS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("This is needed."),
    "extra_forbidden": lambda: _("There is no such field."),
    "enum": lambda: _("There is no such choice."),
}

spec = SpecTree(
    "flask",
    title="Hotline 12345",
    version="1",
    description="Cases of a city's government service hotline: register, act, follow.",
    path=f"{API_PATH.lstrip('/')}/document",
    mode="strict",
    annotations=False,
    before=_tell_what_is_wrong,
    validation_error_model=Problem,
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    security_schemes=[
        SecurityScheme(name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))
    ],
)


def endpoint(
    rule: str,
    method: str,
    scope: str,
    answer: type[BaseModel],
    *,
    query: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    status: int = 200,
    on: Blueprint = blueprint,
    also: tuple[int, ...] = (),
    tag: str = "cases",
) -> Callable[[View], View]:
    """Put a view into the API; into `on`, where a floor above brings a blueprint of its own.

    It returns an `answer`, or a tuple with its status; `also` are its other statuses. It reads its checked input
    by `asked()`.
    """
    answers: dict[str, Any] = {f"HTTP_{status}": answer}
    answers |= {f"HTTP_{code}": answer if code < 400 else Problem for code in (*also, 401, 403)}
    if body is not None:
        answers |= {f"HTTP_{code}": Problem for code in (400, 413, 415)}

    def decorate(view: View) -> View:
        checked = spec.validate(
            query=query, json=body, resp=Response(**answers), tags=[tag], security={"token": []}
        )(view)
        guarded = requires_scope(scope)(_with_json(checked) if body is not None else checked)
        on.add_url_rule(rule, view.__name__, guarded, methods=[method])
        return view

    return decorate


def asked() -> Any:
    """The checked input of the current request: `.query` and `.json` are the models the endpoint named."""
    return request.context  # type: ignore[attr-defined]


def _with_json(view: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(view)
    def reading(*args: Any, **kwargs: Any) -> Any:
        asked_as_form = request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data")
        if asked_as_form or not isinstance(request.get_json(silent=True, force=True), dict):
            raise Invalid(fields={"body": _("This must be a JSON object.")})
        return view(*args, **kwargs)

    return reading


def register(app: Flask, api: Blueprint) -> None:
    """Serve `api`. Its requests carry a token, not a cookie, so there is nothing a foreign page could forge."""
    csrf.exempt(api)
    app.register_blueprint(api)


def document() -> dict[str, Any]:
    """The OpenAPI document of every endpoint of the running app, whichever floor it comes from."""
    kept: dict[str, Any] | None = current_app.extensions.get("hotline_openapi")
    if kept is None:
        kept = current_app.extensions["hotline_openapi"] = _problems_named(spec._generate_spec())
    return kept


def _problems_named(found: dict[str, Any]) -> dict[str, Any]:
    """Errors travel as `application/problem+json`."""
    for path in found["paths"].values():
        for operation in path.values():
            for code, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(code) >= 400 and "application/json" in content:
                    answer["content"] = {"application/problem+json": content["application/json"]}
    return found
