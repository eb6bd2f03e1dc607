"""A process is killed before and after each statement of a job's life; nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("statement_kills.py")
ROOT = PROGRAM.parent.parent.parent
FEWEST_PLACES = 400
"""Fewer would mean that jobs died before their lives were through."""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the places are tried by forks")
def test_a_kill_at_any_statement_loses_and_doubles_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=110, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["wrong"] == {}
    assert told["places"] >= FEWEST_PLACES
