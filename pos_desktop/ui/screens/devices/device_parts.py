"""What is asked of each kind of device beside where it is, and when that is of use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.settings import Setting
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import FormField

_YES, _NO = "yes", "no"
_LONGEST_NUMBER = 5

Needed = Callable[[str], bool]
"""Tells of an address whether a part is of use for the device there."""


def none_words(kind: CounterKind) -> str:
    """Return what it means that a device has no address."""
    return {
        CounterKind.PRINTER: _("None for now"),
        CounterKind.DRAWER: _("On the receipt printer"),
        CounterKind.SCANNER: _("Types like a keyboard"),
        CounterKind.SCALE: _("None"),
        CounterKind.DISPLAY: _("None"),
    }[kind]


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of the form, the setting that it shows, and when it is of use."""

    setting: Setting[Any]
    part: FormField | Choice
    needed: Needed

    def read(self) -> Any:
        """Return what was set; raise Unfit where it does not fit."""
        typed = self.part.key if isinstance(self.part, Choice) else self.part.text
        return self.setting.parse(typed)


def asked_of(kind: CounterKind, configuration: Configuration) -> list[Asked]:
    """Return what is asked of a kind of device, beginning with how it is set."""
    asked = [*_ASKED[kind]()]
    for one in asked:
        value = configuration.get(one.setting)
        shown = (_YES if value else _NO) if isinstance(value, bool) else str(value)
        if isinstance(one.part, FormField):
            one.part.show_text(shown)
        else:
            one.part.choose(shown)
    return asked


def _there(address: str) -> bool:
    return bool(address)


def _none(address: str) -> bool:
    return not address


def _always(_address: str) -> bool:
    return True


def _printer() -> Iterator[Asked]:
    paper = _choice(_("Paper"), (("80", _("80 mm")), ("58", _("58 mm"))))
    yield Asked(settings.PRINTER_PAPER_MM, paper, _there)
    yield Asked(settings.PRINTER_CODE_PAGE, _number(_("Code page (19 is CP858)")), _there)


def _drawer() -> Iterator[Asked]:
    pin = _choice(_("Pin of the printer's socket"), (("2", "2"), ("5", "5")))
    yield Asked(settings.DRAWER_PIN, pin, _none)
    yield Asked(settings.DRAWER_PULSE_MS, _number(_("Pulse (ms)")), _none)
    trigger = FormField(_("Bytes that open it"), hint=_("Such as 07 or 1B 70"))
    yield Asked(settings.DRAWER_TRIGGER, trigger, _there)


def _scanner() -> Iterator[Asked]:
    gap = _number(_("Longest gap between keys (ms)"))
    yield Asked(settings.SCANNER_GAP_MS, gap, _none)
    yield Asked(settings.SCANNER_MIN_LENGTH, _number(_("Shortest code")), _none)


def _scale() -> Iterator[Asked]:
    speaks = (("toledo", "Toledo 8217"), ("sma", "SMA SCP-0499"))
    yield Asked(settings.SCALE_PROTOCOL, _choice(_("How it speaks"), speaks), _there)
    yield Asked(settings.SCALE_TARE_GRAMS, _number(_("Tare (g)")), _there)
    anew = _choice(_("Never sell one weighing twice"), ((_YES, _("On")), (_NO, _("Off"))))
    yield Asked(settings.SCALE_WEIGH_ANEW, anew, _there)


def _display() -> Iterator[Asked]:
    commands = _choice(_("Its commands"), (("epson", "Epson DM-D"), ("cd5220", "CD5220")))
    yield Asked(settings.DISPLAY_DIALECT, commands, _there)
    greeting = FormField(_("Greeting (| begins the second line)"))
    yield Asked(settings.DISPLAY_GREETING, greeting, _always)
    screen = FormField(_("Customer's screen"), hint=_("off, auto, or a name such as HDMI-1"))
    yield Asked(settings.DISPLAY_SECOND_SCREEN, screen, _always)


_ASKED: dict[CounterKind, Callable[[], Iterator[Asked]]] = {
    CounterKind.PRINTER: _printer,
    CounterKind.DRAWER: _drawer,
    CounterKind.SCANNER: _scanner,
    CounterKind.SCALE: _scale,
    CounterKind.DISPLAY: _display,
}


def _number(name: str) -> FormField:
    return FormField(name, longest=_LONGEST_NUMBER)


def _choice(name: str, choices: tuple[tuple[str, str], ...]) -> Choice:
    made = Choice(name, columns=2)
    made.show_choices(choices, choices[0][0])
    return made
