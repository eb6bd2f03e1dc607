"""An address is taken apart and put together again, and means the same device."""

from __future__ import annotations

import pytest
from pos_hardware.errors import BadAddress
from pos_hardware.transports.address_parts import (
    AddressParts,
    address_parts,
    with_baud,
    without_baud,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("tcp://192.168.1.50:9101", AddressParts("tcp", "192.168.1.50:9101")),
        ("tcp://till", AddressParts("tcp", "till:9100")),
        ("tcp://[::1]:9100", AddressParts("tcp", "[::1]:9100")),
        ("usb:///dev/usb/lp0", AddressParts("usb", "/dev/usb/lp0")),
        ("usb://id/04b8:0e15:X%201", AddressParts("usb", "04b8:0e15:X 1", is_id=True)),
        ("serial:///dev/ttyUSB0", AddressParts("serial", "/dev/ttyUSB0")),
        ("serial://port/COM3?baud=4800", AddressParts("serial", "COM3", baud=4800)),
        ("serial://id/0403:6001:A5", AddressParts("serial", "0403:6001:A5", is_id=True)),
        ("cups://receipts", AddressParts("cups", "receipts")),
        ("windows://EPSON%20TM-T20", AddressParts("windows", "EPSON TM-T20")),
        ("file:///var/prints.bin", AddressParts("file", "/var/prints.bin")),
        ("virtual:///home/me/prints", AddressParts("virtual", "/home/me/prints")),
    ],
)
def test_an_address_says_what_it_names(text: str, parts: AddressParts) -> None:
    assert address_parts(text) == parts


@pytest.mark.parametrize("text", ["", "printer", "tcp://", "serial:///dev/ttyS0?baud=fast"])
def test_what_is_no_address_has_no_parts(text: str) -> None:
    with pytest.raises(BadAddress):
        address_parts(text)


@pytest.mark.parametrize(
    ("text", "baud", "then"),
    [
        ("serial:///dev/ttyUSB0", 9600, "serial:///dev/ttyUSB0?baud=9600"),
        ("serial:///dev/ttyUSB0?baud=4800", 9600, "serial:///dev/ttyUSB0?baud=9600"),
        ("serial://port/COM3?bits=7&baud=4800&parity=E", 1200,
         "serial://port/COM3?baud=1200&bits=7&parity=E"),
        ("serial://port/COM3?bits=7&baud=4800", None, "serial://port/COM3?bits=7"),
        ("serial:///dev/ttyUSB0?baud=4800", None, "serial:///dev/ttyUSB0"),
        ("tcp://192.168.1.50:9100", 9600, "tcp://192.168.1.50:9100"),
        ("", 9600, ""),
    ],
)  # fmt: skip
def test_the_speed_of_a_line_is_put_into_its_address(
    text: str, baud: int | None, then: str
) -> None:
    assert with_baud(text, baud) == then
    if baud is None:
        assert without_baud(text) == then
