"""What lies in the repository: locked, clean, and of this project alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.house.sources import ROOT

LOCKED = re.compile(r"^[a-z0-9._-]+==[^ ]+( ; .+)?$")
LARGEST_FILE = 1_000_000


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True, timeout=60
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_locks_pin_every_version_and_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text().splitlines()
        assert len(lines) > 10
        assert not [line for line in lines if not LOCKED.match(line)]


def test_no_file_is_larger_than_it_needs_to_be() -> None:
    assert not [path.name for path in _tracked() if path.stat().st_size > LARGEST_FILE]


def test_no_task_is_left_in_a_comment() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    assert not [
        path.name for path in _tracked() if path.suffix == ".py" and marks.search(path.read_text())
    ]
