"""How gunicorn serves the hotline: threads, because each open page holds one for its socket."""

import sys

from config.settings import get_settings

# After each answer of the database a thread asks for the interpreter again. At the usual 5 ms, an event of
# fifteen statements waits long behind any thread that computes: at 50 events/s p95 was a fifth higher.
sys.setswitchinterval(0.0005)

_settings = get_settings()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
threads = _settings.web_threads
worker_class = "gthread"
graceful_timeout = 5
timeout = 60
keepalive = 30
backlog = 2048
accesslog = None
errorlog = "-"
loglevel = "warning"
proc_name = "hotline-web"
