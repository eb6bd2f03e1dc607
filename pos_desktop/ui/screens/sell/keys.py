"""The keys of the sell screen, in one table: the bar, the help and the screen read it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from pos_desktop.domain.text import _


@dataclass(frozen=True, slots=True)
class ScreenKey:
    """A key, what stands on its cap, a word for the bar and a sentence for the help."""

    key: Qt.Key
    cap: str
    word: str
    help: str
    in_bar: bool = True
    control: bool = False
    shift: bool = False


def screen_keys() -> tuple[ScreenKey, ...]:
    """Return the keys in the language of the person at the till.

    Long because it is a table: each key stands in it once, with its words.
    """
    key = Qt.Key
    return (
        ScreenKey(key.Key_F1, "F1", _("Help"), _("Show or leave this help")),
        ScreenKey(key.Key_F2, "F2", _("Search"), _("Search by name or code, also misspelt")),
        ScreenKey(key.Key_F3, "F3", _("Price"), _("Check a price without selling")),
        ScreenKey(key.Key_F4, "F4", _("Customer"), _("Say who buys; what they owe, and pay it")),
        ScreenKey(key.Key_F5, "F5", _("Hold"), _("Put the open sale aside")),
        ScreenKey(key.Key_F6, "F6", _("Recall"), _("Bring back a sale on hold")),
        ScreenKey(
            key.Key_R,
            "Ctrl R",
            _("Today's prices"),
            _("Let a sale that was on hold cost what its goods cost now"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(key.Key_F7, "F7", _("Reprint"), _("Print the last receipt; Ctrl E mails it")),
        ScreenKey(key.Key_F8, "F8", _("Cash"), _("Take exactly what is due in cash")),
        ScreenKey(
            key.Key_F9,
            "F9",
            _("M-Pesa"),
            _("Ask a phone for money, or take what was paid already"),
            in_bar=False,
        ),
        ScreenKey(key.Key_F10, "F10", _("Card"), _("Take a card; also Ctrl 3"), in_bar=False),
        ScreenKey(
            key.Key_4,
            "Ctrl 4",
            _("On account"),
            _("Put it on the customer's account"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_5,
            "Ctrl 5",
            _("Voucher"),
            _("Pay with a voucher, or sell one"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(key.Key_F11, "F11", _("Return"), _("Goods come back, with or without receipt")),
        ScreenKey(key.Key_Delete, "Del", _("Void"), _("Take the selected line away")),
        ScreenKey(
            key.Key_Delete,
            "⇧ Del",
            _("Clear"),
            _("Take the whole sale away; pressed twice"),
            shift=True,
        ),
        ScreenKey(
            key.Key_Insert,
            "Ins",
            _("New item"),
            _("Add what was scanned and not found, and sell it"),
            in_bar=False,
        ),
        ScreenKey(key.Key_F12, "F12", _("Lock"), _("Lock the till; the open sale stays")),
        ScreenKey(key.Key_S, "Ctrl S", _("Shift"), _("X, count of the drawer, Z"), control=True),
        ScreenKey(
            key.Key_P,
            "Ctrl P",
            _("Papers"),
            _("Papers that did not come out, or perhaps"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_W,
            "Ctrl W",
            _("Jobs"),
            _("Background work, and what it has told you"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_B,
            "Ctrl B",
            _("Menu"),
            _("Customers, goods, stock, people, reports, settings"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_K, "Ctrl K", _("Keypad"), _("Show or hide the keys for fingers"), control=True
        ),
        ScreenKey(
            key.Key_T,
            "Ctrl T",
            _("Theme"),
            _("Change between light and dark"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_L,
            "Ctrl L",
            _("Language"),
            _("English, or Kiswahili"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_F,
            "Ctrl F",
            _("Full screen"),
            _("Fill the whole screen, or not"),
            in_bar=False,
            control=True,
        ),
        ScreenKey(
            key.Key_X,
            "Ctrl X",
            _("Warning"),
            _("Take the warning at the top away"),
            in_bar=False,
            control=True,
        ),
    )


def grammar_help() -> tuple[tuple[str, str], ...]:
    """Return what can be typed into the box, and what it does."""
    return (
        ("↵", _("Pay; after typing: sell what was typed")),
        ("↑ ↓", _("Select another line")),
        ("Esc", _("Leave a panel, empty the box")),
        (_("5*code"), _("Sell five; also 5* and then a scan")),
        ("*5", _("Make the selected line five")),
        ("-", _("One less of the selected line")),
        ("10%", _("Discount on the selected line")),
        ("10%%", _("Discount on the whole sale")),
        ("=450", _("Price of the selected line; a manager approves")),
        (_("?code"), _("Check a price")),
        (_("/name"), _("Search by name")),
    )
