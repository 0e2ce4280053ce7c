"""`make test`: the parallel tests on every core, then those that need the machine to themselves.

In CI a skipped test is a failure: whatever a test needs, `make test` has installed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

CORES = os.cpu_count() or 2

# Each in a process of its own: the browser's driver keeps an event loop running in its process, in which no
# test could run one of its own.
RUNS = {
    "tests in parallel": [
        *("-n", str(CORES + 1), "--dist", "loadgroup"),  # some wait, as people and telephones do
        *("-m", "not browser and not kill and not alone and not switch"),
    ],
    "tests by kill and alone": [
        *(
            "-n",
            str(CORES),
            "--dist",
            "loadgroup",
        ),  # each by itself in its process, which waits much of the time
        *("-m", "(kill or alone) and not browser and not switch"),
    ],
    "tests in a browser": ["-n", str(CORES), "--dist", "loadgroup", "-m", "browser and not switch"],
}


def main(arguments: list[str]) -> int:
    worst = 0
    for name, choice in RUNS.items():
        print(f"== {name}", flush=True)
        began = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--durations=8", *choice, *arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        print(run.stdout, end="", flush=True)
        print(f"== {name}: {time.monotonic() - began:.0f} s", flush=True)
        nothing_chosen = run.returncode == 5 and bool(arguments)
        if os.environ.get("CI") and " skipped" in run.stdout.strip().splitlines()[-1]:
            print("a skipped test is a failure here", file=sys.stderr)
            worst = worst or 1
        if not nothing_chosen:
            worst = worst or run.returncode
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
