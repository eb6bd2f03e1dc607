"""The commands of posctl that the documents tell people to type."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import ROOT

_FENCED = re.compile(r"^```\w*\n(?P<lines>.*?)^```", re.MULTILINE | re.DOTALL)
_PROGRAM = re.compile(r"^(.*[/\\])?posctl(\.exe)?$")
_ENDS = {"|", "<<", "<", ">", ">>", "&", "&&", ";"}
"""Where the shell's own words begin, and the command is over."""


@dataclass(frozen=True, slots=True)
class Told:
    """A command as a document tells it: where, and what comes behind `posctl`."""

    document: str
    arguments: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is typed, from any folder of a shop."""
        words = list(self.arguments)
        while "--data" in words:
            at = words.index("--data")
            del words[at : at + 2]
        return shlex.join(words)


def told_commands() -> list[Told]:
    """Return each command of README and docs, in the order in which they are read."""
    documents = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return [one for document in documents for one in _commands(document)]


def _commands(document: Path) -> Iterator[Told]:
    for block in _FENCED.finditer(document.read_text(encoding="utf-8")):
        for line in block["lines"].splitlines():
            if "posctl" in line:
                yield from _in_line(document.relative_to(ROOT).as_posix(), line)


def _in_line(document: str, line: str) -> Iterator[Told]:
    """Return the commands of a line; what only speaks of posctl is none."""
    words = list(_words(line))
    starts = [at for at, word in enumerate(words) if _PROGRAM.match(word)]
    for start in starts:
        if start and words[start - 1] not in _ENDS | {"sudo"}:
            continue
        end = next((at for at in range(start, len(words)) if words[at] in _ENDS), len(words))
        yield Told(document, tuple(words[start + 1 : end]))


def _words(line: str) -> Iterator[str]:
    parts = shlex.shlex(line, posix=True, punctuation_chars=True)
    parts.whitespace_split = True
    if "\\" in line:
        parts.escape = ""
    yield from parts
