"""What simulated people are like. Pure: given a source of chance, no clock, no network.

A `Citizen` is drawn once per call and decides everything that person will do in it, so a run with the same seed
has the same people in it whatever order the network answers in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from hotline.prompts import CALLBACK_KEY, CALLBACK_OFFER

SURVEY_WORDS = ("survey", "satisfaction", "rating")


@dataclass(frozen=True)
class Habits:
    """Shares are 0 … 1, times are seconds of the city's time."""

    talk_mean: float = 150.0  # domain § 6
    talk_spread: float = 0.6  # sigma of the lognormal
    patience_mean: float = 180.0
    hang_up_in_welcome: float = 0.03
    wrong_key: float = 0.08
    silent_at_menu: float = 0.06
    rate_the_call: float = 0.55
    call_again: float = 0.5
    call_again_after: tuple[float, float] = (20.0, 600.0)
    hang_up_first: float = 0.85  # of talks are ended by the citizen, the rest by the seat
    seat_reaction: tuple[float, float] = (1.0, 4.0)
    seat_no_answer: float = 0.02
    called_answers: float = 0.75  # of citizens who are called back pick up
    takes_callback: float = 0.35  # of those who are offered one while they wait
    leaves_message: float = 0.6  # of those who are asked for one
    message_seconds: tuple[float, float] = (6.0, 60.0)
    keys: tuple[tuple[str, float], ...] = (("1", 0.74), ("0", 0.1), ("2", 0.08), ("3", 0.04), ("8", 0.04))


@dataclass(frozen=True)
class Citizen:
    """One person in one call: what they will do, should it come to that."""

    number: str
    patience: float
    talk: float
    hold_patience: float
    hangs_up_in_welcome_after: float | None
    wrong_keys: str
    key: str
    case_digits: str
    rating: str
    reaction: float
    hangs_up_first: bool
    calls_again_after: float | None
    prefer_seat: str | None = None
    takes_callback: bool = False
    message: float = 0.0  # seconds they speak after the beep

    def keys_at(self, prompt: str, longest: int, asked_before: int) -> str:
        """What they press when `prompt` asks for up to `longest` keys for the n-th time; "" is silence."""
        if any(word in prompt for word in SURVEY_WORDS):
            return self.rating
        if prompt == CALLBACK_OFFER:
            return CALLBACK_KEY if self.takes_callback else ""
        if longest > 1:
            return self.case_digits[:longest]
        if asked_before < len(self.wrong_keys):
            return self.wrong_keys[asked_before]
        return self.key


@dataclass(frozen=True)
class Answering:
    """What happens at a telephone that rings: `after` seconds it is picked up, or never."""

    picks_up: bool
    after: float


def draw_citizen(chance: Random, number: str, habits: Habits) -> Citizen:
    """A person as they come."""
    wrong = ""
    if chance.random() < habits.wrong_key:
        wrong = "".join(chance.choice("5679*#") for _ in range(chance.choice((1, 1, 2, 3))))
    keys, weights = zip(*habits.keys, strict=True)
    key = chance.choices(keys, weights)[0]
    return Citizen(
        number=number,
        patience=5.0 + chance.expovariate(1 / habits.patience_mean),
        talk=draw_talk(chance, habits),
        hold_patience=chance.uniform(60, 240),
        hangs_up_in_welcome_after=(
            chance.uniform(0.5, 6.0) if chance.random() < habits.hang_up_in_welcome else None
        ),
        wrong_keys=wrong,
        key="" if chance.random() < habits.silent_at_menu else key,
        case_digits="".join(chance.choice("0123456789") for _ in range(24)),
        rating=chance.choices("12345", (4, 4, 12, 30, 50))[0]
        if chance.random() < habits.rate_the_call
        else "",
        reaction=chance.uniform(0.8, 3.5),
        hangs_up_first=chance.random() < habits.hang_up_first,
        calls_again_after=(
            chance.uniform(*habits.call_again_after) if chance.random() < habits.call_again else None
        ),
        takes_callback=chance.random() < habits.takes_callback,
        message=chance.uniform(*habits.message_seconds) if chance.random() < habits.leaves_message else 0.0,
    )


def draw_talk(chance: Random, habits: Habits) -> float:
    """Length of a talk: lognormal, so that most are short and a few are very long."""
    middle = math.log(habits.talk_mean) - habits.talk_spread**2 / 2
    return max(2.0, chance.lognormvariate(middle, habits.talk_spread))


def draw_seat_answer(chance: Random, habits: Habits) -> Answering:
    """How a simulated agent takes a ringing telephone."""
    return Answering(chance.random() >= habits.seat_no_answer, chance.uniform(*habits.seat_reaction))


def draw_called_answer(chance: Random, habits: Habits) -> Answering:
    """How somebody outside takes a call from the hotline."""
    return Answering(chance.random() < habits.called_answers, chance.uniform(3, 12))
