"""How many reports a second a relay on SQLite takes, each on the disk before it is answered.

The relay is a process of its own; who posts shares the machine with it. Beside that what it costs
while tills wait and nothing comes.
"""

from __future__ import annotations

import http.client
import os
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pos_sync.relay.reader import RelayReader

from pos_desktop.cli.bench.figure import Figure, of_times
from tests.benchmarks import scene
from tests.pos_sync.relay.scene import make_shop, post_report
from tests.pos_sync.relay.test_torture import Program, program

REPORTS = 4_000
SENDERS = (8, 64)
LEAST_A_SECOND = 200
ANSWER_MS = 1_000.0
WAITING = ("T1", "T2")
IDLE_SECONDS = 4.0
MOST_OF_A_CORE = 5.0
_PROC = Path("/proc")


def run() -> Iterator[Figure]:
    """Yield reports a second and how long each waits for its answer; then the cost of waiting."""
    with scene.folder() as folder:
        database = str(folder / "relay.sqlite")
        made = make_shop(database, tills=WAITING)
        with program(database, folder) as relay:
            for senders in SENDERS:
                seconds, waits = _posted(relay, made.secret, senders)
                rate = len(waits) / seconds
                yield Figure(
                    what=f"reports a second, {senders} senders",
                    p99=rate,
                    limit=f">= {LEAST_A_SECOND}",
                    ok=rate >= LEAST_A_SECOND,
                )
                yield of_times("each answered after", waits, below=ANSWER_MS)
            if _PROC.exists():
                share = _share_while_waiting(relay, made)
                yield Figure(
                    what=f"% of a core while {len(WAITING)} tills wait",
                    p99=share,
                    limit=f"<= {MOST_OF_A_CORE:g}",
                    ok=share <= MOST_OF_A_CORE,
                )


def _posted(relay: Program, secret: str, senders: int) -> tuple[float, list[float]]:
    """Post all reports by so many senders at once; return the seconds, and those of each answer."""
    waits: list[float] = []

    def carry(first: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=20)
        with closing(line):
            for number in range(first, REPORTS, senders):
                name = f"{senders}-{number}"
                began = time.perf_counter()
                post_report(line, secret, f"t{name}", name)
                waits.append(time.perf_counter() - began)

    threads = [threading.Thread(target=carry, args=(first,)) for first in range(senders)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    assert len(waits) == REPORTS
    return seconds, waits


def _share_while_waiting(relay: Program, made: Any) -> float:
    """Return how many hundredths of a core the relay takes while tills wait in vain."""
    number = REPORTS * len(SENDERS)
    url = f"http://127.0.0.1:{relay.port}"
    readers = [RelayReader(url, made.keys[till], monotonic=time.monotonic) for till in WAITING]
    threads = [
        threading.Thread(target=reader.messages, args=(number, IDLE_SECONDS + 2))
        for reader in readers
    ]
    for thread in threads:
        thread.start()
    time.sleep(1)
    before = _core_seconds(relay)
    time.sleep(IDLE_SECONDS)
    spent = _core_seconds(relay) - before
    for thread in threads:
        thread.join()
    for reader in readers:
        reader.close()
    return 100 * spent / IDLE_SECONDS


def _core_seconds(relay: Program) -> float:
    fields = (_PROC / str(relay.pid) / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
