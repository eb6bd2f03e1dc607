"""The report `audit`: every controlled act of a period, who did it, and who approved it."""

from __future__ import annotations

from pos_desktop.domain.text import _
from pos_desktop.services.reports.audit_details import what
from pos_desktop.services.reports.audit_words import act_words
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.reports.report_parts import Column, Report, Source, table
from pos_desktop.storage import acts
from pos_desktop.storage.database import Row
from pos_desktop.storage.moments import from_stored


def audit(source: Source) -> Report:
    """Return the journal of a period without the plain sales, in its order."""
    entries = acts.acts_between(source.reader, *source.period.moments, source.filter(By.CASHIER))
    words = {kind: act_words(kind) for kind in {entry["kind"] for entry in entries}}
    rows = [_row(source, entry, words[entry["kind"]]) for entry in entries]
    columns = (
        Column(key="entry", title=_("Entry")),
        Column(key="at", title=_("When")),
        Column(key="act", title=_("Act")),
        Column(key="by", title=_("By")),
        Column(key="approved_by", title=_("Approved by")),
        Column(key="what", title=_("What")),
    )
    return table("audit", source.period, columns, rows, {"entries": len(rows)})


def _row(source: Source, entry: Row, act: str) -> Row:
    moment = from_stored(entry["at"]).astimezone(source.zone)
    return {
        "entry": entry["seq"],
        "at": moment.isoformat(timespec="seconds"),
        "act": act,
        "by": entry["by"] or _("posctl"),
        "approved_by": entry["approved_by"] or "",
        "what": what(entry),
    }
