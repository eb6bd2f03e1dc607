"""A fault leaves one report under the reference that people are told, and a crash is said later."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from pos_desktop import crash_reports
from pos_desktop.cli.main import main as posctl
from pos_desktop.crash_reports import crashed_before, report_place, watched_for_crashes
from pos_desktop.logbook import logged
from pos_desktop.shop_folder import CRASHES_FOLDER
from pos_desktop.ui.screens.sell.wording import sentence_of

DYING = """
import ctypes, sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from pos_desktop.crash_reports import watched_for_crashes
with watched_for_crashes(Path(sys.argv[1]), "window"):
    secret = "s3cret"
    if sys.argv[2] == "abort":
        import os; os.abort()
    ctypes.string_at(0)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that counts as a shop's."""
    (tmp_path / "shop.sqlite").touch()
    return tmp_path


def reports(place: Path) -> list[str]:
    found = (place / CRASHES_FOLDER).glob("*.txt")
    return [one.read_text(encoding="utf-8") for one in sorted(found)]


def test_a_fault_leaves_a_report_under_its_reference(place: Path) -> None:
    with logged(place), watched_for_crashes(place, "window"):
        logging.getLogger("pos_desktop").warning("just before")
        sentence = sentence_of(ZeroDivisionError("for the test"))
    (report,) = reports(place)
    found = re.search(r"reference ([2-9A-Z]{6})", sentence)
    assert found
    assert f"Reference: {found[1]}\n" in report
    assert "ZeroDivisionError: for the test" in report
    assert "just before" in report
    assert re.search(r"Program: window \d", report)
    assert crashed_before(place) == []


@pytest.mark.qt_no_exception_capture
def test_what_nobody_caught_leaves_one_too(place: Path) -> None:
    with logged(place), watched_for_crashes(place, "window"):
        sys.excepthook(KeyError, KeyError("lost"), None)
        thread = threading.Thread(target=lambda: {"y": 1}["x"])
        thread.start()
        thread.join()
        told = reports(place)
    assert len(told) == 2
    assert any("KeyError: 'lost'" in one for one in told)
    with pytest.raises(ValueError, match="itself"), watched_for_crashes(place, "window"):
        raise ValueError("itself")
    assert len(reports(place)) == 3


@pytest.mark.parametrize("how", ["abort", "segfault"])
def test_a_crash_past_python_is_said_at_the_next_start(place: Path, how: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", DYING, str(place), how], capture_output=True, check=False
    )
    assert ended.returncode < 0
    (crash,) = crashed_before(place)
    report = crash.path.read_text()
    assert f"Reference: {crash.reference}" in report
    assert "Fatal Python error" in report
    assert "s3cret" not in report
    assert crashed_before(place) == []
    assert crash.path.stat().st_mode & 0o777 == 0o600


def test_reports_are_bounded(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash_reports, "MOST_REPORTS", 3)
    with watched_for_crashes(place, "window"):
        for number in range(6):
            sentence_of(ValueError(str(number)))
    assert len(reports(place)) == 3


def test_posctl_names_the_report(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise ZeroDivisionError("for the test")

    monkeypatch.setattr("pos_desktop.cli.upgrade_command.upgrade", broken)
    (place / "shop.sqlite").write_bytes(b"x")
    assert posctl(["migrate", "--data", str(place)]) == 1
    told = capsys.readouterr().err
    assert str(place / CRASHES_FOLDER) in told
    (report,) = reports(place)
    found = re.search(r"reference ([0-9A-Z]{6})", told)
    assert found
    assert found[1] in report
    assert "ZeroDivisionError: for the test" in report


def test_without_a_shop_it_lies_with_what_is_temporary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with watched_for_crashes(tmp_path / "none", "posctl"):
        sentence_of(ValueError("nowhere"))
    (report,) = report_place(tmp_path / "none").iterdir()
    assert report.parent.parent == tmp_path
    assert "ValueError: nowhere" in report.read_text()
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there each login has a temporary folder")
def test_a_folder_that_another_login_has_laid_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    taken = report_place(tmp_path / "none")
    letters = tmp_path / "letters"
    letters.mkdir(mode=0o700)
    for number in range(30):
        (letters / f"{number}.txt").touch()
    taken.symlink_to(letters)
    with watched_for_crashes(tmp_path / "none", "posctl"):
        sentence_of(ValueError("nowhere"))
    assert len(list(letters.iterdir())) == 30
    (report,) = report_place(tmp_path / "none").iterdir()
    assert "ValueError: nowhere" in report.read_text()
    taken.unlink()
    taken.mkdir(mode=0o755)
    assert report_place(tmp_path / "none") == report.parent
    taken.chmod(0o700)
    assert report_place(tmp_path / "none") == taken
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert str(4711) in report_place(tmp_path / "none").name


def test_no_file_of_another_name_is_removed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash_reports, "MOST_REPORTS", 1)
    (place / CRASHES_FOLDER).mkdir()
    letter = place / CRASHES_FOLDER / "0 letter.txt"
    letter.touch()
    with watched_for_crashes(place, "window"):
        for number in range(3):
            sentence_of(ValueError(str(number)))
    assert letter.exists()
    assert len(reports(place)) == 2


def test_a_folder_that_cannot_be_written_costs_the_report_alone(place: Path) -> None:
    (place / CRASHES_FOLDER).write_text("no folder")
    with watched_for_crashes(place, "window"):
        sentence_of(ValueError("told all the same"))
    assert crashed_before(place) == []


def test_a_program_that_is_not_whole_leaves_its_report(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    with watched_for_crashes(place, "window"):
        sentence_of(ZeroDivisionError("for the test"))
    (report,) = reports(place)
    assert "Program: window ?" in report


def test_a_report_that_cannot_be_made_raises_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("no platform")

    monkeypatch.setattr(crash_reports, "_head", broken)
    with watched_for_crashes(place, "window"):
        assert "reference" in sentence_of(ZeroDivisionError("for the test"))
    assert reports(place) == []


def test_a_folder_that_cannot_be_looked_at_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    longer = tmp_path / ("é" * 130)
    assert posctl(["verify", "--data", str(longer)]) == 1
    told = capsys.readouterr().err
    assert "cannot be looked at" in told
    assert "Traceback" not in told
    with watched_for_crashes(longer, "window"):
        sentence_of(ValueError("told"))
    (report,) = report_place(longer).iterdir()
    assert "ValueError: told" in report.read_text()


def test_a_message_without_end_leaves_a_report_of_bounded_size(place: Path) -> None:
    with watched_for_crashes(place, "window"):
        sentence_of(ValueError("begins" + "x" * 5_000_000 + "ends"))
    (report,) = reports(place)
    assert len(report) < 2 * crash_reports.LONGEST_TOLD
    assert "ValueError: begins" in report
    assert "xends\n" in report


def _failing(number: int) -> None:
    raise ValueError(f"time {number}")


def _failing_elsewhere(number: int) -> None:
    raise KeyError(f"time {number}")


def _told(act: Callable[[int], None], number: int) -> None:
    try:
        act(number)
    except (ValueError, KeyError) as error:
        sentence_of(error)


def test_a_fault_that_comes_again_and_again_pushes_no_other_out(place: Path) -> None:
    with watched_for_crashes(place, "window"):
        _told(_failing_elsewhere, 0)
        (first,) = (place / CRASHES_FOLDER).glob("*.txt")
        first.rename(first.with_name(f"20200101-000000-{first.stem[-6:]}.txt"))
        for number in range(crash_reports.MOST_REPORTS + 5):
            _told(_failing, number)
    kept = reports(place)
    assert len(kept) == crash_reports.MOST_REPORTS
    assert any("KeyError: 'time 0'" in one for one in kept)


def test_crashes_that_no_window_tells_of_become_reports(place: Path) -> None:
    left = place / CRASHES_FOLDER / "child.crash"
    left.parent.mkdir()
    left.write_text("Fatal Python error: Aborted\n" * 10_000)
    with watched_for_crashes(place, "child"):
        assert left.stat().st_size == 0
    (report,) = reports(place)
    assert "Fatal Python error" in report
    assert len(report) < 2 * crash_reports.LONGEST_TOLD
