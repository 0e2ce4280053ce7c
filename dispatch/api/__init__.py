"""`/api/v1`: cases for machines.

A floor above adds endpoints with a blueprint of its own under `API_PATH`: `@endpoint(…, on=its_blueprint)` and
`register(app, its_blueprint)`; they join the one OpenAPI document.
"""

from dispatch.api.base import API_PATH, Problem, Schema, asked, document, endpoint, register

__all__ = ["API_PATH", "Problem", "Schema", "asked", "document", "endpoint", "register"]
