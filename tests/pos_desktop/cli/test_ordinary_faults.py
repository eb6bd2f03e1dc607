"""What a computer may refuse has its sentence: a full disk, a wrong place, a damaged file."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.shop_folder import DAMAGE_MARK
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.cli.queue_disks import MountedDisk, mounted

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="a system without a full device")


def _told(posctl: Posctl, *arguments: str) -> str:
    posctl(*arguments, code=1)
    assert len(posctl.err.strip().splitlines()) == 1, posctl.err
    assert "fault of the program" not in posctl.err
    return posctl.err


def _posctl_into_full(*arguments: str) -> subprocess.CompletedProcess[str]:
    with FULL.open("w") as full:
        return subprocess.run(
            [sys.executable, "-m", "pos_desktop.cli.main", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )


@needs_full
def test_a_full_output_is_told_and_the_recovery_key_is_not_lost(tmp_path: Path) -> None:
    place = str(tmp_path / "shop")
    ended = _posctl_into_full("init", "--demo", "--data", place)
    assert ended.returncode == 1
    key, sentence = ended.stderr.strip().splitlines()
    assert "Recovery key" in key
    assert "disk is full" in sentence
    ended = _posctl_into_full("config", "list", "--data", place)
    assert ended.stderr.strip() == sentence


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are a matter of POSIX")
def test_a_shop_on_a_disk_without_any_room_is_told_as_a_full_disk(demo: Posctl) -> None:
    """Even reading needs room for the index of the log beside the file."""
    command = [sys.executable, "-m", "pos_desktop.cli.main", "verify", "--data"]
    ended = subprocess.run(
        ["sh", "-c", 'ulimit -f 16; exec "$@"', "sh", *command, str(demo.directory)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "disk is full" in ended.stderr
    assert demo.json("verify")["ok"]


def test_a_shop_is_not_made_below_a_file(posctl: Posctl, tmp_path: Path) -> None:
    posctl.directory = tmp_path / "file" / "shop"
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "choose another place" in _told(posctl, "init", "--demo")


def test_a_report_that_finds_no_room_leaves_no_file(demo: Posctl, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with mounted(tmp_path / "disk") as folder:
        MountedDisk(folder).fill()
        out = folder / "stock.csv"
        assert "disk" in _told(demo, "report", "stock-value", "--format", "csv", "--out", str(out))
        assert [one.name for one in folder.iterdir()] == ["ballast"]


def _empty(shop: Path) -> None:
    (shop / "shop.sqlite").write_bytes(b"")


def _number_for_a_key(shop: Path) -> None:
    secrets = json.loads((shop / "secrets").read_text(encoding="utf-8"))
    (shop / "secrets").write_text(json.dumps(dict.fromkeys(secrets, 5)), encoding="utf-8")


@pytest.mark.parametrize("damage", [_empty, _number_for_a_key])
@pytest.mark.spoils_books
def test_a_damaged_shop_says_so_and_stays_as_it_is(
    demo: Posctl, damage: Callable[[Path], None]
) -> None:
    damage(demo.directory)
    before = (demo.directory / "shop.sqlite").read_bytes()
    assert "cannot be read" in _told(demo, "verify")
    assert (demo.directory / "shop.sqlite").read_bytes() == before


@pytest.mark.spoils_books
def test_a_database_without_tables_is_no_shop_and_is_not_made_one(demo: Posctl) -> None:
    file = demo.directory / "shop.sqlite"
    _empty(demo.directory)
    with closing(sqlite3.connect(file)) as database:
        database.execute("VACUUM")
    assert "cannot be read" in _told(demo, "verify")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


@pytest.mark.parametrize(
    ("column", "spoilt", "command"),
    [
        (b"language TEXT NOT NULL", b"langu4ge TEXT NOT NULL", ("staff", "list")),
        (b"rate_bp INTEGER NOT NULL,\n    l", b"rate_bq INTEGER NOT NULL,\n    l", ("report", "x")),
    ],
    ids=["named by a statement", "read with all others"],
)  # fmt: skip
@pytest.mark.spoils_books
def test_a_name_that_is_spoilt_in_the_schema_is_damage_and_no_fault_of_the_program(
    demo: Posctl, column: bytes, spoilt: bytes, command: tuple[str, ...]
) -> None:
    file = demo.directory / "shop.sqlite"
    assert column in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(column, spoilt))
    assert "cannot be read" in _told(demo, *command)
    assert (demo.directory / DAMAGE_MARK).exists()
    demo("salvage")
    demo("staff", "list")


@pytest.mark.spoils_books
def test_a_head_that_cannot_be_read_counts_as_missing(demo: Posctl) -> None:
    (demo.directory / "journal.head").unlink()
    (demo.directory / "journal.head").mkdir()
    found = demo.json("verify", code=1)
    assert [check["check"] for check in found["checks"] if not check["ok"]] == ["head"]


@pytest.mark.parametrize("name", ["nowhere/list.xlsx", ".", "goods.csv"])
def test_a_list_of_errors_that_cannot_be_written_is_told_before_the_import(
    demo: Posctl, tmp_path: Path, name: str
) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("code,name,price\nNEW1,Soap,50\n", encoding="utf-8")
    text = _told(demo, "import", "products", str(goods), "--errors", str(tmp_path / name))
    assert "another place" in text
    demo("play", str(_play(tmp_path)), "--strict", code=1)
    assert goods.read_text(encoding="utf-8").startswith("code,name")


def test_a_mistyped_catalogue_is_told_and_not_the_list_of_errors(
    demo: Posctl, tmp_path: Path
) -> None:
    (tmp_path / "rejected.xlsx").write_bytes(b"the list of an import before")
    errors = ("--errors", str(tmp_path / "rejected.xlsx"))
    text = _told(demo, "import", "products", str(tmp_path / "goood.csv"), *errors)
    assert "goood.csv cannot be opened" in text


@needs_full
def test_a_device_is_no_place_for_a_list(demo: Posctl, tmp_path: Path) -> None:
    goods = tmp_path / "goods.csv"
    goods.write_text("code,name,price\nNEW1,Soap,-50\n", encoding="utf-8")
    assert "another place" in _told(demo, "import", "products", str(goods), "--errors", str(FULL))
    assert FULL.is_char_device()


def _play(tmp_path: Path) -> Path:
    lines = tmp_path / "play.txt"
    lines.write_text("login manager 1234\n?NEW1\n", encoding="utf-8")
    return lines


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes in folders")
def test_a_pipe_is_no_catalogue(demo: Posctl, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "goods.csv")
    assert "cannot be opened" in _told(demo, "import", "products", str(tmp_path / "goods.csv"))


def test_a_report_must_begin_before_it_ends(demo: Posctl) -> None:
    text = _told(demo, "report", "vat", "--from", "2026-11-24", "--to", "2026-11-23")
    assert "2026-11-23" in text
    _told(demo, "report", "vat", "--from", "2026-11-24", "--to", "2026-11-24")
    assert demo.json("report", "vat", "--from", "2026-11-24") == {"bands": []}


@pytest.mark.parametrize("zone", ["Mars/Base", ".", "../../etc/passwd", "a" * 199, "a" * 5000])
def test_a_time_zone_must_exist(demo: Posctl, zone: str) -> None:
    _told(demo, "config", "set", "shop.time_zone", zone)


def test_a_shop_in_a_place_that_was_removed_is_told(demo: Posctl) -> None:
    shutil.rmtree(demo.directory)
    assert "posctl init" in _told(demo, "verify")
