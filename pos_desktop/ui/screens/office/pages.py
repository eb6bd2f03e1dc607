"""Every page behind the counter, once: its name in the menu, and what makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _
from pos_desktop.shop import Shop
from pos_desktop.ui.screens.office.office import Office
from pos_desktop.ui.screens.office.page import OfficePage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """A page as the menu knows it. It is made when it is first opened: the start stays short."""

    name: str
    title: Callable[[], str]
    note: Callable[[], str]
    make: Callable[[Office], OfficePage]
    permission: Permission | None = None
    """What one must be allowed to open it; None: whoever is signed in may."""
    to_do: Callable[[Shop], int] | None = None
    """How much waits there for a person, by indexed look-ups alone; it is read on the lane."""
    part_of: str = ""
    """The page from which it is opened, and to which it gives way; the menu has no tile of it."""


def page_entries() -> tuple[PageEntry, ...]:
    """Return the pages in the order of the menu."""
    return (
        *_goods_pages(),
        *_stock_pages(),
        *_people_pages(),
        *_report_pages(),
        *_mail_pages(),
        *_shop_pages(),
        *_keeping_pages(),
    )


def _goods_pages() -> tuple[PageEntry, ...]:
    """Return the pages about what is sold, and from whom it comes."""
    return (
        PageEntry(
            name="catalogue",
            title=lambda: _("Catalogue"),
            note=lambda: _("Products, codes, prices"),
            make=_catalogue,
            permission=Permission.CATALOGUE,
        ),
        PageEntry(
            name="prices",
            title=lambda: _("Change prices"),
            note=lambda: _("Many at once, and back"),
            make=_prices,
            permission=Permission.CATALOGUE,
        ),
        PageEntry(
            name="import",
            title=lambda: _("Import"),
            note=lambda: _("Products from a table, and back"),
            make=_import,
            permission=Permission.IMPORT,
        ),
        PageEntry(
            name="suppliers",
            title=lambda: _("Suppliers"),
            note=lambda: _("From whom the shop buys"),
            make=_suppliers,
            permission=Permission.CATALOGUE,
        ),
    )


def _stock_pages() -> tuple[PageEntry, ...]:
    """Return the pages about what is on the shelf."""
    return (
        PageEntry(
            name="receive",
            title=lambda: _("Receive goods"),
            note=lambda: _("What comes, and what goes back"),
            make=_receive,
            permission=Permission.STOCK,
        ),
        PageEntry(
            name="low",
            title=lambda: _("Low stock"),
            note=lambda: _("What to order, and from whom"),
            make=_low,
            permission=Permission.STOCK,
        ),
        PageEntry(
            name="correct",
            title=lambda: _("Correct stock"),
            note=lambda: _("Broken, gone, found"),
            make=_correct,
            permission=Permission.STOCK,
        ),
        PageEntry(
            name="take",
            title=lambda: _("Stock take"),
            note=lambda: _("Count the shop, or a part of it"),
            make=_take,
            permission=Permission.STOCK,
        ),
        PageEntry(
            name="labels",
            title=lambda: _("Labels"),
            note=lambda: _("Prices for the shelf"),
            make=_labels,
            permission=Permission.STOCK,
        ),
    )


def _people_pages() -> tuple[PageEntry, ...]:
    """Return the pages about who buys and who works here."""
    return (
        PageEntry(
            name="customers",
            title=lambda: _("Customers"),
            note=lambda: _("Accounts, credit, personal data"),
            make=_customers,
            permission=Permission.CUSTOMERS,
        ),
        PageEntry(
            name="staff",
            title=lambda: _("Staff"),
            note=lambda: _("People, roles and PINs"),
            make=_staff,
            permission=Permission.STAFF,
        ),
        PageEntry(
            name="roles",
            title=lambda: _("Roles"),
            note=lambda: _("Who may do what"),
            make=_roles,
            permission=Permission.STAFF,
        ),
    )


def _report_pages() -> tuple[PageEntry, ...]:
    """Return the pages about what was sold and earned."""
    return (
        PageEntry(
            name="reports",
            title=lambda: _("Reports"),
            note=lambda: _("What was sold, earned and owed"),
            make=_reports,
            permission=Permission.REPORTS,
        ),
        PageEntry(
            name="mpesa",
            title=lambda: _("M-Pesa"),
            note=lambda: _("Payments without a sale"),
            make=_mpesa,
            permission=Permission.MPESA,
            to_do=lambda shop: shop.mpesa.tray.count(),
        ),
        PageEntry(
            name="files",
            title=lambda: _("Files"),
            note=lambda: _("Reports and lists to take away"),
            make=_files,
            permission=Permission.REPORTS,
        ),
    )


def _mail_pages() -> tuple[PageEntry, ...]:
    """Return the pages about mail; most of them are opened from the first."""
    return (
        PageEntry(
            name="mail",
            title=lambda: _("E-mail"),
            note=lambda: _("Write to many, and what became of it"),
            make=_mail,
            permission=Permission.MAIL,
        ),
        PageEntry(
            name="mail_write",
            title=lambda: _("Write to many"),
            note=lambda: _("Customers, suppliers, the address book"),
            make=_mail_write,
            permission=Permission.MAIL,
            part_of="mail",
        ),
        PageEntry(
            name="contacts",
            title=lambda: _("Address book"),
            note=lambda: _("Branches, accountants, owners"),
            make=_contacts,
            permission=Permission.MAIL,
            part_of="mail",
        ),
        PageEntry(
            name="mail_templates",
            title=lambda: _("Templates"),
            note=lambda: _("Words that are used again"),
            make=_mail_templates,
            permission=Permission.MAIL,
            part_of="mail",
        ),
        PageEntry(
            name="mail_refusals",
            title=lambda: _("No more mail"),
            note=lambda: _("Addresses that want no mailing"),
            make=_mail_refusals,
            permission=Permission.MAIL,
            part_of="mail",
        ),
        PageEntry(
            name="mail_setup",
            title=lambda: _("Mail setup"),
            note=lambda: _("The server by which mail goes out"),
            make=_mail_setup,
            permission=Permission.SETTINGS,
        ),
    )


def _shop_pages() -> tuple[PageEntry, ...]:
    """Return the pages about the shop and its till."""
    return (
        PageEntry(
            name="schedules",
            title=lambda: _("By itself"),
            note=lambda: _("Reports and alerts by mail"),
            make=_schedules,
            permission=Permission.REPORTS,
        ),
        PageEntry(
            name="mpesa_setup",
            title=lambda: _("M-Pesa setup"),
            note=lambda: _("Number, keys, and a test of them"),
            make=_mpesa_setup,
            permission=Permission.SETTINGS,
        ),
        PageEntry(
            name="receipt",
            title=lambda: _("Receipt"),
            note=lambda: _("Logo, header, footer, paper"),
            make=_receipt,
            permission=Permission.SETTINGS,
        ),
        PageEntry(
            name="subscription",
            title=lambda: _("Subscription"),
            note=lambda: _("To this program: paid until, pay"),
            make=_subscription,
            permission=Permission.SETTINGS,
        ),
    )


def _keeping_pages() -> tuple[PageEntry, ...]:
    """Return the pages about what keeps the shop going."""
    return (
        PageEntry(
            name="backups",
            title=lambda: _("Backups"),
            note=lambda: _("Make, check, where they go"),
            make=_backups,
            permission=Permission.SETTINGS,
        ),
        PageEntry(
            name="devices",
            title=lambda: _("Devices"),
            note=lambda: _("Printer, drawer, scanner, scale"),
            make=_devices,
            permission=Permission.SETTINGS,
        ),
        PageEntry(
            name="doctor",
            title=lambda: _("Doctor"),
            note=lambda: _("What is broken, and what to do"),
            make=_doctor,
            permission=Permission.SETTINGS,
        ),
        PageEntry(
            name="training",
            title=lambda: _("Training"),
            note=lambda: _("Practise without selling"),
            make=_training,
            permission=Permission.TRAINING,
        ),
    )


def _catalogue(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.catalogue.catalogue_page import CataloguePage

    return CataloguePage(office)


def _prices(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.catalogue.prices_page import PricesPage

    return PricesPage(office)


def _import(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.catalogue.import_page import ImportPage

    return ImportPage(office)


def _suppliers(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.stock.suppliers_page import SuppliersPage

    return SuppliersPage(office)


def _receive(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.stock.receive_page import ReceivePage

    return ReceivePage(office)


def _low(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.stock.low_page import LowPage

    return LowPage(office)


def _correct(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.stock.correct_page import CorrectPage

    return CorrectPage(office)


def _take(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.stock.take_page import TakePage

    return TakePage(office)


def _labels(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.stock.labels_page import LabelsPage

    return LabelsPage(office)


def _reports(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.reports.reports_page import ReportsPage

    return ReportsPage(office)


def _mpesa(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mpesa.tray_page import TrayPage

    return TrayPage(office)


def _receipt(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.layout_page import LayoutPage

    return LayoutPage(office)


def _files(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.exports.exports_page import ExportsPage

    return ExportsPage(office)


def _schedules(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.schedules.schedules_page import SchedulesPage

    return SchedulesPage(office)


def _training(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.training_page import TrainingPage

    return TrainingPage(office)


def _backups(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.backups.backups_page import BackupsPage

    return BackupsPage(office)


def _devices(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.devices.devices_page import DevicesPage

    return DevicesPage(office)


def _doctor(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.doctor.doctor_page import DoctorPage

    return DoctorPage(office)


def _subscription(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.licence.subscription_page import SubscriptionPage

    return SubscriptionPage(office)


def _customers(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.customers_page import CustomersPage

    return CustomersPage(office)


def _staff(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.staff_page import StaffPage

    return StaffPage(office)


def _roles(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.office.roles_page import RolesPage

    return RolesPage(office)


def _mail(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mail.mail_page import MailPage

    return MailPage(office)


def _mail_write(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mail.write_page import WritePage

    return WritePage(office)


def _contacts(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mail.contacts_page import ContactsPage

    return ContactsPage(office)


def _mail_templates(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mail.templates_page import TemplatesPage

    return TemplatesPage(office)


def _mail_refusals(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mail.refusal_page import RefusalPage

    return RefusalPage(office)


def _mpesa_setup(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mpesa.mpesa_setup_page import MpesaSetupPage

    return MpesaSetupPage(office)


def _mail_setup(office: Office) -> OfficePage:
    from pos_desktop.ui.screens.mail.mail_setup_page import MailSetupPage

    return MailSetupPage(office)
