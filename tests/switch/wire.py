"""A wire between browsers and the switch that can be cut and mended. Voices do not go through it."""

from __future__ import annotations

import contextlib
import socket
import threading


class Wire:
    """Takes connections at `port` and hands their bytes on to `to_port`, both on this machine."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._is_cut = False
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._take, daemon=True).start()

    def cut(self) -> None:
        """Every connection ends, and none comes about."""
        self._is_cut = True
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def mend(self) -> None:
        self._is_cut = False

    def stop(self) -> None:
        self.cut()
        self._door.close()

    def _take(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            if self._is_cut:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._to_port))
            self._ends += (near, far)
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_hand_on, args=(one, other), daemon=True).start()


def _hand_on(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
