"""The calls of winspool.drv by ctypes.

Imported on Windows only. Written from the published interface and checked by types alone: it has
not met a real spooler yet.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

assert sys.platform == "win32"

ERROR_INVALID_PARAMETER = 87
"""What GetJob answers for a job that is gone, which means that it was printed."""
_CANCEL_JOB = 3
_LOCAL, _CONNECTED = 2, 4
_LARGEST_JOB_INFO = 64 * 1024


class _DocInfo(ctypes.Structure):
    """DOC_INFO_1."""

    _fields_ = (
        ("name", wintypes.LPWSTR),
        ("output", wintypes.LPWSTR),
        ("kind", wintypes.LPWSTR),
    )


class _PrinterInfo2(ctypes.Structure):
    """PRINTER_INFO_2."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in (
            "server", "printer", "share", "port", "driver", "comment", "location", "devmode",
            "separator", "processor", "datatype", "parameters", "security",
        )),
        *((name, wintypes.DWORD) for name in (
            "attributes", "priority", "default_priority", "start", "until", "status", "jobs",
            "pages_a_minute",
        )),
    )  # fmt: skip


class _PrinterInfo4(ctypes.Structure):
    """PRINTER_INFO_4."""

    _fields_ = (
        ("printer", wintypes.LPWSTR),
        ("server", wintypes.LPWSTR),
        ("attributes", wintypes.DWORD),
    )


class SystemWinspool:
    """The spooler of this machine; every call raises `OSError` with Windows' own reason."""

    def __init__(self) -> None:
        self._dll = ctypes.WinDLL("winspool.drv", use_last_error=True)
        for name in (
            "OpenPrinterW", "ClosePrinter", "GetPrinterW", "StartDocPrinterW", "EndDocPrinter",
            "StartPagePrinter", "EndPagePrinter", "WritePrinter", "GetJobW", "SetJobW",
            "EnumPrintersW",
        ):  # fmt: skip
            getattr(self._dll, name).restype = wintypes.DWORD

    def open(self, printer: str) -> int:
        """Return a handle."""
        handle = wintypes.HANDLE()
        self._check(self._dll.OpenPrinterW(printer, ctypes.byref(handle), None))
        return handle.value or 0

    def state(self, handle: int) -> tuple[int, int]:
        """Return status and attributes of the printer."""
        needed = wintypes.DWORD()
        self._dll.GetPrinterW(wintypes.HANDLE(handle), 2, None, 0, ctypes.byref(needed))
        buffer = ctypes.create_string_buffer(max(needed.value, ctypes.sizeof(_PrinterInfo2)))
        self._check(
            self._dll.GetPrinterW(
                wintypes.HANDLE(handle), 2, buffer, len(buffer), ctypes.byref(needed)
            )
        )
        info = _PrinterInfo2.from_buffer(buffer)
        return info.status, info.attributes

    def print_raw(self, handle: int, title: str, data: bytes) -> int:
        """Spool a document of type RAW; return the number of its job."""
        printer = wintypes.HANDLE(handle)
        about = _DocInfo(title, None, "RAW")
        job: int = self._dll.StartDocPrinterW(printer, 1, ctypes.byref(about))
        self._check(job)
        written = wintypes.DWORD()
        try:
            self._check(self._dll.StartPagePrinter(printer))
            self._check(self._dll.WritePrinter(printer, data, len(data), ctypes.byref(written)))
            self._check(self._dll.EndPagePrinter(printer))
            if written.value != len(data):
                raise OSError("the spooler took only a part of the print")
        except OSError:
            self._dll.SetJobW(printer, job, 0, None, _CANCEL_JOB)
            self._dll.EndDocPrinter(printer)
            raise
        self._check(self._dll.EndDocPrinter(printer))
        return job

    def job_is_waiting(self, handle: int, job: int) -> bool:
        """Tell whether the job is still in the queue."""
        needed = wintypes.DWORD()
        buffer = ctypes.create_string_buffer(_LARGEST_JOB_INFO)
        if self._dll.GetJobW(
            wintypes.HANDLE(handle), job, 1, buffer, len(buffer), ctypes.byref(needed)
        ):
            return True
        if ctypes.get_last_error() == ERROR_INVALID_PARAMETER:
            return False
        raise ctypes.WinError(ctypes.get_last_error())

    def close(self, handle: int) -> None:
        """Give the handle back."""
        self._check(self._dll.ClosePrinter(wintypes.HANDLE(handle)))

    def printers(self) -> list[str]:
        """Return the names of all printers of this machine."""
        needed, count = wintypes.DWORD(), wintypes.DWORD()
        flags = _LOCAL | _CONNECTED
        sizes = ctypes.byref(needed), ctypes.byref(count)
        self._dll.EnumPrintersW(flags, None, 4, None, 0, *sizes)
        if not needed.value:
            return []
        buffer = ctypes.create_string_buffer(needed.value)
        self._check(self._dll.EnumPrintersW(flags, None, 4, buffer, len(buffer), *sizes))
        array = (_PrinterInfo4 * count.value).from_buffer(buffer)
        return [info.printer for info in array]

    def _check(self, result: int) -> None:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())
