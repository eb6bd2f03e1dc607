"""posctl on scales and customer displays: what is set, what is found, and a test of each."""

from __future__ import annotations

from pathlib import Path

import pytest
from pos_hardware.testing.display_simulator import DisplaySimulator
from pos_hardware.testing.scale_simulator import SmaSimulator, ToledoSimulator

from tests.pos_desktop.cli.conftest import Posctl


def test_a_scale_is_tested_in_words(demo: Posctl, tmp_path: Path) -> None:
    with ToledoSimulator(tmp_path / "scale") as scale:
        demo("config", "set", "scale.address", scale.address)
        scale.put(1_250)
        assert demo("scales", "test") == "1.250 kg lie on the scale.\n"
        demo("config", "set", "scale.tare_grams", "50")
        assert "Less the tare of scale.tare_grams, 1.200 kg would be sold." in demo(
            "scales", "test"
        )
        assert demo.json("scales", "test") == {
            "weight_kg": "1.250", "net_kg": "1.200", "tare_on_scale": False, "fault": "",
        }  # fmt: skip
        scale.tare = 250
        assert "tare of its own" in demo("scales", "test")
        scale.put(16_000)
        assert demo.json("scales", "test", code=1) == {"weight_kg": None, "fault": "over_capacity"}
        assert "in parts" in demo.err
        assert len(demo.err.strip().splitlines()) == 1


def test_the_protocol_is_a_setting(demo: Posctl, tmp_path: Path) -> None:
    with SmaSimulator(tmp_path / "scale") as scale:
        demo("config", "set", "scale.address", scale.address)
        demo("scales", "test", code=1)
        assert "scale.protocol" in demo.err
        demo("config", "set", "scale.protocol", "sma")
        scale.put(500)
        assert demo.json("scales", "test")["weight_kg"] == "0.500"
    demo("config", "set", "scale.protocol", "avery", code=1)
    assert "toledo, sma" in demo.err


def test_a_display_is_tested(demo: Posctl, tmp_path: Path) -> None:
    with DisplaySimulator(tmp_path / "display", "cd5220") as seen:
        demo("config", "set", "display.address", seen.address)
        demo("config", "set", "display.dialect", "cd5220")
        assert "dialect cd5220" in demo("display", "test")
        seen.wait_for_lines("Test of the display", "1234567890")
        assert demo.json("display", "test") == {"shown": True, "fault": ""}
    assert demo.json("display", "test", code=1) == {"shown": False, "fault": "unreachable"}
    assert "display.address" in demo.err


@pytest.mark.parametrize(("command", "key"), [("scales", "scale"), ("display", "display")])
def test_what_is_not_set_is_said_with_the_command_that_sets_it(
    demo: Posctl, command: str, key: str
) -> None:
    setting = f"posctl config set {key}.address serial:///dev/ttyUSB0"
    assert setting in demo(command)
    assert demo.json(command)["configured"] == ""
    demo(command, "test", code=1)
    assert setting in demo.err
    demo("config", "set", f"{key}.address", "serial:///dev/ttyACM7")
    assert demo.json(command)["configured"] == "serial:///dev/ttyACM7"
    assert "serial:///dev/ttyACM7" in demo(command)
