"""What is said of backups that were made or checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.background.said import Said


def made_sentence(kept: dict[str, Any]) -> Said:
    """Say what a job has made, from its result."""
    words = _("The backup is made, read back and checked: {file}, with {sales}.").format(
        file=Path(kept["file"]).name, sales=sales_words(kept["sales"], kept.get("refunds", 0))
    )
    return Said(f"{words} {books_words(kept)}" if kept["findings"] else words)


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
