"""Just enough of the Socket.IO protocol to speak to our server as a browser does."""

from __future__ import annotations

import json
from typing import Any

from simple_websocket import Client, ConnectionClosed

PATIENCE = 30.0  # seconds, for what is sure to come
QUIET = 0.6  # after which nothing more is expected


class Wire:
    """A socket of the browser session whose cookie is given; `refusal` says why it was not let in."""

    def __init__(self, address: str, cookie: str = "") -> None:
        url = address.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        self._link = Client.connect(url, headers={"Cookie": cookie} if cookie else None)
        # At once: a greeting that came along with the handshake is handed out only with what follows it.
        self._link.send("40")
        while not (answer := self._receive()).startswith("4"):
            pass
        self.refusal = json.loads(answer[2:])["message"] if answer.startswith("44") else ""
        self._number = 0

    def ask(self, event: str, *values: Any) -> Any:
        """Send an event and return what the server acknowledges it with."""
        self._number += 1
        self._link.send(f"42{self._number}{json.dumps([event, *values])}")
        while not (answer := self._receive()).startswith(f"43{self._number}"):
            pass
        return json.loads(answer.removeprefix(f"43{self._number}"))[0]

    def throw(self, frame: str | bytes) -> None:
        """Send what no browser would."""
        self._link.send(frame)

    def heard(self, wait: float = PATIENCE) -> list[str]:
        """The names of the events that have come: the first within `wait`, the others right behind it."""
        names = []
        while (message := self._link.receive(QUIET if names else wait)) is not None:
            if message == "2":
                self._link.send("3")
            elif message.startswith("42"):
                names.append(json.loads(message[2:])[0])
        return names

    def hears_nothing(self) -> bool:
        return not self.heard(QUIET)

    def _receive(self) -> str:
        answer = self._link.receive(PATIENCE)
        assert isinstance(answer, str), "the server says nothing"
        return answer

    def is_cut_off(self, wait: float = PATIENCE) -> bool:
        """Whether the server says goodbye within `wait` seconds."""
        try:
            while (message := self._link.receive(wait)) is not None:
                if message == "41":
                    return True
        except ConnectionClosed:
            return True
        return False

    def close(self) -> None:
        self._link.close()
