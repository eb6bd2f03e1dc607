"""The pulses of drawers."""

from __future__ import annotations

import pytest
from pos_hardware.drawer import DrawerPulse, trigger_bytes
from pos_hardware.errors import BadAddress


def test_pulses_in_units_of_the_printer() -> None:
    assert DrawerPulse(2, 50, 500).command() == b"\x1bp\x00\x19\xfa"
    assert DrawerPulse(5, 100, 100).command() == b"\x1bp\x01\x32\x32"
    assert DrawerPulse(5, 510, 510).command() == b"\x1bp\x01\xff\xff"
    assert DrawerPulse(2, 200, 10).command() == b"\x1bp\x00\x64\x64"


def test_the_real_time_pulse() -> None:
    assert DrawerPulse(5, 200).real_time_command() == b"\x10\x14\x01\x01\x02"
    assert DrawerPulse(2, 10).real_time_command() == b"\x10\x14\x01\x00\x01"


@pytest.mark.parametrize(("pin", "on", "off"), [(1, 100, 100), (2, 0, 100), (2, 100, 512)])
def test_impossible_pulses_are_refused(pin: int, on: int, off: int) -> None:
    with pytest.raises(ValueError):
        DrawerPulse(pin, on, off)


def test_serial_drawers_open_by_bytes() -> None:
    assert trigger_bytes("1B 70 00 19 fa") == b"\x1bp\x00\x19\xfa"
    assert trigger_bytes("07") == b"\x07"
    for wrong in ("", "7", "zz", "00" * 33):
        with pytest.raises(BadAddress):
            trigger_bytes(wrong)
