"""The window's event loop, and its scans, while the queue does a day's heavy work beside it.

20,000 rows are imported, 5,000 mails are sent and a large workbook is written, all at once by the
till's own runner. Mails and workbook are stand-ins that cost what real ones do: a letter with a
paper of 20 KB is put together and handed to a server in another process that answers after 10 ms;
100,000 rows of twelve columns are written by openpyxl.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from openpyxl import Workbook
from pos_queue.context import JobContext
from pos_queue.job import Job, RunsIn
from PySide6.QtCore import QObject, Qt, QTimer

from pos_desktop.app import Program
from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.services.enqueueing import JobName
from tests.benchmarks import scene
from tests.benchmarks.scanning import Scanner, dress, open_counter, scans_that_went_wrong, wait

PRODUCTS, ROWS, MAILS = 20_000, 20_000, 5_000
EXPORTED_ROWS, COLUMNS = 100_000, 12
TICK_MS, MOST_GAP_MS, MOST_SCAN_MS = 10, 50.0, 33.0
SCANS, EVERY_MS, CART = 400, 50, 50
MAIL, EXPORT = JobName("bench_mail"), JobName("bench_export")
PAPER = os.urandom(20_000)
MOST_SECONDS = 300
_connections = threading.local()


def declared(services: JobServices) -> Iterator[Job]:
    """Yield the program's jobs and the stand-ins: what a child asks for by name."""
    yield from every_job(services)
    yield from _stand_ins()


def _stand_ins() -> Iterator[Job]:
    yield Job(name=MAIL, body=_mail, queue="mail")
    yield Job(name=EXPORT, body=_export, queue="exports", runs_in=RunsIn.CHILD, limit=MOST_SECONDS)


def _mail(_context: JobContext, *, to: str, port: int) -> None:
    letter = EmailMessage()
    letter["To"], letter["Subject"] = to, "Your statement"
    letter.set_content("Dear customer,\nfind your statement attached.\n")
    letter.add_attachment(PAPER, maintype="application", subtype="pdf", filename="statement.pdf")
    connection = getattr(_connections, "socket", None)
    if connection is None:
        connection = _connections.socket = socket.create_connection(("127.0.0.1", port), 10)
    body = letter.as_bytes()
    connection.sendall(len(body).to_bytes(4, "big") + body)
    assert connection.recv(1) == b"\x06"


def _export(context: JobContext, *, path: str) -> int:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for row in range(EXPORTED_ROWS):
        sheet.append([row * COLUMNS + column for column in range(COLUMNS)])
        context.progress(row, EXPORTED_ROWS)
    workbook.save(path)
    return EXPORTED_ROWS


class _Ticks(QObject):
    """How late the event loop comes to a timer of 10 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._before = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._before - TICK_MS / 1e3))
        self._before = now

    def stop(self) -> list[float]:
        """End; return the lateness of each tick, in seconds."""
        self._timer.stop()
        return self.late


@contextmanager
def _server() -> Iterator[int]:
    """Start what answers each letter after 10 ms; yield its port."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


def run() -> Iterator[Figure]:
    """Scan in the idle window, then beside all of it, then until the queue is empty."""
    dress()
    with scene.folder() as folder, _server() as port:
        directory = folder / "shop"
        scene.full_shop(directory, PRODUCTS).close()
        goods.write_csv(folder / "new.csv", ROWS, 1_000_000)
        program = Program(directory, sound=False, jobs=declared)
        open_counter(program)
        wait(program.shop.queue.workers)
        yield from _phases(program, folder, port)
        program.stop()
        program.window.close()


def _phases(program: Program, folder: Path, port: int) -> Iterator[Figure]:
    idle, late = _scan(program)
    yield of_times("event loop late, idle", late)
    began = time.perf_counter()
    _leave_work(program, folder, port)
    beside, late = _scan(program)
    ticks = _Ticks()
    wait(lambda: _is_done(program), MOST_SECONDS)
    taken = time.perf_counter() - began
    late += ticks.stop()
    yield of_times("event loop late, with all that beside", late)
    yield Figure(
        what="the same: the worst",
        p99=1e3 * max(late),
        limit=f"<= {MOST_GAP_MS:g}",
        ok=max(late) <= MOST_GAP_MS / 1e3,
    )
    yield of_times(
        "scan to painted line, beside it", beside, below=MOST_SCAN_MS, reference=("idle", idle)
    )
    yield scans_that_went_wrong(program, 2 * _codes())
    yield Figure(what="all done after (s)", p99=taken)


def _scan(program: Program) -> tuple[list[float], list[float]]:
    """Scan; return how long each line took to be painted, and how late the ticks came."""
    scanner = Scanner(program, _codes(), every_ms=EVERY_MS, pay_after=CART)
    ticks = _Ticks()
    scanner.run()
    return scanner.painted, ticks.stop()


def _codes() -> list[str]:
    return [goods.barcode(place * 7919 % PRODUCTS) for place in range(SCANS)]


def _leave_work(program: Program, folder: Path, port: int) -> None:
    """Put all of it into the queue, as screens would: in the lane, which is no part of the loop."""
    shop = program.shop

    def leave() -> bool:
        with shop.database.write():
            for number in range(MAILS):
                shop.queue.enqueue(MAIL, {"to": f"c{number}@example.com", "port": port})
            shop.queue.enqueue(EXPORT, {"path": str(folder / "large.xlsx")})
        return bool(shop.import_jobs.leave(folder / "new.csv", actor=None))

    done: list[bool] = []
    program.lane.submit(leave, done.append)
    wait(lambda: done)


def _is_done(program: Program) -> bool:
    counts = program.shop.queue.views.counts()
    assert not counts.failed, "a job of the measurement has failed"
    return not counts.queued + counts.scheduled + counts.running


def _serve() -> None:
    """Answer each letter after 10 ms, on as many connections as come."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            connection, _address = listening.accept()
            threading.Thread(target=_answer, args=(connection,), daemon=True).start()


def _answer(connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as file:
        while head := file.read(4):
            file.read(int.from_bytes(head, "big"))
            time.sleep(0.01)
            connection.sendall(b"\x06")


if __name__ == "__main__":
    _serve()
