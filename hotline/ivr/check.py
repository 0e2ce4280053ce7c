"""What is wrong with a flow, each with the node that is to blame. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from hotline.ivr.document import PERSON, AnyNode, Flow, exits, prompts

MAY_BE_SILENT = {"transfer", "voicemail", "hang_up"}
NOT_BY_SILENCE = {"case_progress": {"next"}, "digits": {"next"}}
"""Exits that only somebody takes who has pressed something."""


@dataclass(frozen=True)
class Problem:
    """`node` is "" where the flow as a whole is meant. A `grave` one forbids publishing."""

    node: str
    sentence: str
    grave: bool = True


def problems(
    flow: Flow,
    queues: Collection[str] = (),
    sounds: Collection[str] | None = None,
    ours: Collection[str] = (),
) -> list[Problem]:
    """Everything found, in the order of the nodes; `queues` and `sounds` are those there are, `ours` the numbers that
    lead here, each as somebody may write it."""
    found = []
    if flow.start != PERSON and flow.start not in flow.nodes:
        found.append(Problem("", _("The flow begins at a node that does not exist.")))
    reached = reachable(flow)
    for name, node in flow.nodes.items():
        if name not in reached:
            found.append(Problem(name, _("No caller ever comes here.")))
        found += [Problem(name, sentence) for sentence in _exits(flow, node)]
        found += [Problem(name, sentence) for sentence in _prompts(node, sounds)]
        found += [Problem(name, sentence) for sentence in _by_kind(node, queues, ours)]
    for circle in _circles(flow):
        way = " → ".join(name_of(flow, name) for name in [*circle, circle[0]])
        sentence = _("Who presses nothing goes round for ever: %(way)s", way=way)
        found.append(Problem(circle[0], sentence))
    if not any(flow.nodes[name].kind == "broadcast" for name in reached if name in flow.nodes):
        found.append(Problem("", _("Callers of this flow never hear an emergency broadcast."), grave=False))
    return found


def name_of(flow: Flow, name: str) -> str:
    """How people call a node."""
    if name == PERSON:
        return _("A person")
    node = flow.nodes.get(name)
    return (node.title if node else "") or name


def reachable(flow: Flow) -> set[str]:
    """The nodes some caller comes to."""
    seen: set[str] = set()
    to_see = [flow.start]
    while to_see:
        name = to_see.pop()
        if name not in seen and name in flow.nodes:
            seen.add(name)
            to_see += [target for _exit, target in exits(flow.nodes[name])]
    return seen


def exit_label(exit_: str) -> str:
    """What an exit is called on the page."""
    if exit_.startswith("key "):
        return _("Key %(key)s", key=exit_[4:])
    return {
        "next": _("Next"),
        "open": _("Open"),
        "closed": _("Outside opening hours"),
        "working_day": _("Working day"),
        "day_off": _("Day off"),
        "silence": _("Silence"),
        "otherwise": _("Otherwise"),
    }[exit_]


def _exits(flow: Flow, node: AnyNode) -> Iterator[str]:
    if node.kind == "menu" and not node.choices:
        yield _("No key leads on from this menu.")
    for exit_, target in exits(node):
        if not target:
            yield _("“%(exit)s” leads nowhere.", exit=exit_label(exit_))
        elif target != PERSON and target not in flow.nodes:
            yield _(
                "“%(exit)s” leads to “%(target)s”, which does not exist.",
                exit=exit_label(exit_),
                target=target,
            )


def _prompts(node: AnyNode, sounds: Collection[str] | None) -> Iterator[str]:
    for name, prompt in prompts(node):
        if prompt.is_silent and node.kind not in MAY_BE_SILENT:
            yield _("Nothing is said here: “%(prompt)s” is missing.", prompt=prompt_label(name))
        elif prompt.sound and sounds is not None and prompt.sound not in sounds:
            yield _("The recording of “%(prompt)s” is not here any more.", prompt=prompt_label(name))
        elif prompt.sound and not prompt.text:
            yield _("Write down what the recording of “%(prompt)s” says.", prompt=prompt_label(name))


def prompt_label(name: str) -> str:
    """What a prompt is called on the page."""
    return {
        "prompt": _("Prompt"),
        "number_prompt": _("Prompt for the case number"),
        "code_prompt": _("Prompt for the query code"),
        "wrong": _("Prompt after a wrong answer"),
    }[name]


def _by_kind(node: AnyNode, queues: Collection[str], ours: Collection[str]) -> Iterator[str]:
    if node.kind == "hours":
        if not node.spans:
            yield _("No hours are set.")
        if any(span.since >= span.until for span in node.spans):
            yield _("Hours must begin before they end; what goes past midnight is two lines.")
    elif node.kind == "transfer" and not node.number:
        yield _("The number to transfer to is missing.")
    elif node.kind == "transfer" and node.number in ours:
        yield _("This number leads to the hotline itself: its calls would come in again and again.")
    elif node.kind == "digits" and node.least > node.most:
        yield _("More digits are needed than may be pressed.")
    elif node.kind in ("queue", "callback_offer") and node.queue and node.queue not in queues:
        yield _("There is no queue “%(queue)s”.", queue=node.queue)


def _circles(flow: Flow) -> list[list[str]]:
    """The ways on which somebody who presses nothing comes back to where they were."""
    ways = {
        name: [
            target
            for exit_, target in exits(node)
            if not exit_.startswith("key ")
            and exit_ not in NOT_BY_SILENCE.get(node.kind, ())
            and not (node.kind == "menu" and exit_ == "otherwise")
            and target in flow.nodes
        ]
        for name, node in flow.nodes.items()
    }
    found: list[list[str]] = []
    done: set[str] = set()
    for begin in flow.nodes:
        path: list[str] = []
        stack = [(begin, iter(ways[begin]))] if begin not in done else []
        path += [begin] if stack else []
        while stack:
            _name, onward = stack[-1]
            target = next(onward, None)
            if target is None:
                stack.pop()
                done.add(path.pop())
            elif target in path:
                found.append(path[path.index(target) :])
            elif target not in done:
                path.append(target)
                stack.append((target, iter(ways[target])))
    return found
