"""Every act of every service that asks for a permission: which, and how it is done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pos_sync.mpesa.errors import NotSent

from pos_desktop import settings
from pos_desktop.domain import commands as do
from pos_desktop.domain import staff
from pos_desktop.domain.basket import Item
from pos_desktop.domain.contact import Contact, ContactForm
from pos_desktop.domain.customer import Customer
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.ids import Id
from pos_desktop.domain.label import LabelWish
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.domain.mail_template import TemplateForm
from pos_desktop.domain.mpesa_attempt import AttemptEvent
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.domain.price_rule import PriceRule, PriceWay
from pos_desktop.domain.product import ProductCard, ProductChoice, ProductForm
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.domain.schedule import Schedule
from pos_desktop.domain.shift import CashDirection, Shift
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.supplier import Supplier, SupplierForm
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.services.background.jobs_board import Look, Part
from pos_desktop.services.counter.cashbox import tender_of
from pos_desktop.services.counter.steps import finish
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.services.mpesa.payment_list import PaymentList
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.mpesa.setup.registering import Registering
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.reports.report_filters import By
from pos_desktop.shop import Shop
from pos_desktop.storage import carts, mpesa_attempts, mpesa_money
from pos_desktop.storage.exports import Export
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.activations import PUBLIC_KEY, RECEIPT, activation
from tests.pos_desktop.services.mails import set_up

Act = Callable[[Shop, Person], object]

SOAP = ProductForm(name="Soap", price_cents=50_00, code="P1")
MORE = PriceRule(way=PriceWay.PERCENT, value=10_00)
AKINYI = Particulars(name="Akinyi", email="akinyi@example.com")
NEW = Particulars(name="Somebody else")
AUDITOR = ContactForm(name="Auditor", email="auditor@example.com")
NEWS = TemplateForm(name="News", subject="News", body="Dear {name}")
LETTER = Letter(subject="News", body="Dear {name}")
WISH = ExportWish(what="vat", form=FileForm.CSV)
CONTACTS = Audience(kind=PartyKind.CONTACT)


def _item(shop: Shop) -> Item:
    return shop.catalogue.item("RICE")


def _take_back(shop: Shop) -> None:
    receipt = ReceiptNumber("T1", 1)
    shop.till.take_back(shop.returning.take(receipt, (), first_key=50))


def _shift(shop: Shop) -> Shift:
    shift = shop.closing.current()
    assert shift is not None
    return shift


def _z_again(shop: Shop, who: Person) -> None:
    """Close a day of which there is a Z already."""
    shop.closing.z(shop.sign_in.sign_in("manager", "1234"))
    shop.closing.open_shift(shop.sign_in.sign_in("manager", "1234"), 0)
    shop.closing.z(who)


def _print(shop: Shop, who: Person, *, again: bool) -> None:
    job_id = shop.database.value("SELECT id FROM print_job WHERE kind = 'receipt'")
    shop.database.execute_sql("UPDATE print_job SET state = 'failed' WHERE id = ?", (job_id,))
    act = shop.unsettled_prints.again if again else shop.unsettled_prints.settle
    act(job_id, who)


def _pay_back(shop: Shop, who: Person) -> None:
    """Give back by card what was paid in cash."""
    returns = shop.returning.take(ReceiptNumber("T1", 1), ())
    payment = Payment(due_cents=-returns.gross_cents).exact(TenderKind.CARD)
    shop.returning.check_tender(returns, payment, who, None)


def _back_unconfirmed(shop: Shop, who: Person) -> None:
    """Give back what was paid by a code that M-Pesa has not confirmed."""
    returns = shop.returning.take(ReceiptNumber("T1", 1), ())
    with patch("pos_desktop.services.sales.returning.unconfirmed_code", lambda *_: "RKL51ZDR4F"):
        shop.returning.check_confirmed(returns, who, None)


def _pay_on_account(shop: Shop, who: Person) -> None:
    tender = tender_of(1_00, "")
    shop.cashbox.pay_on_account(who, _shift(shop), _customer(shop).id, tender)


def _sell_voucher(shop: Shop, who: Person) -> None:
    shop.cashbox.sell_voucher(who, _shift(shop), tender_of(1_00, ""))


def _customer(shop: Shop) -> Customer:
    return shop.customers.search("Akinyi")[0]


def _card(shop: Shop, code: str = "RICE") -> ProductCard:
    card = shop.goods.products.with_code(code)
    assert card is not None
    return card


def _supplier(shop: Shop) -> Supplier:
    return shop.goods.suppliers.listed()[0]


def _take(shop: Shop) -> Id:
    return shop.goods.taking.latest()[0].id


def _wishes(shop: Shop) -> list[LabelWish]:
    return [LabelWish(product_id=_card(shop).id)]


def _delivery(shop: Shop) -> Delivery:
    return Delivery(lines=(GoodsLine(product_id=_card(shop).id, quantity=ONE),))


def _schedule(shop: Shop) -> Schedule:
    return shop.schedules.people.find("prune", actor=None)


def _contact(shop: Shop) -> Contact:
    return shop.mail.contacts.listed()[0]


def _made_export(shop: Shop, what: str = "vat") -> Export:
    """Return the export of the furnished shop as if it were made, of something else perhaps."""
    (shop.directory / "exports").mkdir(exist_ok=True)
    (shop.directory / "exports" / "vat.csv").write_text("VAT")
    shop.database.execute_sql("UPDATE export SET file = 'vat.csv', what = ?", (what,))
    return shop.exports.find(1)


def _mail_people(shop: Shop, who: Person) -> None:
    letter = replace(LETTER, exports=(_made_export(shop, "customers").id,))
    shop.mail.mailing.send(letter, CONTACTS, actor=who)


def _copy_export(shop: Shop, who: Person) -> None:
    _made_export(shop)
    shop.exports.copy(1, shop.directory / "copy.csv", actor=who)


def _check_mail(shop: Shop, who: Person) -> None:
    set_up(shop, 9)
    shop.mail.setup.check(actor=who)


def _pay_again(shop: Shop, who: Person) -> None:
    shop.licence.subscription.typed(RECEIPT, "monthly", actor=None)
    shop.licence.subscription.again(RECEIPT, actor=who)


def _keep_activation(shop: Shop, who: Person) -> None:
    shop.configuration.set(settings.LICENCE_PUBLIC_KEY, PUBLIC_KEY, shop.books, actor=None)
    text = activation(shop.books.node.shop_id, shop.clock.now())
    shop.licence.subscription.keep(text, actor=who)


def _resume(shop: Shop, who: Person) -> None:
    shop.database.execute_sql("UPDATE mail SET state = 'paused'")
    shop.mail.mailing.resume(1, actor=who)


def _catalogue(shop: Shop) -> Path:
    path = shop.directory / "catalogue.csv"
    path.write_text("code,name,price\nP1,Soap,50\n", encoding="utf-8")
    return path


def _with_printer(shop: Shop) -> Shop:
    address = "tcp://127.0.0.1:1"
    shop.configuration.set(settings.PRINTER_ADDRESS, address, shop.books, actor=None)
    return shop


def _statement(shop: Shop) -> Path:
    shop.configuration.set(settings.MPESA_SHORTCODE, "174379", shop.books, actor=None)
    path = shop.directory / "statement.csv"
    path.write_text("Receipt No.,Completion Time,Paid In\n", encoding="utf-8")
    return path


def furnish(shop: Shop) -> None:
    """Give a shop all that the walk needs, the cashier signed in."""
    shop.goods.products.add(ProductForm(name="Rice", price_cents=200_00, code="RICE"), actor=None)
    shop.goods.suppliers.add(SupplierForm(name="Mill"), actor=None)
    shop.goods.prices.apply(
        shop.goods.prices.preview(ProductChoice(), MORE, actor=None), actor=None
    )
    take = shop.goods.taking.begin("Grain", actor=None)
    card = _card(shop)
    shop.goods.products.change(card, replace(card.form, category="Grain"), actor=None)
    shop.goods.taking.count(take.id, card.id, 0, actor=None)
    shop.customers.add(AKINYI, actor=None)
    shop.mail.contacts.add(AUDITOR, actor=None)
    shop.mail.templates.add(NEWS, actor=None)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    shop.exports.leave(WISH, actor=None)
    shop.importing.products(_catalogue_of_one(shop), actor=None)


def _catalogue_of_one(shop: Shop) -> Path:
    path = shop.directory / "first.csv"
    path.write_text("code,name,price\nTEA,Tea,80\n", encoding="utf-8")
    return path


AT_THE_TILL: dict[str, tuple[Permission, Act]] = {
    "Till.opening_shift": (
        Permission.RUN_SHIFT,
        lambda shop, _who: finish(shop.till.opening_shift(0)),
    ),
    "Till.sell": (Permission.SELL, lambda shop, _who: shop.till.sell("RICE")),
    "Till.sell_pack": (
        Permission.SELL,
        lambda shop, _who: shop.till.sell_pack(shop.catalogue.sold("RICE")),
    ),
    "Till.recalling": (
        Permission.SELL,
        lambda shop, _who: finish(shop.till.recalling("held")),
    ),
    "Till.sell_item": (Permission.SELL, lambda shop, _who: shop.till.sell_item(_item(shop))),
    "Till.set_quantity": (Permission.VOID, lambda shop, _who: shop.till.set_quantity(ONE)),
    "Till.one_less": (Permission.VOID, lambda shop, _who: shop.till.one_less()),
    "Till.discount_line": (
        Permission.DISCOUNT_OVER_CEILING,
        lambda shop, _who: shop.till.discount_line(50_00),
    ),
    "Till.discount_cart": (
        Permission.DISCOUNT_OVER_CEILING,
        lambda shop, _who: shop.till.discount_cart(50_00),
    ),
    "Till.set_price": (Permission.SET_PRICE, lambda shop, _who: shop.till.set_price(1)),
    "Till.void_line": (Permission.VOID, lambda shop, _who: shop.till.void_line()),
    "Till.clear": (Permission.VOID, lambda shop, _who: shop.till.clear()),
    "Till.take_back": (Permission.REFUND, lambda shop, _who: _take_back(shop)),
    "Till.take_back_item": (
        Permission.REFUND_WITHOUT_RECEIPT,
        lambda shop, _who: shop.till.take_back_item(_item(shop), ONE),
    ),
    "Till.keep_return": (Permission.SELL, lambda shop, _who: shop.till.keep_return(99)),
    "Till.set_customer": (Permission.SELL, lambda shop, _who: shop.till.set_customer(None)),
    "Till.holding": (Permission.SELL, lambda shop, _who: finish(shop.till.holding())),
    "Till.pay": (Permission.SELL, lambda shop, _who: shop.till.pay(shop.till.payment().cash(1_00))),
    "TodaysPrices.take": (Permission.SELL, lambda shop, _who: shop.desk.prices.take()),
    "Till.give_back": (Permission.VOID, lambda shop, _who: shop.till.give_back()),
    "Closing.x": (Permission.RUN_SHIFT, lambda shop, who: shop.closing.x(who)),
    "Closing.open_shift": (Permission.RUN_SHIFT, lambda shop, who: shop.closing.open_shift(who, 0)),
    "Closing.close_shift": (
        Permission.RUN_SHIFT,
        lambda shop, who: shop.closing.close_shift(who, 0),
    ),
    "Closing.close_shift of another": (
        Permission.CLOSE_OTHERS_SHIFT,
        lambda shop, who: shop.closing.close_shift(who, 0),
    ),
    "Closing.count_again": (
        Permission.RUN_SHIFT,
        lambda shop, who: shop.closing.count_again(who, 0),
    ),
    "Closing.move_cash": (
        Permission.RUN_SHIFT,
        lambda shop, who: shop.closing.move_cash(who, CashDirection.IN, 1_00, "change"),
    ),
    "Closing.open_drawer": (
        Permission.OPEN_DRAWER,
        lambda shop, who: shop.closing.open_drawer(who, "change"),
    ),
    "Closing.leave_till": (
        Permission.SETTINGS,
        lambda shop, who: shop.closing.leave_till(who),
    ),
    "Closing.check_may_close_day": (
        Permission.CLOSE_DAY,
        lambda shop, who: shop.closing.check_may_close_day(who),
    ),
    "Closing.z": (Permission.CLOSE_DAY, lambda shop, who: shop.closing.z(who)),
    "Closing.z a second time": (Permission.SECOND_Z, _z_again),
    "Selling.reprint": (
        Permission.REPRINT,
        lambda shop, who: shop.selling.reprint(None, who, shop.sign_in.named),
    ),
    "ReceiptMail.send": (
        Permission.REPRINT,
        lambda shop, who: shop.mail.receipts.send(None, "a@example.com", actor=who),
    ),
    "UnsettledPrints.again": (Permission.REPRINT, lambda shop, who: _print(shop, who, again=True)),
    "UnsettledPrints.settle": (
        Permission.REPRINT,
        lambda shop, who: _print(shop, who, again=False),
    ),
    "Accounts.check_credit": (
        Permission.CREDIT_OVER_LIMIT,
        lambda shop, who: shop.accounts.check_credit(_customer(shop).id, 1_00, who),
    ),
    "Returning.check_tender": (Permission.REFUND_OTHERWISE, _pay_back),
    "Returning.check_confirmed": (Permission.MPESA, _back_unconfirmed),
    "Cashbox.pay_on_account": (Permission.SELL, _pay_on_account),
    "Cashbox.sell_voucher": (Permission.SELL, _sell_voucher),
}
"""What is done at the till. The cart holds two bags of rice, and a receipt can be taken back."""

PEOPLE: dict[str, tuple[Permission, Act]] = {
    "Staffing.everybody": (Permission.STAFF, lambda shop, who: shop.staffing.everybody(actor=who)),
    "Staffing.add": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.add(
            login="otieno", name="Otieno", role=staff.CASHIER, pin="2222", actor=who
        ),
    ),
    "Staffing.rename": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.rename("cashier", "W", actor=who),
    ),
    "Staffing.give_role": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.give_role("cashier", "cashier", actor=who),
    ),
    "Staffing.set_pin": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.set_pin("cashier", "2222", actor=who),
    ),
    "Staffing.let_go": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.let_go("cashier", actor=who),
    ),
    "Staffing.take_back": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.take_back("cashier", actor=who),
    ),
    "Staffing.put_role": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.put_role(staff.CASHIER, actor=who),
    ),
    "Staffing.restore_role": (
        Permission.STAFF,
        lambda shop, who: shop.staffing.restore_role("cashier", actor=who),
    ),
    "Configuration.set": (
        Permission.SETTINGS,
        lambda shop, who: shop.configuration.set(
            settings.CASH_ROUNDING_CENTS, 500, shop.books, actor=who
        ),
    ),
    "Configuration.change": (
        Permission.SETTINGS,
        lambda shop, who: shop.configuration.change(
            [(settings.CASH_ROUNDING_CENTS, 500)], shop.books, actor=who
        ),
    ),
    "DeviceSetup.seen": (
        Permission.SETTINGS,
        lambda shop, who: shop.devices.setup.seen(actor=who),
    ),
    "DeviceSetup.look_around": (
        Permission.SETTINGS,
        lambda shop, who: shop.devices.setup.look_around(actor=who),
    ),
    "DeviceSetup.ask_anew": (
        Permission.SETTINGS,
        lambda shop, who: shop.devices.setup.ask_anew(actor=who),
    ),
    "DeviceSetup.change": (
        Permission.SETTINGS,
        lambda shop, who: shop.devices.setup.change(
            CounterKind.SCALE, [(settings.SCALE_ADDRESS, "serial:///dev/ttyUSB7")], actor=who
        ),
    ),
    "DeviceTrials.begin": (
        Permission.SETTINGS,
        lambda shop, who: _with_printer(shop).devices.trials.begin(CounterKind.PRINTER, actor=who),
    ),
    "DeviceTrials.begin to open the drawer": (
        Permission.OPEN_DRAWER,
        lambda shop, who: _with_printer(shop).devices.trials.begin(CounterKind.DRAWER, actor=who),
    ),
    "ReceiptLayouts.keep": (
        Permission.SETTINGS,
        lambda shop, who: shop.receipt_layouts.keep(shop.receipt_layouts.layout(), actor=who),
    ),
    "Customers.add": (Permission.CUSTOMERS, lambda shop, who: shop.customers.add(NEW, actor=who)),
    "Customers.history": (
        Permission.CUSTOMERS,
        lambda shop, who: shop.customers.history(_customer(shop).id, actor=who),
    ),
    "Customers.change": (
        Permission.CUSTOMERS,
        lambda shop, who: shop.customers.change(_customer(shop), NEW, actor=who),
    ),
    "Customers.consent": (
        Permission.CUSTOMERS,
        lambda shop, who: shop.customers.consent(_customer(shop), given=True, actor=who),
    ),
    "Customers.set_limit": (
        Permission.CUSTOMER_CREDIT,
        lambda shop, who: shop.customers.set_limit(_customer(shop), 1_00, actor=who),
    ),
    "Customers.export": (
        Permission.PERSONAL_DATA,
        lambda shop, who: shop.customers.export(_customer(shop), actor=who),
    ),
    "Customers.erase": (
        Permission.PERSONAL_DATA,
        lambda shop, who: shop.customers.erase(_customer(shop), actor=who),
    ),
    "Reporting.make": (Permission.REPORTS, lambda shop, who: shop.reporting.make("vat", actor=who)),
    "Reporting.behind": (
        Permission.REPORTS,
        lambda shop, who: shop.reporting.behind("vat", "B:1600", actor=who),
    ),
    "ReceiptPictures.picture": (
        Permission.REPORTS,
        lambda shop, who: shop.receipt_pictures.picture(
            shop.database.value("SELECT max(id) FROM sale"), actor=who
        ),
    ),
    "Reporting.choices": (
        Permission.REPORTS,
        lambda shop, who: shop.reporting.choices(By.CASHIER, actor=who),
    ),
    "Importing.products": (
        Permission.IMPORT,
        lambda shop, who: shop.importing.products(_catalogue(shop), actor=who),
    ),
    "Importing.undo": (Permission.IMPORT, lambda shop, who: shop.importing.undo(1, actor=who)),
    "ImportJobs.leave": (
        Permission.IMPORT,
        lambda shop, who: shop.import_jobs.leave(_catalogue(shop), actor=who),
    ),
    "Backups.make": (
        Permission.SETTINGS,
        lambda shop, who: shop.backups.make(shop.directory / "by-hand", actor=who),
    ),
    "Backups.leave": (Permission.SETTINGS, lambda shop, who: shop.backups.leave(actor=who)),
    "BackupChecking.leave": (
        Permission.SETTINGS,
        lambda shop, who: shop.backup_checking.leave(shop.directory / "any", actor=who),
    ),
    "Backups.prune": (Permission.SETTINGS, lambda shop, who: shop.backups.prune(actor=who)),
    "ImportJobs.leave_list": (
        Permission.IMPORT,
        lambda shop, who: shop.import_jobs.leave_list(
            _catalogue(shop), shop.directory / "errors.xlsx", actor=who
        ),
    ),
    "StatementImport.run": (
        Permission.IMPORT,
        lambda shop, who: shop.mpesa_statements.run(_statement(shop), actor=who),
    ),
    "StatementImport.leave": (
        Permission.IMPORT,
        lambda shop, who: shop.mpesa_statements.leave(_statement(shop), actor=who),
    ),
    "ImportJobs.leave_undo": (
        Permission.IMPORT,
        lambda shop, who: shop.import_jobs.leave_undo(1, actor=who),
    ),
    "PriceJobs.leave": (
        Permission.CATALOGUE,
        lambda shop, who: shop.price_jobs.leave(
            shop.goods.prices.preview(ProductChoice(), MORE, actor=None), actor=who
        ),
    ),
    "PriceJobs.leave_undo": (
        Permission.CATALOGUE,
        lambda shop, who: shop.price_jobs.leave_undo(1, actor=who),
    ),
    "JobsBoard.read": (
        Permission.JOBS,
        lambda shop, who: shop.queue.board.read(Look(part=Part.WORK), actor=who),
    ),
    "QueueDesk.pause": (
        Permission.JOBS,
        lambda shop, who: shop.queue.desk.pause("upkeep", actor=who),
    ),
    "QueueDesk.resume": (
        Permission.JOBS,
        lambda shop, who: shop.queue.desk.resume("upkeep", actor=who),
    ),
    "QueueDesk.clear": (
        Permission.JOBS,
        lambda shop, who: shop.queue.desk.clear("upkeep", actor=who),
    ),
    "QueueDesk.flush": (Permission.JOBS, lambda shop, who: shop.queue.desk.flush(actor=who)),
    "QueueDesk.prune": (Permission.JOBS, lambda shop, who: shop.queue.desk.prune(actor=who)),
    "QueueDesk.restart": (Permission.JOBS, lambda shop, who: shop.queue.desk.restart(actor=who)),
    "QueueDesk.retry_failed": (
        Permission.JOBS,
        lambda shop, who: shop.queue.desk.retry_failed(actor=who),
    ),
}

GOODS: dict[str, tuple[Permission, Act]] = {
    "ProductEditing.add": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.add(SOAP, actor=who),
    ),
    "ProductEditing.quick_add": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.quick_add("P1", "Soap", 50_00, actor=who),
    ),
    "ProductEditing.change": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.change(_card(shop), SOAP, actor=who),
    ),
    "ProductEditing.remove": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.products.remove(_card(shop, "TEA"), actor=who),
    ),
    "BulkPrices.preview": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.prices.preview(ProductChoice(), MORE, actor=who),
    ),
    "BulkPrices.apply": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.prices.apply(
            shop.goods.prices.preview(ProductChoice(), MORE, actor=None), actor=who
        ),
    ),
    "BulkPrices.undo": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.prices.undo(1, actor=who),
    ),
    "Suppliers.add": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.suppliers.add(SupplierForm(name="Maker"), actor=who),
    ),
    "Suppliers.change": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.suppliers.change(
            _supplier(shop), SupplierForm(name="Maker"), actor=who
        ),
    ),
    "Suppliers.remove": (
        Permission.CATALOGUE,
        lambda shop, who: shop.goods.suppliers.remove(_supplier(shop), actor=who),
    ),
    "Receiving.receive": (
        Permission.STOCK,
        lambda shop, who: shop.goods.receiving.receive(_delivery(shop), actor=who),
    ),
    "Receiving.give_back": (
        Permission.STOCK,
        lambda shop, who: shop.goods.receiving.give_back(_delivery(shop), actor=who),
    ),
    "StockCorrecting.correct": (
        Permission.STOCK,
        lambda shop, who: shop.goods.correcting.correct({_card(shop).id: ONE}, "found", actor=who),
    ),
    "StockTaking.begin": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.begin("Dairy", actor=who),
    ),
    "StockTaking.count": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.count(_take(shop), _card(shop).id, ONE, actor=who),
    ),
    "StockTaking.uncount": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.uncount(_take(shop), _card(shop).id, actor=who),
    ),
    "StockTaking.finish": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.finish(_take(shop), actor=who),
    ),
    "TakeJobs.end": (
        Permission.STOCK,
        lambda shop, who: shop.take_jobs.end(_take(shop), actor=who),
    ),
    "StockTaking.cancel": (
        Permission.STOCK,
        lambda shop, who: shop.goods.taking.cancel(_take(shop), actor=who),
    ),
    "OrderPrinting.print_list": (
        Permission.STOCK,
        lambda shop, who: shop.goods.orders.print_list([_card(shop)], actor=who),
    ),
    "LabelPrinting.print_slips": (
        Permission.STOCK,
        lambda shop, who: shop.goods.labels.print_slips(_wishes(shop), actor=who),
    ),
    "LabelJobs.leave": (
        Permission.STOCK,
        lambda shop, who: shop.label_jobs.leave(
            _wishes(shop), shop.directory / "labels.pdf", sheet="3x8", first=1, actor=who
        ),
    ),
    "LabelPrinting.check": (
        Permission.STOCK,
        lambda shop, who: shop.goods.labels.check(_wishes(shop), sheet="3x8", first=1, actor=who),
    ),
    "LabelPrinting.write_sheets": (
        Permission.STOCK,
        lambda shop, who: shop.goods.labels.write_sheets(
            _wishes(shop), shop.directory / "labels.pdf", actor=who
        ),
    ),
}


def _try_mpesa(shop: Shop, who: Person | None) -> None:
    shop.configuration.set(settings.MPESA_SHORTCODE, "", shop.books, actor=None)
    shop.mpesa.setup_check.try_all(actor=who)


def _reading(act: Callable[[PaymentList, Person | None], object]) -> Act:
    """Return an act of a shop whose number and keys are there."""

    def walked(shop: Shop, who: Person | None) -> None:
        shop.configuration.set(settings.MPESA_SHORTCODE, "174379", shop.books, actor=None)
        shop.mpesa.setup.put_keys(dict.fromkeys(MpesaKey, "key"), actor=None)
        act(shop.mpesa.payment_list, who)

    return walked


def _registering(act: Callable[[Registering, Person | None], object]) -> Act:
    """Return an act that goes as far as a network that is not there."""

    def walked(shop: Shop, who: Person | None) -> None:
        for setting, value in (
            (settings.MPESA_SHORTCODE, "174379"),
            (settings.MPESA_CALLBACK_URL, "https://relay.example"),
        ):
            shop.configuration.set(setting, value, shop.books, actor=None)
        shop.mpesa.setup.put_keys(dict.fromkeys(MpesaKey, "key"), actor=None)
        shop.mpesa.setup.ask_here("http://127.0.0.1:9")
        with suppress(NotSent):
            act(shop.mpesa.registering, who)

    return walked


def _take_code(shop: Shop, _who: Person) -> None:
    """Take a code that M-Pesa has told nothing of, for more than a cashier may."""
    shop.configuration.set(settings.MPESA_UNVERIFIED_CENTS, 0, shop.books, actor=None)
    finish(shop.mpesa_desk.by_code(do.PayMpesaCode("RKL51ZDR4F"), None))


def _tray(shop: Shop, *, is_confirmed: bool = True, state: MoneyState = MoneyState.SUSPENSE) -> str:
    """Put a payment into the tray; return its code."""
    at = to_stored(shop.clock.base.now())
    money = Money(
        receipt="RKL51ZDR4F",
        amount_cents=100_00,
        paid_at=at,
        short_code="174379",
        source=MoneySource.PULL,
        is_confirmed=is_confirmed,
        state=state,
        told_at=at,
        changed_at=at,
    )
    with shop.database.write():
        mpesa_money.put(shop.database, money)
    return money.receipt


def _late(shop: Shop, event: AttemptEvent, cart_id: Id | None = None) -> Id:
    """Keep an attempt of a cart that was sent ten minutes ago, and what happened then."""
    cart_id = cart_id or shop.books.new_id()
    at = to_stored(shop.clock.base.now()) - 600_000
    attempts, person = shop.mpesa.attempts, shop.sign_in.sign_in("cashier", "1111")
    attempt = attempts.begin(cart_id, 100_00, "254712345678", person)
    with shop.database.write():
        carts.put(
            shop.database,
            carts.StoredCart(cart_id, carts.HELD, "Amina", None, {}, at),
            till_id=shop.books.node.till_id,
        )
        mpesa_attempts.move(shop.database, attempt.id, AttemptEvent.SEND, at, {"sent_at": at})
        mpesa_attempts.move(shop.database, attempt.id, event, at)
    return attempt.id


def _let_reverse(shop: Shop) -> None:
    shop.configuration.set(settings.MPESA_SHORTCODE, "174379", shop.books, actor=None)
    url = "https://relay.example.com"
    shop.configuration.set(settings.MPESA_CALLBACK_URL, url, shop.books, actor=None)
    shop.mpesa.setup.put_keys(dict.fromkeys(MpesaKey, "key"), actor=None)


def _ask_back(shop: Shop, who: Person) -> None:
    _let_reverse(shop)
    shop.mpesa.reversals.ask(_tray(shop), actor=who)


def _attach_late(shop: Shop, who: Person) -> None:
    attempt_id = _late(shop, AttemptEvent.PAY_LATE)
    shop.mpesa.acts.attach_late(attempt_id, actor=who)


def _end_open(shop: Shop, _who: Person) -> None:
    """End the open cart's attempt, of which there has been no answer for ten minutes."""
    cart = shop.till.state.open_cart()
    assert cart is not None
    if not shop.mpesa.attempts.of_sale(cart.id):
        _late(shop, AttemptEvent.LOSE, cart.id)
    shop.mpesa_desk.ending(None)()


MPESA: dict[str, tuple[Permission, Act]] = {
    "Tray.to_do": (Permission.MPESA, lambda shop, who: shop.mpesa.tray.to_do(actor=who)),
    "Tray.since": (Permission.MPESA, lambda shop, who: shop.mpesa.tray.since(0, actor=who)),
    "TrayActs.attach": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.acts.attach(
            _tray(shop), shop.mpesa.acts.targets("RKL51ZDR4F")[0], actor=who
        ),
    ),
    "TrayActs.attach_late": (Permission.MPESA, _attach_late),
    "TrayActs.elsewhere": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.acts.elsewhere(_tray(shop), "rent", actor=who),
    ),
    "TrayActs.seen": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.acts.seen(_tray(shop, is_confirmed=False), actor=who),
    ),
    "TrayActs.missing": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.acts.missing(_tray(shop, is_confirmed=False), actor=who),
    ),
    "TrayActs.accept": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.acts.accept(_tray(shop, state=MoneyState.DIFFERS), actor=who),
    ),
    "Reversals.ask": (Permission.MPESA, _ask_back),
    "Reversals.went_back": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.reversals.went_back(_tray(shop), actor=who),
    ),
    "Reversals.stayed": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.reversals.stayed(
            _tray(shop, state=MoneyState.REFUND_ASKED), actor=who
        ),
    ),
    "MpesaDesk.ending": (Permission.MPESA, _end_open),
    "Overriding.override": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa.overriding.override(_late(shop, AttemptEvent.LOSE), actor=who),
    ),
    "MpesaBack.in_cash": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa_back.in_cash(_tray(shop), actor=who),
    ),
    "MpesaBack.in_credit": (
        Permission.MPESA,
        lambda shop, who: shop.mpesa_back.in_credit(_tray(shop), _customer(shop).id, actor=who),
    ),
}


MAIL: dict[str, tuple[Permission, Act]] = {
    "Contacts.add": (
        Permission.MAIL,
        lambda shop, who: shop.mail.contacts.add(
            ContactForm(name="Wanjiku", email="wanjiku@example.com"), actor=who
        ),
    ),
    "Contacts.change": (
        Permission.MAIL,
        lambda shop, who: shop.mail.contacts.change(_contact(shop), AUDITOR, actor=who),
    ),
    "Contacts.remove": (
        Permission.MAIL,
        lambda shop, who: shop.mail.contacts.remove(_contact(shop), actor=who),
    ),
    "MailTemplates.add": (
        Permission.MAIL,
        lambda shop, who: shop.mail.templates.add(replace(NEWS, name="Other"), actor=who),
    ),
    "MailTemplates.change": (
        Permission.MAIL,
        lambda shop, who: shop.mail.templates.change(
            shop.mail.templates.listed()[0], replace(NEWS, body="Again"), actor=who
        ),
    ),
    "MailTemplates.remove": (
        Permission.MAIL,
        lambda shop, who: shop.mail.templates.remove(shop.mail.templates.listed()[0], actor=who),
    ),
    "Mailing.preview": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.preview(LETTER, CONTACTS, actor=who),
    ),
    "Mailing.count": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.count(CONTACTS, actor=who),
    ),
    "Mailing.test": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.test(LETTER, CONTACTS, "me@example.com", actor=who),
    ),
    "Mailing.send": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.send(LETTER, CONTACTS, actor=who),
    ),
    "Mailing.listed": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.listed(10, actor=who),
    ),
    "Mailing.find": (Permission.MAIL, lambda shop, who: shop.mail.mailing.find(1, actor=who)),
    "Mailing.outcomes": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.outcomes(1, limit=10, actor=who),
    ),
    "Mailing.pause": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.pause(1, actor=who),
    ),
    "Mailing.resume": (Permission.MAIL, _resume),
    "Mailing.stop": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.stop(1, actor=who),
    ),
    "Mailing.retry": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.retry(1, actor=who),
    ),
    "Mailing.resend": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.resend(1, [1], actor=who),
    ),
    "Mailing.refuse": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.refuse("no@example.com", actor=who),
    ),
    "Mailing.allow": (
        Permission.MAIL,
        lambda shop, who: shop.mail.mailing.allow("no@example.com", actor=who),
    ),
    "FileMail.send_report": (
        Permission.MAIL,
        lambda shop, who: shop.mail.of_files.send_report(WISH, "VAT", "Auditor", actor=who),
    ),
    "FileMail.send_export": (
        Permission.MAIL,
        lambda shop, who: shop.mail.of_files.send_export(
            shop.exports.find(1), "a@example.com", actor=who
        ),
    ),
    "FileMail.send_report without reports": (
        Permission.REPORTS,
        lambda shop, who: shop.mail.of_files.send_report(WISH, "VAT", "Auditor", actor=who),
    ),
    "FileMail.send_export of people": (
        Permission.PERSONAL_DATA,
        lambda shop, who: shop.mail.of_files.send_export(
            _made_export(shop, "customers"), "a@example.com", actor=who
        ),
    ),
    "Mailing.send of people": (Permission.PERSONAL_DATA, _mail_people),
    "MailSetup.check": (Permission.SETTINGS, _check_mail),
    "MpesaSetup.put_keys": (
        Permission.SETTINGS,
        lambda shop, who: shop.mpesa.setup.put_keys({MpesaKey.PASSKEY: "p"}, actor=who),
    ),
    "MpesaSetup.put_reports_at": (
        Permission.SETTINGS,
        lambda shop, who: shop.mpesa.setup.put_reports_at("https://relay.example", actor=who),
    ),
    "PaymentList.read_soon": (
        Permission.MPESA,
        _reading(lambda one, who: one.read_soon(actor=who)),
    ),
    "MpesaSetupCheck.try_all": (Permission.SETTINGS, _try_mpesa),
    "Registering.register_all": (
        Permission.SETTINGS,
        _registering(lambda one, who: one.register_all("0722000000", actor=who)),
    ),
    "Registering.register_confirmations": (
        Permission.SETTINGS,
        _registering(lambda one, who: one.register_confirmations(actor=who)),
    ),
    "Registering.register_list": (
        Permission.SETTINGS,
        _registering(lambda one, who: one.register_list("0722000000", actor=who)),
    ),
    "MpesaDesk.by_code": (Permission.ACCEPT_UNVERIFIED, _take_code),
    "MailSetup.set_password": (
        Permission.SETTINGS,
        lambda shop, who: shop.mail.setup.set_password("secret", actor=who),
    ),
}

DOCTOR: dict[str, tuple[Permission, Act]] = {
    "Doctor.look": (
        Permission.SETTINGS,
        lambda shop, who: Doctor(shop.directory).look(["clock"], actor=who),
    ),
    "Doctor.pack": (
        Permission.SETTINGS,
        lambda shop, who: Doctor(shop.directory).pack(shop.directory / "support.zip", actor=who),
    ),
}
"""It stands beside the shop, so that it works without one."""

LICENCE: dict[str, tuple[Permission, Act]] = {
    "Subscription.overview": (
        Permission.SETTINGS,
        lambda shop, who: shop.licence.subscription.overview(actor=who),
    ),
    "Subscription.paid": (
        Permission.SETTINGS,
        lambda shop, who: shop.licence.subscription.paid(RECEIPT, 1_500_00, "monthly", actor=who),
    ),
    "Subscription.typed": (
        Permission.SETTINGS,
        lambda shop, who: shop.licence.subscription.typed(RECEIPT, "monthly", actor=who),
    ),
    "Subscription.again": (Permission.SETTINGS, _pay_again),
    "Subscription.keep": (Permission.SETTINGS, _keep_activation),
}

EXPORTS: dict[str, tuple[Permission, Act]] = {
    "Exports.leave": (
        Permission.REPORTS,
        lambda shop, who: shop.exports.leave(WISH, actor=who),
    ),
    "Exports.leave of people": (
        Permission.PERSONAL_DATA,
        lambda shop, who: shop.exports.leave(replace(WISH, what="customers"), actor=who),
    ),
    "Exports.again": (Permission.REPORTS, lambda shop, who: shop.exports.again(1, actor=who)),
    "Exports.file": (
        Permission.REPORTS,
        lambda shop, who: shop.exports.file(_made_export(shop), actor=who),
    ),
    "Exports.file of people": (
        Permission.PERSONAL_DATA,
        lambda shop, who: shop.exports.file(_made_export(shop, "customers"), actor=who),
    ),
    "Exports.copy": (Permission.REPORTS, _copy_export),
    "Exports.listed": (Permission.REPORTS, lambda shop, who: shop.exports.listed(9, actor=who)),
    "Exports.remove": (Permission.REPORTS, lambda shop, who: shop.exports.remove(1, actor=who)),
    "Exports.write": (
        Permission.REPORTS,
        lambda shop, who: shop.exports.write(
            WISH, shop.directory / "vat.csv", tell=lambda _rows: None, actor=who
        ),
    ),
}

SCHEDULES: dict[str, tuple[Permission, Act]] = {
    "Schedules.listed": (
        Permission.REPORTS,
        lambda shop, who: shop.schedules.people.listed(actor=who),
    ),
    "Schedules.find": (
        Permission.REPORTS,
        lambda shop, who: shop.schedules.people.find("prune", actor=who),
    ),
    "Schedules.change": (
        Permission.SETTINGS,
        lambda shop, who: shop.schedules.people.change(
            _schedule(shop), _schedule(shop).form, actor=who
        ),
    ),
    "Schedules.run": (
        Permission.JOBS,
        lambda shop, who: shop.schedules.people.run("prune", actor=who),
    ),
}

WALK = AT_THE_TILL | PEOPLE | GOODS | MAIL | MPESA | EXPORTS | SCHEDULES | LICENCE | DOCTOR

_FREE_FOR = {
    "whoever sells asks phones and takes what has come; the queue does the rest": (
        "PushQuery.ask_if_due",
        "PushQuery.look_after",
        "PushQuery.run",
        "AttemptAges.age",
        "AttemptAges.asked",
        "AttemptAges.is_known",
        "AttemptAges.now",
        "AttemptAges.sent",
        "AttemptAges.since_asked",
        "Attempts.abandon",
        "Attempts.ask_open",
        "Attempts.ask_told",
        "Attempts.answered",
        "Attempts.begin",
        "Attempts.end",
        "Attempts.find",
        "Attempts.keep_left",
        "Attempts.of_sale",
        "Attempts.pushed",
        "Attempts.start_sending",
        "Attempts.told_id",
        "Attempts.told_paid",
        "Attempts.unanswered",
        "DarajaLine.close",
        "DarajaLine.calls",
        "MoneyBook.look_for",
        "MoneyBook.settle_left",
        "MoneyBook.take_in",
        "MpesaDesk.ask",
        "MpesaDesk.asked_for",
        "MpesaDesk.begin",
        "MpesaDesk.taken",
        "MpesaDesk.unconfirmed",
        "MpesaSetup.key",
        "SalePayments.found_at_start",
        "Reversals.give_back_tenders",
        "SalePayments.let_go",
        "SalePayments.use_up",
        "PaymentList.rounds",
        "PaymentList.run",
        "Pushing.push",
        "QrCodes.make",
        "Reversals.give_back",
        "Reversing.run",
        "Reversing.tell_unanswered",
        "Reversing.told",
        "Tray.count",
        "Tray.item",
        "TrayActs.targets",
        "TrayBook.allow",
        "TrayBook.move",
        "TrayBook.find",
        "TrayBook.now",
        "TrayBook.tell",
        "TrayBook.tell_of",
        "CartWaits.asked_cents",
        "CartWaits.come",
        "CartWaits.come_for_held",
        "CartWaits.come_late",
        "CartWaits.is_open",
        "CartWaits.is_unconfirmed",
        "CartWaits.keep_waiting",
        "CartWaits.left_open",
        "CartWaits.known",
        "CartWaits.look",
        "CartWaits.offers",
        "CartWaits.open",
        "CartWaits.pick",
        "CartWaits.take_code",
        "CartWaits.was_asked",
    ),
    "the queue asks M-Pesa and the relay, and whoever sells waits for what they say": (
        "Claiming.decide",
        "Claiming.has",
        "Claiming.learn_taken",
        "Claiming.may_pick",
        "Claiming.run",
        "Claiming.tell_wait",
        "Claiming.wait_changed",
        "Claiming.want",
        "Confirming.hear",
        "Confirming.run",
        "MoneyBook.confirm_pushed",
        "DarajaLine.check_clock",
        "MpesaSetup.ask_here",
        "MpesaSetupCheck.relay",
        "MissingCodes.tell",
        "PayerForgetting.run",
        "PaymentList.read_from",
        "PaymentList.look_for",
        "RelayLine.close",
        "RelayLine.heard",
        "RelayLine.is_there",
        "RelayLine.knock",
        "RelayLine.lost",
        "RelayLine.reader",
        "RelayReading.interrupt",
        "RelayReading.read",
        "RelayReading.run",
        "ReportIntake.run",
    ),
    "one's own": (
        "Notifications.inbox",
        "Notifications.mark_all_read",
        "Notifications.mark_read",
        "Notifications.unread",
        "Staffing.speak",
    ),
    "everybody may come, leave, and be asked to approve": (
        "SignIn.approve",
        "SignIn.as_now",
        "SignIn.named",
        "SignIn.people",
        "SignIn.sign_in",
        "SignIn.sign_out",
        "Till.mind_who_stands_here",
        "Till.sign_in",
        "Till.signing_in",
        "Till.signing_out",
    ),
    "what is sold, and for how much, is on the shelf for all to read": (
        "Catalogue.as_now",
        "Catalogue.find",
        "Catalogue.in_stock",
        "Catalogue.item",
        "Catalogue.refresh_vocabulary",
        "Catalogue.search",
        "Catalogue.sold",
        "ReceiptLayouts.layout",
        "ReceiptLayouts.preview",
    ),
    "the sale asks: this is how it is worked out, kept, and shown at the till": (
        "Accounts.entries",
        "Customers.balance",
        "Customers.check_settled",
        "Customers.find",
        "Customers.get",
        "Customers.search",
        "HeldCarts.hold",
        "HeldCarts.held",
        "HeldCarts.keep_open",
        "HeldCarts.left_open",
        "HeldCarts.on_hold",
        "HeldCarts.put_aside",
        "HeldCarts.reopen",
        "Returning.card_of",
        "Returning.by_mpesa",
        "Returning.cash_before",
        "Returning.find",
        "Returning.last_receipts",
        "Returning.mirror",
        "Returning.still_back",
        "Returning.take",
        "Returning.take_without_receipt",
        "Returning.tenders",
        "Returning.whole_by_mpesa",
        "Selling.complete",
        "Selling.find",
        "Selling.papers_of",
        "Selling.price",
        "Till.change",
        "Till.keep",
        "Till.looking_for_shift",
        "Till.cost_of",
        "Till.payment",
        "Till.price",
        "Till.priced",
        "Till.record",
        "Till.resume",
        "Till.resuming",
        "Till.select",
        "Till.taking_back",
        "Vouchers.entries",
        "Vouchers.find",
        "Vouchers.is_known",
        "Vouchers.issued_by",
        "Vouchers.left",
        "Vouchers.new",
        "Vouchers.usable_cents",
    ),
    "it says how the shift stands, and no sum that a count should find": (
        "Closing.business_day",
        "Closing.current",
        "Closing.check_books",
        "Closing.counts_pieces",
        "Closing.judged",
        "Closing.sales_of",
        "Closing.too_much_cash",
    ),
    "each command is asked for where it is carried out": (
        "CommandDesk.approving",
        "CommandDesk.begin",
        "CommandDesk.execute",
        "CommandDesk.waiting_for",
    ),
    "a list behind the counter; what it leads to asks": (
        "Backups.listed",
        "Backups.places",
        "BulkPrices.is_running",
        "BulkPrices.latest",
        "ImportJobs.errors",
        "ImportJobs.first_errors",
        "ImportJobs.kept",
        "ImportJobs.run_list",
        "ImportJobs.run_undo",
        "ImportJobs.write_list",
        "BulkPrices.apply_in_job",
        "BulkPrices.undo_in_job",
        "Importing.changes",
        "Importing.undo_in_job",
        "LabelJobs.run",
        "PriceJobs.run",
        "PriceJobs.run_undo",
        "Importing.first_rows",
        "Importing.preview",
        "JobsBoard.glance",
        "JobsBoard.limits",
        "Contacts.listed",
        "MailTemplates.listed",
        "ProductEditing.bands",
        "ProductEditing.card",
        "ProductEditing.categories",
        "ProductEditing.count",
        "ProductEditing.listed",
        "ProductEditing.prices",
        "ProductEditing.repriced",
        "ProductEditing.with_code",
        "QueueDesk.check_queue",
        "QueueDesk.declared_queues",
        "QueueDesk.queues",
        "Receiving.latest",
        "Receiving.lines",
        "Staffing.roles",
        "StockCorrecting.corrections",
        "StockCorrecting.moves",
        "StockTaking.latest",
        "StockTaking.lines",
        "Suppliers.listed",
        "Suppliers.supplier",
        "UnsettledPrints.all",
        "UnsettledPrints.any_paper_waits",
        "UnsettledPrints.count",
        "UnsettledPrints.device",
        "UnsettledPrints.find",
        "UnsettledPrints.papers",
        "UnsettledPrints.pulses_failed",
    ),
    "the program itself: papers, jobs, clock and settings that were asked for elsewhere": (
        "BackupChecking.run",
        "Backups.run",
        "BookChecks.for_z",
        "BookChecks.leave",
        "BookChecks.run",
        "StockTaking.check_counts",
        "StockTaking.lines_that_hold",
        "TakeJobs.run",
        "ActivationLine.ask",
        "ActivationLine.close",
        "ActivationLine.is_there",
        "Activating.run",
        "ClockWatch.look",
        "ClockWatch.newest",
        "RoomWatch.look",
        "RoomWatch.words",
        "Subscription.checked",
        "Subscription.job_undone",
        "Subscription.line",
        "Subscription.put",
        "Subscription.standing",
        "Configuration.get",
        "Configuration.put",
        "Configuration.refresh",
        "Configuration.subscribe",
        "CustomerDisplayDesk.sentence",
        "CustomerDisplayDesk.show",
        "CustomerDisplayDesk.show_anew",
        "CustomerDisplayDesk.show_test",
        "CustomerDisplayDesk.start",
        "CustomerDisplayDesk.try_out",
        "ScaleDesk.ask_once",
        "ScaleDesk.reading",
        "ScaleDesk.sentence",
        "ScaleDesk.sold",
        "ScaleDesk.start",
        "ScaleDesk.weigh",
        "ScannerReader.start",
        "Exports.job_undone",
        "ImportJobs.run",
        "StatementImport.run_job",
        "Importing.products_in_job",
        "MailPost.job_undone",
        "Notifications.batch_over",
        "Notifications.leave",
        "Papers.day",
        "Papers.payment",
        "Papers.receipt",
        "Papers.shift",
        "Papers.voucher",
        "PrintQueue.announce",
        "PrintQueue.copies",
        "PrintQueue.device",
        "PrintQueue.drawer_hangs_on",
        "PrintQueue.open_drawer",
        "PrintQueue.paper",
        "PrintQueue.subscribe",
        "PrintRoom.devices",
        "PrintRoom.outcome",
        "PrintRoom.retry",
        "PrintRoom.start",
        "PrintRoom.state",
        "PrintRoom.stop",
        "PrintRoom.tell_to_stop",
        "PrintRoom.wait_for",
        "PrintRoom.wait_until_printed",
        "PrintRoom.wake",
        "Exports.find",
        "Exports.make",
        "Exports.prune",
        "FileMail.parties",
        "MailFiles.check",
        "MailFiles.check_size",
        "MailFiles.copy",
        "MailFiles.drop",
        "MailFiles.drop_one",
        "MailFiles.of",
        "MailFiles.place",
        "MailFiles.sweep",
        "MailOffice.check",
        "MailOffice.close",
        "MailOffice.is_there",
        "MailOffice.prepare",
        "MailPapers.make",
        "MailPapers.receipt",
        "MailPapers.receipt_text",
        "MailPapers.words",
        "MailPost.again",
        "MailPost.end",
        "MailPost.find",
        "MailPost.finish_stop",
        "MailPost.is_unfinished",
        "MailPost.leave",
        "MailPreparing.run",
        "MailSending.run",
        "MailSetup.changed",
        "MailSetup.password",
        "MailStops.finish",
        "MailStops.finish_all",
        "MailStops.is_unfinished",
        "ReceiptMail.offer",
        "ScheduleAlerts.tell",
        "ScheduleBook.everything",
        "ScheduleBook.find",
        "ScheduleBook.keep",
        "ScheduleBook.last_run",
        "ScheduleBook.rounds",
        "ScheduleBook.that_come",
        "ScheduleLetters.day",
        "ScheduleLetters.low_stock",
        "ScheduleLetters.week",
        "Schedules.meant",
        "ScheduleWatch.day_closed",
        "ScheduleWatch.job_ended",
    ),
}
FREE = {act: why for why, acts in _FREE_FOR.items() for act in acts}
"""The acts of the shop's services that ask for no permission, and why."""
ON_A_JOB = {f"QueueDesk.{name}" for name in ("cancel", "cancel_batch", "forget", "retry")}
"""Asked before the job is looked for: walked with a number that no job has."""
