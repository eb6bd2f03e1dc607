"""A scale on a line: asked once, and read all the time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest
from pos_hardware.errors import BadAddress
from pos_hardware.scales.protocols import SMA, TOLEDO_8217, ScaleProtocol
from pos_hardware.scales.reader import FRESH_FOR, ScaleReader
from pos_hardware.scales.reading import Reading, ScaleFault, Weight
from pos_hardware.scales.scale import Scale
from pos_hardware.testing.scale_simulator import ScaleSimulator, SmaSimulator, ToledoSimulator
from pos_hardware.transports.addresses import parse_serial_address
from pos_hardware.transports.serial_port import SerialTransport

from tests.pos_hardware.clocks import Unhurried

KINDS = [(ToledoSimulator, TOLEDO_8217), (SmaSimulator, SMA)]
Table = tuple[ScaleSimulator, ScaleProtocol]


@pytest.fixture(params=KINDS, ids=["toledo", "sma"])
def table(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Table]:
    """A scale of each kind with its protocol."""
    kind, protocol = request.param
    with kind(tmp_path / "scale") as simulator:
        yield simulator, protocol


def scale_of(table: Table) -> Scale:
    simulator, protocol = table
    return Scale(parse_serial_address(simulator.address, protocol.line), protocol, Unhurried())


def test_a_scale_tells_what_lies_on_it(table: Table) -> None:
    simulator, scale = table[0], scale_of(table)
    for weight in (0, 5, 1250, 15_000):
        simulator.put(weight)
        assert scale.weigh() == Weight(weight)
    simulator.tare = 200
    simulator.put(1450)
    assert scale.weigh() == Weight(1250, net=True)


def test_what_is_wrong_is_told(table: Table) -> None:
    simulator, scale = table[0], scale_of(table)
    simulator.put(15_001)
    assert scale.weigh() is ScaleFault.OVER_CAPACITY
    simulator.put(-100)
    assert scale.weigh() is ScaleFault.BELOW_ZERO
    simulator.put(900, moving=True)
    assert scale.weigh(0.3) is ScaleFault.MOVING
    simulator.garbled = True
    assert scale.weigh() is ScaleFault.GARBLED
    simulator.silent = True
    assert scale.weigh() is ScaleFault.SILENT
    simulator.reads = False
    assert scale.weigh() is ScaleFault.SILENT
    simulator.unplug()
    assert scale.weigh() is ScaleFault.UNPLUGGED


def test_a_scale_is_waited_for_until_it_rests(table: Table) -> None:
    simulator, scale = table[0], scale_of(table)
    simulator.put(900, moving=True)

    def settle() -> None:
        _asked(simulator, 2)
        simulator.put(905)

    threading.Thread(target=settle).start()
    assert scale.weigh(60) == Weight(905)


def _asked(simulator: ScaleSimulator, times: int) -> None:
    while simulator.asked < times:
        threading.Event().wait(0.005)


def test_an_answer_that_came_before_the_question_is_none(table: Table) -> None:
    """It is the weight of what lay there before."""
    simulator, protocol = table
    simulator.put(700)
    scale = Scale(lambda: Chatty(simulator, protocol), protocol, Unhurried())
    assert scale.weigh() == Weight(700)


class Chatty(SerialTransport):
    """A line on which an old answer waits when it has opened."""

    def __init__(self, simulator: ScaleSimulator, protocol: ScaleProtocol) -> None:
        super().__init__(simulator.link.__str__, protocol.line)
        self._simulator = simulator
        self._old = {"toledo": b"\x0209.999\r", "sma": b"\n 1G       9.999kg \r"}[protocol.name]

    def open(self, deadline: object) -> None:
        super().open(deadline)  # type: ignore[arg-type]
        self._simulator.say(self._old)
        assert self._port is not None
        while self._port.in_waiting < len(self._old):
            threading.Event().wait(0.005)


def test_an_address_of_another_kind_is_no_scale() -> None:
    for address in ("tcp://192.168.1.50:9100", "virtual:///home", "serial://[", "scale"):
        with pytest.raises(BadAddress):
            parse_serial_address(address, SMA.line)


class Reader:
    """A reader in its thread."""

    def __init__(self, table: Table) -> None:
        simulator, protocol = table
        self.clock = Unhurried()
        self.readings: Queue[Reading] = Queue()
        make = parse_serial_address(simulator.address, protocol.line)
        self.reader = ScaleReader(make, protocol, self.take, clock=self.clock)
        self.thread = threading.Thread(target=self.reader.run, daemon=True)
        self.thread.start()

    def take(self, reading: Reading) -> None:
        self.readings.put(reading)
        if reading == Weight(666):
            raise ValueError(reading)

    def next(self) -> Reading:
        return self.readings.get(timeout=10)

    def wait_for(self, wanted: Reading) -> None:
        """Pass over what is told in between; a scale that was just put in may still be silent."""
        while self.next() != wanted:
            pass


def test_changes_are_told_and_a_scale_put_in_again_is_found(table: Table) -> None:
    simulator = table[0]
    reader = Reader(table)
    reader.wait_for(Weight(0))
    simulator.put(1250)
    reader.wait_for(Weight(1250))
    asked = simulator.asked
    _asked(simulator, asked + 3)
    assert reader.readings.empty(), "what has not changed is not told again"
    assert reader.reader.latest() == Weight(1250)
    simulator.unplug()
    reader.wait_for(ScaleFault.UNPLUGGED)
    assert reader.reader.latest() is ScaleFault.UNPLUGGED
    simulator.put(300)
    simulator.plug_in()
    reader.wait_for(Weight(300))
    assert reader.reader.stop()
    assert reader.next() is ScaleFault.STOPPED
    assert reader.reader.latest() is ScaleFault.STOPPED


def test_a_scale_that_another_program_reads_is_busy(table: Table) -> None:
    reader = Reader(table)
    reader.wait_for(Weight(0))
    assert scale_of(table).weigh() is ScaleFault.BUSY
    assert reader.reader.stop()
    assert scale_of(table).weigh() == Weight(0)


def test_a_listener_that_fails_does_not_end_the_reading(
    table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader(table)
    reader.wait_for(Weight(0))
    table[0].put(666)
    reader.wait_for(Weight(666))
    table[0].put(700)
    reader.wait_for(Weight(700))
    assert reader.reader.stop()
    assert "was not taken" in caplog.text


def test_a_scale_that_says_nothing_holds_up_no_stop(table: Table) -> None:
    simulator = table[0]
    simulator.silent = True
    reader = Reader(table)
    reader.wait_for(ScaleFault.SILENT)
    simulator.reads = False
    assert reader.reader.stop()


class Still(Unhurried):
    """A clock that a test moves."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


def test_an_old_weight_is_none() -> None:
    clock = Still()
    reader = ScaleReader(lambda: pytest.fail("not opened"), SMA, clock=clock)
    assert reader.latest() is ScaleFault.SILENT
    reader._show(Weight(500))
    assert reader.latest() == Weight(500)
    clock.now = FRESH_FOR + 0.1
    assert reader.latest() is ScaleFault.SILENT
