"""The demo shop: staff, goods and a virtual printer to try everything out with."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from pos_hardware.transports.addresses import virtual_address

from pos_desktop import settings
from pos_desktop.domain.staff import CASHIER
from pos_desktop.domain.text import _
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.imports.importing import Importing
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey, MpesaSetup
from pos_desktop.services.people.staffing import Staffing
from pos_desktop.storage.books import Books

DEMO_NAME = "Duka la Mama Njeri"
DEMO_KRA_PIN = "P051234567X"
MANAGER_LOGIN = "manager"
MANAGER_PIN = "1234"
CASHIER_LOGIN = "cashier"
CASHIER_PIN = "1111"
MPESA_KEY = "demo"
"""What all keys of the demo's M-Pesa are, which is a simulator."""
DEMO_CALLBACK = "https://demo.example"
"""The address of its answers, by which a demo shop is known whose settings are lost."""
_MPESA_KEYS = (
    MpesaKey.CONSUMER_KEY,
    MpesaKey.CONSUMER_SECRET,
    MpesaKey.PASSKEY,
    MpesaKey.RELAY_PATH,
)


def fill_demo_shop(
    *,
    staffing: Staffing,
    importing: Importing,
    configuration: Configuration,
    books: Books,
    mpesa: MpesaSetup,
    prints: Path,
) -> None:
    """Add the demo cashier, the sample catalogue and a printer that leaves pictures in a folder.

    M-Pesa is that of a simulator, which the window runs.
    """
    staffing.add(login=CASHIER_LOGIN, name="Wanjiku", role=CASHIER, pin=CASHIER_PIN, actor=None)
    values = (
        (settings.PRINTER_ADDRESS, virtual_address(prints.absolute())),
        (settings.SHOP_ADDRESS, "Tom Mboya Street|Nairobi"),
        (settings.MPESA_KIND, "paybill"),
        (settings.MPESA_SHORTCODE, "174379"),
        (settings.MPESA_CALLBACK_URL, DEMO_CALLBACK),
        (settings.RECEIPT_FOOTER, _("Thank you. Karibu tena!")),
    )
    for setting, value in values:
        configuration.set(setting, value, books, actor=None)
    mpesa.put_keys(dict.fromkeys(_MPESA_KEYS, MPESA_KEY), actor=None)
    with as_file(files("pos_resources.sample") / "catalogue.csv") as catalogue:
        importing.products(catalogue, actor=None)
