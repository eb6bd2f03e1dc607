"""Jobs that hang as jobs do: in a socket that nobody writes to, in a loop that never ends."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn

from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.services.background.enqueueing import JobName

BLOCKED, ENDLESS, QUICK = JobName("blocked"), JobName("endless"), JobName("quick")
HANGING = (BLOCKED, ENDLESS)


def declared(services: JobServices) -> Iterator[Job]:
    """Yield the program's jobs, and those of the test: what a child asks for by name."""
    yield from every_job(services)
    yield Job(name=BLOCKED, body=_blocked, queue="blocked", limit=None)
    yield Job(name=ENDLESS, body=_endless, queue="endless", runs_in=RunsIn.CHILD, limit=None)
    yield Job(name=QUICK, body=lambda _context, *, key: time.sleep(0.002))


def _blocked(_context: JobContext) -> None:
    with socket.socket() as silent, socket.socket() as waiting:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        waiting.connect(silent.getsockname())
        waiting.recv(1)


def _endless(_context: JobContext) -> None:
    while True:
        pass
