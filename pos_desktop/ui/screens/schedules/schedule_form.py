"""What is set of something that comes round by itself: whether, when, to whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pos_desktop.domain.country import weekdays, written_time
from pos_desktop.domain.schedule import DAYS, Beat, When, beat_words, parse_time
from pos_desktop.domain.text import LANGUAGES, _
from pos_desktop.languages import ENDONYMS
from pos_desktop.services.schedules.schedules import ListedSchedule
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField, FormPart
from pos_desktop.ui.kit.tokens import Type
from pos_desktop.ui.kit.wrapped_text import WrappedText

_ON, _OFF = "on", "off"
_LONGEST_TO = 1_000
_BETWEEN = re.compile(r"[,;]")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was set, before anybody looked up whom the words mean."""

    is_on: bool
    when: When
    to: tuple[str, ...] | None
    """None where nobody has changed it."""
    language: str


class ScheduleFields(Form):
    """The fields of one; those that its time does not need are not there."""

    def __init__(self, shown: ListedSchedule, known: Sequence[str]) -> None:
        """Begin with how it is set; `known` are the names of the address book."""
        kind, form = shown.schedule.kind, shown.schedule.form
        self._when = form.when
        self.switch = Choice(_("Comes by itself"), columns=2)
        self.switch.show_choices([(_ON, _("On")), (_OFF, _("Off"))], _ON if form.is_on else _OFF)
        self.beat = Choice(_("When"), columns=4)
        self.beat.show_choices([(one, beat_words(one)) for one in kind.beats], form.when.beat)
        self.day = Choice(_("Day"), columns=7)
        self.day.show_choices([*zip(DAYS, weekdays(), strict=True)], form.when.day)
        self.at = FormField(_("At"), hint=_("Such as 18:30"), longest=5)
        self.at.show_text(written_time(form.when.at))
        self.to = FormField(
            _("To whom"), hint=_("Addresses, or names of the address book"), longest=_LONGEST_TO
        )
        self._to_before = ", ".join(shown.to)
        self.to.show_text(self._to_before)
        self.language = Choice(_("Written in"), columns=2)
        self.language.show_choices([(one, ENDONYMS[one]) for one in LANGUAGES], form.language)
        parts: list[FormPart | tuple[FormPart, ...]] = [self.beat, self.day, self.at]
        if kind.mails:
            lines = [(self.switch, self.language), *parts, self.to]
        else:
            lines = [self.switch, *parts]
        super().__init__(_("What comes by itself"), lines)
        if kind.mails and known:
            note = WrappedText(fonts.regular(Type.LABEL), tone="muted")
            note.show_text(_("Address book: {names}").format(names=", ".join(known)))
            self.explain(note)
        if len(kind.beats) == 1:
            self.beat.hide()
        self.beat.chosen.connect(self._fit)
        self._fit()

    def _fit(self, _beat: str = "") -> None:
        """Ask for no more than the time needs."""
        beat = Beat(self.beat.key)
        self.day.setVisible(beat is Beat.WEEKLY)
        self.at.setVisible(beat in (Beat.DAILY, Beat.WEEKLY))

    def read(self) -> Typed:
        """Return what was set; raise Refused where the time is none."""
        beat = Beat(self.beat.key)
        has_clock = beat in (Beat.DAILY, Beat.WEEKLY)
        return Typed(
            is_on=self.switch.key == _ON,
            when=When(beat, parse_time(self.at.text), self.day.key) if has_clock else When(beat),
            to=tuple(_BETWEEN.split(text)) if (text := self.to.text) != self._to_before else None,
            language=self.language.key,
        )
