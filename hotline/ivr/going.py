"""One walk under way: nodes say, ask or hand on, and either wait or name the node to go on to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from hotline.ivr.document import Flow, Prompt
from hotline.ivr.steps import Ask, End, Output, Position, Say, Wait, Waits, World

MOST_MOVES = 60
"""Nodes passed without a question in one walk: more is a loop."""
MOST_STEPS = 40
"""Questions put in one call: who has pressed so much in vain, or floods us with keys, gets a person."""

Next = str | None
"""The node to go on to; None: something is waited for, or it was the end."""
WAITS: Next = None


class Going:
    """One walk: nodes push outputs, and either wait or name the node to go on to."""

    def __init__(
        self, flow: Flow, position: Position, world: World, enter: Mapping[str, Callable[[Going, Any], Next]]
    ) -> None:
        self.flow, self.at, self.world, self._enter = flow, position, world, enter
        self.outputs: list[Output] = []

    def enter(self, name: str) -> None:
        """Go on, until something must be waited for."""
        for _ in range(MOST_MOVES):
            node = self.flow.nodes.get(name)
            if node is None or self.at.steps >= MOST_STEPS:
                break
            self.at = replace(self.at, node=name, tries=0, part="", waits=Waits.NOTHING)
            next_ = self._enter[node.kind](self, node)
            if next_ is None:
                return
            name = next_
        self.end(Wait("", 0))

    def say(self, prompt: Prompt, part: str = "") -> Next:
        self._put(part, Waits.PLAYED)
        self.outputs.append(Say(self.at.step, self._filled(prompt)))
        return WAITS

    def ask(self, prompt: Prompt, most: int, wait: float, finish: str = "", part: str = "") -> Next:
        self._put(part, Waits.KEYS)
        self.outputs.append(Ask(self.at.step, self._filled(prompt), most, wait, finish))
        return WAITS

    def elsewhere(self, output: Output, part: str = "") -> Next:
        self.at = replace(self.at, part=part, waits=Waits.ELSEWHERE)
        self.outputs.append(output)
        return WAITS

    def end(self, output: Wait | End) -> Next:
        self.at = replace(self.at, waits=Waits.NOTHING, part="", over=True)
        self.outputs.append(output)
        return WAITS

    def failed(self) -> int:
        """Count an answer that was none; how many there were."""
        self.at = replace(self.at, tries=self.at.tries + 1)
        return self.at.tries

    def keep(self, name: str, value: str) -> None:
        self.at = replace(self.at, kept={**self.at.kept, name: value})

    def _put(self, part: str, waits: Waits) -> None:
        self.at = replace(self.at, steps=self.at.steps + 1, part=part, waits=waits)

    def _filled(self, prompt: Prompt) -> Prompt:
        if "{department}" not in prompt.text:
            return prompt
        return prompt.model_copy(
            update={"text": prompt.text.replace("{department}", self.world.department())}
        )
