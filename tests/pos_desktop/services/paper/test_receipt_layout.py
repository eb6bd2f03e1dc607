"""The layout of receipts: seen before it is kept, and on the next paper."""

from __future__ import annotations

import io
from dataclasses import replace

import PIL.Image
import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.services.paper.receipt_layout import ReceiptLayout, logo_of
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.shop import Shop
from tests.pos_desktop.conftest import CASHIER, person
from tests.pos_desktop.services.play import play


def _logo() -> bytes:
    out = io.BytesIO()
    PIL.Image.new("RGB", (300, 100), "black").save(out, "PNG")
    return logo_of(out.getvalue())


def _layout(logo: bytes | None = None, paper_mm: int = 80) -> ReceiptLayout:
    return ReceiptLayout(
        header="Open daily|0712 345678", footer="Karibu tena", paper_mm=paper_mm, logo=logo
    )


def _size(png: bytes) -> tuple[int, int]:
    return PIL.Image.open(io.BytesIO(png)).size


def test_the_preview_shows_what_is_not_kept_yet(shop: Shop) -> None:
    layouts = shop.receipt_layouts
    wide, narrow = layouts.preview(_layout()), layouts.preview(_layout(paper_mm=58))
    assert _size(wide)[0] > _size(narrow)[0]
    assert _size(layouts.preview(_layout(_logo())))[1] >= _size(wide)[1] + 100
    assert layouts.layout().header == ""


def test_what_is_kept_stands_on_the_next_receipt_and_the_logo_on_paper(
    selling_shop: Shop,
) -> None:
    shop = selling_shop
    shop.receipt_layouts.keep(_layout(_logo()), actor=None)
    assert shop.receipt_layouts.layout() == _layout(_logo())
    play(shop, "MILK", "pay cash", "x")
    body = str(shop.database.value("SELECT body FROM print_job WHERE kind = 'receipt'"))
    assert "Open daily" in body
    assert "Karibu tena" in body
    assert '"image"' not in body
    jobs = shop.print_room.jobs
    contents = [jobs.for_device(job).content for job in shop.unsettled_prints.all()]
    assert ['"image"' in content for content in contents if content] == [False, True, False]


def test_only_who_may_change_settings_changes_it(shop: Shop) -> None:
    with pytest.raises(NeedsApproval):
        shop.receipt_layouts.keep(_layout(), actor=person(shop, CASHIER))


def test_a_file_that_is_no_picture_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refused, match="PNG or JPEG"):
        logo_of(b"nothing")


def test_a_layout_that_stays_as_it_is_makes_no_entry(shop: Shop) -> None:
    shop.receipt_layouts.keep(_layout(), actor=None)
    entries = shop.database.value("SELECT count(*) FROM journal")
    shop.receipt_layouts.keep(_layout(), actor=None)
    assert shop.database.value("SELECT count(*) FROM journal") == entries


def test_a_text_that_cannot_be_kept_is_not_shown_either(shop: Shop) -> None:
    layout = shop.receipt_layouts.layout()
    for wrong in (replace(layout, header="x" * 100_000), replace(layout, footer="\ud83d")):
        with pytest.raises(Refused, match="it takes"):
            shop.receipt_layouts.preview(wrong)
