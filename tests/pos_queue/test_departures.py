"""There is one way out of the table of jobs."""

from __future__ import annotations

import re

from tests.house.sources import modules, within

AWAY = re.compile(r"DELETE\s+FROM\s+jobs\b")


def test_jobs_leave_their_table_in_one_place() -> None:
    deleting = [
        module
        for module, path in modules().items()
        if within(module, "pos_queue") and AWAY.search(path.read_text(encoding="utf-8"))
    ]
    assert deleting == ["pos_queue.departures"]
