"""The inside of a child process: takes one request, runs one function, streams what it yields.

Nothing of the program that started it is imported but the function itself, so no window toolkit
comes along. The child ends at once when its parent is gone: its standard input ends then.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import IO, Any

from pos_queue import background, frames

ORPHANED = 3
"""The exit code of a child whose parent is gone."""


def main(preload: list[str]) -> None:
    """Import what is wanted ahead, wait for a request on standard input, serve it, end."""
    answers, requests = _take_over_pipes()
    _show_stack_on_signal()
    for name in preload:
        importlib.import_module(name)
    frame = frames.read_frame(requests)
    if frame is None:
        os._exit(ORPHANED)
    _end_with_parent_even_in_c(requests)
    threading.Thread(target=_end_with_parent, args=(requests,), daemon=True).start()
    _serve(answers, frame[1])
    os._exit(0)


def _take_over_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep both pipes for frames; what the function prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - pathlib costs 6 ms of start
        os.dup2(nothing.fileno(), 0)
    return answers, requests


def _show_stack_on_signal() -> None:
    """Let the parent see where a child hangs, before it ends the child."""
    import faulthandler
    import signal

    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)


def _end_with_parent(requests: IO[bytes]) -> None:
    requests.read()
    os._exit(ORPHANED)


def _end_with_parent_even_in_c(requests: IO[bytes]) -> None:
    """Let the kernel end a child whose parent is gone, though C code holds the interpreter.

    Only Linux signals a pipe; nothing else comes through this one after the request.
    """
    if sys.platform == "linux":
        import fcntl

        fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(requests, fcntl.F_GETFL)
        fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)


def _serve(answers: IO[bytes], request: dict[str, Any]) -> None:
    try:
        for item in _run(request):
            frames.write_frame(answers, frames.ITEM, item)
        frames.write_frame(answers, frames.END)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent is told
        kind = _expected_kind(error, request["expected"])
        if kind is None:
            told = "".join(traceback.format_exception(error))
            frames.write_frame(answers, frames.FAILED, told)
        else:
            data = getattr(error, "data", None)
            frames.write_frame(answers, frames.REFUSED, (kind, str(error), data))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _run(request: dict[str, Any]) -> Iterator[Any]:
    """Yield the results of the named function; one that is no iterator gives one result."""
    if request["background"]:
        background.lower_priority()
    result = resolve(request["target"])(**request["args"])
    if isinstance(result, Iterator):
        yield from background.with_rests(result) if request["background"] else result
    else:
        yield result


def resolve(target: str) -> Callable[..., Any]:
    """Return the function named "package.module:function"."""
    module, _colon, name = target.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return found


def _expected_kind(error: Exception, expected: list[str]) -> str | None:
    """Return the first of the expected error types ("module:Class") that an error is one of."""
    names = [f"{kind.__module__}:{kind.__qualname__}" for kind in type(error).__mro__]
    return names[0] if set(names) & set(expected) else None


if __name__ == "__main__":
    main(sys.argv[1:])
