"""The extensions of the app, made once here and bound to an app in `config.init_app`."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import MetaData
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import DeclarativeBase

from config.redis import impatient
from config.settings import settings
from config.without import without

# Its clients, which we are not, would bring 11 MB of HTTP libraries into each process.
with without("aiohttp", "requests", "websocket"):
    from flask_socketio import SocketIO


class Base(DeclarativeBase):
    """Names every constraint, so that a migration can name it again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
Base.registry.update_type_annotation_map({datetime: TIMESTAMP(timezone=True)})
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
socketio = SocketIO()


_impatient = lru_cache(maxsize=4)(impatient)


def redis_client() -> Redis:
    """The Redis of the current settings (pooled; answers are bytes). Raises at once while it hangs."""
    return _impatient(settings().redis_url)


def job_queue(name: str = "default") -> Queue:
    """An RQ queue. Jobs are functions by name and plain values (ids, never objects)."""
    return Queue(name, connection=redis_client(), serializer=JSONSerializer)
