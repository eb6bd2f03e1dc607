"""What stands on an X and a Z: whose drawer, what came in, and what should lie in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from pos_hardware.document import Align, Block, Cut, ReceiptDocument, Rule, Text

from pos_desktop.domain.controlled_acts import Act
from pos_desktop.domain.figures import Figures
from pos_desktop.domain.money import Cents, format_amount
from pos_desktop.domain.shift import Drawer
from pos_desktop.domain.text import _
from pos_desktop.services.paper.closing_reports import (
    BooksFound,
    DayReport,
    NamedAct,
    ShiftReport,
    WholeCheck,
)
from pos_desktop.services.paper.paper_parts import (
    Letterhead,
    bands,
    heading,
    pair,
    tender_name,
)
from pos_desktop.services.shown_dates import shown_day, shown_moment


def shift_paper(
    report: ShiftReport, head: Letterhead, zone: ZoneInfo, *, blind: bool = False
) -> ReceiptDocument:
    """Return the X of a shift, open or closed.

    A blind one does not say what should lie in the drawer: whoever has it counts that yet.
    """
    title = _("X: SHIFT CLOSED") if report.closed else _("X REPORT")
    return ReceiptDocument(
        (
            *heading(head, title),
            *_session(report, zone),
            pair(_("Printed"), shown_moment(report.made_at, zone)),
            Rule(),
            *_figures(report.figures, head.currency),
            Rule(),
            *(_cash_to_count(report.drawer) if blind else _cash(report.drawer)),
            *_count_of_shift(report),
            *_acts(report.acts),
            Cut(),
        )
    )


def day_paper(
    report: DayReport, head: Letterhead, zone: ZoneInfo, journal_head: str, note: str = ""
) -> ReceiptDocument:
    """Return the Z of a business day, with each of its shifts, and what else is to be said."""
    shifts = [
        block
        for number, shift in enumerate(report.shifts, start=1)
        for block in _shift_of_day(number, shift, zone)
    ]
    return ReceiptDocument(
        (
            *heading(head, _("Z REPORT {number}").format(number=report.number)),
            *_day(report, zone),
            Rule(),
            *_figures(report.figures, head.currency),
            Rule(),
            *_on_hold(report),
            *shifts,
            *_all_shifts(report),
            *_acts(report.acts),
            *_books(report.books, zone),
            *((Rule(), Text(note, bold=True)) if note else ()),
            Rule(),
            Text(_("Journal {head}").format(head=journal_head)),
            Cut(),
        )
    )


def _day(report: DayReport, zone: ZoneInfo) -> Iterator[Block]:
    yield pair(_("Business day"), shown_day(report.business_day))
    yield pair(_("Closed"), shown_moment(report.closed_at, zone))
    yield pair(_("Closed by"), report.closed_by)
    yield pair(_("Receipts"), str(report.receipts.count))
    if report.receipts.count:
        yield pair(_("First receipt"), str(report.receipts.first))
        yield pair(_("Last receipt"), str(report.receipts.last))


def _figures(figures: Figures, currency: str) -> Iterator[Block]:
    yield pair(_("Sales"), str(figures.sales))
    yield pair(_("Refunds"), str(figures.refunds))
    name = _("GROSS {currency}").format(currency=currency)
    yield pair(name, format_amount(figures.gross_cents), bold=True)
    yield pair(_("Net"), format_amount(figures.net_cents))
    yield pair(_("VAT"), format_amount(figures.vat_cents))
    yield pair(_("Discounts given"), format_amount(figures.discount_cents))
    yield pair(_("Rounding"), format_amount(figures.rounding_cents))
    if figures.on_account_cents:
        yield pair(_("Accounts paid, vouchers sold"), format_amount(figures.on_account_cents))
    yield Rule()
    for total in figures.tenders:
        yield pair(f"{tender_name(total.kind)} ({total.count})", format_amount(total.amount_cents))
    yield Rule()
    yield from bands(figures.bands)


def _on_hold(report: DayReport) -> Iterator[Block]:
    held = report.on_hold
    name = _("Sales on hold ({count})").format(count=held.count)
    yield pair(name, format_amount(held.amount_cents))
    if held.count:
        yield Text(_("Not sold yet: they count nowhere above."))


def _shift_of_day(number: int, report: ShiftReport, zone: ZoneInfo) -> Iterator[Block]:
    yield Rule(heavy=True)
    yield Text(_("SHIFT {number}").format(number=number), bold=True)
    yield from _session(report, zone)
    yield from _cash(report.drawer)
    yield from _count_of_shift(report)


def _all_shifts(report: DayReport) -> Iterator[Block]:
    """Yield the day's drawer; where there is one shift, that is its own."""
    if not report.shifts:
        yield Text(_("No shift was opened."))
    if len(report.shifts) < 2:
        return
    yield Rule(heavy=True)
    yield Text(_("ALL {count} SHIFTS").format(count=len(report.shifts)), bold=True)
    yield from _cash(report.drawer)
    counted = report.counted
    if not counted:
        yield _not_counted()
        return
    name = _("Counted in {some} of {all}").format(some=len(counted), all=len(report.shifts))
    sum_of_counts = sum(shift.counted_cents or 0 for shift in counted)
    yield from _count(name, sum_of_counts, Drawer.total(shift.drawer for shift in counted))


def _session(report: ShiftReport, zone: ZoneInfo) -> Iterator[Block]:
    yield pair(_("Cashier"), report.cashier)
    yield pair(_("Opened"), shown_moment(report.shift.opened_at, zone))
    if report.closed_at is not None:
        yield pair(_("Closed"), shown_moment(report.closed_at, zone))


def _cash(drawer: Drawer) -> Iterator[Block]:
    yield pair(_("Float"), format_amount(drawer.float_cents))
    yield pair(_("Cash taken"), format_amount(drawer.taken_cents))
    yield pair(_("Cash given back"), format_amount(-drawer.refunded_cents))
    if drawer.on_account_cents:
        yield pair(_("Accounts, vouchers"), format_amount(drawer.on_account_cents))
    yield pair(_("Cash put in"), format_amount(drawer.in_cents))
    yield pair(_("Cash taken out"), format_amount(-drawer.out_cents))
    yield pair(_("Expected in drawer"), format_amount(drawer.expected_cents), bold=True)


def _cash_to_count(drawer: Drawer) -> Iterator[Block]:
    yield pair(_("Float"), format_amount(drawer.float_cents))
    yield pair(_("Cash put in"), format_amount(drawer.in_cents))
    yield pair(_("Cash taken out"), format_amount(-drawer.out_cents))
    yield Text(_("What should lie in the drawer stands on the X that follows the count."))


def _count_of_shift(report: ShiftReport) -> Iterator[Block]:
    if report.counted_cents is not None:
        yield from _count(_("Counted"), report.counted_cents, report.drawer)
        if report.reason:
            yield Text(_("Reason: {reason}").format(reason=report.reason))
    elif report.closed:
        yield _not_counted()


def _not_counted() -> Block:
    return pair(_("Counted"), _("not counted"), bold=True)


def _count(name: str, counted_cents: Cents, drawer: Drawer) -> Iterator[Block]:
    yield pair(name, format_amount(counted_cents))
    yield pair(_("Difference"), format_amount(drawer.variance(counted_cents)), bold=True)


def _acts(acts: Sequence[NamedAct]) -> Iterator[Block]:
    """Yield what was done that an owner wants to see, and who did it."""
    yield Rule(heavy=True)
    yield Text(_("WATCHED ACTS"), bold=True)
    if not acts:
        yield Text(_("None."))
    for act in acts:
        amount = format_amount(-act.total.amount_cents) if act.total.amount_cents else ""
        yield pair(f"{act_name(act.act)} ({act.total.count})", amount)
        who = act.by or _("posctl")
        if act.approved_by:
            who = _("{person}, approved by {approver}").format(person=who, approver=act.approved_by)
        yield Text("  " + who)


def act_name(act: Act) -> str:
    """Return the words for a controlled act."""
    return {
        Act.NO_SALE: _("Drawer opened, no sale"),
        Act.LINE_VOID: _("Lines removed"),
        Act.CART_VOID: _("Sales cleared"),
        Act.LOWERED: _("Quantities lowered"),
        Act.PAYMENT_UNDONE: _("Payments undone"),
        Act.PRICE_SET: _("Prices set"),
        Act.LINE_DISCOUNT: _("Discounts on lines"),
        Act.CART_DISCOUNT: _("Discounts on sales"),
        Act.RETURNED: _("Goods back without a receipt"),
        Act.ON_CREDIT: _("Credit over the limit"),
        Act.NEW_ITEM: _("Items added at the till"),
        Act.REPRINT: _("Receipts printed again"),
        Act.RECOUNT: _("Counts thrown away"),
        Act.WRONG_PIN: _("Wrong PINs"),
    }[act]


def _books(books: BooksFound, zone: ZoneInfo) -> Iterator[Block]:
    """Yield whether the books are as the till left them, and where they are not."""
    yield Rule(heavy=True)
    if books.findings:
        yield Text(_("THE BOOKS WERE CHANGED PAST THE TILL"), Align.CENTER, bold=True)
        for finding in books.findings:
            yield Text(finding.detail)
        yield Text(_("Tell the owner; posctl verify shows more."))
    elif books.is_whole:
        yield Text(_("Books checked: in order."))
    elif books.since is not None:
        since = shown_moment(books.since, zone)
        yield Text(_("Books checked from {moment} on: in order.").format(moment=since))
    if not books.is_whole:
        yield from _whole_check(books.before, zone)


def _whole_check(before: WholeCheck | None, zone: ZoneInfo) -> Iterator[Block]:
    """Yield when all books were checked last: a job does so after each Z."""
    if before is None:
        yield Text(_("All books: checked for the first time after this Z."))
        return
    yield Text(_("All books checked: {moment}.").format(moment=shown_moment(before.at, zone)))
    if before.is_late:
        yield Text(_("They were not checked after the last Z: look under Jobs."), bold=True)
