"""What comes round by itself: when, to whom, what came of it last, and run now."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_desktop.domain.schedule import ScheduleForm, schedule_words, when_words
from pos_desktop.domain.text import _, joined
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.schedules.schedules import ListedSchedule
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.moments import to_stored
from pos_desktop.ui.kit import fonts
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.labels import label
from pos_desktop.ui.kit.layouts import column
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space, Type
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.schedules.schedule_form import ScheduleFields

K = Qt.Key


class SchedulesPage(ListPage):
    """Lists all that comes round; below stands what is known of the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("By itself"), listed=_("What comes by itself"))
        self._people = office.shop.schedules.people
        self._found: list[ListedSchedule] = []
        self._known: list[str] = []
        self.next = label("", fonts.regular(Type.TEXT))
        self.last = label("", fonts.regular(Type.TEXT))
        self.last.setWordWrap(True)
        below = column(self.next, self.last, gap=Space.STEP, margins=INSIDE)
        self.list_view.addWidget(Card(_("What came of it"), below))
        self.list.chosen.connect(self._tell)

    @property
    def chosen(self) -> ListedSchedule | None:
        """The one whose line is chosen."""
        return next((one for one in self._found if one.schedule.name == self.list.key), None)

    def refresh(self) -> None:
        """Read how all are set, and what came of them."""
        people, book, actor = self._people, self.office.shop.mail.contacts, self.office.actor

        def read() -> tuple[list[ListedSchedule], list[str]]:
            return people.listed(actor=actor), [one.form.name for one in book.listed()]

        def show(found: tuple[list[ListedSchedule], list[str]]) -> None:
            self._found, self._known = found
            self._show()

        self.ask(read, show)

    def _show(self) -> None:
        self.show_rows([_row(one) for one in self._found], ("", ""))
        self._tell()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    def _tell(self) -> None:
        """Say what is known of the chosen one."""
        shown, zone = self.chosen, self.office.shop.configuration.zone
        if shown is None:
            self.next.setText("")
            self.last.setText("")
            return
        self.next.setText(_next_words(shown))
        if shown.next_at is not None:
            words = _("Next: {moment}")
            self.next.setText(words.format(moment=shown_minute(to_stored(shown.next_at), zone)))
        if shown.last is None:
            self.last.setText(_("It has not come yet."))
            return
        words = _("Last: {moment} · {what}")
        moment = shown_minute(shown.last.at, zone)
        self.last.setText(words.format(moment=moment, what=shown.last.words))

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done to the chosen one."""
        if self.chosen is None:
            return ()
        return (
            Act(
                key=K.Key_Return,
                title=_("Edit"),
                help=_("Whether, when and to whom the chosen one comes"),
                rank=Rank.FIRST,
                do=self._change,
            ),
            Act(
                key=K.Key_F5,
                title=_("Run now"),
                help=_("Let the chosen one come at once, whether or not it is on"),
                do=self._run,
            ),
            Act(
                key=K.Key_F8,
                title=_("Look again"),
                help=_("Read what has come of them meanwhile"),
                do=self.refresh,
            ),
        )

    # what is done

    def _change(self) -> None:
        shown = self.chosen
        if shown is None:
            return
        self.say(None)
        form = ScheduleFields(shown, self._known)

        def save() -> None:
            self._save(shown, form)

        title = schedule_words(shown.schedule.name)
        self.open_form(form, title, save, save=_("Save"))

    def _save(self, shown: ListedSchedule, form: ScheduleFields) -> None:
        typed = self.typed(form.read)
        if typed is None:
            return
        self.say(None)
        people, actor, seen = self._people, self.office.actor, shown.schedule

        def write() -> None:
            to = shown.parties if typed.to is None else people.meant(typed.to)
            wanted = ScheduleForm(
                is_on=typed.is_on, when=typed.when, parties=to, language=typed.language
            )
            people.change(seen, wanted, actor=actor)

        self.submit(write, lambda _now: self.saved(_("Saved.")))

    def _run(self) -> None:
        shown = self.chosen
        if shown is None:
            return
        people, actor, name = self._people, self.office.actor, shown.schedule.name
        words = _("“{schedule}” is being done: job {job}.")

        def told(job: int) -> None:
            self.say(words.format(schedule=schedule_words(name), job=job))
            self.refresh()

        self.submit(lambda: people.run(name, actor=actor), told)

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; what another has changed is listed anew."""
        if isinstance(error, ChangedMeanwhile):
            self.close_form()
            self.refresh()
        super().refuse(error)


def _next_words(shown: ListedSchedule) -> str:
    """Say when it comes where no clock says so."""
    if not shown.schedule.form.is_on:
        return _("Off: it comes only when a person lets it run.")
    return _("On: it comes {when}.").format(when=when_words(shown.schedule.form.when))


def _row(shown: ListedSchedule) -> ListRow:
    form, last = shown.schedule.form, shown.last
    to = _("to {names}").format(names=", ".join(shown.to)) if shown.to else ""
    chip, tone = (_("on"), Tone.OK) if form.is_on else (_("off"), Tone.QUIET)
    if last is not None and not last.is_good:
        chip, tone = _("failed"), Tone.DANGER
    return ListRow(
        key=shown.schedule.name,
        title=schedule_words(shown.schedule.name),
        note=joined(" · ", (when_words(form.when), to)),
        chip=chip,
        tone=tone,
        faded=not form.is_on,
    )
