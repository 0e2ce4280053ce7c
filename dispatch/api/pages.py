"""The API's own description: as OpenAPI for machines, as a page for people."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template

from accounts.permissions import public
from dispatch.api.base import blueprint, document


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The OpenAPI document."""
    return jsonify(document())


@blueprint.get("/docs")
@public
def docs() -> str:
    """The same as a page; it needs no script and nothing from elsewhere."""
    found = document()
    return render_template("api/docs.html", api=found, operations=list(_operations(found)), shape=_shape)


def _operations(found: dict[str, Any]) -> Any:
    for path, methods in sorted(found["paths"].items()):
        for method, operation in sorted(methods.items()):
            yield {"path": path, "method": method.upper(), "body": _body(operation), **operation}


def _body(operation: dict[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema")


def _shape(schema: dict[str, Any]) -> str:
    """A schema in a few words: `string`, `integer | null`, `[CaseOut]`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_shape(each) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_shape(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")
