"""What is said of backups that were made or checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_desktop.domain.text import _, languages, ngettext, speaking
from pos_desktop.services.background.said import Said


def made_sentence(kept: dict[str, Any]) -> Said:
    """Say what a job has made, from its result."""
    words = _("The backup is made, read back and checked: {file}, with {sales}.").format(
        file=Path(kept["file"]).name, sales=sales_words(kept["sales"], kept.get("refunds", 0))
    )
    return Said(f"{words} {books_words(kept)}" if kept["findings"] else words)


def not_copied_sentence(folder: Path, why: str) -> str:
    """Say that a backup was made, and why it is not in the second place."""
    return _not_copied().format(folder=folder, why=why)


def is_not_copied(sentence: str) -> bool:
    """Tell whether that is what was said of a job, in whichever language it was said."""
    for spoken in languages():
        with speaking(spoken):
            start, _folder, rest = str(_not_copied()).partition("{folder}")
        if sentence.startswith(start) and rest.partition("{why}")[0] in sentence:
            return True
    return False


def _not_copied() -> str:
    return _("The backup was made in {folder}, but not copied. {why}")


def sales_words(sales: int, refunds: int) -> str:
    """Say how many sales and refunds are in a backup."""
    sold = ngettext("{count:,} sale", "{count:,} sales", sales).format(count=sales)
    if not refunds:
        return sold
    back = ngettext("{count:,} refund", "{count:,} refunds", refunds).format(count=refunds)
    return f"{sold}, {back}"


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
