"""Papers and drawer pulses on their way to a device: queued with what they belong to."""

from __future__ import annotations

from pos_hardware.document import KickDrawer, ReceiptDocument

from pos_desktop.domain.ids import Id
from pos_desktop.storage import print_jobs
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.print_jobs import PrintJob

RECEIPT_PRINTER = "receipt"
"""The name of the device that prints receipts; its address is a setting of the machine."""

DRAWER_KIND = "drawer"
RECEIPT_KIND = "receipt"
SHIFT_KIND = "x"
DAY_KIND = "z"


class PrintQueue:
    """Puts papers into the queue inside the transaction that the caller holds."""

    def __init__(self, database: ShopDatabase, books: Books) -> None:
        self._database = database
        self._books = books

    def paper(
        self,
        kind: str,
        title: str,
        document: ReceiptDocument,
        *,
        fact_id: Id | None = None,
        copy: bool = False,
    ) -> None:
        """Queue a paper for the receipt printer."""
        at = to_stored(self._books.now())
        job = PrintJob(
            id=self._books.new_id(),
            device=RECEIPT_PRINTER,
            kind=kind,
            title=title,
            body=document.to_json(),
            copy=copy,
            fact_id=fact_id,
            created_at=at,
            changed_at=at,
        )
        print_jobs.add(self._database, job)

    def drawer(self, title: str, *, fact_id: Id | None = None) -> None:
        """Queue the opening of the cash drawer; it goes before waiting paper."""
        document = ReceiptDocument((KickDrawer(),))
        self.paper(DRAWER_KIND, title, document, fact_id=fact_id)
