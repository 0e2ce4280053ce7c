"""Asterisk's configuration, written from the seats and trunks of our database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select

from config.extensions import db
from config.ids import secret_token
from config.settings import Settings
from config.transaction import transactional
from hotline.models import Seat, Trunk
from hotline.services import seats
from hotline.telephony.asterisk import unattended
from hotline.telephony.asterisk.ari import AT_ONCE
from hotline.telephony.asterisk.news import STARTS_WITHIN
from hotline.telephony.asterisk.prompts import Prompts
from hotline.telephony.asterisk.switch import PROVIDER

TEMPLATES = Path(__file__).with_name("etc")
SAFE = re.compile(r"[A-Za-z0-9_.:+@-]*")
FIRST_RTP, LAST_RTP = 20_000, 24_999
OTHER_SESSIONS = 100  # of people and tools that look in
ASKS = round(STARTS_WITHIN)  # times, a second apart, the dialplan asks for us before it apologises


@dataclass(frozen=True)
class Place:
    """Where the switch listens: `bind` for SIP, the first and last UDP port of the voices; `fallback` is the number
    callers are sent to while the hotline cannot be asked. For browsers: `tls_bind` with a certificate and its key for
    wss, and behind a NAT the switch's own address and the one others see."""

    bind: str = "0.0.0.0:5060"
    rtp: tuple[int, int] = (FIRST_RTP, LAST_RTP)
    fallback: str = ""
    tls_bind: str = ""
    certificate: Path | None = None
    key: Path | None = None
    nat: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        if bool(self.tls_bind) != bool(self.certificate) or bool(self.certificate) != bool(self.key):
            raise ValueError("TLS needs all three: where to listen, the certificate and its key")
        for text in (self.bind, self.tls_bind, *(self.nat or ())):
            _safe(text)


@transactional
def save_trunk(name: str, host: str, *, secret: str | None, **facts: Any) -> Trunk:
    """Add the trunk of that name, or change it; without a new secret the old one stays."""
    for text in (name, host, facts.get("username") or ""):
        _safe(text)
    trunk = db.session.scalars(select(Trunk).where(Trunk.name == name)).one_or_none()
    if trunk is None:
        trunk = Trunk(name=name)
        db.session.add(trunk)
    trunk.host, trunk.secret = host, secret or trunk.secret
    for field, value in facts.items():
        setattr(trunk, field, value)
    return trunk


def put_on_switch(numbers: Iterable[str], *, in_browser: bool = False) -> None:
    """Seats of these numbers on this switch, made where there are none; it will say when their telephones come."""
    seats.put_on(PROVIDER, [_safe(number) for number in numbers], in_browser=in_browser, online=False)


async def write_configuration(folder: Path, found: Settings, place: Place) -> list[Path]:
    """Write every file; those whose text has not changed are left alone. Returns the files that are new or other."""
    prompts = Prompts(found.prompts_dir or found.var_dir / "prompts")
    await prompts.speak_built_in()
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in render(found, place).items():
        path = folder / name
        if not path.is_file() or path.read_text() != text:
            path.touch(mode=0o640)
            path.write_text(text)
            changed.append(path)
    return changed


@transactional
def render(found: Settings, place: Place) -> dict[str, str]:
    """The text of each file by name. Seats without a password are given one."""
    seats = list(
        db.session.scalars(
            select(Seat).where(Seat.provider == PROVIDER, Seat.active).order_by(Seat.number).with_for_update()
        )
    )
    for seat in seats:
        seat.secret = seat.secret or secret_token()
    trunks = list(db.session.scalars(select(Trunk).where(Trunk.active).order_by(Trunk.name)))
    ari = urlsplit(found.asterisk_url)
    facts = {
        "bind": place.bind,
        "bind_host": place.bind.rpartition(":")[0],
        "rtp_start": place.rtp[0],
        "rtp_end": place.rtp[1],
        "fallback": place.fallback,
        "asks": ASKS,
        "unattended": unattended.FILES,
        "tls_bind": place.tls_bind,
        "certificate": _path(place.certificate),
        "key": _path(place.key),
        "nat": place.nat,
        "trunk": found.asterisk_trunk,
        "trunks": [_trunk(trunk) for trunk in trunks],
        "seats": [{"number": _safe(s.number), "secret": s.secret, "in_browser": s.in_browser} for s in seats],
        "user": _safe(found.asterisk_user),
        "password": found.asterisk_password,
        "ari_host": ari.hostname or "127.0.0.1",
        "ari_port": ari.port or 8088,
        "agent_sessions": AT_ONCE,
        "sessions": 2 * (AT_ONCE + sum(s.in_browser for s in seats)) + OTHER_SESSIONS,
        "prompts": (found.prompts_dir or found.var_dir / "prompts").absolute(),
    }
    rooms = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML; `_safe` keeps out what would mean something to Asterisk
    )
    return {
        name.removesuffix(".j2"): rooms.get_template(name).render(facts) for name in rooms.list_templates()
    }


def _path(path: Path | None) -> str:
    """The whole path; a certificate that is not there is noticed here, not by the first agent of the morning."""
    if path is None:
        return ""
    if not path.is_file():
        raise ValueError(f"{path} is not there")
    return str(path.absolute())


def _trunk(trunk: Trunk) -> dict[str, object]:
    names = ("name", "host", "username", "secret")
    return {
        **{name: _safe(getattr(trunk, name) or "") for name in names},
        "port": trunk.port,
        "registers": trunk.registers and bool(trunk.username),
    }


def _safe(text: str) -> str:
    """Text that cannot begin a section or a line of its own. ValueError names what could."""
    if not SAFE.fullmatch(text):
        raise ValueError(f"{text!r} cannot stand in Asterisk's configuration")
    return text
