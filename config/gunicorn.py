"""How gunicorn serves the hotline: threads, because each open page holds one for its socket."""

import sys

from config.garbage import begin, keep_what_is_there
from config.settings import get_settings

_settings = get_settings()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
threads = _settings.web_threads
worker_class = "gthread"
graceful_timeout = 5
timeout = 60
keepalive = 30
backlog = 2048
reuse_port = (
    True  # a master started after a kill does not wait until the workers of the dead one have noticed
)
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "hotline-web"

TURN = 0.001
"""Seconds a thread may compute while another waits to. A telephone's event asks the database a dozen times, and after
each answer waits for its turn: with Python's own 5 ms it would wait longer than it works. At ten calls a second this
halved the time in which an agent is chosen; 0.2 ms brought no more."""


def post_fork(_server: object, _worker: object) -> None:
    """The app is made next."""
    begin()


def post_worker_init(_worker: object) -> None:
    """The app is made in the worker, and served from now on."""
    keep_what_is_there()
    sys.setswitchinterval(TURN)
