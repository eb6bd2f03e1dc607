"""M-Pesa behind the counter: what no sale has for certain, and what a manager does with each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.mpesa_tray import TrayAct
from pos_desktop.domain.phone import typed_phone
from pos_desktop.domain.text import _
from pos_desktop.services.mpesa.tray.tray import TrayItem
from pos_desktop.services.mpesa.tray.tray_acts import Target
from pos_desktop.services.people.sign_in import Person
from pos_desktop.shop import Shop
from pos_desktop.storage.moments import to_stored
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.text_box import TextBox
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.catalogue.file_step import FileStep
from pos_desktop.ui.screens.mpesa.statement_step import StatementStep
from pos_desktop.ui.screens.mpesa.tray_forms import CustomerForm, ReasonForm, TargetForm
from pos_desktop.ui.screens.mpesa.tray_keys import act_of, done_words, question_of
from pos_desktop.ui.screens.mpesa.tray_look import TrayLook, read_look
from pos_desktop.ui.screens.mpesa.tray_view import TrayView, tray_row
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
T = TypeVar("T")

_TO_DO, _TODAY = "to do", "today"


class TrayPage(ListPage):
    """Lists payments; Enter opens one, with its history and what can be done."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("M-Pesa"), listed=_("Payments"))
        self.view = TrayView()
        self.look: TrayLook | None = None
        """The payment that is looked at."""
        self._found: Sequence[TrayItem] = ()
        self._question = Question()
        """What is to be done that the same key confirms."""
        self.filter = Choice(_("Shown"), columns=2)
        self.filter.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._show_filters(_TO_DO)
        self.filter.chosen.connect(lambda _key: self._another_filter())
        self.list_view.insertWidget(0, self.filter)
        self.files = FileStep(office, self)
        self.files.listed.connect(self._show_files)
        self.files.chosen.connect(self._import)
        self.files.refused.connect(self.refuse)
        self.statement = StatementStep(office, self)

    def _show_filters(self, key: str) -> None:
        self.filter.show_choices([(_TO_DO, _("To be done")), (_TODAY, _("All of today"))], key)

    # the list

    def opened(self) -> None:
        """Show what is to be done."""
        self.look = None
        self._question.forget()
        self.list.choose_first()
        super().opened()

    def refresh(self) -> None:
        """Read the payments, and the one that is looked at."""
        shop, actor, look = self.office.shop, self.office.actor, self.look
        first = self._today if self.filter.key == _TODAY else None

        def read() -> tuple[list[TrayItem], TrayLook | None]:
            tray = shop.mpesa.tray
            found = tray.to_do(actor=actor) if first is None else tray.since(first, actor=actor)
            return found, read_look(shop, look.item.key) if look else None

        self.ask(read, self._read)

    @property
    def _today(self) -> int:
        zone = self.office.shop.configuration.zone
        now = self.office.shop.clock.base.now().astimezone(zone)
        return to_stored(now.replace(hour=0, minute=0, second=0, microsecond=0))

    def _read(self, found: tuple[list[TrayItem], TrayLook | None]) -> None:
        self._found, look = found
        if self.look is not None:
            self.look = look
        self._show()

    def _show(self) -> None:
        zone = self.office.shop.configuration.zone
        empty = (_("Nothing is left to do"), _("Every M-Pesa payment has its sale."))
        if self.filter.key == _TODAY:
            empty = (_("No payment today"), _("What customers pay by M-Pesa is listed here."))
        self.show_rows([tray_row(one, zone) for one in self._found], empty)
        if self.look is not None:
            self.view.show_look(self.look, zone)

    def _another_filter(self) -> None:
        self.list.choose_first()
        self.refresh()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show_filters(self.filter.key)
        self.statement.retell()
        self._show()

    # one payment

    def _look_at(self) -> None:
        key, shop = self.list.key, self.office.shop
        if not isinstance(key, str):
            return
        self.say(None)

        def show(look: TrayLook | None) -> None:
            self.look = look
            if look is None:
                self.refresh()
                return
            self.view.show_look(look, shop.configuration.zone)
            self.view.list.choose_first()
            self.show_instead(self.view)

        self.ask(lambda: read_look(shop, key), show)

    def leave(self) -> None:
        """Leave a question, then the payment, then the page."""
        if self._question.forget():
            self.say(None)
            return
        if self.form is None:
            self.look = None
        self.statement.leave()
        super().leave()

    def step(self, by: int) -> None:
        """Choose another line."""
        if self.below is self.files.view:
            self.files.view.list.move(by)
        elif self.below is self.statement.view:
            self.statement.view.list.move(by)
        else:
            (self.list if self.below is None else self.view.list).move(by)

    def keyboard_target(self) -> QLineEdit | TextBox | None:
        """Let typing go to the form, or to the line above the files."""
        if self.form is None and self.below is self.files.view:
            return self.files.view.field
        return super().keyboard_target()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Choose what is listed by the arrows; Backspace leads to the folder above."""
        arrows = (K.Key_Left, K.Key_Right)
        is_in_files = self.form is None and self.below is self.files.view
        if is_in_files and event.key() == K.Key_Backspace and not self.files.view.field.text():
            self.files.up()
            return True
        if self.below is None and self.form is None and event.key() in arrows:
            return self.filter.handle_key(event)
        return super().handle_key(event)

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.below is self.files.view:
            return self._acts_on_files()
        if self.below is self.statement.view:
            return ()
        if self.below is self.view:
            acts = self.look.item.acts if self.look else ()
            return tuple(self._act_of(one, is_first=not place) for place, one in enumerate(acts))
        look = Act(
            key=K.Key_Return,
            title=_("Look at"),
            help=_("What has happened to the chosen payment, and what can be done"),
            rank=Rank.FIRST,
            do=self._look_at,
        )
        again = Act(
            key=K.Key_F7,
            title=_("Look again"),
            help=_("Read what has come since"),
            do=self.refresh,
        )
        listed = Act(
            key=K.Key_F6,
            title=_("Read the list"),
            help=_("Let M-Pesa's list of the last two days be read now"),
            do=self._read_list,
        )
        statement = Act(
            key=K.Key_F2,
            title=_("Import a statement"),
            help=_("Take in a statement of M-Pesa's portal, a CSV or XLSX file"),
            do=self.files.begin,
        )
        last = Act(
            key=K.Key_F8,
            title=_("Last statement"),
            help=_("What the statement that was taken in last has come to, and what needs a look"),
            do=self._last_statement,
        )
        return (*((look,) if self._found else ()), again, listed, statement, last)

    def _acts_on_files(self) -> tuple[Act, ...]:
        enter = Act(
            key=K.Key_Return,
            title=_("Open"),
            help=_("Open the chosen folder or statement, or the path that was typed"),
            rank=Rank.FIRST,
            do=self.files.enter,
        )
        return (enter,)

    # what comes from M-Pesa

    def _read_list(self) -> None:
        payments, actor = self.office.shop.mpesa.payment_list, self.office.actor

        def then(_result: None) -> None:
            self.say(_("M-Pesa's list is being read; F7 shows what has come."))

        self.ask(lambda: payments.read_soon(actor=actor), then)

    def _show_files(self) -> None:
        self.say(None)
        if self.below is not self.files.view:
            self.show_instead(self.files.view)
        self.tell_acts()

    def _import(self, path: Path) -> None:
        statements, actor = self.office.shop.mpesa_statements, self.office.actor

        self.ask(lambda: statements.leave(path, actor=actor), self._show_statement)

    def _last_statement(self) -> None:
        statements = self.office.shop.mpesa_statements

        def then(number: int) -> None:
            if number:
                self._show_statement(number)
            else:
                self.say(_("No statement was taken in here yet; F2 takes one in."))

        self.ask(lambda: statements.last_job, then)

    def _show_statement(self, number: int) -> None:
        self.say(None)
        self.statement.watch(number)
        self.show_instead(self.statement.view)

    def _act_of(self, act: TrayAct, *, is_first: bool) -> Act:
        do = {
            TrayAct.ATTACH: self._ask_target,
            TrayAct.CREDIT: self._ask_customer,
            TrayAct.ELSEWHERE: self._ask_reason,
        }.get(act, partial(self._confirm, act))
        return act_of(act, do, Rank.FIRST if is_first else Rank.PLAIN)

    def _confirm(self, act: TrayAct) -> None:
        """Do it where the same key was pressed before; else say what it will do."""
        look, actor = self.look.item if self.look else None, self.office.actor
        if look is None:
            return
        if not self._question.confirmed((look.key, act)):
            amount = format_amount(look.over_cents if look.over_cents > 0 else look.amount_cents)
            self.say(Notice(question_of(act).format(amount=amount, key=look.key), Tone.WARNING))
            return
        key, shop = look.key, self.office.shop
        self._settle(lambda: _SIMPLE[act](shop, key, actor), done_words(act))

    def _settle(self, work: Callable[[], object], said: str) -> None:
        """Do something to the payment, say it, and go back to the list.

        On the lane; beside it where the relay is asked first whose the payment is.
        """
        self._question.forget()

        def then(_result: object) -> None:
            self.look = None
            self.show_instead(None)
            self.saved(said)

        asks_first = self.office.shop.mpesa.claims.decides
        (self.submit_long if asks_first else self.submit)(work, then)

    # where it goes

    def _ask_target(self) -> None:
        look = self.look.item if self.look else None
        acts, actor = self.office.shop.mpesa.acts, self.office.actor
        if look is None:
            return
        if look.money is None:
            self._settle(lambda: acts.attach_late(look.key, actor=actor), _("It is attached."))
            return
        key = look.key

        def ask(targets: list[Target]) -> None:
            if not targets:
                sentence = _(
                    "No sale is open or on hold, and no receipt lacks a payment of this amount."
                )
                self.refuse(Refused(sentence))
                return
            form = TargetForm(targets, self.office.shop.configuration.zone)
            self.say(None)
            self.open_form(
                form, _("What it is for"), lambda: self._attach(key, form), save=_("Attach")
            )

        self.ask(lambda: acts.targets(key), ask)

    def _attach(self, key: str, form: TargetForm) -> None:
        acts, actor, target = self.office.shop.mpesa.acts, self.office.actor, form.read()
        self._settle(lambda: acts.attach(key, target, actor=actor), _("It is attached."))

    def _ask_reason(self) -> None:
        look = self.look.item if self.look else None
        if look is None:
            return
        form = ReasonForm()
        self.say(None)
        self.open_form(
            form, _("Not the shop's"), lambda: self._elsewhere(look.key, form), save=_("Not ours")
        )

    def _elsewhere(self, key: str, form: ReasonForm) -> None:
        reason = self.typed(form.read)
        if reason is None:
            return
        acts, actor = self.office.shop.mpesa.acts, self.office.actor
        said = _("It is noted that this is not the shop's.")
        self._settle(lambda: acts.elsewhere(key, reason, actor=actor), said)

    def _ask_customer(self) -> None:
        look = self.look.item if self.look else None
        if look is None:
            return
        phone = (look.money.payer_phone if look.money else "") or ""
        form = CustomerForm(typed_phone(phone) if phone else "")
        self.say(None)
        title = _("In favour of a customer")
        self.open_form(form, title, lambda: self._credit(look.key, form), save=_("As credit"))

    def _credit(self, key: str, form: CustomerForm) -> None:
        typed = self.typed(form.read)
        if typed is None:
            return
        shop, actor = self.office.shop, self.office.actor
        self._settle(
            lambda: shop.mpesa_back.in_credit(key, _customer(shop, typed), actor=actor),
            _("It stands in favour of the customer."),
        )


def _customer(shop: Shop, typed: str) -> str:
    """Return the customer that is meant; Refused where that is none, or may be several."""
    found = shop.customers.search(typed, 2)
    if len(found) == 1:
        return found[0].id
    if found:
        raise Refused(_("Several customers are called so: type the code or the phone."))
    return shop.customers.find(typed).id


_SIMPLE: dict[TrayAct, Callable[[Shop, str, Person], object]] = {
    TrayAct.CASH: lambda shop, key, who: shop.mpesa_back.in_cash(key, actor=who),
    TrayAct.REVERSE: lambda shop, key, who: shop.mpesa.reversals.ask(key, actor=who),
    TrayAct.PORTAL: lambda shop, key, who: shop.mpesa.reversals.went_back(key, actor=who),
    TrayAct.WENT_BACK: lambda shop, key, who: shop.mpesa.reversals.went_back(key, actor=who),
    TrayAct.STAYED: lambda shop, key, who: shop.mpesa.reversals.stayed(key, actor=who),
    TrayAct.SEEN: lambda shop, key, who: shop.mpesa.acts.seen(key, actor=who),
    TrayAct.MISSING: lambda shop, key, who: shop.mpesa.acts.missing(key, actor=who),
    TrayAct.ACCEPT: lambda shop, key, who: shop.mpesa.acts.accept(key, actor=who),
}
"""What is done once its key was pressed twice."""
