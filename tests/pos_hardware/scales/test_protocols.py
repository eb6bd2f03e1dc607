"""What scales answer is read to the gram, and never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.scales.protocols import PROTOCOLS, read_sma, read_toledo
from pos_hardware.scales.reading import Reading, ScaleFault, Weight, grams


@pytest.mark.parametrize(
    ("heard", "reading"),
    [
        (b"\x0201.250\r", Weight(1250)),
        (b"\x0200.000\r", Weight(0)),
        (b"\x0201.250N\r", Weight(1250, net=True)),
        (b"\x02 1.250\r", Weight(1250)),
        (b"\x8201.250\x8d", Weight(1250)),
        (b"~\x0201.250\r\x0202.500\r\x0203", Weight(2500)),
        (b"\x02?\x01\r", ScaleFault.MOVING),
        (b"\x02?\x23\r", ScaleFault.MOVING),
        (b"\x02?\x02\r", ScaleFault.OVER_CAPACITY),
        (b"\x02?\x24\r", ScaleFault.BELOW_ZERO),
        (b"\x02?\x08\r", ScaleFault.NOT_ZEROED),
        (b"\x02?\x0d\r", ScaleFault.MOVING),
        (b"\x02?\x50\r", ScaleFault.NOT_READY),
        (b"\x0202.76\r", ScaleFault.OTHER_UNIT),
        (b"\x0201.250", None),
        (b"\x021250\r", None),
        (b"\x02-1.250\r", None),
        (b"", None),
    ],
)
def test_toledo(heard: bytes, reading: Reading | None) -> None:
    assert read_toledo(heard) == reading


@pytest.mark.parametrize(
    ("heard", "reading"),
    [
        (b"\n 1G       1.250kg \r", Weight(1250)),
        (b"\nZ1G       0.000kg_\r", Weight(0)),
        (b"\n 1N       1.250kg \r", Weight(1250, net=True)),
        (b"\n 1GM      1.250kg \r", Weight(1250, stable=False)),
        (b"\n 1g      1.2505kg \r", Weight(1251)),
        (b"\n 1G       1250g  \r", Weight(1250)),
        (b"\n 1G         7.5g  \r", Weight(8)),
        (b"\n 1G        5.0kg \r", Weight(5000)),
        (b"\nO1G      16.000kg \r", ScaleFault.OVER_CAPACITY),
        (b"\nU1G      -0.100kg \r", ScaleFault.BELOW_ZERO),
        (b"\n 1G      -0.100kg \r", ScaleFault.BELOW_ZERO),
        (b"\n 1GM     -0.100kg \r", ScaleFault.MOVING),
        (b"\nU1GM     -0.100kg \r", ScaleFault.MOVING),
        (b"\n 1G      -0.000kg \r", Weight(0)),
        (b"\nE1GM ----------kg \r", ScaleFault.MOVING),
        (b"\nI1G  ----------kg \r", ScaleFault.NOT_ZEROED),
        (b"\n 1G  ----------kg \r", ScaleFault.GARBLED),
        (b"\n 1G        2.76lb \r", ScaleFault.OTHER_UNIT),
        (b"\n?\r", ScaleFault.NOT_READY),
        (b"\n 1G       1.250kg ", None),
    ],
)
def test_sma(heard: bytes, reading: Reading | None) -> None:
    assert read_sma(heard) == reading


@given(st.integers(0, 99_999))
def test_every_weight_is_read_as_it_was_shown(weight: int) -> None:
    whole, rest = divmod(weight, 1000)
    assert read_toledo(f"\x02{whole:02}.{rest:03}\r".encode()) == Weight(weight)
    shown = f"{whole}.{rest:03}".rjust(10)
    assert read_sma(f"\n 1G  {shown}kg \r".encode()) == Weight(weight)


@given(st.binary(max_size=40))
def test_any_bytes_are_read(heard: bytes) -> None:
    for one in PROTOCOLS.values():
        reading = one.read(heard)
        assert reading is None or isinstance(reading, ScaleFault) or reading.grams >= 0


def test_grams_are_rounded_half_up() -> None:
    assert [grams("1", "25"), grams("", "0005"), grams("0", "00049"), grams("12")] == [
        1250, 1, 0, 12_000,
    ]  # fmt: skip
