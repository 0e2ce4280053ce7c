"""A shelf that is a folder of this machine, or of a file server that all machines have mounted."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import BinaryIO


class FolderShelf:
    """Files in a folder, spread over 256 folders by two letters of their names."""

    def __init__(self, folder: Path, spread_by: slice) -> None:
        self._folder, self._spread_by = folder, spread_by

    def put(self, name: str, content: BinaryIO) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".incoming-", delete=False) as draft:
            try:
                while chunk := content.read(1 << 20):
                    draft.write(chunk)
                draft.flush()
                os.fsync(draft.fileno())
                os.replace(draft.name, path)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise

    def open(self, name: str) -> BinaryIO:
        return self._path(name).open("rb")

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        return self._path(name).exists()

    def _path(self, name: str) -> Path:
        if not name.isalnum():
            raise ValueError(f"{name!r} is no name of a kept file")
        return self._folder / name[self._spread_by] / name
