"""What each kind of node does when a caller comes to it, and with what they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hotline.ivr import document as doc
from hotline.ivr.document import PERSON, Prompt
from hotline.ivr.going import MOST_STEPS, Going, Next
from hotline.ivr.steps import (
    End,
    Found,
    Heard,
    Keys,
    LookUp,
    Played,
    PutThrough,
    Rate,
    TakeCallback,
    TakeMessage,
    Wait,
)  # fmt: skip

CASE_NUMBER_DIGITS, QUERY_CODE_DIGITS = 20, 12
BETWEEN_QUESTIONS = 8.0  # seconds to find the number on a slip of paper


# -- entering a node: what it does, and where to go on at once


def _play(going: Going, node: doc.Play) -> Next:
    if node.prompt.is_silent:
        return node.next
    return going.say(node.prompt)


def _menu(going: Going, node: doc.Menu) -> Next:
    return going.ask(node.prompt, 1, node.wait)


def _digits(going: Going, node: doc.Digits) -> Next:
    return going.ask(node.prompt, node.most, node.wait, "#")


def _hours(going: Going, node: doc.Hours) -> Next:
    now = going.world.now()
    is_open = any(span.holds(now.weekday(), now.time()) for span in node.spans)
    return node.open if is_open else node.closed


def _holiday(going: Going, node: doc.Holiday) -> Next:
    return node.working_day if going.world.is_working_day() else node.day_off


def _broadcast(going: Going, node: doc.Broadcast) -> Next:
    prompt = going.world.broadcast()
    return node.next if prompt is None or prompt.is_silent else going.say(prompt)


def _queue(going: Going, node: doc.Queue) -> Next:
    return going.end(Wait(node.queue, node.priority))


def _transfer(going: Going, node: doc.Transfer) -> Next:
    if not node.number:
        return node.otherwise
    if node.prompt.is_silent:
        return going.elsewhere(PutThrough(node.number), "rings")
    return going.say(node.prompt)


def _voicemail(going: Going, node: doc.Voicemail) -> Next:
    if node.prompt.is_silent:
        return going.elsewhere(TakeMessage(node.seconds), "records")
    return going.say(node.prompt)


def _case_progress(going: Going, node: doc.CaseProgress) -> Next:
    return going.ask(node.number_prompt, CASE_NUMBER_DIGITS, BETWEEN_QUESTIONS, "#", "number")


def _callback_offer(going: Going, node: doc.CallbackOffer) -> Next:
    return going.ask(node.prompt, 1, node.wait)


def _survey(going: Going, node: doc.Survey) -> Next:
    return going.ask(node.prompt, 1, node.wait)


def _hang_up(going: Going, node: doc.HangUp) -> Next:
    return going.end(End()) if node.prompt.is_silent else going.say(node.prompt)


ENTER: dict[str, Callable[[Going, Any], Next]] = {
    "play": _play,
    "menu": _menu,
    "digits": _digits,
    "hours": _hours,
    "holiday": _holiday,
    "broadcast": _broadcast,
    "queue": _queue,
    "transfer": _transfer,
    "voicemail": _voicemail,
    "case_progress": _case_progress,
    "callback_offer": _callback_offer,
    "survey": _survey,
    "hang_up": _hang_up,
}


# -- an answer to what a node asked


def _said(_going: Going, node: doc.Play | doc.Broadcast, _heard: Heard) -> Next:
    return node.next


def _chose(going: Going, node: doc.Menu, heard: Keys) -> Next:
    key = heard.value[:1]
    going.at = replace(going.at, pressed=key)
    if not key:
        return node.silence
    if key in node.choices:
        return node.choices[key]
    if going.failed() >= node.tries or going.at.steps >= MOST_STEPS:
        return node.otherwise
    return going.ask(node.prompt, 1, node.wait)


def _typed(going: Going, node: doc.Digits, heard: Keys) -> Next:
    if len(heard.value) >= node.least:
        going.keep(node.name, heard.value)
        return node.next
    if going.failed() >= node.tries or going.at.steps >= MOST_STEPS:
        return node.otherwise
    return going.ask(node.prompt, node.most, node.wait, "#")


def _put_through(going: Going, node: doc.Transfer, heard: Heard) -> Next:
    if isinstance(heard, Found):
        return node.otherwise
    return going.elsewhere(PutThrough(node.number), "rings")


def _message(going: Going, node: doc.Voicemail, heard: Heard) -> Next:
    if isinstance(heard, Played):
        return going.elsewhere(TakeMessage(node.seconds), "records")
    return node.otherwise if heard.text is None else going.end(End())  # type: ignore[union-attr]


def _progress(going: Going, node: doc.CaseProgress, heard: Heard) -> Next:
    match going.at.part, heard:
        case "number", Keys(value) if value:
            going.keep("case", value)
            return going.ask(node.code_prompt, QUERY_CODE_DIGITS, BETWEEN_QUESTIONS, "#", "code")
        case "code", Keys(value) if value:
            return going.elsewhere(LookUp(going.at.kept.get("case", ""), value), "looked up")
        case "looked up", Found(text) if text is not None:
            return going.say(Prompt(text=text[:600]), "told")
        case "told", _:
            return node.next
        case "wrong", _:
            return going.ask(node.number_prompt, CASE_NUMBER_DIGITS, BETWEEN_QUESTIONS, "#", "number")
    if going.failed() >= node.tries or going.at.steps >= MOST_STEPS:
        return node.otherwise
    return going.say(node.wrong, "wrong")


def _offered(going: Going, node: doc.CallbackOffer, heard: Heard) -> Next:
    match heard:
        case Keys(value) if value[:1] == node.key:
            return going.elsewhere(TakeCallback(node.queue), "taken")
        case Found(text) if text is not None:
            return going.end(End())
    return node.next


def _rated(going: Going, node: doc.Survey, heard: Keys) -> Next:
    if heard.value[:1] and heard.value[:1] in node.keys:
        going.keep("rating", heard.value[:1])
        going.outputs.append(Rate(int(heard.value[0])))
    return node.next


def _good_bye(going: Going, _node: doc.HangUp, _heard: Heard) -> Next:
    return going.end(End())


ANSWER: dict[str, Callable[[Going, Any, Any], Next]] = {
    "play": _said,
    "broadcast": _said,
    "menu": _chose,
    "digits": _typed,
    "transfer": _put_through,
    "voicemail": _message,
    "case_progress": _progress,
    "callback_offer": _offered,
    "survey": _rated,
    "hang_up": _good_bye,
    **dict.fromkeys(("hours", "holiday", "queue"), lambda _going, _node, _heard: PERSON),
}
