"""What the pages of a stock take say of takes and of their lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from enum import Enum

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.quantity import format_quantity
from pos_desktop.domain.stock_take import StockTake, TakeLine, TakeState
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.screens.catalogue.product_view import signed


class Part(Enum):
    """Which lines of a take are listed."""

    COUNTED = "counted"
    MISSING = "missing"
    DIFFERENT = "different"


def is_of(line: TakeLine, part: Part) -> bool:
    """Tell whether a line belongs to a part."""
    if part is Part.MISSING:
        return line.counted is None
    return line.counted is not None and (part is Part.COUNTED or bool(line.difference()))


def take_title(take: StockTake) -> str:
    """Return what a take is called: its number and what is counted."""
    what = take.category or _("the whole shop")
    return _("Stock take {number}: {what}").format(number=take.number, what=what)


def take_row(take: StockTake, zone: tzinfo) -> ListRow:
    """Return the line of a take in the list of takes."""
    states = {
        TakeState.COUNTING: (_("being counted"), Tone.ACCENT),
        TakeState.ENDING: (_("being ended"), Tone.ACCENT),
        TakeState.FINISHED: (_("finished"), Tone.QUIET),
        TakeState.CANCELLED: (_("cancelled"), Tone.QUIET),
    }
    chip, tone = states[take.state]
    blind = _("blind") if take.blind else ""
    return ListRow(
        key=take.id,
        title=take_title(take),
        note=joined(" · ", (shown_minute(take.began_at, zone), blind)),
        chip=chip,
        tone=tone,
        faded=take.state is TakeState.CANCELLED,
    )


def line_row(line: TakeLine, part: Part) -> ListRow:
    """Return a product of a take: what was counted, and beside it what the books say."""
    expected = ""
    if line.level is not None:
        expected = _("the books say {level}").format(level=format_quantity(line.level))
    right = "" if line.counted is None else format_quantity(line.counted)
    chip = ""
    if line.counted is not None and line.difference():
        chip = signed(line.difference())
    if part is Part.DIFFERENT and line.value_cents():
        right = _("{counted} counted, {amount}").format(
            counted=right, amount=format_amount(line.value_cents())
        )
    return ListRow(
        key=line.product_id,
        title=line.name,
        note=joined(" · ", (line.code, line.category, expected)),
        chip=chip,
        tone=Tone.WARNING if chip else Tone.QUIET,
        right=right,
    )


def summary_words(lines: Iterable[TakeLine]) -> str:
    """Say how far a take has come, and what it comes to."""
    found: Sequence[TakeLine] = tuple(lines)
    counted = [one for one in found if one.counted is not None]
    wrong = [one for one in counted if one.difference()]
    parts = [
        _("{counted:,} of {all:,} products counted").format(counted=len(counted), all=len(found)),
    ]
    if any(one.level is not None for one in counted):
        value = sum(one.value_cents() for one in wrong)
        differ = ngettext(
            "{count:,} differs, by {amount} at cost",
            "{count:,} differ, by {amount} at cost",
            len(wrong),
        )
        parts.append(differ.format(count=len(wrong), amount=format_amount(value)))
    return joined(" · ", parts)


def more_words(count: int) -> str:
    """Say how many lines are not listed yet; nothing where all are."""
    if count <= 0:
        return ""
    text = ngettext(
        "{count:,} more line: go to the end of the list",
        "{count:,} more lines: go to the end of the list",
        count,
    )
    return text.format(count=count)


def part_words(part: Part) -> str:
    """Return what a part of the list is called."""
    return {
        Part.COUNTED: _("Counted so far"),
        Part.MISSING: _("Not counted"),
        Part.DIFFERENT: _("Differences"),
    }[part]
