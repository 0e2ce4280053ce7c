"""Districts, streets and communities as places, with the department that is each one's own."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from config.extensions import db
from config.transaction import transactional
from console.demonstration.city import departments
from console.demonstration.texts import blocks
from dispatch.models import Place, PlaceLevel
from dispatch.services.reference import add_place


class Street(NamedTuple):
    """A street or township: its district, its office, and what stories may name in it."""

    code: str
    district: str
    name: str
    department: str
    communities: tuple[str, ...]
    roads: tuple[str, ...]
    estates: tuple[str, ...]


DISTRICTS = {
    "9901": ("鹿溪区", "lxq"),
    "9902": ("东澜区", "dlq"),
    "9903": ("青屏区", "qpq"),
    "9904": ("禾源县", "hyx"),
}


@lru_cache(maxsize=1)
def streets() -> tuple[Street, ...]:
    """Every street of `data/places`."""
    found = []
    for block in blocks("places"):
        code, _space, name = block.heading.partition(" ")
        lists = (block.words("communities"), block.words("roads"), block.words("estates"))
        found.append(Street(code, code[:4], name, block["department"], *lists))
    return tuple(found)


@transactional
def found() -> int:
    """Add the places that are missing. Returns how many are new."""
    known = set(db.session.scalars(select(Place.code)))
    offices = departments.by_code()
    by_short_name = {office.short_name: office for office in offices.values()}
    new = 0
    for code, (name, office) in DISTRICTS.items():
        if code not in known:
            add_place(code, name, PlaceLevel.DISTRICT, None, offices[office])
            new += 1
    for street in streets():
        if street.code not in known:
            add_place(
                street.code, street.name, PlaceLevel.STREET, street.district, offices[street.department]
            )
            new += 1
        for n, name in enumerate(street.communities, start=1):
            if (code := f"{street.code}{n:02d}") not in known:
                add_place(code, name, PlaceLevel.COMMUNITY, street.code, by_short_name.get(name))
                new += 1
    return new
