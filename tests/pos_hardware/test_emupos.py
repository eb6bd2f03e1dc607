"""Our printing and weighing against emupos: devices that others wrote from the same references.

It needs Python 3.13, so it is never installed with the project: the test runs where the variable
EMUPOS names its program, in the long form only.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_hardware.clock import SystemClock
from pos_hardware.document import ReceiptDocument, Text
from pos_hardware.faults import Fault
from pos_hardware.printing import Hooks, Outcome, ask_once, print_once, pulse_once
from pos_hardware.profile import PAPER_80
from pos_hardware.rendering import render_escpos
from pos_hardware.scales.protocols import PROTOCOLS
from pos_hardware.scales.reading import ScaleFault, Weight
from pos_hardware.scales.scale import Scale
from pos_hardware.transports.addresses import parse_address, parse_serial_address

from tests.pos_hardware.receipts import receipt

PROGRAM = os.environ.get("EMUPOS", "")
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
PORT, API = 19_107 + WORKER, 18_767 + WORKER
CONFIG = f"""
schema: 1
api: {{ host: 127.0.0.1, port: {API} }}
devices:
  - id: front
    type: printer
    profile: epson-tm-t20iii
    connections: [{{ tcp: {{ port: {PORT} }} }}]
    receipts_dir: ./receipts
  - id: toledo
    type: scale
    profile: toledo8217-15kg
    connections: [{{ serial: {{ pty: true }} }}]
  - id: sma
    type: scale
    profile: sma-15kg
    connections: [{{ serial: {{ pty: true }} }}]
"""
ADDRESS = f"tcp://127.0.0.1:{PORT}"
CLOCK = SystemClock()

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(not PROGRAM, reason="EMUPOS does not name the program"),
]


class Emupos:
    """A running simulator."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.receipts = folder / "receipts"
        self.events: list[str] = []
        self._news = threading.Condition()
        (folder / "emupos.yaml").write_text(CONFIG)
        self._process = subprocess.Popen(
            [PROGRAM, "run"],
            cwd=folder,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(folder)},
        )
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait_for("Showing events")

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self.events.append(line)
                self._news.notify_all()

    def wait_for(self, words: str, seconds: float = 20) -> None:
        with self._news:
            assert self._news.wait_for(lambda: words in "".join(self.events), seconds), words
            self.events.clear()

    def command(self, *arguments: str) -> None:
        environment = os.environ | {"EMUPOS_API": f"http://127.0.0.1:{API}"}
        subprocess.run([PROGRAM, *arguments], check=True, env=environment, timeout=30)

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture(scope="module")
def emupos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emupos]:
    simulator = Emupos(tmp_path_factory.mktemp("emupos"))
    yield simulator
    simulator.end()


def test_receipts_look_there_as_they_do_here(emupos: Emupos) -> None:
    for document in (receipt(), receipt(300)):
        data = render_escpos(document, PAPER_80)
        result = print_once(parse_address(ADDRESS)(), data, clock=CLOCK)
        assert result.outcome is Outcome.PRINTED
        emupos.wait_for("printer.job.completed")
    texts = [file.read_text() for file in emupos.receipts.glob("*.txt")]
    assert any("Café Espresso Añejo                  1  1,150.00" in text for text in texts)
    assert any("Item 300 of a very long list         1    300.00" in text for text in texts)
    for picture in emupos.receipts.glob("*.png"):
        read = subprocess.run(
            ["zbarimg", "-q", str(picture)], capture_output=True, text=True, timeout=60, check=True
        )
        assert "CODE-128:T1-000123" in read.stdout
        assert "QR-Code:https://example.org/r/T1-000123" in read.stdout


def test_the_drawer_opens(emupos: Emupos) -> None:
    transport = parse_address(ADDRESS)()
    pulse_once(transport, PAPER_80.pulse.command(), clock=CLOCK)
    emupos.wait_for("drawer opened (pin 2)")
    emupos.command("drawer", "close")


def test_the_drawer_opens_with_the_cover_open(emupos: Emupos) -> None:
    emupos.command("fault", "set", "front", "cover-open")
    pulse = PAPER_80.pulse
    pulse_once(
        parse_address(ADDRESS)(),
        pulse.command(),
        clock=CLOCK,
        offline=pulse.real_time_command(),
        answers=True,
    )
    emupos.wait_for("drawer opened (pin 2)")
    emupos.command("fault", "clear", "front", "cover-open")


@pytest.mark.parametrize("fault", [Fault.PAPER_OUT, Fault.COVER_OPEN, Fault.OFFLINE])
def test_faults_are_seen_and_nothing_is_sent(emupos: Emupos, fault: Fault) -> None:
    name = fault.value.replace("_", "-")
    emupos.command("fault", "set", "front", name)
    data = render_escpos(ReceiptDocument((Text("not yet"),)), PAPER_80)
    result = print_once(parse_address(ADDRESS)(), data, clock=CLOCK)
    assert (result.outcome, result.fault) == (Outcome.NOT_SENT, fault)
    emupos.command("fault", "clear", "front", name)
    assert ask_once(parse_address(ADDRESS)(), clock=CLOCK).fault is None


def test_paper_that_ends_in_the_middle_is_waited_for(emupos: Emupos) -> None:
    told: list[Fault | None] = []

    def hear(fault: Fault | None) -> None:
        told.append(fault)
        if fault is Fault.PAPER_OUT:
            emupos.command("fault", "clear", "front", "paper-out")

    hooks = Hooks(fault=hear, sending=lambda: emupos.command("fault", "set", "front", "paper-out"))
    data = render_escpos(receipt(), PAPER_80)
    result = print_once(parse_address(ADDRESS)(), data, clock=CLOCK, hooks=hooks)
    assert result.outcome is Outcome.PRINTED
    assert told == [Fault.PAPER_OUT, None]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_scales_tell_what_lies_on_them(emupos: Emupos, name: str) -> None:
    protocol = PROTOCOLS[name]
    address = f"serial://{emupos.folder}/emupos/{name}"
    scale = Scale(parse_serial_address(address, protocol.line), protocol)

    def put(*weight: str) -> None:
        emupos.command("scale", "set", "--device", name, *weight)

    for weight, grams in (("0kg", 0), ("1.25kg", 1250), ("1.253kg", 1255), ("15kg", 15_000)):
        put(weight)
        assert scale.weigh() == Weight(grams)
    put("2.5kg", "--unstable")
    assert scale.weigh() == Weight(2500)
    put("16kg")
    assert scale.weigh() is ScaleFault.OVER_CAPACITY
    put("--", "-100g")
    assert scale.weigh() is ScaleFault.BELOW_ZERO
    put("200g")
    emupos.command("scale", "tare", "--device", name)
    put("1.45kg")
    assert scale.weigh() == Weight(1250, net=True)
