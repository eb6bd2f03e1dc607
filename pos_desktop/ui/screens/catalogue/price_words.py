"""What the pages of price changes say of rules, of changes done, and of single prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.price_rule import (
    PRICE_ENDINGS,
    PriceRow,
    PriceRule,
    PriceWay,
    warning_words,
)
from pos_desktop.domain.runs import Course, RunState, run_state_words
from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.products.bulk_prices import PricesApplied, PricesUndone
from pos_desktop.services.products.price_preview import PricePreview
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.price_runs import PriceRun
from pos_desktop.ui.kit.list_row import ListRow
from pos_desktop.ui.kit.pill import Tone


def ending_words(key: str) -> str:
    """Return what people call an ending of prices."""
    ending = PRICE_ENDINGS[key]
    if ending.ending:
        return _("ending in {ending}").format(ending=key)
    return _("to {step}").format(step=format_amount(ending.step))


def rule_words(rule: PriceRule) -> str:
    """Return what a rule does."""
    size = abs(rule.value)
    if rule.way is PriceWay.MARGIN:
        what = _("a margin of {percent}%").format(percent=format_percent(size))
    elif rule.way is PriceWay.PERCENT:
        text = _("{percent}% less") if rule.value < 0 else _("{percent}% more")
        what = text.format(percent=format_percent(size))
    else:
        text = _("{amount} less") if rule.value < 0 else _("{amount} more")
        what = text.format(amount=format_amount(size))
    return joined(", ", (what, ending_words(rule.ending)))


def run_row(run: PriceRun, zone: tzinfo, *, goes_on: bool) -> ListRow:
    """Return the line of a change that was done, or goes on."""
    is_broken = run.state in (RunState.RUNNING, RunState.STOPPED)
    chip = run_state_words(run.state, Course.RUNS if goes_on else None)
    tone = Tone.ACCENT if goes_on else Tone.WARNING if is_broken else Tone.QUIET
    title = _("Price change {number}: {rule}")
    count = ngettext("{count:,} price", "{count:,} prices", run.changed).format(count=run.changed)
    return ListRow(
        key=run.number,
        title=title.format(number=run.number, rule=rule_words(run.rule)),
        note=joined(" · ", (shown_minute(run.began_at, zone), run.rule.label)),
        chip=chip,
        tone=tone,
        right=count,
        faded=run.state == RunState.UNDONE,
    )


def price_line(row: PriceRow) -> ListRow:
    """Return the line of a product: its old price, its new one, and what that leaves."""
    product = row.product
    cost = _("cost not known")
    if product.cost_cents is not None:
        cost = _("cost {amount}").format(amount=format_amount(product.cost_cents))
    margin = ""
    if row.margin_bp is not None:
        margin = _("margin {old}% → {new}%").format(
            old=format_percent(row.old_margin_bp or 0), new=format_percent(row.margin_bp)
        )
    old, new = format_amount(product.price_cents), format_amount(row.new_cents)
    return ListRow(
        key=product.product_id,
        title=product.name,
        note=joined(" · ", (product.code, cost, margin)),
        chip=joined(", ", map(warning_words, row.warnings)),
        tone=Tone.DANGER if row.warnings else Tone.QUIET,
        right=f"{old} → {new}" if row.difference_cents else old,
    )


def preview_words(preview: PricePreview) -> str:
    """Say how much a rule would change."""
    changes, warned = preview.changing, preview.warnings
    stay = preview.count - changes
    said = ngettext("{count:,} price changes", "{count:,} prices change", changes)
    parts = [rule_words(preview.rule), said.format(count=changes)]
    if stay:
        same = ngettext("{count:,} stays as it is", "{count:,} stay as they are", stay)
        parts.append(same.format(count=stay))
    if warned:
        parts.append(_("{count:,} to look at first").format(count=warned))
    if preview.count > len(preview.rows):
        parts.append(_("the first {count:,} are listed").format(count=len(preview.rows)))
    return joined(" · ", parts)


def applied_words(applied: PricesApplied) -> str:
    """Say what came of a change."""
    done = ngettext(
        "Price change {number}: {count:,} price is changed.",
        "Price change {number}: {count:,} prices are changed.",
        applied.changed,
    ).format(number=applied.number, count=applied.changed)
    return joined(" ", (done, _left_words([row.product.name for row in applied.left])))


def undone_words(number: int, undone: PricesUndone) -> str:
    """Say what came of taking a change back."""
    done = ngettext(
        "Price change {number} is taken back: {count:,} price is as it was.",
        "Price change {number} is taken back: {count:,} prices are as they were.",
        undone.restored,
    ).format(number=number, count=undone.restored)
    return joined(" ", (done, _left_words(undone.left)))


def _left_words(names: Sequence[str]) -> str:
    if not names:
        return ""
    text = ngettext(
        "{name} was left alone: somebody has changed it meanwhile.",
        "{name} and others ({count:,} in all) were left alone: somebody has changed them "
        "meanwhile.",
        len(names),
    )
    return text.format(name=names[0], count=len(names))
