"""What support needs, in one file: what the doctor finds, logs, versions, settings, jobs.

No sale, no product, no person, no key and no password is in it; what an error has quoted of them
into a log is covered, and where not all of them are known no quoted word goes in. It is put
together in memory, so it has a size that it never passes.
"""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from pos_queue.views.masking import MASK

from pos_desktop import settings
from pos_desktop.documents.written_aside import written_aside
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _
from pos_desktop.services.doctor.bare_lines import bare_lines
from pos_desktop.services.doctor.covering import Cover, leaves_covered, values_covered
from pos_desktop.services.doctor.finding import Finding, Report, State
from pos_desktop.services.doctor.known_texts import (
    PERSONAL_SETTINGS,
    KnownTexts,
    known_texts,
)
from pos_desktop.services.doctor.patient import Patient
from pos_desktop.services.doctor.queue_looks import views_of
from pos_desktop.services.doctor.report_words import report_json, report_text
from pos_desktop.shop_folder import CRASHES_FOLDER, LOGS_FOLDER
from pos_desktop.storage.support_texts import print_counts, schema_text

LARGEST_BYTES = 20_000_000
"""All that is put together, before it is packed: what a mail takes, and a slow line brings."""
LARGEST_FILE = 2_000_000
"""Of a log or a crash report the end is taken."""
_MOST_JOBS = 100
_ENDING = ".zip"
_MODE = 0o600
LEFT_OUT = "support"
"""The name of the line that says what is not in the bundle."""


class Plain(str):
    """A text of the program's own, of which nothing is covered."""

    __slots__ = ()


def bundle_name(moment: datetime) -> str:
    """Return a name for a bundle that is written at a moment."""
    return f"pos-desktop-support-{moment:%Y-%m-%d-%H%M}{_ENDING}"


def write_bundle(patient: Patient, report: Report, path: Path) -> Report:
    """Write the bundle, whole or not at all, for nobody else to read; return what it reports.

    That has one line more where something had to be left out. Raises Refused for a name that is no
    archive's, and Unavailable or Refused where it cannot be written.
    """
    if path.suffix.lower() != _ENDING:
        raise Refused(
            _("{file} cannot be the name of the file for support: it ends in .zip.").format(
                file=path
            )
        )
    try:
        known = known_texts(patient)
        if not known.is_whole and _files(patient.directory):
            report = Report((*report.findings, _left_out()))
        content = _packed(patient, report, known)
    finally:
        patient.close_thread()
    with written_aside(path, mode=_MODE) as aside:
        aside.part.chmod(_MODE)
        aside.file.write(content)
    return report


def _packed(patient: Patient, report: Report, known: KnownTexts) -> bytes:
    cover, left = known.cover(), LARGEST_BYTES
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in _parts(patient, report, is_bare=not known.is_whole):
            covered = _text(part, cover).encode("utf-8", "backslashreplace")
            if len(covered) <= left:
                archive.writestr(name, covered)
                left -= len(covered)
    return memory.getvalue()


def _left_out() -> Finding:
    return Finding(
        check=LEFT_OUT,
        title=_("File for support"),
        state=State.NOTE,
        detail=left_out_words(),
        advice=_("Support asks for more where it is needed; nothing is to be done now."),
    )


def left_out_words() -> str:
    """Say what is not in a bundle of a shop that cannot be read."""
    return _(
        "Names and passwords of this shop cannot all be read, so they could not be covered: of "
        "logs, crash reports and failed jobs only times, places and kinds of faults are in the "
        "file."
    )


def _parts(patient: Patient, report: Report, *, is_bare: bool) -> Iterator[tuple[str, Any]]:
    """Yield the names of what goes in, what matters most first, each with its text or document."""
    yield "report.txt", report_text(report)
    yield "report.json", report_json(report)
    yield "versions.json", _versions()
    makers: dict[str, Callable[[Patient], Any]] = {
        "settings.json": _settings,
        "queue.json": lambda one: _queue(one, is_bare=is_bare),
        "prints.json": lambda one: print_counts(one.reader),
        "schema.sql": lambda one: Plain(schema_text(one.reader)),
    }
    for name, make in makers.items():
        yield name, _or_why_not(patient, make)
    for path in _files(patient.directory):
        text = _end_of(path)
        name = path.relative_to(patient.directory).as_posix()
        yield name, bare_lines(text) if is_bare else text


def _or_why_not(patient: Patient, make: Callable[[Patient], Any]) -> Any:
    try:
        return make(patient)
    except Exception as error:  # noqa: BLE001 - what is damaged is why somebody asks
        return f"{type(error).__name__}: {error}"


def _text(part: Any, cover: Cover) -> str:
    """Return a part as it goes in: what somebody may have quoted in it is covered."""
    if isinstance(part, Plain):
        return part
    if isinstance(part, str):
        return cover(part)
    return json.dumps(values_covered(part, cover), ensure_ascii=False, indent=1, default=str)


def _versions() -> dict[str, str]:
    """Return the version of every package that the program has with it."""
    found = metadata.distributions()
    return dict(sorted((one.metadata["Name"], one.version) for one in found))


def _settings(patient: Patient) -> dict[str, Any]:
    configuration = patient.configuration
    return {one.key: _shown(one, configuration.get(one)) for one in settings.every()}


def _shown(setting: settings.Setting[Any], value: Any) -> Any:
    return MASK if setting in PERSONAL_SETTINGS and value else value


def _queue(patient: Patient, *, is_bare: bool) -> dict[str, Any]:
    views, told = views_of(patient), bare_lines if is_bare else str
    failed = [
        {
            "id": job.number,
            "job": job.job,
            "queue": job.queue,
            "state": job.state,
            "attempts": job.attempts,
            "failed_at": job.finished_at,
            "error": told(job.error or ""),
            "traceback": told(job.traceback or ""),
            "payload": leaves_covered(_read(job.payload.value)),
        }
        for job in views.failed(most=_MOST_JOBS)
    ]
    counts = views.counts()
    return {
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
        "failed": failed,
    }


def _read(payload: Any) -> Any:
    """Return a payload as its parts; a text that is none stays one."""
    try:
        return json.loads(payload) if isinstance(payload, str) else payload
    except ValueError:
        return payload


def _files(directory: Path) -> list[Path]:
    """Return the logs and crash reports in which something stands, the newest first; no links."""
    found = []
    for name in (LOGS_FOLDER, CRASHES_FOLDER):
        folder = directory / name
        try:
            if stat.S_ISDIR(folder.lstat().st_mode):
                found += [(path.lstat(), path) for path in folder.rglob("*")]
        except OSError:
            continue
    files = [
        (one.st_mtime, path) for one, path in found if stat.S_ISREG(one.st_mode) and one.st_size
    ]
    return [path for _changed, path in sorted(files, reverse=True)]


def _end_of(path: Path) -> str:
    """Return the end of a file, from the beginning of a line on."""
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            file.seek(max(0, size - LARGEST_FILE))
            content = file.read(LARGEST_FILE)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    if size > LARGEST_FILE:
        content = content.partition(b"\n")[2]
    return content.decode("utf-8", "backslashreplace")
