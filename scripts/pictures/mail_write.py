"""A mail that is written."""

from __future__ import annotations

from pathlib import Path

from pos_desktop.ui.screens.mail.write_page import WritePage
from scripts.pictures.mail_office import MAIL_HTML, MAIL_TEXT, with_contacts
from scripts.pictures.steps import K, States, asked, listed, until
from scripts.player import Player, Step


def _page(player: Player) -> WritePage:
    return player.page("mail_write", WritePage)


def _write(player: Player) -> None:
    page = _page(player)
    page.sheet.subject, page.sheet.body, page.sheet.html = "News for {name}", MAIL_TEXT, MAIL_HTML
    page.sheet.files.append(Path("/home/shop/price list of November, all branches.pdf"))
    page.sheet.exports["1"] = "Sales by product, October 2026"
    page.refresh()
    player.settle()


def _write_wrong_field(player: Player) -> None:
    page = _page(player)
    page.sheet.subject, page.sheet.body = "News", "Dear {nme}"
    page.refresh()


def _take_files_off(player: Player) -> None:
    _page(player).sheet.files.clear()


def _to_row(place: int) -> Step:
    """Go down in the rows of the mail."""
    return lambda player: _page(player).list.move(place)


_sheet_shown = until(lambda player: _page(player).sheet.chosen is not None)
_told = until(lambda player: _page(player).strip.isVisible())
_templates_shown = until(lambda player: _page(player).below is _page(player).templates)
_preview_shown = until(lambda player: _page(player).below is _page(player).preview)

_NEW = (with_contacts, listed("mail_write"), _sheet_shown)
_WRITTEN = (*_NEW, _write)
_TO = (*_NEW, K.Key_Return)
_WORDS = (*_WRITTEN, _to_row(2), K.Key_Return, asked("mail_write"))

STATES: States = {
    "mail_write_new": _NEW,
    "mail_write": _WRITTEN,
    "mail_write_to": _TO,
    "mail_write_to_contacts": (*_TO, K.Key_Left),
    "mail_write_words": _WORDS,
    "mail_write_letters": (*_WORDS, K.Key_Tab, K.Key_F9),
    "mail_write_template": (*_WRITTEN, _to_row(1), K.Key_Return, _templates_shown),
    "mail_write_refused": (*_NEW, _write_wrong_field, K.Key_F5, _told),
    "mail_write_preview": (*_WRITTEN, _take_files_off, K.Key_F5, _preview_shown),
    "mail_write_send": (*_WRITTEN, _take_files_off, K.Key_F8, _told),
}
