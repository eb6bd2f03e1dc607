"""The languages of the program: their catalogues among the resources, and which one is asked for.

The domain speaks, but knows no files. Whoever starts a process (the window, the console, a child)
calls `learn_languages` first.
"""

from __future__ import annotations

import gettext
import logging
import os
from functools import partial
from importlib.resources import files

from pos_desktop.domain import text

ENDONYMS = {"en": "English", "sw": "Kiswahili"}
"""Each language as it calls itself: whoever looks for it reads no other."""

logger = logging.getLogger(__name__)


def learn_languages(*, default: str = text.ENGLISH) -> None:
    """Make all languages known, and speak the one that POS_LANG asks for, else the default."""
    for language in text.LANGUAGES:
        if language not in text.languages():
            text.learn(language, partial(_catalogue, language))
    text.speak(asked_language() or default)


def asked_language() -> str:
    """Return the language that the environment asks for; empty where it asks for none we know."""
    asked = os.environ.get("POS_LANG", "").lower()
    return asked if asked in text.LANGUAGES else ""


def _catalogue(language: str) -> gettext.NullTranslations:
    """Return a compiled catalogue; without one, which is logged, English is spoken on."""
    place = files("pos_resources") / "translations" / f"{language}.mo"
    try:
        with place.open("rb") as file:
            return gettext.GNUTranslations(file)
    except OSError:
        logger.warning("there is no catalogue %s: run scripts/ready.py", place)
        return gettext.NullTranslations()
