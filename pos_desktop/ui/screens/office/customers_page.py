"""The customers: found by a few letters, looked at, changed, exported and forgotten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_desktop.domain.customer import Customer
from pos_desktop.domain.ids import Id
from pos_desktop.domain.money import Cents
from pos_desktop.domain.phone import masked_phone
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, joined
from pos_desktop.services.people.acting import ChangedMeanwhile
from pos_desktop.services.people.personal_data import erase_person, write_personal_data
from pos_desktop.shop_folder import EXPORTS_FOLDER, file_mode, folder
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.form import Form
from pos_desktop.ui.kit.latest import Latest
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.question import Question
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.office.account_view import Account, AccountView, balance_words
from pos_desktop.ui.screens.office.customer_forms import CustomerForm, LimitForm
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key
MOST_LISTED = 100
MOST_ENTRIES = 500

Found = list[tuple[Customer, Cents]]
"""Customers, each with what they owe."""


class CustomersPage(ListPage):
    """Lists customers; Enter looks at one of them, with all that can be done."""

    def __init__(self, office: Office) -> None:
        super().__init__(
            office,
            _("Customers"),
            listed=_("Customers"),
            search=_("Search customers"),
            hint=_("Name, phone, code or e-mail"),
        )
        self.view = AccountView()
        self.account: Account | None = None
        """Who is looked at."""
        self._found: Found = []
        self._latest = Latest()
        self._erasing, self._for_good = Question(), Question()
        """Whether the customer who is looked at is to be erased: asked twice."""

    # the list

    def refresh(self) -> None:
        """Read who fits what was typed; a late answer to an older question is passed over."""
        customers = self.office.shop.customers
        text = self.search_field.text() if self.search_field else ""

        def find() -> Found:
            found = customers.search(text, MOST_LISTED)
            return [(one, customers.balance(one.id)) for one in found]

        def show(found: Found) -> None:
            self._found = found
            self._show()

        self.ask(find, self._latest.only(show))

    def _show(self) -> None:
        is_searched = bool(self.search_field and self.search_field.text())
        empty = (
            (_("Nobody fits"), _("Type fewer letters, or F2 adds a customer."))
            if is_searched
            else (_("No customers yet"), _("F2 adds the first one."))
        )
        self.show_rows([_row(*one) for one in self._found], empty)

    def opened(self) -> None:
        """Show the list, nobody looked at."""
        self.account = None
        super().opened()

    def leave(self) -> None:
        """Leave a question or a form, then the customer, then the page."""
        if self._is_asking:
            self._keep()
            return
        if self.form is None:
            self.account = None
        super().leave()

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()
        if self.account is not None:
            self.view.show_account(self.account, self.office.shop.configuration.zone)

    def step(self, by: int) -> None:
        """Choose another customer, or another line of the history."""
        (self.list if self.account is None else self.view.list).move(by)

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        if self.account is not None:
            return self._acts_on(self.account.customer)
        add = Act(
            key=K.Key_F2,
            title=_("Add a customer"),
            help=_("Name, phone, e-mail, KRA PIN"),
            do=self._add,
        )
        look = Act(
            key=K.Key_Return,
            title=_("Look at"),
            help=_("What is known of the chosen customer, and what they owe"),
            rank=Rank.FIRST,
            do=self._look,
        )
        return (look, add) if self._found else (add,)

    # one customer

    def _look(self) -> None:
        found = next((one for one, _owed in self._found if one.id == self.list.key), None)
        if found is not None:
            self._look_at(found.id)

    def _look_at(self, customer_id: Id, sentence: str = "") -> None:
        customers, actor = self.office.shop.customers, self.office.actor

        def read() -> Account | None:
            customer = customers.get(customer_id)
            if customer is None:
                return None
            return Account(
                customer=customer,
                balance_cents=customers.balance(customer_id),
                history=customers.history(customer_id, MOST_ENTRIES, actor=actor),
            )

        def show(account: Account | None) -> None:
            self._forget_questions()
            self.account = account
            if account is not None:
                self.view.show_account(account, self.office.shop.configuration.zone)
            self.show_instead(self.view if account else None)
            if sentence:
                self.say(sentence)

        self.ask(read, show)

    def _acts_on(self, customer: Customer) -> tuple[Act, ...]:
        may = self.office.actor.may
        if self._is_asking:
            return self._acts_on_erasing()
        acts = [
            Act(
                key=K.Key_Return,
                title=_("Edit"),
                help=_("Name, phone, e-mail, address"),
                rank=Rank.FIRST,
                do=self._change,
            ),
            Act(
                key=K.Key_F5,
                title=_("No mail") if customer.mail_consent_at else _("Wants mail"),
                help=_("Whether the customer agreed to mail from the shop"),
                do=self._consent,
            ),
        ]
        if may(Permission.CUSTOMER_CREDIT):
            acts.append(
                Act(
                    key=K.Key_F6,
                    title=_("Credit limit"),
                    help=_("How much the customer may owe"),
                    do=self._limit,
                )
            )
        if may(Permission.PERSONAL_DATA):
            acts += self._acts_on_data()
        return tuple(acts)

    def _acts_on_data(self) -> tuple[Act, ...]:
        return (
            Act(
                key=K.Key_F7,
                title=_("Export"),
                help=_("Write all that is known of the person into a file"),
                do=self._export,
            ),
            Act(
                key=K.Key_Delete,
                title=_("Erase"),
                help=_("Forget the person; asked twice"),
                do=self._ask_erasing,
            ),
        )

    def _acts_on_erasing(self) -> tuple[Act, ...]:
        if self._erasing:
            sure = Act(
                key=K.Key_Delete,
                title=_("Go on"),
                help=_("Ask once more, then erase"),
                do=self._ask_erasing,
            )
        else:
            sure = Act(
                key=K.Key_Delete,
                shift=True,
                title=_("Erase for good"),
                help=_("Forget the person for good"),
                do=self._erase,
            )
        keep = Act(
            key=K.Key_Return,
            title=_("Keep"),
            help=_("Leave everything as it is"),
            rank=Rank.FIRST,
            do=self._keep,
        )
        return keep, sure

    # what is done

    def _add(self) -> None:
        form = CustomerForm()

        def save() -> None:
            customers, actor = self.office.shop.customers, self.office.actor
            new = form.read()
            self._write(
                lambda: customers.add(new, actor=actor),
                _("{name} is a customer now.").format(name=new.name),
            )

        self.open_form(form, _("Add a customer"), save, save=_("Add"))

    def _change(self) -> None:
        if self.account is None:
            return
        customer, form = self.account.customer, CustomerForm(self.account.customer)

        def save() -> None:
            customers, actor, now = self.office.shop.customers, self.office.actor, form.read()
            self._write(lambda: customers.change(customer, now, actor=actor), _("Saved."))

        title = _("Change {name}").format(name=customer.name)
        self.open_form(form, title, save, save=_("Save"))

    def _consent(self) -> None:
        if self.account is None:
            return
        customer = self.account.customer
        given = customer.mail_consent_at is None
        customers, actor = self.office.shop.customers, self.office.actor
        sentence = (
            _("{name} wants mail from the shop.")
            if given
            else _("{name} wants no more mail from the shop.")
        )
        self._write(
            lambda: customers.consent(customer, given=given, actor=actor),
            sentence.format(name=customer.name),
        )

    def _limit(self) -> None:
        if self.account is None:
            return
        customer, form = self.account.customer, LimitForm(self.account.customer)

        def save() -> None:
            customers, actor = self.office.shop.customers, self.office.actor
            limit = self._amount(form, form.read)
            if limit is not None:
                self._write(lambda: customers.set_limit(customer, limit, actor=actor), _("Saved."))

        title = _("How much {name} may owe").format(name=customer.name)
        self.open_form(form, title, save, save=_("Save"))

    def _amount(self, form: Form, read: Callable[[], Cents]) -> Cents | None:
        found = self.typed(read)
        if found is None:
            form.begin()
        return found

    def _write(self, work: Callable[[], Customer], sentence: str) -> None:
        """Write on the lane, then look at the customer as they are now."""
        self.say(None)
        self.submit(work, lambda customer: self._look_at(customer.id, sentence))

    def refuse(self, error: Exception) -> None:
        """Say why something was not done; what another has changed is looked at anew."""
        if isinstance(error, ChangedMeanwhile) and self.account is not None:
            self._look_at(self.account.customer.id)
        super().refuse(error)

    def _export(self) -> None:
        if self.account is None:
            return
        shop, customer, actor = self.office.shop, self.account.customer, self.office.actor
        self.submit(
            lambda: write_personal_data(
                shop.customers,
                customer,
                folder(shop.directory, EXPORTS_FOLDER).absolute(),
                moment=shop.configuration.now,
                mode=file_mode(shop.directory),
                actor=actor,
            ),
            lambda path: self.say(_("All that is known stands in {path}").format(path=path)),
        )

    def _ask_erasing(self) -> None:
        """Ask twice; somebody whose account is open cannot be erased, and nothing is asked."""
        if self.account is None:
            return
        customers, customer = self.office.shop.customers, self.account.customer
        self.submit(
            lambda: customers.check_settled(customer), lambda _settled: self._ask_about(customer)
        )

    def _ask_about(self, customer: Customer) -> None:
        if self._erasing.confirmed(customer.id):
            self._for_good.ask(customer.id)
            sentence = _("Erase {name} for good? Nothing brings them back. Shift Del erases.")
        else:
            sentence = _(
                "Erase {name}? Name, phone, addresses and note are forgotten, on kept papers too; "
                "the sums of the books stay. Del goes on."
            )
        self.say(Notice(sentence.format(name=customer.name), Tone.DANGER))
        self.tell_acts()

    @property
    def _is_asking(self) -> bool:
        return bool(self._erasing or self._for_good)

    def _forget_questions(self) -> None:
        self._erasing.forget()
        self._for_good.forget()

    def _keep(self) -> None:
        self._forget_questions()
        self.say(None)
        self.tell_acts()

    def _erase(self) -> None:
        if self.account is None:
            return
        customer, shop, actor = self.account.customer, self.office.shop, self.office.actor
        exports = folder(shop.directory, EXPORTS_FOLDER)
        self._keep()

        def done(_erased: None) -> None:
            self.account = None
            self.show_instead(None)
            self.saved(_("The customer of the code {code} is erased.").format(code=customer.code))

        self.submit(lambda: erase_person(shop.customers, customer, exports, actor=actor), done)


def _row(customer: Customer, owed: Cents) -> ListRow:
    return ListRow(
        key=customer.id,
        title=customer.name,
        note=joined(" · ", (customer.code, masked_phone(customer.phone))),
        chip=_("Wants mail") if customer.mail_consent_at else "",
        right=balance_words(owed),
    )
