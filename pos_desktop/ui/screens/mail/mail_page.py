"""The mails of the shop: how far each is, what became of it for whom, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent

from pos_desktop import settings
from pos_desktop.domain.mail import Fate, MailState
from pos_desktop.domain.mail_template import FIELDS
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.mail.mail_words import again_sentence, words
from pos_desktop.services.mail.mailing import ListedMail
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.mail import wording
from pos_desktop.ui.screens.mail.mail_look import MailLook, read_look
from pos_desktop.ui.screens.mail.mail_view import MailView
from pos_desktop.ui.screens.mail.preview_view import PreviewView
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
T = TypeVar("T")
LOOK_MS = 1000
"""How often the page is read anew, while it is in sight and a mail is under way."""
_MORE = 50
"""How many mails, and recipients of one, are listed at first, and each time the end is in sight."""


class MailPage(ListPage):
    """Lists mails; Enter opens one, with its recipients and what can be done."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("E-mail"), listed=_("Mails"))
        self.view, self.reading = MailView(), PreviewView()
        self.look: MailLook | None = None
        """The mail that is looked at."""
        self.marked: set[int] = set()
        """Those of its recipients to whom it is to go once more, by number."""
        self._found: Sequence[ListedMail] = ()
        self._most = self._most_outcomes = _MORE
        self._question = Question()
        """What is to be done that the same key confirms."""
        self._latest = Latest()
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._tick)
        self.list.end_reached.connect(self._show_more)
        self.view.list.end_reached.connect(self._show_more_outcomes)
        self.view.list.chosen.connect(self._another_line)
        self.view.filter.chosen.connect(lambda _key: self._another_filter())

    # the list, and how it stays true

    def opened(self) -> None:
        """Show the mails, the newest chosen."""
        self.look = None
        self._most = _MORE
        self.list.choose_first()
        super().opened()
        if not self.office.shop.mail.setup.is_set_up:
            text = _("Mail is not set up yet: what is written waits until it is.")
            self.say(Notice(text, Tone.WARNING))

    def seen_again(self) -> None:
        """Look again, also at one mail: nobody has looked while the page was not seen."""
        if self.form is None:
            self.refresh()

    def refresh(self) -> None:
        """Read the mails, and the one that is looked at; beside the lane: all fates are counted."""
        self._asked = True
        self.office.reading.run(self._reading(), self._latest.only(self._read), self._not_read)

    def _reading(self) -> Callable[[], tuple[list[ListedMail], MailLook | None]]:
        shop, actor, most = self.office.shop, self.office.actor, self._most
        number = self.look.listed.mail.number if self.look else None
        fates, most_outcomes = self.view.fates, self._most_outcomes

        def read() -> tuple[list[ListedMail], MailLook | None]:
            look = None
            if number is not None:
                look = read_look(shop, number, fates, most_outcomes, actor)
            return shop.mail.mailing.listed(most, actor=actor), look

        return read

    def _read(self, found: tuple[list[ListedMail], MailLook | None]) -> None:
        self._asked = False
        self._found, look = found
        if self.look is not None:
            self.look = look
        self._show()
        if any(one.mail.state is MailState.UNDER_WAY for one in self._found):
            self._timer.start()
        else:
            self._timer.stop()

    def _not_read(self, error: Exception) -> None:
        self._asked = False
        self._timer.stop()
        self.refuse(error)

    def _tick(self) -> None:
        """Look once more, unless nobody sees it or the last answer is still awaited."""
        if not self.isVisible() or self.office.shop.till.state.person is None:
            self._timer.stop()
        elif not self._asked:
            self.refresh()

    def _show(self) -> None:
        shop, zone = self._shop_name, self.office.shop.configuration.zone
        empty = (_("No mail yet"), _("F2 writes the first one."))
        rows = [wording.mail_row(one, zone, shop) for one in self._found]
        self.show_rows(rows, empty)
        if self.look is not None:
            self.view.show_look(self.look, self.marked, zone, shop)

    @property
    def _shop_name(self) -> str:
        return self.office.shop.configuration.get(settings.SHOP_NAME)

    def _show_more(self) -> None:
        if len(self._found) >= self._most:
            self._most += _MORE
            self.refresh()

    def _show_more_outcomes(self) -> None:
        if self.look is not None and len(self.look.outcomes) >= self._most_outcomes:
            self._most_outcomes += _MORE
            self.refresh()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    # one mail

    def _look_at(self) -> None:
        chosen = next((one for one in self._found if one.mail.number == self.list.key), None)
        if chosen is None:
            return
        shop, actor = self.office.shop, self.office.actor
        self.say(None)
        self.marked.clear()
        self._most_outcomes = _MORE
        self.view.filter.choose("")

        def show(look: MailLook) -> None:
            self.look = look
            self.view.list.choose_first()
            self._show()
            self.show_instead(self.view)

        number = chosen.mail.number
        self.ask(lambda: read_look(shop, number, tuple(Fate), _MORE, actor), show)

    def _another_filter(self) -> None:
        if self.look is not None:
            self._forget()
            self._most_outcomes = _MORE
            self.view.list.choose_first()
            self.refresh()

    def _another_line(self) -> None:
        self._forget()
        self.tell_acts()

    def _read_it(self) -> None:
        """Show all that the mail says, with its fields as they were written."""
        if self.look is None:
            return
        mail = self.look.listed.mail
        values = {field: f"{{{field}}}" for field in FIELDS} | {"shop": self._shop_name}
        written = words(mail.subject, mail.body, mail.html, values)
        self.say(None)
        self.reading.show_words(written, _("Fields stand in braces: each gets their own words."))
        self.show_instead(self.reading)

    def leave(self) -> None:
        """Leave a question, then what is read, then the mail, then the page."""
        if self._question.forget():
            self.say(None)
            self.tell_acts()
        elif self.below is self.reading:
            self.show_instead(self.view)
        else:
            self.look = None
            super().leave()

    def step(self, by: int) -> None:
        """Choose another line, or move what is read."""
        if self.below is self.reading:
            self.reading.step(by)
        else:
            (self.list if self.below is None else self.view.list).move(by)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose which recipients are listed by the arrows."""
        if self.below is self.view and event.key() in (K.Key_Left, K.Key_Right):
            return self.view.filter.handle_key(event)
        return super().handle_key(event)

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.below is self.reading:
            return ()
        return self._acts_on_mail() if self.below is self.view else self._acts_on_list()

    def _acts_on_list(self) -> tuple[Act, ...]:
        look = Act(
            key=K.Key_Return,
            title=_("Look at"),
            help=_("What the chosen mail says, and what became of it for each"),
            rank=Rank.FIRST,
            do=self._look_at,
        )
        write = Act(
            key=K.Key_F2,
            title=_("Write"),
            help=_("Write the same to many: customers, suppliers, people of the address book"),
            do=lambda: self.other_wanted.emit("mail_write"),
        )
        others = (
            (K.Key_F3, _("Address book"), _("Branches, accountants, owners"), "contacts"),
            (K.Key_F4, _("Templates"), _("Words that are used again"), "mail_templates"),
            (K.Key_F6, _("No more mail"), _("Addresses that want no mailing"), "mail_refusals"),
        )
        pages = [
            Act(key=key, title=title, help=note, do=partial(self.other_wanted.emit, name))
            for key, title, note, name in others
        ]
        return (*((look,) if self._found else ()), write, *pages, *self._setup_act())

    def _setup_act(self) -> tuple[Act, ...]:
        office = self.office
        if office.shop.mail.setup.is_set_up or not office.actor.may(Permission.SETTINGS):
            return ()
        return (
            Act(
                key=K.Key_F7,
                title=_("Mail setup"),
                help=_("Say by which server mail goes out; until then it waits"),
                do=lambda: self.other_wanted.emit("mail_setup"),
            ),
        )

    def _acts_on_mail(self) -> tuple[Act, ...]:
        if self.look is None:
            return ()
        mail, counts = self.look.listed.mail, self.look.listed.counts
        acts = []
        if counts.get(Fate.FAILED):
            acts.append(
                Act(
                    key=K.Key_F4,
                    title=_("Retry the failed"),
                    help=_("Write once more to all for whom it has failed"),
                    rank=Rank.FIRST,
                    do=self._retry,
                )
            )
        if counts.get(Fate.UNKNOWN):
            acts += self._acts_on_unknown()
        acts.append(
            Act(
                key=K.Key_F3,
                title=_("Read it"),
                help=_("All that the mail says, as text and as a page"),
                do=self._read_it,
            )
        )
        if mail.state in (MailState.UNDER_WAY, MailState.PAUSED):
            acts += self._acts_on_course(mail.state)
        return tuple(acts)

    def _acts_on_unknown(self) -> list[Act]:
        mark = Act(
            key=K.Key_Insert,
            title=_("Unmark") if self.view.list.key in self.marked else _("Mark"),
            help=_("Mark the chosen recipient, of whom it is not known whether they got it"),
            do=self._mark,
        )
        resend = Act(
            key=K.Key_F8,
            title=_("Send it again"),
            help=_("Write once more to those who are marked; asked about first"),
            do=self._resend,
        )
        return [mark, resend]

    def _acts_on_course(self, state: MailState) -> list[Act]:
        if state is MailState.PAUSED:
            course = Act(
                key=K.Key_F5,
                title=_("Go on"),
                help=_("Write to those who still wait"),
                do=self._resume,
            )
        else:
            course = Act(
                key=K.Key_F5,
                title=_("Pause"),
                help=_("Write to nobody else for now"),
                do=self._pause,
            )
        stop = Act(
            key=K.Key_Delete,
            title=_("Stop"),
            help=_("End it: who still waits gets nothing; pressed twice"),
            do=self._stop,
        )
        return [course, stop]

    # what is done

    @property
    def _number(self) -> int:
        assert self.look is not None
        return self.look.listed.mail.number

    def _act(self, work: Callable[[int], T], said: Callable[[T], str]) -> None:
        """Do something to the mail on the lane, say it, and look again."""
        if self.look is None:
            return
        number = self._number
        self._forget()
        self.submit(lambda: work(number), lambda result: self._acted(said(result)))

    def _acted(self, said: str) -> None:
        """Say what was done to the mail, and look again."""
        self.marked.clear()
        self.say(said)
        self.refresh()

    def _pause(self) -> None:
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        sentence = _("Mail {number} is paused: F5 lets it go on.").format(number=self._number)
        self._act(lambda number: mailing.pause(number, actor=actor), lambda _done: sentence)

    def _resume(self) -> None:
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        sentence = _("Mail {number} goes on.").format(number=self._number)
        self._act(lambda number: mailing.resume(number, actor=actor), lambda _done: sentence)

    def _stop(self) -> None:
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        if not self._question.confirmed("stop"):
            text = _("Stop mail {number}? Whoever still waits for it gets nothing. Del stops it.")
            self._ask_first(text.format(number=self._number))
            return
        number = self._number
        sentence = _("Mail {number} is stopped.").format(number=number)
        self._forget()
        self.submit_long(
            lambda: mailing.stop(number, actor=actor), lambda _done: self._acted(sentence)
        )

    def _retry(self) -> None:
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        self._act(lambda number: mailing.retry(number, actor=actor), again_sentence)

    def _mark(self) -> None:
        """Mark the chosen recipient, or not; only those who may have got it or not."""
        if self.look is None:
            return
        self._forget()
        chosen = self._chosen_unknown()
        if chosen:
            self.marked ^= {*chosen}
            self._show()
        else:
            text = _("Of this one it is known what became of it: mark those who are not known.")
            self.say(Notice(text, Tone.WARNING))
        self.tell_acts()

    def _chosen_unknown(self) -> list[int]:
        """Return the number of the chosen recipient, where it is not known if they got it."""
        found = (one.recipient for one in self.look.outcomes) if self.look else ()
        return [
            one.no for one in found if one.state is Fate.UNKNOWN and one.no == self.view.list.key
        ]

    def _resend(self) -> None:
        """Write once more to the marked, else to the chosen one; they may get it twice."""
        if self.look is None:
            return
        nos = sorted(self.marked) or self._chosen_unknown()
        if not nos:
            text = _("Nobody is marked: choose who is not known, and mark them with Ins.")
            self.say(Notice(text, Tone.WARNING))
            return
        if not self._question.confirmed(tuple(nos)):
            text = ngettext(
                "{count:,} may have got it already, and may get it twice. F8 sends it again.",
                "{count:,} may have got it already, and may get it twice. F8 sends it again.",
                len(nos),
            )
            self._ask_first(text.format(count=len(nos)))
            return
        mailing, actor = self.office.shop.mail.mailing, self.office.actor
        self._act(lambda number: mailing.resend(number, nos, actor=actor), again_sentence)

    def _ask_first(self, question: str) -> None:
        self.say(Notice(question, Tone.WARNING))
        self.tell_acts()

    def _forget(self) -> None:
        if self._question.forget():
            self.say(None)
