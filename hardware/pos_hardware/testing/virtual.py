"""A printer that is a folder: every print leaves a picture, its text and its bytes there.

Demo mode prints on it, and so may any shop whose printer is not delivered yet. A file called
`fault` in the folder, holding the name of a fault (`paper_out`, `cover_open`, `offline`,
`silent`, `unreachable`), makes it behave so until the file is gone; what comes meanwhile waits
in `held.bin`, as in a real printer.
"""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

from pos_hardware.clock import Deadline
from pos_hardware.errors import Lost, NotSent
from pos_hardware.faults import Fault
from pos_hardware.painting import Painter
from pos_hardware.profile import PAPER_80, PrinterProfile
from pos_hardware.testing.interpreter import Interpreter
from pos_hardware.testing.model import PrinterModel
from pos_hardware.transports.base import StreamTransport

_LOOK = 0.05


def set_fault(folder: Path, fault: Fault | None) -> None:
    """Give the printer in a folder a fault, or take it away."""
    file = folder / "fault"
    if fault is None:
        file.unlink(missing_ok=True)
    else:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(fault.value, encoding="ascii")


class VirtualPrinter(StreamTransport):
    """A transport that ends in a folder."""

    def __init__(self, folder: Path, profile: PrinterProfile = PAPER_80) -> None:
        self._folder = folder
        self._profile = profile
        self._model: PrinterModel | None = None
        self._received = bytearray()
        self._replies = bytearray()

    def open(self, deadline: Deadline) -> None:  # noqa: ARG002 - does not block
        """Make the folder, and take up what an earlier print left waiting."""
        if self._fault() is Fault.UNREACHABLE:
            raise NotSent(Fault.UNREACHABLE)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotSent(Fault.UNREACHABLE) from error
        self._model = PrinterModel(self._profile.columns)
        self._model.fault = self._fault()
        self._take_up_held()

    def write(self, data: bytes, deadline: Deadline) -> int:  # noqa: ARG002 - does not block
        """Let the printer read the bytes."""
        model = self._open_model()
        self._received += data
        self._replies += model.receive(data)
        return len(data)

    def read(self, size: int, deadline: Deadline) -> bytes:
        """Return what the printer says, as soon as it says something."""
        model = self._open_model()
        while not self._replies and deadline.left():
            deadline.pause(min(_LOOK, deadline.step()))
            self._replies += model.go_on()
        said = bytes(self._replies[:size])
        del self._replies[:size]
        return said

    def close(self) -> None:
        """Leave the print in the folder."""
        model, self._model = self._model, None
        if model is None:
            return
        if model.held:
            (self._folder / "held.bin").write_bytes(model.held)
        if model.paper.rows:
            self._leave(model.paper)

    def _take_up_held(self) -> None:
        held = self._folder / "held.bin"
        if self._model is not None and held.exists() and self._model.fault is None:
            data = held.read_bytes()
            held.unlink()
            self._received += data
            self._model.receive(data)
            self._leave(self._model.take_paper())

    def _fault(self) -> Fault | None:
        with contextlib.suppress(OSError, ValueError):
            return Fault((self._folder / "fault").read_text(encoding="ascii").strip())
        return None

    def _open_model(self) -> PrinterModel:
        if self._model is None:
            raise Lost("the printer is not open")
        self._model.fault = self._fault()
        return self._model

    def _leave(self, paper: Interpreter) -> None:
        """Write picture, text and bytes under the next free number; the bytes claim it."""
        data, self._received = bytes(self._received), bytearray()
        taken = [int(file.stem) for file in self._folder.glob("*.bin") if file.stem.isdigit()]
        for number in itertools.count(max(taken, default=0) + 1):
            name = self._folder / f"{number:06}"
            with contextlib.suppress(FileExistsError), name.with_suffix(".bin").open("xb") as file:
                file.write(data)
                break
        name.with_suffix(".png").write_bytes(Painter(self._profile).page(paper.rows))
        pulses = "".join(f"[drawer opens, pin {pin}]\n" for pin in paper.pulses)
        name.with_suffix(".txt").write_text(pulses + paper.text, encoding="utf-8")
