"""A shop that is brought back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.storage.migrations import LATEST
from tests.released.released_shops import unpack


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A small shop that nobody has open."""
    return unpack(LATEST, tmp_path / "shop")
