"""A hint that the network has changed: taken from any thread, obeyed by the scheduler."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pos_queue.context import JobContext
from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.engine.runner import Runner
from pos_queue.errors import NoNetwork
from pos_queue.job import Job
from pos_queue.network.network import Network

from tests.pos_queue.conformance.stages import DATABASE, Stage
from tests.pos_queue.processes import SECONDS, wait_until

MAIL = "smtp"
FAR_MS = int(1.5 * SECONDS * 1000)
"""Later than any test waits, and sooner than a breaker would doubt."""


class Line:
    """A line to a server, which may be down, and a shop with one mail to send."""

    def __init__(self, folder: Path) -> None:
        self.is_up = False
        self.probes: list[str] = []
        job = Job(name="mail", body=self._send, needs_network=MAIL)
        self.stage = Stage(folder, DATABASE, [job], RedisAddress(), uuid.uuid4().hex)
        self.runner = Runner(replace(self.stage.premises(), probes={MAIL: self._probe}))

    def _send(self, _context: JobContext) -> None:
        if not self.is_up:
            raise NoNetwork(MAIL)

    def _probe(self) -> bool:
        self.probes.append(threading.current_thread().name)
        return self.is_up


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path)
    yield line
    line.stage.close()


def test_what_waits_for_the_network_is_tried_at_once(line: Line) -> None:
    number = line.stage.enqueue("mail")
    line.stage.start(line.runner)
    wait_until(lambda: line.stage.row(number) == ("waiting_for_network", 1, 0))
    line.stage.database.execute_sql(
        "UPDATE job_endpoints SET failures = 9, probe_at = probe_at + ?", (FAR_MS,)
    )
    line.is_up = True
    line.runner.link_changed()
    assert line.stage.ended(number).state == "done"
    assert set(line.probes) == {"probe"}


def test_it_may_come_before_anything_runs(line: Line) -> None:
    line.runner.link_changed()
    line.is_up = True
    number = line.stage.enqueue("mail")
    line.stage.start(line.runner)
    assert line.stage.ended(number).state == "done"


def test_a_hint_that_the_file_did_not_let_it_follow_is_followed_at_the_next_look(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = line.stage.enqueue("mail")
    line.stage.start(line.runner)
    wait_until(lambda: line.stage.row(number) == ("waiting_for_network", 1, 0))
    line.stage.database.execute_sql(
        "UPDATE job_endpoints SET failures = 9, probe_at = probe_at + ?", (FAR_MS,)
    )
    line.is_up = True
    follows, tries = Network.link_changed, list[Network]()

    def link_changed(network: Network) -> None:
        tries.append(network)
        if len(tries) == 1:
            raise OSError("the disk does not answer")
        follows(network)

    monkeypatch.setattr(Network, "link_changed", link_changed)
    line.runner.link_changed()
    assert line.stage.ended(number).state == "done"
