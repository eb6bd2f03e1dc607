"""What stands in the box, read as a search: how many, whether `/` asks for one, and the name.

A quantity before a price check is read here too: it is for the product, should it be sold.
"""

from __future__ import annotations

from dataclasses import dataclass

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.grammar import split_quantity
from pos_desktop.domain.quantity import Thousandths, parse_quantity


@dataclass(frozen=True, slots=True)
class SearchText:
    """A text of the box; `typed` is the quantity before the star as it was typed, or nothing."""

    typed: str
    asked: bool
    words: str

    @property
    def prefix(self) -> str:
        """What is to stay before whatever is searched: `5*`, or nothing."""
        return f"{self.typed}*" if self.typed else ""

    @property
    def is_name(self) -> bool:
        """Whether the words are a name rather than a code: a code has digits and no blanks."""
        return self.words[:1].isalpha() and not looks_like_code(self.words)

    def quantity(self) -> Thousandths | None:
        """Return the quantity, None where none was typed; raise Refused where it is none."""
        return parse_quantity(self.typed) if self.typed else None


def looks_like_code(text: str) -> bool:
    """Tell whether an item may be known by this: one word that has a digit in it."""
    return " " not in text.strip() and any(map(str.isdigit, text))


def looks_like_weight(text: str) -> bool:
    """Tell whether a text is nothing but a number with parts of one, such as `0.75`."""
    try:
        parse_quantity(text)
    except Refused:
        return False
    return any(sign in text for sign in ".,")


def read_search(text: str) -> SearchText:
    """Return a text of the box as a search; every text can be read as one."""
    typed, rest = split_quantity(text)
    return SearchText(typed, asked=rest.startswith("/"), words=rest.removeprefix("/").strip())


def quantity_before(text: str) -> Thousandths | None:
    """Return the quantity that was typed before a code, None where there is none."""
    try:
        return read_search(text).quantity()
    except Refused:
        return None


def split_price_check(text: str) -> tuple[str, str]:
    """Return of `5*?code` the `5` and the `?code`; of any other text nothing, and the text."""
    typed, rest = split_quantity(text)
    return (typed, rest) if typed and rest.startswith("?") else ("", text)
