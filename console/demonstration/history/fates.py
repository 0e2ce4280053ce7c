"""What becomes of a case, drawn once at its birth; and cases that wait at a desk now, so that no desk is empty."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from dispatch.workflow import CaseState, RequestKind

S, R = CaseState, RequestKind

WAITING_NOW: tuple[CaseState | RequestKind, ...] = (
    S.PENDING_DISPATCH, S.DISPATCHED, S.PROCESSING, S.REPLIED, S.CALLBACK, S.PENDING_DISPATCH, S.PROCESSING,
    S.CALLBACK, S.REPLIED, S.DISPATCHED, R.RETURN, S.REDO, S.PENDING_DISPATCH, S.PROCESSING, R.EXTENSION,
    S.CALLBACK, S.REPLIED, S.SUSPENDED, S.PROCESSING, S.DISPATCHED, R.SUSPENSION, S.PENDING_DISPATCH,
)  # fmt: skip
"""Where the first cases of the last days stand now, in this order."""
LAST_DAYS = 3


@dataclass
class Fate:
    """Probabilities turned into facts. `stops_at`: where the case waits now; its life is hurried up to there."""

    stops_at: CaseState | RequestKind | None = None
    not_accepted: bool = False
    sent_back: bool = False
    follower: bool = False
    wrong_department: bool = False
    signs_late: bool = False
    handed_down: bool = False
    assisted: bool = False
    logs: bool = False
    extension: bool = False
    suspension: bool = False
    urged: int = 0
    share_of_limit: float = 0.5
    reply_returned: bool = False
    review_fails: bool = False
    tries: int = 1
    content: bool = True
    redo: bool = False
    content_after_redo: bool = True
    unreasonable: bool = False
    rating: int = 5
    archived_after: int = 0

    @property
    def hurried(self) -> bool:
        return self.stops_at is not None


def a_fate(rng: Random) -> Fate:
    """Shares are those of an ordinary city: most cases go straight through, each kind of trouble happens."""
    chance = rng.random
    trouble = chance()
    return Fate(
        not_accepted=trouble < 0.02,
        sent_back=0.02 <= trouble < 0.045,
        follower=0.045 <= trouble < 0.07,
        wrong_department=0.07 <= trouble < 0.115,
        suspension=0.115 <= trouble < 0.128,
        extension=0.128 <= trouble < 0.17,
        signs_late=chance() < 0.025,
        handed_down=chance() < 0.14,
        assisted=chance() < 0.08,
        logs=chance() < 0.3,
        urged=rng.choices((0, 1, 2, 3), (90, 7, 2, 1))[0],
        share_of_limit=rng.uniform(1.02, 1.4) if chance() < 0.035 else rng.triangular(0.08, 0.95, 0.4),
        reply_returned=chance() < 0.04,
        review_fails=chance() < 0.06,
        tries=rng.choices((1, 2, 3, 4), (74, 15, 6, 5))[0],
        content=chance() < 0.86,
        redo=chance() < 0.62,
        content_after_redo=chance() < 0.72,
        unreasonable=True,
        rating=rng.choices((5, 4, 3), (62, 28, 10))[0],
        archived_after=rng.choice((0, 0, 0, 25, 35)),
    )


def waiting_now(rank: int, n: int, rng: Random) -> Fate | None:
    """The fate of the `n`-th case of the day `rank` days ago, if it is one that waits at a desk."""
    if rank >= LAST_DAYS or n >= 3 * len(WAITING_NOW):
        return None
    if n % 3 == 2:  # every third one of these days goes its own way
        return None
    place = (n // 3) * 2 + n % 3 + rank * 9
    fate = a_fate(rng)
    fate.stops_at = WAITING_NOW[place % len(WAITING_NOW)]
    fate.not_accepted = fate.sent_back = fate.follower = fate.wrong_department = False
    fate.extension = fate.suspension = fate.signs_late = fate.reply_returned = fate.review_fails = False
    fate.tries, fate.content, fate.urged = 1, fate.stops_at is not S.REDO, 0
    fate.redo = True
    return fate
