"""People and what they are granted."""

from __future__ import annotations

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models.department import Department
from accounts.roles import Role
from config.model import Encrypted, Model, Moment, word_column


class RoleGrant(Model):
    """A role, for a department and everything below it; without one, for the whole city."""

    __tablename__ = "role_grant"
    __table_args__ = (
        Index("uq_role_grant", "person_id", "role", text("coalesce(department_id, 0)"), unique=True),
        # Three different people (三员, domain § 1): no person holds two of these, whatever the code above does.
        Index(
            "uq_role_grant_separated",
            "person_id",
            unique=True,
            postgresql_where=text("role IN ('system_admin', 'security_admin', 'auditor')"),
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[Role] = word_column(Role)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))

    department: Mapped[Department | None] = relationship(lazy="joined")


class Person(Model, UserMixin):
    """Somebody who works here, or an API client acting as one."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_department_id", "department_id"),)

    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    staff_no: Mapped[str] = mapped_column(String(32), default="")
    phone: Mapped[str | None] = mapped_column(Encrypted)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[Moment]

    password_hash: Mapped[str] = mapped_column(String(255), default="")
    must_change_password: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[Moment | None]
    last_sign_in_at: Mapped[Moment | None]
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_last_step: Mapped[int] = mapped_column(default=0)
    totp_exempt: Mapped[bool] = mapped_column(default=False)
    recovery_hashes: Mapped[list[str]] = mapped_column(ARRAY(String(64)), default=list)

    department: Mapped[Department | None] = relationship(lazy="joined")
    grants: Mapped[list[RoleGrant]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def has_role(self, *roles: Role) -> bool:
        """Whether any of `roles` is granted, wherever."""
        return not self.roles.isdisjoint(roles)

    def departments_in_scope(self, *roles: Role) -> tuple[str, ...]:
        """Path prefixes of the departments this person's grants (of `roles`, or all) reach; `/` is the city."""
        return tuple(
            grant.department.path if grant.department else "/"
            for grant in self.grants
            if not roles or grant.role in roles
        )

    def __str__(self) -> str:
        return self.name
