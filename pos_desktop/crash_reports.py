"""What is left where the program met a fault of its own, or was ended by one: a file for support.

A fault that somebody is told of under a reference, an error that nobody caught, and a crash past
Python (a bad library, memory that is not there) each leave one file in `crashes` of the shop's
folder; without a shop, or one that this login may enter, in a folder of this login among what is
temporary. The next start says that there was a crash.
"""

from __future__ import annotations

import faulthandler
import hashlib
import logging
import os
import platform
import re
import stat
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.faults import SIGNS, logged_fault, new_reference
from pos_desktop.logbook import log_path
from pos_desktop.shop_folder import (
    CRASHES_FOLDER,
    file_mode,
    folder,
    shop_exists,
)

MOST_REPORTS = 20
LOG_LINES = 60
LONGEST_LOG = 20_000
"""So many bytes at the end of the log are looked at."""
LONGEST_TOLD = 60_000
"""So many letters of a traceback are kept: its beginning and its end."""
LARGEST_LEFT = 200_000
"""From so many bytes on whoever opens what crashes have left makes a report of it first."""
_FRAME = re.compile(r'^ *File "[^"\n]*", line \d+.*$', re.MULTILINE)
_FAULT = "Fault: "
_ENDING = ".txt"
_OPEN_ENDING = ".crash"
"""Of the file that all processes of a kind have open: it is empty until one of them crashes."""
_STAMP = "%Y%m%d-%H%M%S"
_NAMED = re.compile(rf"(\d{{8}}-\d{{6}})-([{SIGNS}]{{6}})")
"""What a report is called: when it was written, UTC, and its reference."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crash:
    """A report that was written, and by what it is known to people."""

    reference: str
    path: Path


class FaultReports(logging.Handler):
    """Writes a report of each fault that is logged under a reference; never raises."""

    def __init__(self, directory: Path, program: str) -> None:
        super().__init__(logging.ERROR)
        self._directory = directory
        self._program = program

    def emit(self, record: logging.LogRecord) -> None:
        """Write a report where the record has a reference and an error."""
        reference = getattr(record, "reference", None)
        if reference is None or not record.exc_info:
            return
        with suppress(Exception):
            told = _cut("".join(traceback.format_exception(*record.exc_info)))
            _write(self._directory, reference, self._program, told)


@contextmanager
def watched_for_crashes(directory: Path, program: str) -> Iterator[None]:
    """Leave a report of whatever ends this program, or is told under a reference, meanwhile."""
    handler = FaultReports(directory, program)
    logging.getLogger().addHandler(handler)
    hooks = sys.excepthook, threading.excepthook
    sys.excepthook = _Uncaught(hooks[0])
    threading.excepthook = _uncaught_in_thread
    was_enabled = faulthandler.is_enabled()
    opened = _open_for_crash(directory, program)
    try:
        yield
    except Exception as error:
        _log(error)
        raise
    finally:
        sys.excepthook, threading.excepthook = hooks
        logging.getLogger().removeHandler(handler)
        if opened is not None:
            _close_for_crash(opened, was_enabled)


def crashed_before(directory: Path) -> list[Crash]:
    """Return reports of crashes since this was asked last, the newest first; never raises."""
    found: list[Crash] = []
    with suppress(OSError):
        left = [one for one in report_place(directory).glob(f"*{_OPEN_ENDING}") if _is_left(one)]
        for file in sorted(left, key=lambda one: one.stat().st_mtime, reverse=True):
            found.append(_taken_in(directory, file))  # noqa: PERF401 - what was taken in counts
    return found


def reports_since(directory: Path, moment: datetime) -> list[tuple[datetime, Crash]]:
    """Return the reports that were written since a moment, aware, the newest first, and when."""
    found = []
    for path in report_place(directory).glob(f"*{_ENDING}"):
        if named := _NAMED.fullmatch(path.stem):
            written = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append((written, Crash(named[2], path)))
    return sorted((one for one in found if one[0] >= moment), key=lambda one: one[0], reverse=True)


def crashes_untold(directory: Path) -> list[Path]:
    """Return what crashes have left since the last start, which makes reports of it."""
    return sorted(one for one in report_place(directory).glob(f"*{_OPEN_ENDING}") if _is_left(one))


def leave_hard_crashes(directory: Path, program: str) -> None:
    """Let a crash past Python in this process leave a report, until the process ends."""
    _open_for_crash(directory, program)


class _Uncaught:
    """Logs an error that nobody caught under a reference, then does what was done before."""

    def __init__(self, before: Any) -> None:
        self._before = before

    def __call__(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            _log(error)
        self._before(kind, error, trace)


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if isinstance(given.exc_value, Exception):
        _log(given.exc_value)


def _log(error: Exception) -> None:
    logged_fault(logger, error, "nobody caught this", logging.CRITICAL)


def _place(directory: Path) -> Path:
    """Return the folder of reports, made where it is not there."""
    if _may_enter(directory):
        return folder(directory, CRASHES_FOLDER)
    place = _place_of_login()
    if not _is_ours(place):
        place.mkdir(mode=0o700)
    return place


def report_place(directory: Path) -> Path:
    """Return where reports of a shop lie, or of no shop."""
    shop = directory.absolute() / CRASHES_FOLDER
    return shop if _may_enter(directory) else _place_of_login()


def _place_of_login() -> Path:
    """Return this login's folder for reports of no shop: others may have taken its name."""
    owner = f"-{os.getuid()}" if sys.platform != "win32" else ""
    first = Path(tempfile.gettempdir()) / f"pos-desktop-crashes{owner}"
    places = [first, *(first.with_name(f"{first.name}-{number}") for number in range(2, 10))]
    return next((one for one in places if not os.path.lexists(one) or _is_ours(one)), first)


def _is_ours(place: Path) -> bool:
    """Tell whether a folder is there that nobody else can write into; a link is none."""
    try:
        found = place.lstat()
    except OSError:
        return False
    if sys.platform == "win32":
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _may_enter(directory: Path) -> bool:
    """Tell whether there is a shop whose folder this login may use."""
    try:
        return shop_exists(directory)
    except Unavailable:
        return False


def _open_for_crash(directory: Path, program: str) -> IO[bytes] | None:
    """Open the file that a crash past Python is written into: by then nothing else is possible."""
    if not _may_enter(directory):
        return None
    try:
        path = _place(directory) / f"{program}{_OPEN_ENDING}"
        is_new = not path.exists()
        if not is_new and path.stat().st_size > LARGEST_LEFT:
            _taken_in(directory, path)
        file = path.open("ab")
        if is_new:
            _give_rights(path, directory)
    except OSError as error:
        logger.info("a crash would leave no report: %s", error)
        return None
    faulthandler.enable(file=file, all_threads=True)
    return file


def _close_for_crash(file: IO[bytes], was_enabled: bool) -> None:  # noqa: FBT001
    faulthandler.disable()
    if was_enabled and sys.__stderr__ is not None:
        faulthandler.enable(file=sys.__stderr__)
    file.close()


def _is_left(file: Path) -> bool:
    return file.stat().st_size > 0


def _taken_in(directory: Path, file: Path) -> Crash:
    """Make a report of what a crash has left, and empty the file for the next."""
    with file.open(encoding="utf-8", errors="replace") as left:
        told = _cut(left.read(LARGEST_LEFT))
    crash = _write(directory, new_reference(), file.name.removesuffix(_OPEN_ENDING), told)
    os.truncate(file, 0)
    return crash


def _write(directory: Path, reference: str, program: str, told: str) -> Crash:
    place = _place(directory)
    stamp = time.strftime(_STAMP, time.gmtime())
    path = place / f"{stamp}-{reference}{_ENDING}"
    text = "\n".join(
        (
            *_head(reference, program),
            _FAULT + _sort_of(told),
            "",
            told.rstrip(),
            "",
            "The log:",
            _log_end(directory),
        )
    )
    with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text + "\n")
    _give_rights(path, directory)
    with suppress(OSError):
        _prune(place)
    return Crash(reference, path)


def _prune(place: Path) -> None:
    """Remove reports beyond the most that are kept; no file of another name.

    The oldest repeats of a fault go before the first report of any, the newest of all stays.
    """
    there = sorted(one for one in place.glob(f"*{_ENDING}") if _NAMED.fullmatch(one.stem))
    if len(there) <= MOST_REPORTS:
        return
    seen: set[str] = set()
    firsts: list[Path] = []
    repeats: list[Path] = []
    for one in there[:-1]:
        fault = _fault_in(one)
        (repeats if fault in seen else firsts).append(one)
        seen.add(fault)
    for older in [*repeats, *firsts][: len(there) - MOST_REPORTS]:
        older.unlink(missing_ok=True)


def _fault_in(report: Path) -> str:
    """Return what tells the fault of a report; its name where it does not say."""
    with report.open(encoding="utf-8", errors="replace") as file:
        head = file.read(1_000)
    _before, found, after = head.partition(f"\n{_FAULT}")
    return after.partition("\n")[0] if found else report.name


def _sort_of(told: str) -> str:
    """Return what is the same whenever a fault comes again: where it was, and no message."""
    return hashlib.sha256("\n".join(_FRAME.findall(told)).encode()).hexdigest()[:12]


def _cut(told: str) -> str:
    """Return a text whose middle is left out where it is too long."""
    if len(told) <= LONGEST_TOLD:
        return told
    half = LONGEST_TOLD // 2
    return f"{told[:half]}\n… {len(told) - 2 * half} letters left out …\n{told[-half:]}"


def _give_rights(path: Path, directory: Path) -> None:
    with suppress(OSError):
        path.chmod(file_mode(directory) if _may_enter(directory) else 0o600)


def _head(reference: str, program: str) -> Iterator[str]:
    yield f"Reference: {reference}"
    yield f"Program: {program} {_own_version()}, process {os.getpid()}"
    yield f"Written: {time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}"
    yield f"Python {platform.python_version()}"
    if engine := sys.modules.get("sqlite3"):
        yield f"SQLite {getattr(engine, 'sqlite_version', '?')}"
    yield f"System: {platform.platform()}"
    if qt := sys.modules.get("PySide6"):
        yield f"PySide6 {getattr(qt, '__version__', '?')}"


def _own_version() -> str:
    try:
        return metadata.version("pos-desktop")
    except metadata.PackageNotFoundError:  # a program that is not whole is where faults come from
        return "?"


def _log_end(directory: Path) -> str:
    try:
        with log_path(directory).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - LONGEST_LOG))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return "(none)"
    return "\n".join(lines[-LOG_LINES:])
