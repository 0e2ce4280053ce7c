"""Floor 0: settings, extensions, clock, logs and the other things that know nothing of a hotline."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import ROOT, Settings

if TYPE_CHECKING:  # not every program has an app: the switch agent starts in half the time without
    from flask import Flask

TRANSLATIONS = ROOT / "console" / "translations"


def init_app(app: Flask, settings: Settings) -> None:
    """Bind settings and extensions to `app`."""
    import click

    from config import (  # noqa: F401 - tables
        calendar,
        cli,
        extensions,
        key_mark,
        logging,
        migrations,
        outbox,
        periodic,
        sms,
        storage,
        timers,
        web,
    )

    logging.configure(settings)
    app.config.from_mapping(_flask_settings(settings))
    app.config["SETTINGS"] = settings
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]

    extensions.db.init_app(app)
    if click.get_current_context(silent=True) is not None:  # a command, and perhaps `flask db`
        migrations.bind(app)
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    extensions.babel.init_app(
        app,
        default_locale=settings.default_language,
        default_timezone=settings.city_zone,
        default_translation_directories=_translation_folders(),
        locale_selector=web.requests.language,
    )
    _bind_sockets(app, settings)
    web.init_app(app)
    cli.init_app(app)


def _flask_settings(settings: Settings) -> dict[str, object]:
    import click

    from config import pool

    # A machine that lost its power closes nothing: without these a question waits for its answer a quarter of an hour.
    # Through a socket file they mean nothing.
    gone = {
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
    }
    connect = {"connect_timeout": 5, **gone}
    if settings.statement_timeout_ms and click.get_current_context(silent=True) is None:  # no command
        connect["options"] = f"-c statement_timeout={settings.statement_timeout_ms}"  # type: ignore[assignment]
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.database_pool,
            "max_overflow": settings.database_pool,
            "pool_events": pool.EVENTS,
            "pool_recycle": 1800,
            "hide_parameters": True,  # they hold personal data, and errors go into logs
            "connect_args": connect,
        },
        "SQLALCHEMY_TRACK_MODIFICATIONS": False,
        "SESSION_COOKIE_NAME": "hotline",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form open over lunch must not lose its text
        "MAX_CONTENT_LENGTH": settings.upload_max_mb * 1024 * 1024 * 4,
        "RATELIMIT_STORAGE_URI": settings.redis_url,
        "RATELIMIT_STORAGE_OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        "RATELIMIT_SWALLOW_ERRORS": True,  # Redis away must not lock everybody out
        "JSON_SORT_KEYS": False,
    }


def _translation_folders() -> str:
    """Each package's catalogue lies in a folder of its own; together they are one language."""
    return ";".join(str(p) for p in sorted(Path(TRANSLATIONS).glob("*")) if p.is_dir()) or str(TRANSLATIONS)


def _bind_sockets(app: Flask, settings: Settings) -> None:
    from config.extensions import socketio
    from config.live import Bus

    socketio.init_app(
        app,
        async_mode="threading",
        client_manager=Bus(settings.redis_url) if settings.redis_url else None,
        transports=["websocket"],  # several workers without sticky sessions: stack.md
        ping_interval=20,
        ping_timeout=20,
    )
