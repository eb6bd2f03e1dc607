"""Letting the doctor look at a folder, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.domain.clock import Clock
from pos_desktop.services.doctor.all_looks import every_group
from pos_desktop.services.doctor.examining import chosen, examine
from pos_desktop.services.doctor.finding import Finding, State
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.shop import open_shop

ROOT = Path(__file__).parents[4]
NOBODY = 65_534


def looked(directory: Path, *names: str, clock: Clock | None = None) -> list[Finding]:
    """Return what the doctor finds, of some groups or of all."""
    return [*examine(Patient(directory, clock), chosen(every_group(), names)).findings]


def seen(directory: Path, group: str, check: str, clock: Clock | None = None) -> Finding:
    """Return the one finding of a check."""
    (found,) = [one for one in looked(directory, group, clock=clock) if one.check == check]
    return found


def states(findings: list[Finding]) -> dict[str, State]:
    """Return the states by check."""
    return {one.check: one.state for one in findings}


def set_values(directory: Path, values: Mapping[Any, Any]) -> None:
    """Change settings of a shop that nobody has open, as posctl config does."""
    with closing(open_shop(directory)) as shop:
        for setting, value in values.items():
            shop.configuration.set(setting, value, shop.books, actor=None)


_AS_NOBODY = """
import contextlib, getpass, grp, io, os, pwd, sys
from pos_desktop.cli.main import main
with contextlib.redirect_stdout(io.StringIO()):  # all is imported while the program can be read
    main(["doctor", "--check", *sys.argv[3].split(), "--data", sys.argv[1]])
number = int(sys.argv[2])
os.setgroups([])
os.setgid(number)
os.setuid(number)
sys.exit(main(["doctor", "--json", "--check", *sys.argv[3].split(), "--data", sys.argv[4]]))
"""


def as_nobody(checks: str, directory: Path, shop: Path) -> dict[str, dict[str, str]]:
    """Return what a login that owns nothing is told of a folder; skips where that cannot be.

    The program is read before: a checkout may be closed to other logins. `shop` is one that opens.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    command = [sys.executable, "-c", _AS_NOBODY, str(shop), str(NOBODY), checks, str(directory)]
    done = subprocess.run(command, check=False, cwd=ROOT, text=True, capture_output=True)
    assert "Traceback" not in done.stderr, done.stderr
    document = json.loads(done.stdout)
    assert done.returncode == (0 if document["ok"] else 1)
    assert "Error:" not in done.stdout
    return {one["check"]: one for one in document["checks"]}
