"""Where a device is, as people say it."""

from __future__ import annotations

import pytest
from pos_hardware.discovery import DeviceKind, FoundDevice

from pos_desktop.services.devices.address_words import place_words

EPSON = FoundDevice(DeviceKind.USB_PRINTER, "usb://id/04b8:0e15:X1", "04b8:0e15:X1", "EPSON TM-T20")
ADAPTER = FoundDevice(DeviceKind.SERIAL, "serial://id/0403:6001:A5", "0403:6001:A5", "FT232R")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", ""),
        ("tcp://192.168.1.50:9100", "network 192.168.1.50:9100"),
        ("usb://id/04b8:0e15:X1", "USB printer EPSON TM-T20 (04b8:0e15:X1)"),
        ("usb://id/04b8:0202", "USB printer 04b8:0202"),
        ("usb:///dev/usb/lp0", "USB printer /dev/usb/lp0"),
        ("serial:///dev/ttyUSB0", "serial line /dev/ttyUSB0"),
        ("serial://port/COM3?baud=4800", "serial line COM3, 4800 baud"),
        ("serial://id/0403:6001:A5?baud=9600", "serial line FT232R (0403:6001:A5), 9600 baud"),
        ("cups://receipts", "queue receipts of CUPS"),
        ("windows://EPSON%20TM-T20", "printer EPSON TM-T20 of Windows"),
        ("file:///var/prints.bin", "file /var/prints.bin"),
        ("virtual:///home/me/prints", "pictures in /home/me/prints"),
        ("the one on the desk", "the one on the desk"),
    ],
)
def test_an_address_is_said_in_words(address: str, words: str) -> None:
    assert place_words(address, (EPSON, ADAPTER)) == words
