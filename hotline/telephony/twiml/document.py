"""A leg's document: what its telephone is to do now, as XML. It follows from the leg's row and nothing else."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from hotline.telephony.twiml import sounds
from hotline.telephony.twiml.addresses import door
from hotline.telephony.twiml.models import TwimlLeg

VOICES = {"zh": "zh-CN", "en": "en-US"}
BUSY = frozenset({"busy", "congestion"})
SILENCE_ENDS_A_MESSAGE = "8"
KEEP_OPEN = "30"  # seconds of silence before the carrier asks again
NEWS_OF_A_ROOM = "start end join leave mute hold"


def document(leg: TwimlLeg, target: TwimlLeg | None = None) -> str:
    """The XML. `target`: whom the leg listens to."""
    response = Element("Response")
    if leg.hangup_asked or leg.ended_at is not None:
        _leave(response, leg)
    elif leg.hears:
        _hear(response, leg, leg.hears[0])
    elif leg.place:
        _enter(response, leg, target)
    else:
        SubElement(response, "Pause", length=KEEP_OPEN)
        _again(response, leg)
    return rendered(response)


def rendered(response: Element) -> str:
    """With the declaration the carrier wants."""
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(response, encoding="unicode")


def music(name: str) -> str:
    """What is played to who waits in a room, over and over."""
    response = Element("Response")
    SubElement(response, "Play", loop="0").text = door("sounds", "music", f"{name}.wav")
    return rendered(response)


def room_name(leg: TwimlLeg) -> str:
    """The conference in which this leg meets the others of its call."""
    return f"{leg.call.key}.{leg.call.room}"


def _leave(response: Element, leg: TwimlLeg) -> None:
    """A caller who was never taken is refused, which costs them nothing."""
    if leg.answered_at is None and leg.seat is None and leg.key == leg.sid:
        SubElement(response, "Reject", reason="busy" if leg.hangup_asked in BUSY else "rejected")
    else:
        SubElement(response, "Hangup")


def _hear(response: Element, leg: TwimlLeg, item: dict[str, Any]) -> None:
    if item.get("message"):
        SubElement(
            response,
            "Record",
            action=door("legs", leg.key, "spoken", item["n"]),
            method="POST",
            maxLength=str(item["message"]),
            timeout=SILENCE_ENDS_A_MESSAGE,
            finishOnKey=item["finish"],
            playBeep="true",
            recordingStatusCallback=door("recordings", item["prompt"]),
            recordingStatusCallbackEvent="in-progress completed absent",
            recordingStatusCallbackMethod="POST",
        )
        return
    if not item["keys"]:
        _sound(response, item)
        SubElement(response, "Redirect", method="POST").text = door("legs", leg.key, "heard", item["n"])
        return
    gather = SubElement(
        response,
        "Gather",
        input="dtmf",
        action=door("legs", leg.key, "digits", item["n"]),
        method="POST",
        numDigits=str(item["keys"]),
        timeout=str(max(1, round(item["timeout"]))),
        finishOnKey=item["finish"],
        actionOnEmptyResult="true",
    )
    _sound(gather, item)


def _sound(parent: Element, item: dict[str, Any]) -> None:
    address, text = sounds.sound(item["prompt"], item["text"], item.get("sound", ""))
    if address:
        SubElement(parent, "Play").text = address
    elif text:
        language = VOICES.get((item["language"] or "zh")[:2], "zh-CN")
        SubElement(parent, "Say", language=language).text = text


def _enter(response: Element, leg: TwimlLeg, target: TwimlLeg | None) -> None:
    """Everybody meets in a conference: with a plain Dial nobody could listen in. Who waits in a queue is in it already,
    but it begins only when an agent enters, and until then there is music."""
    waits = leg.place == "queue"
    facts = {
        "beep": "false",
        "startConferenceOnEnter": "false" if waits else "true",
        "endConferenceOnExit": "false",
        "statusCallback": door("rooms", leg.call.key),
        "statusCallbackEvent": NEWS_OF_A_ROOM,
        "statusCallbackMethod": "POST",
    }
    if waits and sounds.has_music(leg.music):
        facts |= {"waitUrl": door("music", leg.music), "waitMethod": "POST"}
    if leg.listens_to is not None:
        if leg.mode == "whisper" and target is not None and target.sid:
            facts["coach"] = target.sid
        elif leg.mode != "barge":
            facts["muted"] = "true"
    dial = SubElement(response, "Dial", action=door("legs", leg.key), method="POST")
    SubElement(dial, "Conference", attrib=facts).text = room_name(leg)


def _again(response: Element, leg: TwimlLeg) -> None:
    SubElement(response, "Redirect", method="POST").text = door("legs", leg.key)
