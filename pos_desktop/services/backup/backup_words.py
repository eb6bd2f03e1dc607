"""What is said of backups that were made or checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.said import Said


def made_sentence(kept: dict[str, Any]) -> Said:
    """Say what a job has made, from its result."""
    words = ngettext(
        "The backup is made, read back and checked: {file}, with {count:,} sale.",
        "The backup is made, read back and checked: {file}, with {count:,} sales.",
        kept["sales"],
    ).format(file=Path(kept["file"]).name, count=kept["sales"])
    return Said(f"{words} {books_words(kept)}" if kept["findings"] else words)


def checked_sentence(kept: dict[str, Any]) -> Said:
    """Say what a check has found, from its result."""
    words = _("{file} is whole, to its last byte. {books}")
    return Said(words.format(file=Path(kept["file"]).name, books=books_words(kept)))


def books_words(kept: dict[str, Any]) -> str:
    """Say whether the books in a backup are in order, from the result of a job."""
    if not kept["findings"]:
        return _("The books in it are in order.")
    words = _("The books in it are not in order, as in the shop: {checks}. See posctl verify.")
    return words.format(checks=", ".join(kept["findings"]))
