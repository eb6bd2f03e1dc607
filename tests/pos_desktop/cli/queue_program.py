"""posctl with jobs for tests: `python -m tests.pos_desktop.cli.queue_program queue work ...`.

What a job does exactly once it adds to a counter in the shop's file; how often its body was begun
it writes beside the file. Files in the folder `test` of the shop tell jobs what to do.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled
from pos_queue.job import Job, job

from pos_desktop.cli.main import main
from pos_desktop.jobs.registry import JobServices, every_job

SOON = Backoff(first=0.05, factor=1.0, cap=0.05)
FOLDER = "test"
HELD_SECONDS = 60.0
ADD_ONE = (
    "INSERT INTO job_counters (key, value) VALUES (?, 1) "
    "ON CONFLICT DO UPDATE SET value = value + 1"
)


def _folder(services: JobServices) -> Path:
    database: Any = services.keeping._database
    folder: Path = database.path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def _tell_begun(folder: Path, name: str) -> None:
    with (folder / "begun").open("a") as file:
        file.write(f"{name}\n")


def _effect(services: JobServices, context: JobContext, name: str) -> None:
    database = services.keeping._database
    context.at_completion(lambda: database.execute_sql(ADD_ONE, (f"effect/{name}",)))


def _wait(is_so: Callable[[], object]) -> None:
    pause = threading.Event()
    for _look in range(int(HELD_SECONDS / 0.01)):
        if is_so():
            return
        pause.wait(0.01)


def jobs(services: JobServices) -> Iterator[Job]:
    """Yield the program's jobs, and those of the tests."""
    yield from every_job(services)

    @job("quick", backoff=SOON)
    def quick(context: JobContext, *, name: str, pad: str = "") -> None:
        _tell_begun(_folder(services), name)
        _effect(services, context, name)

    @job("held", queue="slow", backoff=SOON)
    def held(context: JobContext, *, name: str, polite: bool = False, pad: str = "") -> str:
        folder = _folder(services)
        _tell_begun(folder, name)
        _wait(lambda: (folder / "go").exists() or (polite and context.cancelled))
        if polite and context.cancelled:
            raise JobCancelled("asked to end")
        _effect(services, context, name)
        return name + pad

    @job("flaky", attempts=2, backoff=SOON)
    def flaky(context: JobContext, *, name: str, password: str = "") -> None:
        context.progress(1, 2, "half")
        if not (_folder(services) / "mended").exists():
            raise ValueError(f"no ink for {password}")
        _effect(services, context, name)

    @job("counted", backoff=SOON)
    def counted(context: JobContext, *, name: str, rows: int, pad: str = "") -> None:
        folder = _folder(services)
        for row in range(context.cursor["row"] if context.cursor else 0, rows):
            if row == 1:
                _tell_begun(folder, name)
                _wait((folder / "go").exists)
            with context.chunk():
                services.keeping._database.execute_sql(ADD_ONE, (f"effect/{name}{row}",))
                context.checkpoint({"row": row + 1, "pad": pad * (row + 1)})

    @job("secret", attempts=1, sensitive=True)
    def secret(_context: JobContext, *, word: str) -> None:
        raise ValueError(f"not {word}")

    yield from (quick, held, flaky, counted, secret)


def newer_jobs(services: JobServices) -> Iterator[Job]:
    """Yield the jobs of a newer version of the program."""
    yield from jobs(services)

    @job("new")
    def new(context: JobContext, *, name: str) -> None:
        _effect(services, context, name)

    yield new


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], jobs=jobs))
