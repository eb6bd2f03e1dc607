"""A report as text and as JSON: the one place for console, bundle and window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pos_desktop.domain.text import _, joined, ngettext
from pos_desktop.services.doctor.finding import Finding, Report, State

_MARKS = {State.OK: "+", State.NOTE: "?", State.BROKEN: "!"}
"""Signs of every alphabet, that can be said on the telephone."""


def report_text(report: Report) -> str:
    """Return a line for each finding, what to do below it, and how many there are at the end."""
    width = max((len(one.title) for one in report.findings), default=0)
    lines = [line for one in report.findings for line in _lines(one, width)]
    legend = _("! broken   ? good to know   + in order")
    return "\n".join([*lines, "", legend, summary(report)])


def _lines(finding: Finding, width: int) -> Iterator[str]:
    yield f"{_MARKS[finding.state]} {finding.title.ljust(width)}  {_one_line(finding.detail)}"
    if finding.advice:
        yield f"  {'':{width}}  -> {_one_line(finding.advice)}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def summary(report: Report) -> str:
    """Say in one sentence how it is, and who checks what a doctor does not read."""
    rows = _("`posctl verify` checks the rows themselves, and so does each Z.")
    is_file_seen = any(one.check == "database" for one in report.findings)
    return joined(" ", (_how_it_is(report), rows if is_file_seen and report.ok else ""))


def _how_it_is(report: Report) -> str:
    broken, notes = report.count(State.BROKEN), report.count(State.NOTE)
    if broken:
        words = ngettext(
            "{count} line says what is broken, with what to do.",
            "{count} lines say what is broken, with what to do.",
            broken,
        )
        return words.format(count=broken)
    if notes:
        words = ngettext(
            "Nothing is broken; {count} line is good to know.",
            "Nothing is broken; {count} lines are good to know.",
            notes,
        )
        return words.format(count=notes)
    return _("All is well.")


def report_json(report: Report) -> dict[str, Any]:
    """Return a report in the words that scripts rely on."""
    return {
        "ok": report.ok,
        "checks": [
            {
                "check": one.check,
                "ok": one.ok,
                "detail": one.detail,
                "advice": one.advice,
                "state": one.state.value,
                "title": one.title,
            }
            for one in report.findings
        ],
    }
