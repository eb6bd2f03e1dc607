"""The log of a shop: bounded, for its own people, and never in anybody's way."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pos_sync.relay.errors import RelayError

from pos_desktop import logbook
from pos_desktop.logbook import LOG_FILE, log_path, logged
from tests.pos_sync.relay.scene import running

logger = logging.getLogger("pos_desktop.tests")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that counts as a shop's."""
    (tmp_path / "shop.sqlite").touch()
    return tmp_path


def _written(folder: Path) -> str:
    return log_path(folder).read_text(encoding="utf-8")


def test_a_record_has_its_moment_in_utc_and_its_traceback(folder: Path) -> None:
    with logged(folder):
        try:
            raise KeyError("lost")
        except KeyError as error:
            logger.error("unexpected error %s", "ABC123", exc_info=error)
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ERROR \d+ ", _written(folder))
    assert "ABC123" in _written(folder)
    assert "KeyError: 'lost'" in _written(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
@pytest.mark.parametrize(("of_folder", "of_file"), [(0o700, 0o600), (0o2770, 0o660)])
def test_the_log_is_for_those_of_the_shop(folder: Path, of_folder: int, of_file: int) -> None:
    folder.chmod(of_folder)
    with logged(folder):
        logger.error("something")
    assert log_path(folder).stat().st_mode & 0o777 == of_file
    assert log_path(folder).parent.stat().st_mode & 0o7777 == of_folder


def test_the_log_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logbook, "LARGEST_BYTES", 1000)
    with logged(folder):
        for number in range(200):
            logger.error("record %s %s", number, "x" * 100)
        logger.error("y" * 100_000)
    files = sorted(log_path(folder).parent.glob(f"{LOG_FILE}*"))
    assert 1 < len(files) <= logbook.FILES
    assert sum(file.stat().st_size for file in files) < 4 * 1300 + logbook.LONGEST_RECORD + 200


def test_several_processes_lose_no_record(folder: Path) -> None:
    program = (
        "import logging, sys; from pathlib import Path; from pos_desktop import logbook\n"
        "logbook.LARGEST_BYTES = 40_000\n"
        "with logbook.logged(Path(sys.argv[1])):\n"
        "    for number in range(300): logging.error('record %s %s', sys.argv[2], number)\n"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder), str(who)], stderr=subprocess.PIPE
        )
        for who in range(3)
    ]
    for process in running:
        _out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
    text = "".join(
        file.read_text(encoding="utf-8") for file in log_path(folder).parent.glob(f"{LOG_FILE}*")
    )
    found = re.findall(r"record (\d \d+)$", text, re.MULTILINE)
    assert sorted(found) == sorted(f"{who} {number}" for who in range(3) for number in range(300))


def test_a_log_that_cannot_be_written_is_in_nobodys_way(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "logs").write_text("in the way", encoding="utf-8")
    with logged(folder):
        logger.error("something")
    assert capsys.readouterr().err == ""


def test_where_there_is_no_shop_nothing_is_written(tmp_path: Path) -> None:
    with logged(tmp_path):
        logger.error("something")
    assert not list(tmp_path.iterdir())


def test_values_that_go_into_the_file_are_not_logged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_LOG_LEVEL", "debug")
    with logged(folder):
        logging.getLogger("peewee").debug(("INSERT INTO staff", ["hash of a PIN"]))
        logger.debug("something")
    assert "something" in _written(folder)
    assert "hash of a PIN" not in _written(folder)


def test_addresses_that_are_asked_are_not_logged(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path of a shop's address at its relay is a secret, and a knock there asks for it."""
    monkeypatch.setenv("POS_LOG_LEVEL", "DEBUG")
    with running(str(folder / "relay.sqlite")) as relay, logged(folder):
        logger.debug("begins")
        with pytest.raises(RelayError):
            relay.reader("no key").check_secret("rp8wmqk2zxtv5b")
    assert "begins" in _written(folder)
    assert "rp8wmqk2zxtv5b" not in _written(folder)
