"""Security headers. No inline script or style anywhere, nothing from another host."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request, session

from config.settings import Settings

_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self' {sockets}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def init_app(app: Flask) -> None:
    app.extensions["content_security_policy"] = _policy(app.config["SETTINGS"])
    app.after_request(_add)


def _policy(found: Settings) -> str:
    """Sockets to ourselves, which not every browser takes for 'self', and to the switch if browsers telephone."""
    ours = urlsplit(found.public_base_url)
    sockets = [f"{'wss' if ours.scheme == 'https' else 'ws'}://{ours.netloc}"]
    if found.softphone_url:
        sockets.append(found.softphone_url)
    return _POLICY.format(sockets=" ".join(sockets))


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.extensions["content_security_policy"])
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(self)")
    if not request.path.startswith("/static/"):
        # Pages hold personal data: neither shared caches nor the back button of the next person may keep them.
        headers.setdefault("Cache-Control", "no-store")
    if response.cache_control.public:
        # The same for everybody, whoever looked into the session on the way: no cache has to ask for the cookie.
        session.accessed = False
    return response
