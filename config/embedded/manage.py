"""`./manage COMMAND …`: `flask COMMAND …` with the project's database and Redis up and migrated."""

from __future__ import annotations

import os
import subprocess
import sys

from config.embedded.programs import FLASK
from config.embedded.servers import running
from config.settings import get_settings


def main(arguments: list[str]) -> int:
    with running(get_settings()) as found:
        environment = found.environment()
        if found.owner and arguments[:1] != ["db"]:
            subprocess.run([*FLASK, "db", "upgrade"], env=environment, check=True, stderr=subprocess.DEVNULL)
        command = subprocess.Popen([*FLASK, *arguments], env=environment)
        while True:
            try:
                return command.wait()
            except KeyboardInterrupt:  # the command has it too, and says what it leaves behind
                continue


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    sys.exit(main(sys.argv[1:]))
