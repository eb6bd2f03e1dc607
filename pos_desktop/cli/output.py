"""What posctl prints: JSON or text on standard output, complaints on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from typing import Any

from pos_desktop.domain.errors import Refused


class WrongUsage(Refused):
    """The command line lacks something; see --help."""


def print_json(document: Any) -> None:
    """Print one JSON document on a line of its own, at once.

    Half of a pair of surrogates, which no encoding has, is written as JSON escapes it.
    """
    text = json.dumps(document, ensure_ascii=False)
    print(text.encode("utf-8", "backslashreplace").decode(), flush=True)


def print_table(titles: Sequence[str], rows: Iterable[Sequence[str]], right: set[int]) -> None:
    """Print a table in columns; those in `right` are aligned to the right."""
    cells = [list(titles), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(titles))]
    for row in cells:
        parts = [
            text.rjust(width) if place in right else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        print("  ".join(parts).rstrip())


def complain(sentence: str) -> None:
    """Print a sentence on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def written_minute(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as lists of the console have it: 2026-11-24 08:15, in a zone."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"
