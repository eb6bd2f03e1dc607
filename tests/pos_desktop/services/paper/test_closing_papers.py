"""The X and the Z on paper: whose drawer, when, and every figure a manager adds up by hand."""

from __future__ import annotations

import re

import pytest
from pos_hardware.document import ReceiptDocument
from pos_hardware.rendering import render_text

from pos_desktop.domain.tender import TenderKind
from pos_desktop.services.paper.closing_reports import DayReport, ShiftReport
from pos_desktop.services.paper.papers import Papers
from pos_desktop.shop import Shop
from tests.pos_desktop.services.play import play

WIDTHS = (32, 42, 48)
"""Letters a line: 58 mm, and 80 mm in two makes."""


def paper(shop: Shop, report: object, columns: int = 48) -> str:
    """Return the paper of an X or a Z as text."""
    papers = Papers(shop.configuration)
    document: ReceiptDocument
    if isinstance(report, DayReport):
        document = papers.day(report, "77 0123456789abcdef")
    else:
        assert isinstance(report, ShiftReport)
        document = papers.shift(report)
    return render_text(document, columns)


def amounts(text: str, name: str) -> list[str]:
    """Return what stands to the right of a name, each time it occurs."""
    return re.findall(rf"^{re.escape(name)} {{2,}}(\S.*)$", text, re.MULTILINE)


@pytest.fixture
def day(demo_shop: Shop) -> DayReport:
    """A day with two shifts, one counted short, the other closed by the Z, and a sale on hold."""
    play(
        demo_shop,
        "at 2026-11-24T08:00:00",
        "shift open 1000",
        "P001",
        "pay cash",
        "cash out 50.50 transport",
        "at 2026-11-24T13:00:00",
        "shift close 1100",
        "at 2026-11-24T13:05:00",
        "logout",
        "login manager 1234",
        "shift open 2000",
        "P010",
        "pay cash 500",
        "cash in 300 change",
        "2*P001",
        "hold",
        "at 2026-11-24T20:00:00",
    )
    report = play(demo_shop, "z").report
    assert isinstance(report, DayReport)
    return report


def test_a_z_lists_every_shift_and_the_days_drawer(demo_shop: Shop, day: DayReport) -> None:
    text = paper(demo_shop, day)
    assert amounts(text, "Business day") == ["24/11/2026"]
    assert amounts(text, "Cashier") == ["Wanjiku", "Njeri"]
    assert amounts(text, "Opened") == ["24/11/2026 08:00:00", "24/11/2026 13:05:00"]
    assert amounts(text, "Closed") == [
        "24/11/2026 20:00:00",
        "24/11/2026 13:00:00",
        "24/11/2026 20:00:00",
    ]
    assert amounts(text, "Closed by") == ["Njeri"]
    assert amounts(text, "Float") == ["1,000.00", "2,000.00", "3,000.00"]
    assert amounts(text, "Cash taken out") == ["-50.50", "0.00", "-50.50"]
    assert amounts(text, "Cash put in") == ["0.00", "300.00", "300.00"]
    assert amounts(text, "Counted") == ["1,100.00", "not counted"]
    assert amounts(text, "Counted in 1 of 2") == ["1,100.00"]
    first, all_shifts = amounts(text, "Difference")
    assert first == all_shifts
    taken = amounts(text, "Cash taken")
    assert amounts(text, "Cash (2)") == taken[-1:]


def test_the_days_drawer_takes_what_the_cash_tenders_say(day: DayReport) -> None:
    (cash,) = [one for one in day.figures.tenders if one.kind is TenderKind.CASH]
    assert day.drawer.taken_cents - day.drawer.refunded_cents == cash.amount_cents
    assert day.drawer.expected_cents == sum(one.drawer.expected_cents for one in day.shifts)


def test_a_z_says_which_receipts_and_what_waits(demo_shop: Shop, day: DayReport) -> None:
    text = paper(demo_shop, day)
    assert amounts(text, "Receipts") == ["2"]
    assert amounts(text, "First receipt") == ["T1-000001"]
    assert amounts(text, "Last receipt") == ["T1-000002"]
    price = demo_shop.catalogue.item("P001").price_cents
    assert day.on_hold.amount_cents == 2 * price
    assert len(amounts(text, "Sales on hold (1)")) == 1
    assert "count nowhere" in text
    plain = day.as_json()
    assert plain["on_hold"] == {"count": 1, "amount_cents": 2 * price}
    assert [shift["cashier"] for shift in plain["shifts"]] == ["Wanjiku", "Njeri"]
    assert plain["receipts"] == {"count": 2, "first": "T1-000001", "last": "T1-000002"}


def test_a_z_after_every_shift_was_closed_still_gives_the_drawer(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash", "shift close 2165")
    report = play(selling_shop, "z").report
    text = paper(selling_shop, report)
    assert amounts(text, "Expected in drawer") == ["2,165.00"]
    assert amounts(text, "Difference") == ["0.00"]
    assert "ALL" not in text


def test_the_next_z_does_not_list_the_shifts_of_the_last(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash", "z", "logout", "login manager 1234")
    second = play(selling_shop, "z").report
    assert isinstance(second, DayReport)
    assert second.shifts == ()
    text = paper(selling_shop, second)
    assert amounts(text, "Receipts") == ["0"]
    assert "No shift was opened" in text
    assert amounts(text, "Sales on hold (0)") == ["0.00"]


def test_an_x_says_who_since_when_and_when_it_was_printed(demo_shop: Shop) -> None:
    play(demo_shop, "at 2026-11-24T08:00:00", "shift open 500", "at 2026-11-24T10:30:00")
    text = paper(demo_shop, play(demo_shop, "x").report)
    assert amounts(text, "Cashier") == ["Wanjiku"]
    assert amounts(text, "Opened") == ["24/11/2026 08:00:00"]
    assert amounts(text, "Printed") == ["24/11/2026 10:30:00"]
    assert "Counted" not in text


def test_the_x_of_who_counts_yet_does_not_say_what_should_be_found(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash", "cash in 35 change", "x")
    play(selling_shop, "logout", "login manager 1234", "x")
    sql = "SELECT body FROM print_job WHERE kind = 'x' ORDER BY id"
    cashiers, managers = [
        render_text(ReceiptDocument.from_json(row["body"]), 48)
        for row in selling_shop.database.rows(sql)
    ]
    assert amounts(managers, "Expected in drawer") == ["2,200.00"]
    assert amounts(cashiers, "Expected in drawer") == []
    assert amounts(cashiers, "Cash taken") == []
    assert amounts(cashiers, "Float") == ["2,000.00"]


@pytest.mark.parametrize("columns", WIDTHS)
def test_the_table_of_taxes_has_a_line_for_each_band(
    demo_shop: Shop, day: DayReport, columns: int
) -> None:
    lines = paper(demo_shop, day, columns).splitlines()
    head = next(line for line in lines if line.startswith("Tax"))
    assert head.split() == ["Tax", "Net", "VAT", "Gross"]
    below = lines[lines.index(head) + 1]
    assert below.startswith("A 0%")
    assert len(below) == len(head)


@pytest.mark.parametrize("columns", WIDTHS)
def test_both_fit_the_paper(demo_shop: Shop, day: DayReport, columns: int) -> None:
    for report in (day, day.shifts[0]):
        lines = paper(demo_shop, report, columns).splitlines()
        assert max(map(len, lines)) <= columns
        assert not [line for line in lines if re.fullmatch(r" +[\d.,:/-]+", line)]
