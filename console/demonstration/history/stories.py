"""What people call about: templates from `data/stories`, filled with places and circumstances of the city.

A block is headed `0305 help` or `0401 report urgent ×3`: category, request type, urgency, how often it is told.
Its fields: `title`, `content` (the five elements), `asked`, `reply` (the department's, for the citizen), and for what
an agent can answer at once, `answer`. Words in braces are filled in: {road}, {estate}, {when} …
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from console.demonstration.city.places import DISTRICTS, Street, streets
from console.demonstration.names import words
from console.demonstration.texts import blocks
from dispatch.workflow import RequestType, Urgency

_HEADING = re.compile(
    r"^(?P<category>\d{4}) (?P<type>[a-z]+)(?: (?P<urgency>urgent|critical))?(?: ×(?P<times>\d+))?$"
)
_SLOT = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Template:
    """A kind of story."""

    category: str
    request_type: RequestType
    urgency: Urgency
    times: int
    title: str
    content: str
    asked: str
    reply: str
    answer: str


@dataclass(frozen=True)
class Story:
    """A template with everything filled in. `street` is where it happened."""

    template: Template
    title: str
    content: str
    asked: str
    reply: str
    answer: str
    address: str
    street: Street
    community_code: str


@lru_cache(maxsize=1)
def templates() -> tuple[Template, ...]:
    """Every template there is."""
    found = []
    for block in blocks("stories"):
        match = _HEADING.match(block.heading)
        if match is None:
            raise ValueError(f"{block.where}: “{block.heading}” is no heading of a story")
        found.append(
            Template(
                category=match["category"],
                request_type=RequestType(match["type"]),
                urgency=Urgency(match["urgency"] or "normal"),
                times=int(match["times"] or 1),
                title=block["title"],
                content=block["content"],
                asked=block.get("asked"),
                reply=block.get("reply"),
                answer=block.get("answer"),
            )
        )
    return tuple(found)


def a_story(rng: Random, *, for_dispatch: bool | None = None) -> Story:
    """Something that happened. `for_dispatch`: only what needs a department, or only what an agent can answer."""
    choice = [t for t in templates() if for_dispatch is None or bool(t.reply if for_dispatch else t.answer)]
    return tell(rng.choices(choice, [t.times for t in choice])[0], rng)


def tell(template: Template, rng: Random) -> Story:
    """The template, once, at a place of the city."""
    street = rng.choices(streets(), (9, 8, 8, 9, 7, 7, 6, 6, 4, 3))[0]
    n = rng.randrange(len(street.communities))
    slots = _slots(rng, street, street.communities[n])

    def fill(text: str) -> str:
        return _SLOT.sub(lambda match: slots[match[1]], text)

    return Story(
        template,
        fill(template.title)[:120],
        fill(template.content),
        fill(template.asked),
        fill(template.reply),
        fill(template.answer),
        address=f"{slots['road']}{slots['number']}号"
        + (f" {slots['estate']}" if "estate" in template.content else ""),
        street=street,
        community_code=f"{street.code}{n + 1:02d}",
    )


def _slots(rng: Random, street: Street, community: str) -> dict[str, str]:
    known = words()["slots"]
    return {
        **{name: rng.choice(known.words(name)) for name in known.fields},
        "district": DISTRICTS[street.district][0],
        "street": street.name,
        "community": community,
        "road": rng.choice(street.roads),
        "crossing": "与".join(rng.sample(street.roads, 2)),
        "estate": rng.choice(street.estates),
        "number": str(rng.randint(2, 198)),
        "building": str(rng.randint(1, 26)),
        "unit": str(rng.randint(1, 4)),
        "floor": str(rng.randint(2, 28)),
        "room": f"{rng.randint(2, 28)}0{rng.randint(1, 4)}",
        "days": str(rng.randint(2, 9)),
        "few": str(rng.randint(2, 6)),
        "many": str(rng.randint(12, 60)),
        "hour": str(rng.choice((21, 22, 23))),
        "early": str(rng.choice((5, 6))),
        "money": str(rng.choice((280, 560, 880, 1280, 1980, 2600, 3680))),
        "sum": str(rng.choice((6800, 9500, 12000, 18600, 24000, 36500, 52000))),
        "bus": f"{rng.choice((3, 6, 11, 18, 25, 36, 102, 108, 205))}路",
    }
