"""What is asked of a report: over which time, and of what alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, again
from pos_desktop.domain.typed_day import parse_day
from pos_desktop.services.reports.named_periods import PeriodName, period_words
from pos_desktop.services.reports.report_filters import By, by_words
from pos_desktop.services.reports.report_kinds import KINDS
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.form import Form, FormField
from pos_desktop.ui.kit.known_field import KnownField
from pos_desktop.ui.screens.reports.asked import Asked

_OWN = "own"
_DAY = timedelta(days=1)
_LONGEST_DAY = 20

Choices = Mapping[By, Sequence[tuple[str, str]]]
"""What can be chosen of each kind of filter, as filter and title."""


class PeriodForm(Form):
    """A period by its name, or from one day to another, both included."""

    def __init__(self, asked: Asked, today: date) -> None:
        self._today = today
        self.name = Choice(_("Period"), columns=3)
        self.first = FormField(_("From"), hint=shown_day(today.isoformat()), longest=_LONGEST_DAY)
        self.last = FormField(
            _("To, this day included"), hint=shown_day(today.isoformat()), longest=_LONGEST_DAY
        )
        super().__init__(_("Period"), (self.name, (self.first, self.last)))
        choices = [(name.value, period_words(name)) for name in PeriodName]
        chosen = asked.period.value if asked.period else _OWN
        self.name.show_choices([*choices, (_OWN, _("Other days"))], chosen)
        self._show_days(asked)
        self.name.chosen.connect(lambda _key: self._show_days(self._named()))
        for part in (self.first, self.last):
            part.field.textEdited.connect(lambda _text: self.name.choose(_OWN))

    def _named(self) -> Asked | None:
        """Return the period whose name is chosen; None where other days are."""
        return None if self.name.key == _OWN else Asked(period=PeriodName(self.name.key))

    def _show_days(self, asked: Asked | None) -> None:
        """Show from when to when a period goes; what was typed stays where it has no name."""
        if asked is None:
            return
        first, end = asked.dates(self._today)
        self.first.show_text(shown_day(first))
        self.last.show_text(shown_day((date.fromisoformat(end) - _DAY).isoformat()))

    def read(self, asked: Asked) -> Asked:
        """Return what is asked, over this period; raise Refused for what is none."""
        if self._named() is not None:
            return replace(asked, period=PeriodName(self.name.key), first="", end="")
        first = parse_day(self.first.text, self._today)
        last = parse_day(self.last.text, self._today)
        if last < first:
            raise Refused(
                _("The period would end before it begins: {last} is before {first}.").format(
                    first=shown_day(first.isoformat()), last=shown_day(last.isoformat())
                )
            )
        end = last + _DAY
        return replace(asked, period=None, first=first.isoformat(), end=end.isoformat())


class FilterForm(Form):
    """A field for each kind of filter that the report takes; an empty one does not narrow it."""

    def __init__(self, asked: Asked, choices: Choices) -> None:
        self._choices = choices
        self._fields: dict[By, FormField] = {}
        for by in By:
            if by in KINDS[asked.name].takes:
                self._fields[by] = _field(by, choices.get(by, ()))
                self._fields[by].show_text(self._title(by, asked.filters.get(by)))
        fields = list(self._fields.values())
        lines = [tuple(fields[at : at + 2]) for at in range(0, len(fields), 2)]
        super().__init__(_("Filter"), lines)

    @property
    def product(self) -> FormField | None:
        """Where a product is asked for, which a scan fills in."""
        return self._fields.get(By.PRODUCT)

    def field(self, by: By) -> FormField:
        """Return the field of a kind; KeyError where the report does not take it."""
        return self._fields[by]

    def _title(self, by: By, chosen: str | None) -> str:
        if chosen is None:
            return ""
        titles = dict(self._choices.get(by, ()))
        return again(titles.get(chosen, chosen))

    def read(self, asked: Asked) -> Asked:
        """Return what is asked, narrowed to what was typed; Refused for what nobody knows."""
        filters = {by: self._read(by, field) for by, field in self._fields.items() if field.text}
        return replace(asked, filters=filters)

    def _read(self, by: By, field: FormField) -> str:
        if not isinstance(field, KnownField):
            return field.text
        meant = field.meant
        found = [key for key, title in self._choices[by] if again(title) == meant]
        if not found:
            sentence = _("{what}: nothing begins with {text}. The arrows show what there is.")
            raise Refused(sentence.format(what=by_words(by), text=field.text))
        return found[0]


def _field(by: By, choices: Sequence[tuple[str, str]]) -> FormField:
    if by is By.PRODUCT:
        return FormField(by_words(by), hint=_("Scan it, or type its code; empty: all"))
    return KnownField(by_words(by), [again(title) for _key, title in choices], hint=_("All"))
