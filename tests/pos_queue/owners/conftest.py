"""What the tests of owners share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of locks."""
    path = tmp_path / "queue"
    path.mkdir()
    return path
