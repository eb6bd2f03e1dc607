"""What lies in the repository: locked, clean, and of this project alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from tests.house.sources import ROOT

LOCKED = re.compile(r"^[a-z0-9._-]+==[^ ]+( ; .+)?$")
LARGEST_FILE = 1_000_000


IGNORED = ["/.git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split())]


def _files(folder: Path = ROOT) -> Iterator[Path]:
    """Walk what is not ignored: a checkout may be an unpacked archive, without git."""
    for path in folder.iterdir():
        place = f"/{path.relative_to(ROOT).as_posix()}"
        if any(fnmatch(place, p if p[0] == "/" else f"*/{p}") for p in IGNORED):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def test_the_walk_finds_the_checkout_and_leaves_the_rest() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in _files()}
    assert {"pyproject.toml", "scripts/ready.py", ".ci/run"} <= found
    assert not [name for name in found if name.startswith((".venv/", ".git/", "build/"))]


def test_locks_pin_every_version_and_hold_no_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-freeze.lock"):
        lines = (ROOT / name).read_text().splitlines()
        assert len(lines) > 10
        assert not [line for line in lines if not LOCKED.match(line)]


def test_no_file_is_larger_than_it_needs_to_be() -> None:
    assert not [path.name for path in _files() if path.stat().st_size > LARGEST_FILE]


def test_no_task_is_left_in_a_comment() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    assert not [
        path.name for path in _files() if path.suffix == ".py" and marks.search(path.read_text())
    ]
