"""Where backups go, when they are made and by which rule they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.settings import Setting
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_ON, _OFF = "on", "off"
_LONGEST_PATH = 4_000
_LONGEST_NUMBER = 5
_RULE = (
    settings.BACKUP_KEEP_DAYS,
    settings.BACKUP_KEEP_WEEKS,
    settings.BACKUP_KEEP_MONTHS,
)


class BackupFields(Form):
    """The settings of backups; sticks that are in are offered by the arrows."""

    def __init__(self, configuration: Configuration, sticks: Sequence[Path]) -> None:
        """Begin with how it is set."""
        get, near = configuration.get, [str(one) for one in sticks]
        self.folder = KnownField(
            _("Backups go to"), near, hint=_("Empty: the folder backups of the shop")
        )
        self.copy = KnownField(
            _("And to a second place"), near, hint=_("A stick, or a disk in the network")
        )
        for field, setting in self._folders():
            field.field.setMaxLength(_LONGEST_PATH)
            field.show_text(get(setting))
        self.at_z = Choice(_("With each Z"), columns=2)
        at_z = _ON if get(settings.BACKUP_AT_Z) else _OFF
        self.at_z.show_choices([(_ON, _("On")), (_OFF, _("Off"))], at_z)
        names = (_("Days"), _("Weeks"), _("Months"))
        self.rule = tuple(FormField(name, longest=_LONGEST_NUMBER) for name in names)
        for part, number in zip(self.rule, _RULE, strict=True):
            part.show_text(str(get(number)))
        super().__init__(_("Where backups go"), (self.folder, self.copy, self.at_z, self.rule))
        note = WrappedText(fonts.regular(Type.LABEL), tone="muted")
        note.show_text(
            _(
                "Of so many days, weeks and months the newest backup of each is kept; the newest "
                "whole one of all always."
            )
        )
        self.explain(note)

    def _folders(self) -> tuple[tuple[KnownField, Setting[str]], ...]:
        return (
            (self.folder, settings.BACKUP_FOLDER),
            (self.copy, settings.BACKUP_COPY_FOLDER),
        )

    def read(self) -> list[tuple[Setting[Any], Any]]:
        """Return what was set; raise Refused for what is no folder and no number."""
        found: list[tuple[Setting[Any], Any]] = []
        for field, setting in self._folders():
            path = Path(field.text).expanduser()
            if field.text and not path.is_absolute():
                self.go_to(field)
                raise Refused(
                    _("Name the whole folder, as {example}.").format(example="/media/stick/duka")
                )
            found.append((setting, str(path) if field.text else ""))
        if found[0][1] and found[0][1] == found[1][1]:
            self.go_to(self.copy)
            raise Refused(_("The second place is the first one: choose another stick or disk."))
        found.append((settings.BACKUP_AT_Z, self.at_z.key == _ON))
        return found + [
            (setting, self._number(part, setting))
            for part, setting in zip(self.rule, _RULE, strict=True)
        ]

    def _number(self, part: FormField, setting: Setting[int]) -> int:
        try:
            return setting.check(int(part.text))
        except (ValueError, Refused) as error:
            self.go_to(part)
            words = _("{name}: type a whole number from {lowest} to {highest}.")
            raise Refused(
                words.format(name=setting.label(), lowest=setting.lowest, highest=setting.highest)
            ) from error
