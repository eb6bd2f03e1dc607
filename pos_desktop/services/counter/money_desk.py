"""Carries out what is about money and goods that come back, for the desk of all commands."""

from __future__ import annotations

from functools import singledispatchmethod
from typing import Any

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import PosError, Refused
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.returns import Returns
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import Payment, Tender, TenderKind
from pos_desktop.domain.text import _
from pos_desktop.services.counter.cashbox import Cashbox, Taken, tender_of
from pos_desktop.services.counter.mpesa_desk import MpesaDesk
from pos_desktop.services.counter.replies import Recording, Reply
from pos_desktop.services.counter.steps import Step, finish, step
from pos_desktop.services.counter.till import Till
from pos_desktop.services.counter.till_state import NothingToPay
from pos_desktop.services.credit.accounts import Accounts
from pos_desktop.services.credit.vouchers import Vouchers
from pos_desktop.services.paper.paper_parts import tender_name
from pos_desktop.services.people.acting import Approval, require
from pos_desktop.services.people.customers import Customers, shown_name
from pos_desktop.services.products.catalogue import Catalogue
from pos_desktop.services.sales.returning import Returning
from pos_desktop.services.sales.selling import AlreadySold, Recorded


class MoneyDesk:
    """Knows for every command about money which service carries it out."""

    def __init__(
        self,
        *,
        till: Till,
        catalogue: Catalogue,
        returning: Returning,
        customers: Customers,
        accounts: Accounts,
        vouchers: Vouchers,
        cashbox: Cashbox,
        mpesa: MpesaDesk,
    ) -> None:
        self._till = till
        self._catalogue = catalogue
        self._returning = returning
        self._customers = customers
        self._accounts = accounts
        self._vouchers = vouchers
        self._cashbox = cashbox
        self._mpesa = mpesa

    @singledispatchmethod
    def carry_out(
        self,
        command: do.Command,  # noqa: ARG002 - each kind of it is registered below
        approval: Approval | None,  # noqa: ARG002
    ) -> Reply | Step[Reply]:
        """Carry a command out as far as it needs no disk; raise as `CommandDesk.begin` does."""
        raise Refused(_("This till cannot do that yet; pay with cash."))

    def is_voucher(self, code: str) -> bool:
        """Tell whether a code that no product has is that of a voucher."""
        return self._vouchers.is_known(code)

    # who buys

    @carry_out.register
    def _set_customer(self, command: do.SetCustomer, _approval: Approval | None) -> Reply:
        if command.code is None:
            self._till.set_customer(None)
            return Reply(message=_("Walk-in customer"))
        customer = self._customers.find(command.code)
        self._till.set_customer(customer)
        owed = format_amount(self._customers.balance(customer.id))
        sentence = _("{name}, on account {owed}")
        return Reply(message=sentence.format(name=shown_name(customer), owed=owed))

    # money for goods

    @carry_out.register
    def _pay_cash(self, command: do.PayCash, approval: Approval | None) -> Reply | Step[Reply]:
        return self._take(self._due().cash(command.amount_cents), approval)

    @carry_out.register
    def _pay_card(self, command: do.PayCard, approval: Approval | None) -> Reply | Step[Reply]:
        payment = self._due()
        return self._take(
            payment.exact(TenderKind.CARD, command.amount_cents, command.reference), approval
        )

    @carry_out.register
    def _pay_mpesa(self, command: do.PayMpesa, approval: Approval | None) -> Step[Reply]:
        return self._taking(self._mpesa.ask(command), approval)

    @carry_out.register
    def _pay_mpesa_code(self, command: do.PayMpesaCode, approval: Approval | None) -> Step[Reply]:
        return self._taking(self._mpesa.by_code(command, approval), approval)

    @carry_out.register
    def _take_mpesa(self, command: do.TakeMpesa, approval: Approval | None) -> Reply | Step[Reply]:
        return self._take(self._mpesa.taken(command, approval), approval)

    @carry_out.register
    def _end_mpesa(self, _command: do.EndMpesa, approval: Approval | None) -> Step[Reply]:
        said = _("The customer may be asked again.")
        return step(self._mpesa.ending(approval), lambda _attempt: Reply(message=said))

    def _taking(self, asked: Step[Payment], approval: Approval | None) -> Step[Reply]:
        """Return what takes the payment that a step leads to."""

        def then(found: Any) -> Reply | Step[Reply]:
            payment = asked.then(found)
            assert isinstance(payment, Payment)
            return self._take(payment, approval)

        return Step(work=asked.work, then=then, failed=asked.failed)

    @carry_out.register
    def _pay_credit(self, command: do.PayCredit, approval: Approval | None) -> Reply | Step[Reply]:
        payment = self._due().exact(TenderKind.CREDIT, command.amount_cents)
        if not payment.is_refund:
            basket, person = self._till.state.basket, self._till.person
            on_account = _sum_of(payment, TenderKind.CREDIT)
            self._accounts.check_credit(basket.customer_id, on_account, person, approval)
        return self._take(payment, approval)

    @carry_out.register
    def _pay_voucher(
        self, command: do.PayVoucher, approval: Approval | None
    ) -> Reply | Step[Reply]:
        payment = self._till.payment()
        if payment.is_refund:
            raise Refused(_("Money goes back here: choose by what."))
        usable = self._vouchers.usable_cents(command.code, payment)
        if self._till.state.basket.is_empty:
            sentence = _("{left} is left of this voucher: scan what is bought first.")
            raise Refused(sentence.format(left=format_amount(usable)))
        amount = command.amount_cents or min(usable, payment.remaining_cents)
        if not 0 < amount <= usable:
            raise Refused(
                _("Only {left} is left of this voucher.").format(left=format_amount(usable))
            )
        return self._take(payment.exact(TenderKind.VOUCHER, amount, command.code), approval)

    @carry_out.register
    def _pay_back(self, command: do.PayBack, approval: Approval | None) -> Reply | Step[Reply]:
        payment = self._due()
        if not payment.is_refund:
            raise Refused(_("No money goes back here: take the payment."))
        return self._take(self._back_by(payment, command), approval)

    def _back_by(self, payment: Payment, command: do.PayBack) -> Payment:
        is_all = command.amount_cents in (None, abs(payment.remaining_cents))
        if command.kind is TenderKind.CASH:
            return payment.cash(None if is_all else command.amount_cents)
        if command.kind is TenderKind.MPESA:
            returns = self._till.state.basket.returns if is_all else None
            return self._returning.by_mpesa(returns, payment)
        return payment.exact(command.kind, command.amount_cents, command.reference)

    def _due(self) -> Payment:
        """Return the payment of the open cart; raise NothingToPay where nothing is in it."""
        if self._till.state.basket.is_empty:
            raise NothingToPay
        return self._till.payment()

    def _take(self, payment: Payment, approval: Approval | None) -> Reply | Recording:
        returns = self._till.state.basket.returns
        if payment.is_refund and returns is not None:
            self._returning.check_tender(returns, payment, self._till.person, approval)
        checkout = self._till.pay(payment, approval)
        if checkout is None:
            left = format_amount(abs(payment.remaining_cents))
            sentence = _("Still to pay {amount}")
            if payment.is_refund:
                sentence = _("Still to give back {amount}")
            return Reply(message=sentence.format(amount=left), paid=True)
        message, change = _goes_back(payment), payment.change_cents

        def then(recorded: Recorded) -> Reply:
            receipt = recorded.main.sale.receipt
            is_exchange = recorded.sale is not None and recorded.refund is not None
            refund = recorded.refund.sale.receipt if recorded.refund and is_exchange else None
            return Reply(
                message=message,
                receipt=receipt,
                refund=refund,
                paid=True,
                change_cents=change,
                left_on_vouchers=self._vouchers.left(payment),
                unconfirmed=self._mpesa.unconfirmed(payment),
            )

        def failed(error: BaseException) -> None:
            if not isinstance(error, AlreadySold):
                finish(self._till.taking_back(checkout))

        return Recording(
            work=lambda: self._till.record(checkout), then=then, failed=failed, checkout=checkout
        )

    # goods that come back

    @carry_out.register
    def _take_back(self, command: do.TakeBack, approval: Approval | None) -> Reply:
        returns = self._returns(command)
        self._till.take_back(returns, approval)
        return _back_in_cart(returns)

    @carry_out.register
    def _take_back_item(self, command: do.TakeBackItem, approval: Approval | None) -> Reply:
        item = self._catalogue.item(command.code)
        self._till.take_back_item(item, command.quantity, approval)
        quantity = format_quantity(command.quantity)
        return Reply(message=f"{item.name} × {quantity}")

    @carry_out.register
    def _take_back_items(self, command: do.TakeBackItems, approval: Approval | None) -> Reply:
        items = [(self._catalogue.item(code), quantity) for code, quantity in command.items]
        before = self._till.state.basket.returned_cents
        for item, quantity in items:
            self._till.take_back_item(item, quantity, approval)
        worth = self._till.state.basket.returned_cents - before
        return Reply(message=_("Comes back: {amount}").format(amount=format_amount(worth)))

    @carry_out.register
    def _refund(self, command: do.Refund, approval: Approval | None) -> Reply | Step[Reply]:
        returns = self._returns(command)
        before = self._till.state.basket
        if not before.lines:
            self._check_way_back(returns, approval)
        self._till.take_back(returns, approval)
        if before.lines:
            return _back_in_cart(returns)
        try:
            return self._pay_all_back(returns, approval)
        except PosError:
            self._till.change(before)
            raise

    def _check_way_back(self, returns: Returns, approval: Approval | None) -> None:
        """Raise NeedsApproval where M-Pesa is to give it back, before anything is in the cart.

        Also where it is not known that M-Pesa has paid it.
        """
        self._returning.check_confirmed(returns, self._till.person, approval)
        ways = self._returning.tenders(returns, returns.gross_cents)
        if any(kind is TenderKind.MPESA for kind, _cents in ways):
            require(self._till.person, Permission.MPESA, approval)

    def _pay_all_back(self, returns: Returns, approval: Approval | None) -> Reply | Step[Reply]:
        payment = self._till.payment()
        for kind, cents in self._returning.tenders(returns, abs(payment.due_cents)):
            reference = self._returning.card_of(returns) if kind is TenderKind.CARD else ""
            payment = self._back_by(payment, do.PayBack(kind, cents, reference))
        return self._take(payment, approval)

    def _returns(self, command: do.TakeBack | do.Refund) -> Returns:
        key = self._till.state.basket.next_key
        return self._returning.take(command.receipt, command.lines, first_key=key)

    # money without goods

    @carry_out.register
    def _pay_on_account(self, command: do.PayOnAccount, _approval: Approval | None) -> Step[Reply]:
        person, shift = self._till.person, self._till.shift
        customer_id = self._till.state.basket.customer_id
        if customer_id is None:
            raise Refused(_("Say first which customer pays: F4."))
        tender = tender_of(command.amount_cents, command.card_reference)

        def then(taken: Taken) -> Reply:
            if self._till.state.basket.is_empty:
                self._till.set_customer(None)
            owed = format_amount(taken.owed_cents or 0)
            sentence = _("{number}: paid {amount}, now on account {owed}")
            return Reply(
                message=sentence.format(number=taken.number, amount=_amount(tender), owed=owed)
            )

        return step(lambda: self._cashbox.pay_on_account(person, shift, customer_id, tender), then)

    @carry_out.register
    def _sell_voucher(self, command: do.SellVoucher, _approval: Approval | None) -> Step[Reply]:
        person, shift = self._till.person, self._till.shift
        tender = tender_of(command.amount_cents, command.card_reference)

        def then(taken: Taken) -> Reply:
            sentence = _("{number}: a voucher of {amount} is printed")
            return Reply(message=sentence.format(number=taken.number, amount=_amount(tender)))

        return step(lambda: self._cashbox.sell_voucher(person, shift, tender), then)


def _goes_back(payment: Payment) -> str:
    """Say what goes to the customer: change, or what came back and by what."""
    if payment.is_refund:
        return _back_words(payment)
    change = payment.change_cents
    return _("Change {amount}").format(amount=format_amount(change)) if change else ""


def _back_words(payment: Payment) -> str:
    """Say what cash is given back, and what goes back another way."""
    cash = -_sum_of(payment, TenderKind.CASH)
    others = [
        f"{tender_name(one.kind)} {format_amount(-one.amount_cents)}"
        for one in payment.tenders
        if one.kind is not TenderKind.CASH
    ]
    if not others:
        return _("Give {amount} back").format(amount=format_amount(cash)) if cash else ""
    if not cash:
        return _("Goes back: {tenders}").format(tenders=", ".join(others))
    sentence = _("Give {amount} back; {tenders} goes back too")
    return sentence.format(amount=format_amount(cash), tenders=", ".join(others))


def _back_in_cart(returns: Returns) -> Reply:
    worth = format_amount(returns.gross_cents)
    return Reply(message=_("Comes back: {amount}").format(amount=worth))


def _sum_of(payment: Payment, kind: TenderKind) -> Cents:
    return sum(one.amount_cents for one in payment.tenders if one.kind is kind)


def _amount(tender: Tender) -> str:
    return format_amount(tender.amount_cents)
