"""The inside of a child process: gets ready, then serves one request after another.

Nothing of the program that started it is imported but what it is asked for, so no window toolkit
comes along. It ends by itself when its standard input does, and is ended with its parent
(`leash`). What a run may leave behind for the next one is cleared away or, where that
cannot be done, the child leaves instead of getting ready again.
"""

from __future__ import annotations

import faulthandler
import importlib
import io
import os
import sys
from collections.abc import Iterator
from typing import IO, Any

from pos_queue.children import answer, background, frames
from pos_queue.children.leash import end_with_parent


def main(leash: int) -> None:
    """Do what the first frame on standard input says, then wait for requests and serve them."""
    answers, requests = _take_over_pipes()
    end_with_parent(leash)
    _show_stack_on_signal()
    _get_ready(_next(requests))
    threads = _threads()
    is_fit = True
    while is_fit:
        frames.write_frame(answers, frames.READY)
        is_fit = _serve(answers, _next(requests)) and _threads() <= threads
    os._exit(0)


def _take_over_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Keep both pipes for frames; what the function prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb", buffering=1 << 16)
    os.dup2(2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    requests = os.fdopen(os.dup(0), "rb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - pathlib costs 6 ms of start
        os.dup2(nothing.fileno(), 0)
    return answers, requests


def _show_stack_on_signal() -> None:
    """Let the parent see where a child hangs: it writes its stack and then dies of the signal."""
    import signal

    faulthandler.enable()
    if hasattr(signal, "SIGUSR1"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGUSR1})
        faulthandler.register(signal.SIGUSR1, all_threads=True, chain=True)


def _next(requests: IO[bytes]) -> dict[str, Any]:
    """Return what comes next on standard input; ends the process where nothing comes any more."""
    try:
        frame = frames.read_frame(requests)
    except frames.BrokenFrame:
        frame = None
    if frame is None:
        os._exit(0)
    found: dict[str, Any] = frame[1]
    return found


def _get_ready(start: dict[str, Any]) -> None:
    for name in start["preload"]:
        importlib.import_module(name)
    if start["prepare"] is not None:
        target, args = start["prepare"]
        answer.resolve(target)(**args)


def _serve(answers: IO[bytes], request: dict[str, Any]) -> bool:
    """Answer a request; returns False where the run left what cannot be cleared away."""
    said = _answer(answers, request)
    is_tidy = _tidy_up()
    frames.write_packed(answers, said)
    return is_tidy


def _answer(answers: IO[bytes], request: dict[str, Any]) -> frames.Packed:
    """Run the function, send what it yields, return the last frame: its result or its error."""
    try:
        return frames.pack(frames.END, _run(answers, request))
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        return answer.of_error(error, request["expected"])


def _run(answers: IO[bytes], request: dict[str, Any]) -> Any:
    if request["stack_after"] is not None:
        faulthandler.dump_traceback_later(request["stack_after"], file=2)
    if request["background"]:
        background.lower_priority()
    result = answer.resolve(request["target"])(**request["args"])
    if isinstance(result, Iterator):
        return _send(answers, background.with_rests(result) if request["background"] else result)
    return _send(answers, iter((result,))) if request["is_stream"] else result


def _send(answers: IO[bytes], results: Iterator[Any]) -> Any:
    """Send each result; return what the iterator returns at its end."""
    while True:
        try:
            result = next(results)
        except StopIteration as end:
            return end.value
        frames.write_frame(answers, frames.ITEM, result)


def _tidy_up() -> bool:
    """Take back what a run may have left; returns False where that fails."""
    faulthandler.cancel_dump_traceback_later()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    try:
        for output in (sys.stdout, sys.stderr):
            if output is not None:
                output.flush()
        os.write(2, frames.END_OF_RUN)
    except (OSError, ValueError):
        return False
    return True


def _threads() -> int:
    """Count the threads; a process that never imported `threading` has one."""
    threading = sys.modules.get("threading")
    return threading.active_count() if threading else 1
