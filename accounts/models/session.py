"""Where a person is signed in, so that they can see it and end it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model, Moment

# What a browser says of itself, most telling first: nearly all of them also claim to be Chrome or Safari.
BROWSERS = {
    "MicroMessenger/": "WeChat",
    "Edg/": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


class SignInSession(Model):
    """The browser holds a random token; we keep its hash."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        Index("ix_sign_in_session_live", "person_id", postgresql_where=text("ended_at IS NULL")),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    started_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    ended_why: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")

    @property
    def browser(self) -> str:
        """`Chrome · Windows`, as far as the browser tells; by this a person knows their own sessions apart."""
        found = (
            next((name for sign, name in signs.items() if sign in self.agent), "")
            for signs in (BROWSERS, SYSTEMS)
        )
        return " · ".join(name for name in found if name)
