"""How a trial of an installer goes: step by step with a watch, and its first failure ends it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

OFTEN_SECONDS = 0.02


class Failed(Exception):
    """A step has not done what it should."""


def need(is_so: object, otherwise: str) -> None:
    """Raise Failed with a sentence where something is not so."""
    if not is_so:
        raise Failed(otherwise)


def wait_until(is_so: Callable[[], object], seconds: float) -> None:
    """Wait until something is so; raise Failed where it does not come."""
    limit = time.monotonic() + seconds
    while not is_so():
        need(time.monotonic() < limit, f"nothing for {seconds} s")
        time.sleep(OFTEN_SECONDS)


@contextmanager
def step(name: str) -> Iterator[list[str]]:
    """Tell a step when it is done: how long it took, and what was noted on the way."""
    began = time.monotonic()
    notes: list[str] = []
    yield notes
    told = f": {', '.join(notes)}" if notes else ""
    print(f"ok {time.monotonic() - began:6.1f} s  {name}{told}", flush=True)


def do(what: str, act: Callable[[], object]) -> None:
    """Do one thing as a step; what it returns is noted."""
    with step(what) as notes:
        said = act()
        if said:
            notes.append(str(said))


def outcome(attempt: Callable[[], object]) -> int:
    """Return the exit code of a whole trial: 0, or 1 with the reason on standard error."""
    try:
        attempt()
    except Failed as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0
