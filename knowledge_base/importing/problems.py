"""What can be wrong with a file."""

from __future__ import annotations

from knowledge_base.words import ImportProblem


class Unreadable(Exception):
    """This file is not taken; the rest of its batch is. Travels between processes, so it holds plain values."""

    def __init__(self, problem: ImportProblem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail
