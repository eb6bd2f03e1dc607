"""Children of a practice queue: they run in the test's own process, by the rules of real ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pos_queue.children.cancel import Cancel
from pos_queue.job_in_child import Opened, answer_of


class PracticeChildren:
    """Runs bodies at once; what passes between worker and child is plain, and has no time limit."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened

    def run(
        self,
        _target: str,
        args: Mapping[str, Any],
        *,
        limit: float | None,  # noqa: ARG002 - a real child has one
        cancel: Cancel | None = None,  # noqa: ARG002
    ) -> Any:
        """Run the body of a claimed job."""
        payload = json.loads(json.dumps(args["payload"]))
        return answer_of(self._opened, args["claim"], payload)
