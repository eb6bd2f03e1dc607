"""A network printer on this computer: one that others have made where there is one, else ours.

EMUPOS names the program of emupos, which reads ESC/POS by itself; it needs Python 3.13 and is no
part of the project. Else it is the simulator of `pos_hardware`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from installer.debian.bare_debian import ROOT
from installer.trial import wait_until

PORT = 9100
"""Where receipt printers listen, and where they are looked for."""
_API = 18_796
_CONFIG = f"""
schema: 1
api: {{ host: 127.0.0.1, port: {_API} }}
devices:
  - id: front
    type: printer
    profile: epson-tm-t20iii
    connections: [{{ tcp: {{ port: {PORT} }} }}]
    receipts_dir: ./papers
"""


class Printer(Protocol):
    """What a trial asks of a printer."""

    made_by: str

    def papers(self) -> list[str]:
        """Return what each paper says that came out, the first first."""
        ...

    def openings(self) -> int:
        """Return how often the drawer behind it was opened."""
        ...


@contextmanager
def counter_printer(folder: Path) -> Iterator[Printer]:
    """Let a printer listen; its papers lie in the folder then."""
    program = os.environ.get("EMUPOS", "")
    with _emupos(program, folder) if program else _simulator(folder) as printer:
        yield printer


class _Emupos:
    made_by = "emupos"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def papers(self) -> list[str]:
        files = sorted((self._folder / "papers").glob("*.txt"), key=lambda one: one.stat().st_mtime)
        return [file.read_text(encoding="utf-8") for file in files]

    def openings(self) -> int:
        told = (self._folder / "printer.log").read_text(encoding="utf-8")
        return len(re.findall(r"drawer opened", told))


@contextmanager
def _emupos(program: str, folder: Path) -> Iterator[Printer]:
    (folder / "emupos.yaml").write_text(_CONFIG, encoding="utf-8")
    log = folder / "printer.log"
    with log.open("w", encoding="utf-8") as said:
        run = subprocess.Popen([program, "run"], cwd=folder, stdout=said, stderr=said)
    try:
        wait_until(lambda: "Showing events" in log.read_text(encoding="utf-8"), 30)
        yield _Emupos(folder)
    finally:
        run.terminate()
        run.wait(20)


@contextmanager
def _simulator(folder: Path) -> Iterator[Printer]:
    sys.path.insert(0, str(ROOT / "hardware"))
    from pos_hardware.testing.simulator import PrinterSimulator

    class Simulated:
        made_by = "pos_hardware's simulator"

        def papers(self) -> list[str]:
            text = simulator.paper.text
            (folder / "papers.txt").write_text(text, encoding="utf-8")
            return [text] if text else []

        def openings(self) -> int:
            return len(simulator.paper.pulses)

    simulator = PrinterSimulator()
    simulator.port = PORT
    with simulator:
        yield Simulated()
