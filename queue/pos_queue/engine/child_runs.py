"""Running the bodies of jobs in child processes, from the side of the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, replace
from typing import Any, Protocol

from pos_queue import job_in_child
from pos_queue.children.cancel import Cancel
from pos_queue.engine.claims import Claim
from pos_queue.engine.declared import DeclaredTask
from pos_queue.engine.run import Run

MOST_DEATHS = 3
"""So many children in a row may die of a job, without progress, before it is quarantined."""


class Children(Protocol):
    """Runs what a child is asked for; see `ChildPool.run`."""

    def run(
        self,
        target: str,
        args: Mapping[str, Any],
        /,
        *,
        limit: float | None,
        cancel: Cancel | None = None,
    ) -> Any:
        """Call a function with plain arguments, and return its plain result."""


def in_child(pool: Children, run: Run) -> Callable[[], bytes | None]:
    """Return what runs the body of a claimed task in a child and returns its result, packed.

    Raises what the body raised there as FailedInChild, and ChildError.
    """
    task: DeclaredTask = run.task

    def call() -> Any:
        arguments = {"claim": _plain(run.claim), "payload": task.kwargs}
        answer = pool.run(
            job_in_child.TARGET, arguments, limit=task.declared.limit, cancel=run.cancel
        )
        job_in_child.raise_answer(tuple(answer))
        return answer[1]

    return call


def _plain(claim: Claim) -> tuple[Any, ...]:
    """Return a claim for the child, without its payload, which goes beside it."""
    return astuple(replace(claim, payload=b""))
