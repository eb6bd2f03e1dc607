"""Where a device is, chosen among those found or typed, and what belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pos_hardware.discovery import DeviceKind, FoundDevice
from pos_hardware.errors import BadAddress
from pos_hardware.transports.address_parts import SERIAL, address_parts, with_baud, without_baud

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Change, Configuration
from pos_desktop.services.devices.address_words import place_words
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.found_devices import called
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText
from pos_desktop.ui.screens.devices.device_parts import asked_of, none_words

_OTHER = "another"
_COLUMNS = 3
_LONGEST_BAUD = 7


class DeviceForm(Form):
    """Asks for one kind of device; what its place does not need is not asked."""

    def __init__(
        self, kind: CounterKind, configuration: Configuration, found: Sequence[FoundDevice]
    ) -> None:
        """Begin with how it is set; `found` is offered."""
        self.kind = kind
        self._before = configuration.get(kind.address).strip()
        self._is_shown = False
        self._usable: list[FoundDevice] = []
        self.which = Choice(_("Which one"), columns=_COLUMNS)
        is_printer = kind is CounterKind.PRINTER
        example = settings.PRINTER_FORMS if is_printer else settings.SERIAL_FORMS
        self.address = FormField(_("Address"), hint=example)
        self.address.show_text(without_baud(self._before))
        self.baud = FormField(
            _("Speed of the line (baud)"), hint=_("Empty: as such devices come"),
            longest=_LONGEST_BAUD,
        )  # fmt: skip
        self.baud.show_text(_baud_of(self._before))
        self.asked = asked_of(kind, configuration)
        parts = [one.part for one in self.asked]
        pairs = [tuple(parts[at : at + 2]) for at in range(0, len(parts), 2)]
        super().__init__(kind.title, (self.which, (self.address, self.baud), *pairs))
        self.note = WrappedText(fonts.regular(Type.TEXT), most=3, tone="muted")
        self.note.show_text(_note_of(kind))
        self.explain(self.note)
        self.which.chosen.connect(self._fit)
        self.address.field.textChanged.connect(self._fit)
        self.show_found(found)

    def show_found(self, found: Sequence[FoundDevice]) -> None:
        """Offer these; what is chosen stays so."""
        kept, now = self.which.key, without_baud(self._before)
        self._usable = [one for one in found if _fits(self.kind, one)]
        choices = [*_titles(self._usable).items()]
        if now and now not in dict(choices):
            choices.insert(0, (now, place_words(now, found)))
        choices += [("", none_words(self.kind)), (_OTHER, _("Another address"))]
        chosen = kept if self._is_shown and kept in dict(choices) else now
        self._is_shown = True
        self.which.show_choices(choices, chosen)
        self._fit()

    @property
    def found_words(self) -> str:
        """Say whether anything was found that can be chosen."""
        if self._usable:
            return _("Found: choose it above, then F5 saves and tries it.")
        if self.kind is CounterKind.PRINTER:
            return _("No printer is found, in the network neither: is it on, and plugged in?")
        return _("No serial line is found: is it plugged in, and on?")

    @property
    def place(self) -> str:
        """The address without its speed, as it is chosen or typed."""
        return self.address.text if self.which.key == _OTHER else self.which.key

    def _fit(self, _text: str = "") -> None:
        """Ask for what the device at this place needs."""
        place = self.place
        self.address.setVisible(self.which.key == _OTHER)
        self.baud.setVisible(place.startswith(f"{SERIAL}:"))
        for one in self.asked:
            one.part.setVisible(one.needed(place))

    def read(self) -> list[Change]:
        """Return what was set; raise Refused, with the keyboard at what does not fit."""
        if self.which.key == _OTHER and not self.place:
            self.go_to(self.address)
            raise Refused(_("Type the address, or choose one of those above."))
        address = with_baud(self.place, self._baud()) if not self.baud.isHidden() else self.place
        found: list[Change] = [(self.kind.address, address)]
        for one in self.asked:
            if one.part.isHidden():
                continue
            try:
                found.append((one.setting, one.read()))
            except Refused:
                if isinstance(one.part, FormField):
                    self.go_to(one.part)
                raise
        return found

    def _baud(self) -> int | None:
        typed = self.baud.text
        if not typed:
            return None
        if not typed.isascii() or not typed.isdigit() or int(typed) == 0:
            self.go_to(self.baud)
            raise Refused(_("Type the speed as a number, such as 9600, or leave it empty."))
        return int(typed)


def _titles(found: Sequence[FoundDevice]) -> dict[str, str]:
    """Return what each of these is called, by address; of two of one name, with its id."""
    names = Counter(map(called, found))
    return {
        one.address: called(one) if names[called(one)] == 1 else place_words(one.address, found)
        for one in found
    }


def _fits(kind: CounterKind, found: FoundDevice) -> bool:
    """Tell whether what was found may be a device of this kind: a line may be whatever."""
    return kind is CounterKind.PRINTER or found.kind is DeviceKind.SERIAL


def _note_of(kind: CounterKind) -> str:
    return {
        CounterKind.PRINTER: _(
            "Nothing is sent to what is found: the test page tells whether it is the receipt "
            "printer."
        ),
        CounterKind.DRAWER: _(
            "A drawer with a cable like a telephone's hangs on the receipt printer. Where it stays "
            "shut: the other pin, then a longer pulse."
        ),
        CounterKind.SCANNER: _(
            "A scanner that types like a keyboard is plugged in and needs no more; by the codes of "
            "its manual set it to end with Enter."
        ),
        CounterKind.SCALE: _("The scale's own menu says how it speaks, and how fast its line is."),
        CounterKind.DISPLAY: _(
            "A switch at the display says which commands it takes. The customer's screen is a "
            "second screen of this computer."
        ),
    }[kind]


def _baud_of(address: str) -> str:
    try:
        baud = address_parts(address).baud
    except BadAddress:
        return ""
    return str(baud) if baud else ""
