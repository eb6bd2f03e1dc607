"""Words for people: every text that a person reads passes through here.

The language is that of the person at the till, so it is asked for when the text is made,
never kept in a constant. There is no catalogue yet: people read what stands in the code.
"""

from __future__ import annotations

import gettext

_translations = gettext.NullTranslations()


def _(message: str) -> str:
    """Return a message in the language of the person at the till."""
    return _translations.gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits a number."""
    return _translations.ngettext(one, many, count)
