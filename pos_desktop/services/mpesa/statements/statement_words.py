"""What the import of a statement has come to, in sentences: the counts, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos_sync.mpesa.statement import Fault

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.background.said import Said
from pos_desktop.services.mpesa.statements.statement_counts import StatementCounts

_NAMED = 20
"""So many rows of a kind stand in a list for people; `--json` has more."""


def statement_sentences(counts: StatementCounts) -> Iterator[str]:
    """Yield what was done, and what was passed over."""
    yield ngettext(
        "{count:,} payment: {new:,} new, {confirmed:,} confirmed, {known:,} known already.",
        "{count:,} payments: {new:,} new, {confirmed:,} confirmed, {known:,} known already.",
        counts.payments,
    ).format(count=counts.payments, new=counts.new, confirmed=counts.confirmed, known=counts.known)
    if counts.new_in_tray:
        yield ngettext(
            "{count:,} of them, {amount}, stands in the tray.",
            "{count:,} of them, {amount}, stand in the tray.",
            counts.new_in_tray,
        ).format(count=counts.new_in_tray, amount=format_amount(counts.new_in_tray_cents))
    if counts.given_back:
        yield ngettext(
            "{count:,} payment of the tray was given back by M-Pesa, and is settled.",
            "{count:,} payments of the tray were given back by M-Pesa, and are settled.",
            counts.given_back,
        ).format(count=counts.given_back)
    if passed := _passed(counts):
        yield _("Passed over: {what}.").format(what=joined(", ", passed))


def _passed(counts: StatementCounts) -> list[str]:
    told = (
        (counts.not_done, _("{count:,} not completed")),
        (counts.own, _("{count:,} of the shop's own, such as settlements")),
        (counts.out, _("{count:,} by which nothing came in, such as charges")),
        (counts.earlier, _("{count:,} of before the first day")),
    )
    return [words.format(count=count) for count, words in told if count]


@dataclass(frozen=True, slots=True)
class LookGroup:
    """Rows that need a look for one reason, in words."""

    reason: str
    rows: Sequence[str]
    count: int
    """How many there are; not all of very many are named."""


def look_groups(counts: StatementCounts) -> list[LookGroup]:
    """Return what a person has to look at, by reason; none where nothing is wrong."""
    bad = [
        _("line {line}: {why}").format(line=line, why=fault_words(fault, value))
        for line, fault, value in counts.bad_rows
    ]
    differing = [
        _("line {line}: {receipt} is {listed} here, and {told} by what M-Pesa told before").format(
            line=line,
            receipt=receipt,
            listed=format_amount(listed),
            told=format_amount(told),
        )
        for line, receipt, listed, told in counts.differing
    ]
    given_back = [
        _("line {line}: {receipt}, {amount}").format(
            line=line, receipt=receipt, amount=format_amount(cents)
        )
        for line, receipt, cents in counts.given_back_of_sales
    ]
    missing = [f"{receipt}, {format_amount(cents)}" for receipt, cents in counts.not_listed]
    found = (
        LookGroup(_("Rows that cannot be read"), bad, counts.bad),
        LookGroup(_("Amounts that differ; nothing was changed"), differing, len(differing)),
        LookGroup(
            _("M-Pesa has given back what a sale has, or a part of a payment"),
            given_back,
            len(given_back),
        ),
        LookGroup(
            _("Typed by a cashier, and not in the statement, so perhaps never paid"),
            missing,
            len(missing),
        ),
    )
    return [one for one in found if one.rows]


def look_sentences(counts: StatementCounts) -> Iterator[str]:
    """Yield what a person has to look at, a row each."""
    for group in look_groups(counts):
        yield f"{group.reason}: {group.count:,}"
        for row in group.rows[:_NAMED]:
            yield f"  {row}"
        if (more := group.count - _NAMED) > 0:
            yield ngettext("  and {count:,} more", "  and {count:,} more", more).format(count=more)


def fault_words(fault: str, value: str) -> str:
    """Return why a row cannot be read."""
    return {
        Fault.LINE: _("it is no row of the table"),
        Fault.RECEIPT: _("“{value}” is no receipt of M-Pesa"),
        Fault.TIME: _("“{value}” is no time, day first, such as 24-11-2026 12:00:05"),
        Fault.AMOUNT: _("“{value}” is no amount"),
        Fault.REVERSED: _("it does not say which payment was given back: “{value}”"),
    }[Fault(fault)].format(value=value)


def imported_sentence(kept: Mapping[str, Any]) -> Said:
    """Say what the job of a statement has done, from its result."""
    counts = StatementCounts.of(kept)
    sentences = [*statement_sentences(counts)]
    if counts.needs_a_look:
        sentences.append(_("Some rows need a look: the page M-Pesa in the menu names them."))
    text = joined(" ", [f"{kept['file']}:", *sentences])
    return Said(text, is_partly=counts.needs_a_look)
