"""In which order commands of one answer are carried out."""

from hotline.telephony.asterisk.switch import whom_to_ring_first
from hotline.telephony.contract import CommandMessage


def kinds(*names: str) -> list[str]:
    commands = [CommandMessage(id=f"c{n}", call="c", type=name, leg="l") for n, name in enumerate(names)]
    return [command.type.value for command in whom_to_ring_first(commands)]


def test_the_agents_telephone_rings_before_the_caller_is_told_that_they_wait() -> None:
    assert kinds("answer", "queue", "ring") == ["ring", "answer", "queue"]


def test_where_something_must_be_put_down_first_it_is() -> None:
    assert kinds("hangup", "ring", "hold") == ["hangup", "ring", "hold"]
