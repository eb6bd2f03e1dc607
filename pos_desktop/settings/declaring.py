"""What a setting is, and the list of all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _

T = TypeVar("T", str, int, bool)

_TRUTHS = {
    **dict.fromkeys(("yes", "ndiyo", "on", "true", "1"), True),
    **dict.fromkeys(("no", "hapana", "off", "false", "0"), False),
}


class Scope(StrEnum):
    """How far a setting reaches."""

    MACHINE = "machine"
    """This computer: its devices."""
    TILL = "till"
    """This till, on whatever computer it runs."""
    SHOP = "shop"
    """All tills of the shop."""


class Unfit(Refused):
    """This value does not fit the setting: look at what it takes."""

    def __init__(
        self, setting: Setting[Any], value: Any, text: str | None = None, **fields: str
    ) -> None:
        """Take what was wanted, and other words for why not with their fields.

        The sentence has the key of the setting, `labelled` its label.
        """
        text = text or _("{setting} cannot be “{value}”; it takes {what}.")
        fields = {"value": value, "what": setting.what(), **fields}
        self.labelled = text.format(setting=setting.label(), **fields)
        super().__init__(text.format(setting=setting.key, **fields))


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. Label and help are functions: they follow the language of the person."""

    key: str
    kind: type[T]
    default: T
    scope: Scope
    label: Callable[[], str]
    help: Callable[[], str]
    choices: tuple[T, ...] = ()
    lowest: int | None = None
    highest: int | None = None
    anybody: bool = False
    """Whoever stands at the till may change it."""
    at_start: bool = False
    """It is read once, when a program starts; all others are followed within a few seconds."""
    pattern: str = r"[^\x00-\x1f\ud800-\udfff]{0,200}"
    """What a text must look like; `form` says it in words."""
    form: Callable[[], str] = lambda: _("a text of at most 200 letters")

    def check(self, value: Any) -> T:
        """Return a value that fits this setting; raise Unfit where it does not."""
        is_truth = isinstance(value, bool)
        if not isinstance(value, self.kind) or is_truth is not (self.kind is bool):
            raise Unfit(self, value)
        if self.choices and value not in self.choices:
            raise Unfit(self, value)
        if isinstance(value, int) and not isinstance(value, bool):
            low = self.lowest if self.lowest is not None else value
            high = self.highest if self.highest is not None else value
            if not low <= value <= high:
                raise Unfit(self, value)
        if isinstance(value, str) and not re.fullmatch(self.pattern, value):
            raise Unfit(self, value)
        checked: T = value
        return checked

    def parse(self, text: str) -> T:
        """Return the value that a text stands for; raise Unfit where it stands for none."""
        value: Any = text
        if self.kind is bool:
            value = _TRUTHS.get(text.strip().lower(), text)
        elif self.kind is int:
            try:
                value = int(text.strip())
            except ValueError:
                value = text
        return self.check(value)

    def shown(self, value: T) -> str:
        """Return a value as a person types it: yes and no for truths."""
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return str(value)

    def takes_effect(self) -> str:
        """Say in words when a program of the shop goes by a new value."""
        if self.at_start:
            return _("A till, or posctl queue work, goes by it from its next start on.")
        return _("A till that is open goes by it within a few seconds.")

    def what(self) -> str:
        """Say in words what values this setting takes."""
        if self.choices:
            return _("one of {choices}").format(choices=", ".join(map(str, self.choices)))
        if self.kind is bool:
            return _("yes or no")
        if self.kind is str:
            return self.form()
        if self.lowest is not None and self.highest is not None:
            return _("a number from {low} to {high}").format(low=self.lowest, high=self.highest)
        return _("a number")


_all: dict[str, Setting[Any]] = {}


def declare(setting: Setting[T]) -> Setting[T]:
    """Take a setting into the list of all; raise ValueError where its key is taken."""
    if setting.key in _all:
        raise ValueError(f"{setting.key} is declared twice")
    _all[setting.key] = setting
    return setting


def every() -> Iterator[Setting[Any]]:
    """Yield every setting, by key."""
    yield from (_all[key] for key in sorted(_all))


def find(key: str) -> Setting[Any]:
    """Return the setting of a key; raise Refused, with the nearest keys, where there is none."""
    if key in _all:
        return _all[key]
    near = get_close_matches(key, _all, n=3)
    hint = (
        _("Did you mean {keys}?").format(keys=", ".join(near))
        if near
        else _("posctl config list shows all.")
    )
    raise Refused(_("There is no setting {key}. {hint}").format(key=key, hint=hint))
