"""Labels of products as they are priced now: as a PDF, and from the receipt printer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pos_hardware.document import Barcode, BarcodeKind, Cut, ReceiptDocument, Size, Text
from pos_queue.errors import JobCancelled
from pos_queue.premises import Terms

from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.ids import Id
from pos_desktop.domain.label import LabelWish
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.products.label_printing import LabelPrinting
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product, person, product_id
from tests.pos_desktop.documents.test_labels import codes, words
from tests.pos_desktop.services.products.test_price_jobs import AskedToEnd


@pytest.fixture
def labels(selling_shop: Shop) -> LabelPrinting:
    sugar = selling_shop.goods.products.with_code("SUGAR")
    assert sugar is not None
    form = replace(sugar.form, barcodes=("6161990000334",))
    selling_shop.goods.products.change(sugar, form, actor=None)
    return selling_shop.goods.labels


def wish(shop: Shop, code: str, copies: int = 1) -> LabelWish:
    return LabelWish(product_id=product_id(shop, code), copies=copies)


def test_a_sheet_of_labels_is_a_pdf(
    selling_shop: Shop, labels: LabelPrinting, tmp_path: Path
) -> None:
    manager, path = person(selling_shop, MANAGER), tmp_path / "labels.pdf"
    wishes = [wish(selling_shop, "SUGAR", 2), wish(selling_shop, "TOM")]
    assert labels.write_sheets(wishes, path, first=24, actor=manager) == 2
    text = words(path)
    assert text.count("KES 165.00") == 2
    assert "120.37 / kg" in text
    assert codes(path) == ["EAN-13:6161990000334"]


def test_what_cannot_be_is_told(selling_shop: Shop, labels: LabelPrinting, tmp_path: Path) -> None:
    sugar = wish(selling_shop, "SUGAR")
    path = tmp_path / "labels.pdf"
    with pytest.raises(Unavailable, match="cannot be written"):
        labels.write_sheets([sugar], tmp_path / "none" / "labels.pdf", actor=None)
    with pytest.raises(Refused, match="one of these sheets: 3x8"):
        labels.write_sheets([sugar], path, sheet="9x9", actor=None)
    with pytest.raises(Refused, match="has 24 labels"):
        labels.write_sheets([sugar], path, first=25, actor=None)
    for wishes in ([], [wish(selling_shop, "SUGAR", 0)], [wish(selling_shop, "SUGAR", 5_001)]):
        with pytest.raises(Refused, match="1 to 5,000 labels"):
            labels.write_sheets(wishes, path, actor=None)
    with pytest.raises(Refused, match="no longer sold"):
        labels.write_sheets([LabelWish(product_id=Id("0" * 32))], path, actor=None)
    with pytest.raises(Refused, match="1 to 100 labels"):
        labels.print_slips([wish(selling_shop, "SUGAR", 101)], actor=None)
    assert not path.exists()


def test_slips_come_from_the_receipt_printer(selling_shop: Shop, labels: LabelPrinting) -> None:
    add_product(selling_shop, "GRÖSSE", "Shoes", 999_00)
    codes = ("SUGAR", "TOM", "GRÖSSE")
    labels.print_slips([wish(selling_shop, code) for code in codes], actor=None)
    row = selling_shop.database.row("SELECT title, kind, body FROM print_job")
    assert row is not None
    assert (row["title"], row["kind"]) == ("3 labels", "label")
    blocks = ReceiptDocument.from_json(row["body"]).blocks
    slips: list[list[object]] = [[]]
    for block in blocks:
        slips[-1].append(block)
        if isinstance(block, Cut):
            slips.append([])
    sugar, tomatoes, shoes, rest = slips
    assert rest == []
    assert Barcode("6161990000334", BarcodeKind.EAN13) in sugar
    assert [block.text for block in sugar if isinstance(block, Text)] == [
        "Sugar 1 kg",
        "KES 165.00",
    ]
    assert any(isinstance(block, Text) and block.size is Size.DOUBLE for block in sugar)
    assert Barcode("TOM") in tomatoes
    assert [block.text for block in tomatoes if isinstance(block, Text)][-1] == "120.37 / kg"
    assert [block.text for block in shoes if isinstance(block, Text)][-1] == "GRÖSSE"


def test_a_cashier_may_not(selling_shop: Shop, labels: LabelPrinting, tmp_path: Path) -> None:
    cashier, path = person(selling_shop, CASHIER), tmp_path / "labels.pdf"
    with pytest.raises(NeedsApproval):
        labels.write_sheets([wish(selling_shop, "SUGAR")], path, actor=cashier)
    with pytest.raises(NeedsApproval):
        labels.print_slips([wish(selling_shop, "SUGAR")], actor=cashier)
    assert not path.exists()


def test_many_labels_are_drawn_by_a_job(
    selling_shop: Shop, labels: LabelPrinting, tmp_path: Path
) -> None:
    manager, path = person(selling_shop, MANAGER), tmp_path / "labels.pdf"
    wishes = [wish(selling_shop, "SUGAR", 60)]
    with pytest.raises(NeedsApproval):
        selling_shop.label_jobs.leave(
            wishes, path, sheet="3x8", first=1, actor=person(selling_shop, CASHIER)
        )
    with pytest.raises(Unavailable, match="cannot be written"):
        selling_shop.label_jobs.leave(
            wishes, tmp_path / "none" / "l.pdf", sheet="3x8", first=1, actor=manager
        )
    number = selling_shop.label_jobs.leave(wishes, path, sheet="3x8", first=24, actor=manager)
    gone = [LabelWish(product_id=Id("0" * 32))]
    failing = selling_shop.label_jobs.leave(gone, path, sheet="3x8", first=1, actor=manager)
    assert not path.exists()
    selling_shop.queue.runner(Terms(when_empty=True)).run()
    detail = selling_shop.queue.views.job(number)
    assert detail is not None
    assert detail.result == {"pages": 4, "path": str(path)}
    assert words(path).count("KES 165.00") == 60
    told = {one.job: one.text for one in selling_shop.queue.notifications.unread(manager)}
    assert told[number] == f"4 sheets of labels are in {path}"
    assert "no longer sold" in told[failing]


def test_drawing_labels_ends_where_that_is_asked_for(
    selling_shop: Shop, labels: LabelPrinting, tmp_path: Path
) -> None:
    job, path = AskedToEnd(selling_shop, 1), tmp_path / "labels.pdf"
    with pytest.raises(JobCancelled):
        selling_shop.label_jobs.run(
            job.context(), [[product_id(selling_shop, "SUGAR"), 100]], str(path), "3x8", 1
        )
    assert [*tmp_path.glob("*.pdf")] == []


class Watched(AskedToEnd):
    """Stands for a job of which it is kept how far it was."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop, 99)
        self.told: list[tuple[int, int | None]] = []

    def progress(self, done: int, total: int | None, _message: str) -> None:
        self.told.append((done, total))


@pytest.mark.parametrize(
    ("count", "sheet", "first", "pages"),
    [
        (24, "3x8", 1, 1),
        (24, "3x8", 2, 2),
        (23, "3x8", 2, 1),
        (1, "3x8", 24, 1),
        (2, "3x8", 24, 2),
        (25, "3x8", 24, 2),
        (26, "3x8", 24, 3),
        (9, "2x7", 5, 1),
        (14, "2x7", 14, 2),
    ],
)
def test_how_many_sheets_they_will_be_counts_the_labels_that_are_gone(
    selling_shop: Shop,
    labels: LabelPrinting,
    tmp_path: Path,
    count: int,
    sheet: str,
    first: int,
    pages: int,
) -> None:
    job, path = Watched(selling_shop), tmp_path / "labels.pdf"
    wishes = [[product_id(selling_shop, "SUGAR"), count]]
    result = selling_shop.label_jobs.run(job.context(), wishes, str(path), sheet, first)
    assert result["pages"] == pages
    assert {total for _done, total in job.told} == {pages}
    assert [*dict.fromkeys(done for done, _total in job.told)] == [*range(1, pages + 1)]
    assert words(path).count("KES 165.00") == count
