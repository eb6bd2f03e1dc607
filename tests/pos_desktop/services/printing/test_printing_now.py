"""A paper on a printer that no settings name yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from pos_desktop.domain.errors import Unavailable
from pos_desktop.services.printing.printing_now import print_test_page


def test_a_page_is_printed_at_once(tmp_path: Path) -> None:
    print_test_page(f"virtual://{tmp_path.as_posix()}", "Duka")
    assert list(tmp_path.glob("*.png"))


@pytest.mark.parametrize(
    ("address", "why"),
    [("nonsense", "address is wrong"), ("usb:///nowhere/lp0", "does not answer")],
)
def test_why_nothing_comes_out_is_said(address: str, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        print_test_page(address, "Duka")
