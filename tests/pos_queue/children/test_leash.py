"""What ties a child to its parent."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest
from pos_queue.children.command import child_command
from pos_queue.children.job_object import BasicLimits, ExtendedLimits
from pos_queue.children.leash import ORPHANED, PipeLeash
from pos_queue.children.process import Child, start_frame

from tests.pos_queue.processes import SECONDS, is_gone, open_files, wait_until

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a job object does it there")


def test_a_child_whose_parent_was_gone_before_it_began_ends() -> None:
    leash = PipeLeash()
    os.close(leash._ours)
    leash._open.remove(leash._ours)
    command, pipe = child_command(leash.argument), subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, **leash.options) as process:
        leash.tie(process)
        assert process.wait(SECONDS) == ORPHANED


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals the end of a pipe")
def test_a_child_that_never_gets_ready_ends_with_its_parent_too() -> None:
    hang = ("tests.pos_queue.children.child_targets:say_and_hang_in_regex", {"text": "begun"})
    child = Child(start_frame(prepare=hang)).start()
    wait_until(lambda: "begun" in child.stderr)
    assert not is_gone(child.pid)
    assert child._leash is not None
    child._leash.close()
    wait_until(lambda: is_gone(child.pid))
    child.end()


def test_a_leash_gives_its_files_back() -> None:
    before = open_files()
    leash = PipeLeash()
    leash.close()
    leash.close()
    leash.kill()
    assert open_files() == before


@pytest.mark.skipif(sys.maxsize < 1 << 32, reason="the sizes are those of 64 bits")
def test_the_limits_of_a_job_lie_where_windows_reads_them() -> None:
    assert (ctypes.sizeof(BasicLimits), ctypes.sizeof(ExtendedLimits)) == (64, 144)
    assert BasicLimits.flags.offset == 16
