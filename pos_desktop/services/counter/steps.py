"""Acts of the till in two parts: work on the disk, and what becomes of it at the till.

What the till holds belongs to one thread. Whatever takes long is therefore handed out as a step:
its work runs wherever writes run, and only what it returns comes back to the till's own thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def _leave(_error: BaseException) -> None:
    """Leave the till as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[R]):
    """Something to be done: `work` in any thread, then one of the others in the till's.

    `then` takes what the work returned, and may return the step that follows. `failed` brings
    the till back to where it was; most steps change nothing before their work is done.
    """

    work: Callable[[], Any]
    then: Callable[[Any], R | Step[R]]
    failed: Callable[[BaseException], None] = _leave
    holds_the_till: bool = True
    """Whether what comes next has to wait for it."""


def step(
    work: Callable[[], T], then: Callable[[T], R | Step[R]], *, holds_the_till: bool = True
) -> Step[R]:
    """Return a step whose `then` takes what its work returns."""
    return Step(work=work, then=then, holds_the_till=holds_the_till)


def finish(first: Step[R]) -> R:
    """Carry a step out at once, in the thread of the till; raise what its work raises."""
    outcome: R | Step[R] = first
    while isinstance(outcome, Step):
        try:
            found = outcome.work()
        except BaseException as error:
            outcome.failed(error)
            raise
        outcome = outcome.then(found)
    return outcome
