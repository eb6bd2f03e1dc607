"""What the renderer asks of python-escpos, and how that is imported without traces.

Importing it leaves a folder in the temporary directory and a handler on the root logger; both
are taken back here. Only its base class is used: its printers would import CUPS and Windows
bindings, and an empty folder called `cups` on the path breaks that.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
from typing import Protocol, cast

from pos_hardware.document import Barcode, QrCode
from pos_hardware.layout import Raster
from pos_hardware.profile import PrinterProfile

_importing = threading.Lock()


class Generator(Protocol):
    """What the renderer asks of python-escpos."""

    def start(self, more: bytes) -> None:
        """Write ESC @, then these bytes, then the code page."""

    def output(self) -> bytes:
        """Return everything written so far."""

    def raw(self, data: bytes) -> None:
        """Write bytes as they are."""

    def textln(self, txt: str) -> None:
        """Write a line in the code page."""

    def set(self, **style: object) -> None:
        """Write a change of style."""

    def print_and_feed(self, n: int) -> None:
        """Write ESC d."""

    def picture(self, raster: Raster) -> None:
        """Write a picture."""

    def native_qr(self, code: QrCode) -> None:
        """Write a QR code for the printer to draw."""

    def native_barcode(self, code: Barcode, width: int) -> None:
        """Write a bar code for the printer to draw, its modules so many dots wide."""

    def cut_here(self) -> None:
        """Write a full cut."""


def new_generator(profile: PrinterProfile) -> Generator:
    """Return a generator for a printer; the first call imports python-escpos."""
    with _importing:
        if "escpos.escpos" not in sys.modules:
            _import_cleanly()
    from pos_hardware.rendering.escpos_buffer import Buffer

    return cast("Generator", Buffer(profile))


def _import_cleanly() -> None:
    handlers = list(logging.root.handlers)
    kept_folder = "ESCPOS_CAPABILITIES_PICKLE_DIR" in os.environ
    from escpos import capabilities

    for handler in set(logging.root.handlers) - set(handlers):
        logging.root.removeHandler(handler)
    if not kept_folder:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
