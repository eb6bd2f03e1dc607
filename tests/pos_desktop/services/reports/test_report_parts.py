"""What no row of a report knows has no sum."""

from __future__ import annotations

from pos_desktop.services.reports.report_parts import sums


def test_a_figure_that_no_row_knows_has_no_sum() -> None:
    rows = [{"old": None, "mixed": None, "new": 1}, {"old": None, "mixed": 5, "new": 2}]
    assert sums(rows, "old", "mixed", "new") == {"old": None, "mixed": 5, "new": 3}
    assert sums([], "old") == {"old": 0}
