"""A test that hangs is ended, told by its name with its stack, and holds up no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.sources import ROOT

HANGING = """
from __future__ import annotations
import threading

def test_before() -> None: ...

def test_that_hangs() -> None:
    threading.Event().wait()

def test_after() -> None: ...
"""


def test_a_test_that_hangs_is_told_by_its_name_with_its_stack(tmp_path: Path) -> None:
    file = tmp_path / "test_hanging_for_ever.py"
    file.write_text(HANGING)
    without = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    options = ["-n1", *without, "-o", "faulthandler_timeout=1"]
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *settings, str(file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert "test_hanging_for_ever.py::test_that_hangs" in done.stdout
    assert "1 failed, 2 passed" in done.stdout
    assert f'"{file}", line 8 in test_that_hangs' in done.stderr
