"""The program itself: versions, parts, the environment; nothing secret of it is shown."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

import pytest

from pos_desktop.crash_reports import (
    Crash,
    crashed_before,
    reports_since,
    watched_for_crashes,
)
from pos_desktop.services.doctor import program_looks
from pos_desktop.services.doctor.finding import State
from pos_desktop.shop_folder import CRASHES_FOLDER
from tests.pos_desktop.services.doctor.looked import looked, seen, states


def test_a_whole_program_has_a_version_of_each_part(tmp_path: Path) -> None:
    found = {one.check: one for one in looked(tmp_path, "program")}
    assert all(one.ok for one in found.values())
    assert metadata.version("pos-desktop") in found["program"].detail
    assert {"python", "qt", "sqlite", "computer", "languages", "parts"} <= {*found}


def test_missing_parts_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_looks, "_PARTS", (("escpos", "no-such-file.json"),))
    found = seen(tmp_path, "program", "parts")
    assert (found.state, "escpos/no-such-file.json" in found.detail) == (State.BROKEN, True)


def test_the_environment_is_told_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_RELAY_DB", "postgresql://njeri:tulips@db.example/relay")
    monkeypatch.setenv("POS_LANG", "xx")
    found = seen(tmp_path, "program", "environment")
    assert found.state is State.NOTE
    assert "POS_LANG=xx" in found.detail
    assert "POS_RELAY_DB is set" in found.detail
    assert "tulips" not in repr(found)
    monkeypatch.setenv("POS_DATABASE_URL", "postgresql://x")
    assert states(looked(tmp_path, "program"))["environment"] is State.BROKEN


def test_little_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_looks, "_LEAST_MEMORY", 1 << 60)
    assert seen(tmp_path, "program", "computer").state is State.NOTE


def report(directory: Path, program: str = "posctl") -> Crash:
    """Let a fault leave a report in the folder of a shop; return it."""
    with suppress(ZeroDivisionError), watched_for_crashes(directory, program):
        raise ZeroDivisionError("for the test")
    (newest, *_older) = reports_since(directory, datetime.now(UTC) - timedelta(minutes=1))
    return newest[1]


def test_a_till_that_never_failed_has_no_crash_report(shop_directory: Path) -> None:
    found = seen(shop_directory, "program", "crashes")
    assert (found.state, found.advice) == (State.OK, "")


def test_the_newest_crash_report_is_named_with_its_file(shop_directory: Path) -> None:
    one = report(shop_directory)
    (one.path).rename(one.path.with_name(f"20200101-000000-{one.reference}.txt"))
    assert seen(shop_directory, "program", "crashes").state is State.OK
    newest = report(shop_directory)
    found = seen(shop_directory, "program", "crashes")
    assert found.state is State.NOTE
    assert newest.reference in found.detail
    assert one.reference not in found.detail
    assert str(newest.path) in found.advice
    assert newest.path.exists()


def test_a_crash_that_no_start_has_told_of_is_named_and_left(shop_directory: Path) -> None:
    (shop_directory / CRASHES_FOLDER).mkdir(exist_ok=True)
    left = shop_directory / CRASHES_FOLDER / "window.crash"
    left.write_text("Fatal Python error: Segmentation fault")
    found = seen(shop_directory, "program", "crashes")
    assert found.state is State.NOTE
    assert "ended by itself" in found.detail
    assert str(left) in found.advice
    assert left.read_text().startswith("Fatal")
    assert len(crashed_before(shop_directory)) == 1
    assert "reference" in seen(shop_directory, "program", "crashes").detail
