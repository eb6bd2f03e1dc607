"""posctl doctor: a line each, JSON for scripts, exit 1 where something is broken."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from time import perf_counter

import pytest

from pos_desktop.crash_reports import watched_for_crashes
from pos_desktop.storage.migrations import LATEST
from tests.pos_desktop.cli.conftest import Posctl
from tests.released.released_shops import unpack


def test_a_healthy_shop_is_told_in_lines(demo: Posctl) -> None:
    out = demo("doctor")
    assert not [line for line in out.splitlines()[:-2] if line.startswith("!")]
    assert "Shop's file" in out
    assert out.splitlines()[-1].startswith(("Nothing is broken", "All is well"))
    assert "`posctl verify` checks the rows themselves" in out.splitlines()[-1]


def test_json_has_what_scripts_rely_on(demo: Posctl) -> None:
    document = demo.json("doctor")
    assert document["ok"] is True
    for one in document["checks"]:
        assert {"check", "ok", "detail", "advice"} <= {*one}
    names = [one["check"] for one in document["checks"]]
    wanted = {"program", "disk", "database", "folder", "printer", "drawer", "scanner", "queue",
              "network", "clock"}  # fmt: skip
    assert wanted <= {*names}


def test_something_broken_is_exit_1_with_what_to_do(demo: Posctl) -> None:
    demo("config", "set", "printer.address", "tcp://127.0.0.1:1")
    out = demo("doctor", "--check", "printers", code=1)
    assert "! Receipt printer" in out
    assert "-> Nothing answers at tcp://127.0.0.1:1" in out
    assert "Clock" not in out


def test_no_shop_is_exit_1_and_makes_none(posctl: Posctl) -> None:
    assert "There is no shop" in posctl("doctor", code=1)
    assert not posctl.directory.exists()


def test_a_check_that_there_is_none_is_refused(posctl: Posctl) -> None:
    posctl("doctor", "--check", "moon", code=2)
    assert "no check moon" in posctl.err


def test_an_environment_that_cannot_be_is_a_line(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_QUEUE_CONNECTION", "pigeons")
    assert "! Environment" in demo("doctor", "--check", "program", code=1)


@pytest.mark.parametrize("schema", range(1, LATEST))
def test_a_shop_of_an_earlier_version_is_told_and_stays_one(posctl: Posctl, schema: int) -> None:
    unpack(schema, posctl.directory)
    file = posctl.directory / "shop.sqlite"
    before = file.read_bytes()
    document = posctl.json("doctor", "--check", "program", "database", "rights")
    found = {one["check"]: one for one in document["checks"]}
    assert found["database"]["state"] == "note"
    assert found["pages"]["state"] == "ok"
    assert file.read_bytes() == before
    assert not (posctl.directory / "before-upgrade").exists()


@pytest.mark.spoils_books
def test_a_damaged_file_with_crash_reports_beside_it_is_told_whole(demo: Posctl) -> None:
    file = demo.directory / "shop.sqlite"
    with file.open("r+b") as content:
        content.write(b"no database at all " * 100)
    damaged = file.read_bytes()
    with suppress(ZeroDivisionError), watched_for_crashes(demo.directory, "window"):
        raise ZeroDivisionError("for the test")
    (left,) = (demo.directory / "crashes").glob("*.txt")
    document = demo.json("doctor", code=1)
    found = {one["check"]: one for one in document["checks"]}
    assert found["database"]["state"] == "broken"
    assert found["crashes"]["state"] == "note"
    assert left.stem.rpartition("-")[2] in found["crashes"]["detail"]
    assert str(left) in found["crashes"]["advice"]
    assert "Traceback" not in demo.err
    assert file.read_bytes() == damaged
    assert [*(demo.directory / "crashes").glob("*.txt")] == [left]


def test_the_file_for_support_is_saved(demo: Posctl, tmp_path: Path) -> None:
    demo("doctor", "--bundle", str(tmp_path / "support.zip"))
    assert "support.zip" in demo.err
    assert "report.txt" in zipfile.ZipFile(tmp_path / "support.zip").namelist()


def test_it_needs_no_qt_and_is_soon_done(demo: Posctl) -> None:
    code = (
        "import sys; from pos_desktop.cli.main import main; main(); "
        "assert 'PySide6' not in sys.modules"
    )
    began = perf_counter()
    command = [sys.executable, "-c", code, "doctor", "--json", "--data", str(demo.directory)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert perf_counter() - began < 15
