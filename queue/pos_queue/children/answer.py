"""What a child finds by name, and how it tells of an error."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from pos_queue.children import frames

LONGEST_TRACEBACK = 64 << 10
"""Characters of a traceback that are told, the last ones."""


def resolve(target: str) -> Callable[..., Any]:
    """Return the function named "package.module:function"."""
    module, _colon, name = target.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def of_error(error: BaseException, expected: Sequence[str]) -> frames.Packed:
    """Return the frame that tells of an error; never fails, whatever the error is like.

    An expected one ("module:Class" of its own or a base's) that cannot be told in plain values
    counts as any other.
    """
    try:
        if (kind := _expected_kind(error, expected)) is not None:
            refusal = (kind, str(error), getattr(error, "data", None))
            return frames.pack(frames.REFUSED, refusal)
    except BaseException as another:  # noqa: BLE001 - its text may be anybody's code
        error = another
    return frames.pack(frames.FAILED, _told(error)[-LONGEST_TRACEBACK:])


def _told(error: BaseException) -> str:
    try:
        import traceback

        return "".join(traceback.format_exception(error))
    except BaseException:  # noqa: BLE001 - out of memory again, or its text may be anybody's code
        return f"{type(error).__name__}: it could not be told"


def _expected_kind(error: BaseException, expected: Sequence[str]) -> str | None:
    """Return the first of the expected error types ("module:Class") that an error is one of."""
    names = [f"{kind.__module__}:{kind.__qualname__}" for kind in type(error).__mro__]
    return names[0] if set(names) & set(expected) else None
