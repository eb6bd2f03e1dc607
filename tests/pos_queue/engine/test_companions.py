"""What goes on beside the jobs: as long as a runner waits for some, and no longer."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.engine import companions
from pos_queue.engine.runner import Runner
from pos_queue.premises import Terms

from tests.pos_queue.conformance.stages import DATABASE, Stage
from tests.pos_queue.processes import wait_until


class Reader:
    """Waits for what never comes, until it is interrupted."""

    name = "reader"

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0
        self.dies = 0
        self._cut = threading.Event()

    def run(self, ending: threading.Event) -> None:
        self.begun += 1
        if self.begun <= self.dies:
            raise OSError("the line is gone")
        self._cut.wait()
        assert ending.is_set()
        self.ended += 1

    def interrupt(self) -> None:
        self._cut.set()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path, DATABASE, [], RedisAddress(), uuid.uuid4().hex)
    yield stage
    stage.close()


def test_it_goes_on_as_long_as_the_runner(stage: Stage) -> None:
    reader = Reader()
    runner = Runner(replace(stage.premises(), beside=[reader]))
    stage.start(runner)
    wait_until(lambda: reader.begun == 1)
    assert runner.stop()
    assert reader.ended == 1


def test_one_that_dies_is_begun_anew(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "AGAIN_SECONDS", 0.01)
    reader = Reader()
    reader.dies = 2
    runner = Runner(replace(stage.premises(), beside=[reader]))
    stage.start(runner)
    wait_until(lambda: reader.begun == 3)
    assert runner.stop()
    assert reader.ended == 1


def test_there_is_none_beside_a_runner_that_ends_by_itself(stage: Stage) -> None:
    reader = Reader()
    Runner(replace(stage.premises(), beside=[reader]), Terms(when_empty=True)).run()
    assert reader.begun == 0
