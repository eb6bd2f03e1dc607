"""A page of records that people keep by name: found by a few letters, added, changed, removed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import Qt

from pos_desktop.domain.ids import Id
from pos_desktop.domain.text import _
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.people.sign_in import Person
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key


class _Named(Protocol):
    """What is typed of a record has a name."""

    @property
    def name(self) -> str: ...


class Record(Protocol):
    """What a page lists: known by id, and what is typed of it."""

    @property
    def id(self) -> Id:
        """By which it is known."""
        ...

    @property
    def form(self) -> _Named:
        """What was typed of it."""
        ...


R = TypeVar("R", bound=Record)
F = TypeVar("F")
F_contra = TypeVar("F_contra", contravariant=True)


class Records(Protocol[R, F_contra]):
    """The service that keeps the records; it refuses what cannot be, and ChangedMeanwhile."""

    def add(self, form: F_contra, *, actor: Person | None) -> R:
        """Add a record of what was typed."""
        ...

    def change(self, seen: R, form: F_contra, *, actor: Person | None) -> R:
        """Change a record from the state that was seen."""
        ...

    def remove(self, seen: R, *, actor: Person | None) -> None:
        """Remove a record that was seen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWords:
    """What a page calls its records, in the language that is spoken now."""

    add: str
    add_help: str
    change_help: str
    remove_help: str
    remove_question: str
    """With {name}; it says that Del removes."""
    removed: str
    """With {name}."""


class RecordsPage(ListPage, Generic[R, F]):
    """Lists records; Enter changes the chosen one, F2 adds one, Del removes it when pressed twice.

    A page says what is found, how it is written, and what is typed of it.
    """

    def __init__(self, office: Office, title: str, records: Records[R, F], **search: str) -> None:
        """Take what keeps the records, and `search` and `hint` as a ListPage does."""
        super().__init__(office, title, listed=title, **search)
        self._records = records
        self._found: list[R] = []
        self._latest = Latest()
        self._question = Question()
        """Whether a record is to be removed, by id."""
        self.list.chosen.connect(self._forget_question)

    # what a page says of its records

    @abstractmethod
    def words(self) -> RecordWords:
        """Return what the records are called."""

    @abstractmethod
    def nothing(self, *, is_searched: bool) -> tuple[str, str]:
        """Return what stands where nothing is listed, and what can be done."""

    @abstractmethod
    def fitting(self, text: str) -> list[R]:
        """Read the records that fit what was typed, on the lane."""

    @abstractmethod
    def line(self, record: R) -> ListRow:
        """Return how a record stands in the list."""

    @abstractmethod
    def fields(self, seen: R | None) -> tuple[Form, Callable[[], F]]:
        """Return the fields of a record, or empty ones, and what reads them.

        What reads them raises Refused where something typed cannot be.
        """

    # the list

    @property
    def chosen(self) -> R | None:
        """The record whose line is chosen."""
        return next((one for one in self._found if one.id == self.list.key), None)

    def refresh(self) -> None:
        """Read what fits what was typed."""
        text = self.search_field.text() if self.search_field else ""

        def show(found: list[R]) -> None:
            self._found = found
            self._show()

        self.ask(lambda: self.fitting(text), self._latest.only(show))

    def _show(self) -> None:
        is_searched = bool(self.search_field and self.search_field.text())
        rows = [self.line(one) for one in self._found]
        self.show_rows(rows, self.nothing(is_searched=is_searched))

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the chosen record."""
        words = self.words()
        add = Act(key=K.Key_F2, title=words.add, help=words.add_help, do=self._add)
        if self.chosen is None:
            return (add,)
        change = Act(
            key=K.Key_Return,
            title=_("Edit"),
            help=words.change_help,
            rank=Rank.FIRST,
            do=self._change,
        )
        remove = Act(
            key=K.Key_Delete,
            title=_("Remove it") if self._question else _("Remove"),
            help=words.remove_help,
            do=self._remove,
        )
        return change, add, remove

    # what is done

    def _add(self) -> None:
        self.say(None)
        form, read = self.fields(None)
        records, actor = self._records, self.office.actor

        def save() -> None:
            self._save(read, lambda typed: records.add(typed, actor=actor))

        self.open_form(form, self.words().add, save, save=_("Add"))

    def _change(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        self.say(None)
        form, read = self.fields(seen)
        records, actor = self._records, self.office.actor

        def save() -> None:
            self._save(read, lambda typed: records.change(seen, typed, actor=actor))

        title = _("Change {name}").format(name=seen.form.name)
        self.open_form(form, title, save, save=_("Save"))

    def _save(self, read: Callable[[], F], write: Callable[[F], R]) -> None:
        typed = self.typed(read)
        if typed is None:
            return
        self.say(None)

        def done(now: R) -> None:
            self.list.want(now.id)
            self.saved(_("Saved."))

        self.submit(lambda: write(typed), done)

    def _remove(self) -> None:
        seen = self.chosen
        if seen is None:
            return
        words, name = self.words(), seen.form.name
        if not self._question.confirmed(seen.id):
            self.say(Notice(words.remove_question.format(name=name), Tone.WARNING))
            self.tell_acts()
            return
        self._question_is_over()
        records, actor = self._records, self.office.actor
        sentence = words.removed.format(name=name)
        self.submit(lambda: records.remove(seen, actor=actor), lambda _gone: self.saved(sentence))

    def _forget_question(self) -> None:
        if self._question.forget():
            self._question_is_over()

    def _question_is_over(self) -> None:
        self.say(None)
        self.tell_acts()

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; what another has changed is listed anew."""
        if isinstance(error, ChangedMeanwhile):
            self.close_form()
            self.refresh()
        super().refuse(error)
