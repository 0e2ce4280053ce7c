"""Child processes that never outlive the one who started them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(signum: int = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the child `signum` when its parent is gone, however it went."""

    def in_child() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, signum)

    return in_child


def not_root() -> Callable[[], None]:
    """For `preexec_fn`: step down from root, which PostgreSQL refuses to run as.

    Within a user namespace of its own the child is `nobody` while its files stay ours, wherever the checkout
    lies. Where the kernel forbids that, it becomes the user `postgres` or `nobody` for good.
    """
    if os.geteuid() != 0:
        return lambda: None
    if namespace_allowed():
        return _enter_namespace
    user = unprivileged_user()

    def become() -> None:
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)

    return become


def unprivileged_user() -> pwd.struct_passwd:
    """The user a root supervisor's database runs as where namespaces are forbidden."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("run as root, PostgreSQL needs a user `postgres` or `nobody` to step down to")


def _enter_namespace() -> None:
    if _libc is None or _libc.unshare(_CLONE_NEWUSER) != 0:
        os._exit(126)
    nobody = pwd.getpwnam("nobody")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} 0 1")
    Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} 0 1")


def namespace_allowed() -> bool:
    """Whether a child can be given a user namespace here."""
    if _libc is None:
        return False
    try:
        subprocess.run(["/bin/true"], preexec_fn=_enter_namespace, check=True, capture_output=True)
    except (subprocess.SubprocessError, OSError, KeyError):
        return False
    return True


def in_order(*steps: Callable[[], None]) -> Callable[[], None]:
    """One `preexec_fn` of several."""

    def in_child() -> None:
        for step in steps:
            step()

    return in_child


def start(
    command: Sequence[str | Path],
    *,
    log: Path | None = None,
    environment: dict[str, str] | None = None,
    before: Callable[[], None] = lambda: None,
    on_parents_death: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own (Ctrl-C reaches the supervisor only, which stops in order)."""
    sink = log.open("ab") if log is not None else None
    try:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT if sink else None,
            env=environment,
            start_new_session=True,
            preexec_fn=in_order(before, die_with_parent(on_parents_death)),
        )
    finally:
        if sink is not None:
            sink.close()


def stop(child: subprocess.Popen[bytes], signum: int = signal.SIGTERM, patience: float = 10.0) -> None:
    """Ask the child to leave; after `patience` seconds, end its whole group."""
    if child.poll() is None:
        child.send_signal(signum)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def wait_until(true: Callable[[], bool], patience: float, what: str) -> None:
    """Poll until `true()`; TimeoutError naming `what` after `patience` seconds."""
    end = time.monotonic() + patience
    pause = 0.01
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {patience:.0f} s")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
