"""The program and the computer: versions, parts, memory, what the environment asks for."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata, util
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_desktop.crash_reports import crashes_untold, reports_since
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.sizes import size_words
from pos_desktop.domain.text import ENGLISH, LANGUAGES, _, joined, ngettext
from pos_desktop.environment import check_environment
from pos_desktop.services.doctor.examining import Group, Look
from pos_desktop.services.doctor.finding import Finding
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.shown_dates import shown_minute
from pos_desktop.storage.file_look import engine_is_old, engine_version

PLAIN = ("POS_DATA_DIR", "POS_QUEUE_CONNECTION", "POS_LOG_LEVEL", "POS_LANG")
"""What is shown of the environment; of all else that is ours only that it is set."""
_LEAST_MEMORY = 200 << 20
"""Free bytes below which a computer begins to swap while the till runs."""
_YOUNG = timedelta(days=7)
"""Crash reports are told of for so long: the doctor keeps nothing, and knows no last look."""
_PARTS = (
    ("pos_resources", "fonts/Inter-Regular.otf"),
    ("pos_resources", "fonts/Print-Regular.ttf"),
    ("pos_resources", "sample/catalogue.csv"),
    ("escpos", "capabilities.json"),
)
_A_ZONE = "Africa/Nairobi"


def install_anew() -> str:
    """Return what to do about a program that is not whole."""
    return _("Install the program anew; the shop's folder stays as it is.")


def _program(_patient: Patient, look: Look) -> Iterator[Finding]:
    try:
        version = metadata.version("pos-desktop")
    except metadata.PackageNotFoundError:
        yield look.broken(_("The program does not know its own version."), install_anew())
        return
    if getattr(sys, "frozen", False):
        words = _("POS Desktop {version}, installed in {place}")
        place = Path(sys.executable).parent
    else:
        place = Path(__file__).parents[3]
        is_checkout = (place / "pyproject.toml").exists()
        words = (
            _("POS Desktop {version}, run from its source in {place}")
            if is_checkout
            else _("POS Desktop {version}, a Python package in {place}")
        )
    yield look.ok(words.format(version=version, place=place))


def _python(_patient: Patient, look: Look) -> Iterator[Finding]:
    yield look.ok(f"{platform.python_implementation()} {platform.python_version()}, "
                     f"{sys.executable}")  # fmt: skip


def _qt(_patient: Patient, look: Look) -> Iterator[Finding]:
    if util.find_spec("PySide6") is None:
        yield look.note(
            _("Qt is not there: the till's window cannot open, posctl works."),
            _("Install the program with its window, where a till is wanted on this computer."),
        )
        return
    try:
        yield look.ok(metadata.version("PySide6-Essentials"))
    except metadata.PackageNotFoundError:
        yield look.ok(_("it is there"))


def _sqlite(_patient: Patient, look: Look) -> Iterator[Finding]:
    if engine_is_old():
        words = _("SQLite {version} is too old to keep a shop.")
        yield look.broken(words.format(version=engine_version()), install_anew())
    else:
        yield look.ok(engine_version())


def _parts(_patient: Patient, look: Look) -> Iterator[Finding]:
    missing = [f"{package}/{name}" for package, name in _PARTS if not _has_part(package, name)]
    try:
        ZoneInfo(_A_ZONE)
    except (ZoneInfoNotFoundError, OSError):
        missing.append("tzdata")
    if missing:
        words = _("Parts of the program are missing: {names}.")
        yield look.broken(words.format(names=", ".join(missing)), install_anew())
    else:
        yield look.ok(_("Fonts, printer descriptions, time zones and samples are there."))


def _has_part(package: str, name: str) -> bool:
    try:
        return files(package).joinpath(name).is_file()
    except (ImportError, OSError):
        return False


def _languages(_patient: Patient, look: Look) -> Iterator[Finding]:
    others = [one for one in LANGUAGES if one != ENGLISH]
    missing = [one for one in others if not _has_part("pos_resources", f"translations/{one}.mo")]
    if missing:
        words = _("The translations {names} are missing: English is spoken in their place.")
        yield look.note(words.format(names=", ".join(missing)), install_anew())
    else:
        yield look.ok(", ".join(LANGUAGES))


def _computer(_patient: Patient, look: Look) -> Iterator[Finding]:
    name = f"{platform.platform()}, {platform.machine()}"
    memory = _memory()
    if memory is None:
        yield look.ok(name)
        return
    whole, free = memory
    words = _("{name}; memory {whole}, of which {free} is free")
    detail = words.format(name=name, whole=size_words(whole), free=size_words(free))
    if free < _LEAST_MEMORY:
        yield look.note(
            detail, _("Close other programs: with so little memory the till becomes slow.")
        )
    else:
        yield look.ok(detail)


def _memory() -> tuple[int, int] | None:
    """Return how many bytes of memory there are, and are free; None where nobody tells."""
    if sys.platform == "win32":
        return _memory_of_windows()
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        lines = dict(line.split(":", 1) for line in text.splitlines())
        return tuple(  # type: ignore[return-value]
            int(lines[name].split()[0]) * 1024 for name in ("MemTotal", "MemAvailable")
        )
    except (OSError, ValueError, KeyError):
        return None


def _memory_of_windows() -> tuple[int, int] | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((f"part_{number}", ctypes.c_ulonglong) for number in range(7)),
        )

    status = Status(length=ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - only Windows has it
    if not kernel.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.part_0), int(status.part_1)


def _environment(patient: Patient, look: Look) -> Iterator[Finding]:
    environment = patient.environment
    shown = [
        f"{name}={environment[name]}" if name in PLAIN else _("{name} is set").format(name=name)
        for name in sorted(environment)
        if name.startswith("POS_") and environment[name]
    ]
    detail = joined(", ", shown) or _("Nothing is set that the program minds.")
    try:
        odd = check_environment()
    except Refused as error:
        yield look.broken(detail, str(error))
        return
    if odd:
        yield look.note(detail, joined(" ", odd))
    else:
        yield look.ok(detail)


def _crashes(patient: Patient, look: Look) -> Iterator[Finding]:
    """Name what the program has left where it met a fault of its own, and what support is sent."""
    for path in crashes_untold(patient.directory):
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        words = _("The program ended by itself on {moment}; the next start says so too.")
        yield look.note(words.format(moment=_shown(at)), _to_send(path))
    found = reports_since(patient.directory, patient.clock.now() - _YOUNG)
    if found:
        written, newest = found[0]
        words = ngettext(
            "{count} in the last 7 days: reference {reference}, {moment}.",
            "{count} in the last 7 days, the newest: reference {reference}, {moment}.",
            len(found),
        )
        told = words.format(count=len(found), reference=newest.reference, moment=_shown(written))
        yield look.note(told, _to_send(newest.path))
    elif not crashes_untold(patient.directory):
        yield look.ok(_("None in the last 7 days."))


def _to_send(path: Path) -> str:
    words = _("Send support {file}, or the file that posctl doctor --bundle FILE saves.")
    return words.format(file=path.absolute())


def _shown(moment: datetime) -> str:
    """Return a moment as the computer's own clock shows it: the shop's zone may not be read."""
    return shown_minute(round(moment.timestamp() * 1000), moment.astimezone().tzinfo or UTC)


GROUP = Group(
    "program",
    (
        Look("program", lambda: _("Program"), _program),
        Look("python", lambda: "Python", _python),
        Look("qt", lambda: "Qt", _qt),
        Look("sqlite", lambda: "SQLite", _sqlite),
        Look("parts", lambda: _("Parts of the program"), _parts),
        Look("languages", lambda: _("Languages"), _languages),
        Look("computer", lambda: _("Computer"), _computer),
        Look("environment", lambda: _("Environment"), _environment),
        Look("crashes", lambda: _("Crash reports"), _crashes),
    ),
)
