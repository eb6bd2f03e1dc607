"""The report `audit`: every controlled act of a period, who did it, and who approved it."""

from __future__ import annotations

import json
from typing import Any

from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _
from pos_desktop.services.audit_words import act_words
from pos_desktop.services.report_parts import Column, Report, Source, table
from pos_desktop.storage import journal
from pos_desktop.storage.database import Row
from pos_desktop.storage.moments import from_stored

_TAKEN_OFF = "taken_off_cents"
_MONEY = ("limit_cents", "counted_cents", "paid_cents")
_WORDS = ("reason", "why", "receipt", "key", "role")


def audit(source: Source) -> Report:
    """Return the journal of a period without the plain sales, in its order."""
    entries = journal.acts_between(source.reader, *source.period.moments)
    rows = [_row(source, entry) for entry in entries]
    columns = (
        Column(key="entry", title=_("Entry")),
        Column(key="at", title=_("When")),
        Column(key="act", title=_("Act")),
        Column(key="by", title=_("By")),
        Column(key="approved_by", title=_("Approved by")),
        Column(key="what", title=_("What")),
    )
    return table("audit", _("Audit"), source.period, columns, rows, {"entries": len(rows)})


def _row(source: Source, entry: Row) -> Row:
    moment = from_stored(entry["at"]).astimezone(source.zone)
    return {
        "entry": entry["seq"],
        "at": moment.isoformat(timespec="seconds"),
        "act": act_words(entry["kind"]),
        "by": entry["by"] or _("posctl"),
        "approved_by": entry["approved_by"] or "",
        "what": _what(entry),
    }


def _what(entry: Row) -> str:
    """Return what or whom an entry is about, and what its detail says for people.

    A reason that stands twice is told once, and nothing of an act that took nothing off.
    """
    detail = _detail(entry["detail"])
    parts = [entry["about"] or ""]
    parts += [str(detail[word]) for word in _WORDS if detail.get(word)]
    amounts = [entry["amount_cents"], *(detail.get(word) for word in _MONEY)]
    amounts.append(detail.get(_TAKEN_OFF) or None)
    parts += [format_amount(amount) for amount in amounts if isinstance(amount, int)]
    return " · ".join(part for part in dict.fromkeys(parts) if part)


def _detail(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
