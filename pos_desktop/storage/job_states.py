"""What has become of jobs, by their numbers: for what is kept beside the file on their account."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pos_desktop.storage.database import ShopDatabase


def job_states(database: ShopDatabase, numbers: Sequence[int]) -> dict[int, str]:
    """Return the states of those jobs that the file still knows."""
    listed = "WHERE number IN (SELECT value FROM json_each(?))"
    sql = (
        f"SELECT number, state FROM jobs {listed} "
        f"UNION ALL SELECT number, state FROM job_history {listed}"
    )
    text = json.dumps([*numbers])
    return {row["number"]: row["state"] for row in database.rows(sql, (text, text))}
