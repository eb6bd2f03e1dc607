"""Papers and drawer pulses on their way to a device: queued with what they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pos_hardware.document import KickDrawer, ReceiptDocument

from pos_desktop import settings
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.ids import Id
from pos_desktop.services.configuration import Configuration
from pos_desktop.settings import Setting
from pos_desktop.storage import print_jobs
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.print_jobs import StoredPrint

RECEIPT_PRINTER = "receipt"
"""The device that prints receipts; its address is a setting of the machine."""
DRAWER_DEVICE = "drawer"
"""A drawer on a line of its own; one on the printer has no device of its own."""

DRAWER_KIND = "drawer"
"""A job that opens the drawer, on whichever device it hangs."""
RECEIPT_KIND = "receipt"
VOUCHER_KIND = "voucher"
PAYMENT_KIND = "payment"
SHIFT_KIND = "x"
DAY_KIND = "z"
TEST_KIND = "test"
LABEL_KIND = "label"
ORDER_KIND = "order"


@dataclass(frozen=True, slots=True)
class Device:
    """A device as people know it: what it is, and where the settings look for it."""

    name: str = RECEIPT_PRINTER
    address: str = ""
    """Empty where the settings name none."""

    @property
    def setting(self) -> str:
        """The key of the setting with its address."""
        return _address_of(self.name).key


class PrintQueue:
    """Puts papers into the queue inside the transaction that the caller holds."""

    def __init__(
        self, database: ShopDatabase, books: Books, configuration: Configuration, clock: Clock
    ) -> None:
        """Take the machine's `clock`: how old a job is no replay of the till's clock moves."""
        self._database = database
        self._books = books
        self._clock = clock
        self._configuration = configuration
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call a listener whenever papers were committed, in the thread that committed them."""
        self._listeners.append(listener)

    def paper(
        self,
        kind: str,
        title: str,
        document: ReceiptDocument,
        *,
        fact_id: Id | None = None,
        copy: bool = False,
    ) -> Id:
        """Queue a paper for the receipt printer; return the id of its job."""
        return self._add(RECEIPT_PRINTER, kind, title, document, fact_id=fact_id, copy=copy)

    def copies(self, fact_id: Id) -> int:
        """Return how many papers of a fact were marked as copies."""
        return print_jobs.count_copies(self._database, fact_id)

    def open_drawer(self, title: str, *, device: str = "", fact_id: Id | None = None) -> Id | None:
        """Queue the opening of the cash drawer; it goes before waiting paper.

        While somebody trains it stays shut, and there is no job: None. `device` is what the drawer
        hangs on where that is not the one of the settings.
        """
        if self._configuration.get(settings.SHOP_TRAINING):
            return None
        device = device or self.drawer_hangs_on()
        document = ReceiptDocument((KickDrawer(),))
        return self._add(device, DRAWER_KIND, title, document, fact_id=fact_id, copy=False)

    def drawer_hangs_on(self) -> str:
        """Return the device that opens the drawer: a line of its own, else the printer."""
        on_its_own = self._configuration.get(settings.DRAWER_ADDRESS)
        return DRAWER_DEVICE if on_its_own else RECEIPT_PRINTER

    def device(self, name: str) -> Device:
        """Return the device of this name as the settings have it now."""
        return Device(name, self._configuration.get(_address_of(name)))

    def announce(self) -> None:
        """Tell the listeners that papers were committed."""
        for listener in self._listeners:
            listener()

    def _add(
        self,
        device: str,
        kind: str,
        title: str,
        document: ReceiptDocument,
        *,
        fact_id: Id | None,
        copy: bool,
    ) -> Id:
        at = to_stored(self._clock.now())
        job = StoredPrint(
            id=self._books.new_id(),
            device=device,
            kind=kind,
            title=title,
            body=document.to_json(),
            copy=copy,
            fact_id=fact_id,
            created_at=at,
            changed_at=at,
        )
        print_jobs.add(self._database, job)
        self._database.after_commit(self.announce)
        return job.id


def _address_of(device: str) -> Setting[str]:
    return settings.DRAWER_ADDRESS if device == DRAWER_DEVICE else settings.PRINTER_ADDRESS
