"""What is said of exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pos_desktop.domain.export import ExportState
from pos_desktop.domain.text import _, ngettext


def made_sentence(result: Mapping[str, Any]) -> str:
    """Say that the file of an export is ready."""
    rows = result["rows"]
    sentence = ngettext(
        "Export {number} is ready: {title}, {count:,} row.",
        "Export {number} is ready: {title}, {count:,} rows.",
        rows,
    )
    return sentence.format(number=result["export"], title=result.get("title", ""), count=rows)


def export_state_words(state: ExportState) -> str:
    """Return how people call how far an export is."""
    return {
        ExportState.UNDER_WAY: _("under way"),
        ExportState.DONE: _("ready"),
        ExportState.FAILED: _("failed"),
        ExportState.GONE: _("file removed"),
    }[state]
