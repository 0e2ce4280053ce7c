"""Compile each package's catalogue; with --check, name every message with no Chinese translation, or with two."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(ROOT.glob("console/translations/*/*/LC_MESSAGES/messages.po"))
PACKAGES = ("config", "accounts", "hotline", "knowledge_base", "dispatch", "reports", "console")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "gettext", "lazy_gettext")),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    **dict.fromkeys(("pgettext", "lazy_pgettext", "_p", "_lp"), ((1, "c"), 2)),
}


def compile_all() -> None:
    for path in CATALOGUES:
        with path.open("rb") as source:
            catalogue = read_po(source)
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


def untranslated() -> list[str]:
    """`file:line message` for each message that no Chinese catalogue translates."""
    known: set[tuple[str | None, str]] = set()
    for path in CATALOGUES:
        if path.parts[-3] == "zh":
            with path.open("rb") as source:
                for message in read_po(source):
                    if message.string and all(message.string if message.pluralizable else [message.string]):
                        single = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                        known.add((message.context, single))
    missing = []
    for package in PACKAGES:
        found = extract_from_dir(str(ROOT / package), METHODS, keywords=KEYWORDS)
        for filename, line, message, _comments, context in found:
            single = message[0] if isinstance(message, tuple) else message
            if single and (context, single) not in known:
                missing.append(f"{package}/{filename}:{line} {single!r}")
    return missing


def contradictions() -> list[str]:
    """Messages whose translation depends on the package: at run time the catalogues are one, and the last would win."""
    said: dict[tuple[str, str | None, str], dict[str, str]] = {}
    for path in CATALOGUES:
        language, package = path.parts[-3], path.parts[-4]
        with path.open("rb") as source:
            for message in read_po(source):
                if message.id:
                    key = (language, message.context, str(message.id))
                    said.setdefault(key, {})[package] = str(message.string)
    return [
        f"{language} {message!r} is said differently: {by_package}"
        for (language, _context, message), by_package in said.items()
        if len(set(by_package.values())) > 1
    ]


if __name__ == "__main__":
    compile_all()
    if "--check" in sys.argv:
        lines = untranslated() + contradictions()
        print("\n".join(lines) or "every message has a Chinese translation, and one only")
        sys.exit(bool(lines))
