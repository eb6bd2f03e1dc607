"""Words for people: every text that a person reads passes through here.

A process speaks one language, that of the person at the till. A block may speak another one
(`with speaking("sw"):`), in its own thread alone: so a paper or a message is made in the language
of its reader. What stands in the code is English; other languages are learnt from catalogues that
`pos_desktop.languages` finds, each when it is first spoken.

A text knows how it was made. What keeps one that people look at says it `again` when the language
changes; what is joined of texts is joined with `joined`, or is made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from gettext import NullTranslations
from typing import Any

ENGLISH = "en"
LANGUAGES = (ENGLISH, "sw")
"""Every language of the program."""


class Text(str):
    """A text that can be said again, in the language that is spoken then."""

    __slots__ = ("_make",)
    _make: Callable[[], str]

    def __new__(cls, make: Callable[[], str]) -> Text:
        """Make a text now; `make` makes it of the same things in any language."""
        made = super().__new__(cls, make())
        made._make = make
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave the process as the words alone."""
        return str, (str(self),)

    def format(self, *values: object, **fields: object) -> Text:
        """Fill in the fields; those that are texts are said again with it."""

        def make() -> str:
            again = {name: _said_again(value) for name, value in fields.items()}
            return str.format(self._make(), *map(_said_again, values), **again)

        return Text(make)

    def again(self) -> Text:
        """Return it in the language that is spoken now."""
        return Text(self._make)


class _Spoken:
    """What is spoken in this process, and what can be."""

    def __init__(self) -> None:
        self.language = ENGLISH
        self.known: dict[str, NullTranslations] = {ENGLISH: NullTranslations()}
        self.loads: dict[str, Callable[[], NullTranslations]] = {}

    def catalogue(self) -> NullTranslations:
        language = _here.get() or self.language
        if language not in self.known:
            self.known[language] = self.loads[language]()
        return self.known[language]


_here: ContextVar[str | None] = ContextVar("language", default=None)
_spoken = _Spoken()


def learn(language: str, load: Callable[[], NullTranslations]) -> None:
    """Make a language known; `load` is asked for its catalogue once, when it is first spoken."""
    _spoken.loads[language] = load
    _spoken.known.pop(language, None)


def languages() -> tuple[str, ...]:
    """Return the languages that can be spoken."""
    return (ENGLISH, *_spoken.loads)


def speak(language: str) -> None:
    """Let the whole process speak a language, from the next text on.

    Raises ValueError where nobody has made it known.
    """
    _check(language)
    _spoken.language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within this block of this thread; raise ValueError where it is not known."""
    _check(language)
    before = _here.set(language)
    try:
        yield
    finally:
        _here.reset(before)


def language() -> str:
    """Return what is spoken here."""
    return _here.get() or _spoken.language


def _(message: str) -> str:
    """Return a message in the language that is spoken, as a Text."""
    return Text(partial(_translated, message))


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of a message that fits a number, as a Text."""
    return Text(partial(_counted, one, many, count))


def joined(sign: str, parts: Iterable[str]) -> str:
    """Return a Text of texts joined by a sign; empty ones are left out."""
    kept = tuple(part for part in parts if part)
    return Text(lambda: sign.join(map(again, kept)))


def capitalised(text: str) -> str:
    """Return a Text that begins with a capital."""
    return Text(lambda: again(text)[:1].upper() + again(text)[1:])


def again(text: str) -> str:
    """Return a text in the language that is spoken now; what is no Text stays."""
    return text.again() if isinstance(text, Text) else text


def _check(language: str) -> None:
    if language not in languages():
        raise ValueError(f"nobody has made the language {language!r} known")


def _translated(message: str) -> str:
    return _spoken.catalogue().gettext(message) if message else ""


def _counted(one: str, many: str, count: int) -> str:
    return _spoken.catalogue().ngettext(one, many, count)


def _said_again(value: object) -> object:
    return value.again() if isinstance(value, Text) else value
