"""Locks have the rights of the shop that they are for: a kill may leave their files."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from pos_desktop.lock_names import MAKING
from pos_desktop.shop_locks import made_alone


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other things there")
@pytest.mark.parametrize(("of_folder", "of_file"), [(0o700, 0o600), (0o2770, 0o660)])
def test_who_shares_a_place_may_make_a_shop_in_it_after_another(
    tmp_path: Path, of_folder: int, of_file: int
) -> None:
    tmp_path.chmod(of_folder)
    with made_alone(tmp_path):
        assert stat.S_IMODE((tmp_path / MAKING).stat().st_mode) == of_file
    assert not (tmp_path / MAKING).exists()
