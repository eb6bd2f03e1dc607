"""The output of a child, run by run."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from pos_queue.children.frames import END_OF_RUN
from pos_queue.children.output import KEPT_STDERR, Output

from tests.pos_queue.processes import SECONDS, wait_until


class Written:
    """An output, and the end of the pipe at which a child would write."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        self.output = Output(os.fdopen(reading, "rb"))

    def write(self, text: bytes) -> None:
        os.write(self._writing, text)

    def end(self) -> None:
        os.close(self._writing)
        self.output.join(SECONDS)


@pytest.fixture
def child() -> Iterator[Written]:
    child = Written()
    yield child
    child.end()


def test_runs_are_kept_apart_however_their_end_comes_through(child: Written) -> None:
    child.write(b"one" + END_OF_RUN + b"two" + END_OF_RUN[:4])
    assert child.output.of_run(1) == "one"
    wait_until(lambda: child.output.of_this_run().startswith("two"))
    child.write(END_OF_RUN[4:] + b"three")
    assert child.output.of_run(2) == "two"
    wait_until(lambda: child.output.of_this_run() == "three")


def test_the_last_of_a_long_run_is_kept(child: Written) -> None:
    for _line in range(100):
        child.write(b"x" * 1_000 + b"\n")
    child.write(b"end" + END_OF_RUN)
    text = child.output.of_run(1)
    assert len(text) == KEPT_STDERR
    assert text.endswith("x\nend")
    assert child.output.of_this_run() == ""


def test_what_is_no_text_harms_nothing(child: Written) -> None:
    child.write(b"\xff\xfe" + END_OF_RUN)
    assert child.output.of_run(1) == "\ufffd\ufffd"


def test_a_run_whose_end_never_comes_has_what_came_so_far() -> None:
    child = Written()
    child.write(b"cut off")
    child.end()
    assert child.output.of_run(1) == "cut off"
    assert child.output.of_this_run() == "cut off"
