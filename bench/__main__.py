"""`python -m bench [NAME …]`: run those named; without names all that need nothing but Python's packages."""

from __future__ import annotations

import importlib
import sys

from bench.support import machine

ALONE = ("telephony", "calls", "cases", "knowledge", "memory", "starts")
WITH_A_SWITCH = ("switch", "faults")  # need Asterisk and sipp (docs/switch.md)
BENCHES = (*ALONE, *WITH_A_SWITCH)


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(f"command: python -m bench {' '.join(names)}".rstrip())
    print(f"machine: {machine()}")
    for name in names or ALONE:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"bench.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
