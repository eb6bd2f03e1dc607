"""posctl, run in this process on a shop of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.cli.main import main


class Posctl:
    """Runs posctl in this process on one shop."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Run a command, check its exit code, return its standard output."""
        found = main([*arguments, "--data", str(self.directory)])
        self.out, self.err = self._capsys.readouterr()
        assert found == code, self.err
        assert "Traceback" not in self.err
        return self.out

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run a command with --json and return its document."""
        return json.loads(self(*arguments, "--json", code=code))


@pytest.fixture
def posctl(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kept_books: Callable[[Path], None]
) -> Posctl:
    """A posctl whose shop is not made yet; what is made is verified at the end."""
    kept_books(tmp_path / "shop")
    return Posctl(tmp_path / "shop", capsys)


@pytest.fixture
def demo(posctl: Posctl) -> Posctl:
    """A posctl on the demo shop."""
    posctl("init", "--demo")
    return posctl
