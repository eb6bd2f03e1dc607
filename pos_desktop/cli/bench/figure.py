"""What a benchmark found: a figure beside its reference and its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pos_desktop.domain.text import _

_ENOUGH = 100
"""Times that a 99th percentile takes to be another than the worst."""


def at_share(seconds: Sequence[float], share: float) -> float:
    """Return the value below which a share of the measured times lies."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A measurement, in milliseconds where its name does not say otherwise.

    `p99` is the worst where it was measured fewer than a hundred times, and said to be that.
    `ratio` compares it with the reference: the 99th percentiles, or the medians where the
    measurement says so. `ok` is None where there is no limit.
    """

    what: str
    p50: float | None = None
    p99: float
    reference: str = ""
    reference_p50: float | None = None
    reference_p99: float | None = None
    ratio: float | None = None
    limit: str = ""
    ok: bool | None = None
    samples: int | None = None
    """How many times it was measured; None for what is no share of many times."""

    def as_json(self) -> dict[str, Any]:
        """Return the figure as plain values."""
        return asdict(self)

    def cells(self) -> tuple[str, ...]:
        """Return the figure as the cells of a table."""
        verdict = {None: "", True: _("ok"), False: _("OVER")}[self.ok]
        reference = _number(self.reference_p99)
        if self.reference:
            reference = f"{self.reference} {_number(self.reference_p50)} / {reference}"
        last = _number(self.p99)
        if _are_few(self.samples):
            last = _("worst {number}").format(number=last)
        numbers = (_number(self.p50), last)
        return (self.what, *numbers, reference, _number(self.ratio), self.limit, verdict)


def tail_name(samples: int | None) -> str:
    """Return what the slow end of so many measurements may be called: p99, or the worst."""
    return _("worst") if _are_few(samples) else "p99"


def _are_few(samples: int | None) -> bool:
    return samples is not None and samples < _ENOUGH


def titles() -> tuple[str, ...]:
    """Return the heads of a table of figures."""
    return _("what (ms)"), "p50", "p99", _("reference p50 / p99"), _("ratio"), _("limit"), ""


def of_times(
    what: str,
    seconds: Sequence[float],
    *,
    below: float | None = None,
    reference: tuple[str, Sequence[float]] | None = None,
    median: bool = False,
) -> Figure:
    """Make a figure of measured times; `below` is the limit of p99, or of the worst, in ms."""
    p50, p99 = 1e3 * at_share(seconds, 0.5), 1e3 * at_share(seconds, 0.99)
    name, other50, other99, ratio = "", None, None, None
    if reference is not None:
        name, others = reference
        other50, other99 = 1e3 * at_share(others, 0.5), 1e3 * at_share(others, 0.99)
        ratio = p50 / other50 if median else p99 / other99
    return Figure(
        what=what,
        p50=p50,
        p99=p99,
        reference=name,
        reference_p50=other50,
        reference_p99=other99,
        ratio=ratio,
        limit="" if below is None else f"{tail_name(len(seconds))} <= {below:g}",
        ok=None if below is None else p99 <= below,
        samples=len(seconds),
    )


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
