"""What lies behind an error: libraries wrap one in another, in several ways."""

from __future__ import annotations

from typing import Any


def is_caused_by(error: BaseException, *kinds: type[BaseException]) -> bool:
    """Tell whether an error is, or comes from, one of these kinds."""
    seen: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in seen:
            seen.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return any(isinstance(one, kinds) for one in seen)
