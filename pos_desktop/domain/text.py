"""Words for people: every text that a person reads passes through here.

The language is that of the person at the till, so it is asked for when the text is made,
never kept in a constant. Catalogues are handed in by whoever starts the program.
"""

from __future__ import annotations

import gettext

_translations: gettext.NullTranslations = gettext.NullTranslations()


def use_translations(translations: gettext.NullTranslations) -> None:
    """Make all texts from now on come from this catalogue."""
    global _translations  # noqa: PLW0603 - one person at a time sits at a till
    _translations = translations


def _(message: str) -> str:
    """Return a message in the language of the person at the till."""
    return _translations.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits a number."""
    return _translations.ngettext(one, many, count)
