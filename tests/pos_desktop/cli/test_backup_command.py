"""posctl backup and restore, as a technician types them."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.security.recovery import make_recovery_key
from pos_desktop.security.sealed_file import Opening
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import DATABASE_FILE
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.cli.terminal import needs_terminal, on_a_terminal


@pytest.fixture
def key(posctl: Posctl) -> str:
    """The recovery key of the demo shop that posctl works on."""
    return str(posctl.json("init", "--demo")["recovery_key"])


@pytest.fixture
def elsewhere(posctl: Posctl, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Posctl:
    """Another machine, on which there is no shop yet."""
    return Posctl(tmp_path / "new", capsys)


def test_there_and_back(
    posctl: Posctl, elsewhere: Posctl, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = posctl.json("backup", str(tmp_path / "b"))
    assert (made["file"], made["ok"], made["findings"]) == (str(tmp_path / "b"), True, [])
    assert made["bytes"] == (tmp_path / "b").stat().st_size
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{key}\n"))
    back = elsewhere.json("restore", str(tmp_path / "b"))
    assert (back["ok"], back["old_till_code"]) == (True, "T1")
    assert (back["journal"], back["sales"]) == (made["journal"], made["sales"])
    assert elsewhere.json("verify")["ok"]
    assert elsewhere("restore", str(tmp_path / "b"), code=1) == ""
    assert "There is a shop in" in elsewhere.err


def test_over_a_shop_that_does_not_open(posctl: Posctl, key: str, tmp_path: Path) -> None:
    file = str(tmp_path / "b")
    posctl.json("backup", file)
    (posctl.directory / DATABASE_FILE).write_bytes(b"of something else")
    (tmp_path / "key").write_text(key)
    given = ("--recovery-key-file", str(tmp_path / "key"))
    posctl("restore", file, *given, code=1)
    assert "There is a shop in" in posctl.err
    assert "--over" in posctl.err
    back = posctl.json("restore", file, *given, "--over", "--till-code", "T9")
    assert back["till_code"] == "T9"
    assert (Path(back["aside"]) / DATABASE_FILE).read_bytes() == b"of something else"
    assert posctl.json("verify")["ok"]


def test_over_a_shop_that_opens_it_goes_only_on_purpose(
    posctl: Posctl, key: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "b")
    posctl.json("backup", file)
    before = (posctl.directory / DATABASE_FILE).read_bytes()
    given = ("restore", file, "--recovery-key", key, "--over")
    assert posctl(*given, code=1) == ""
    assert "opens" in posctl.err
    assert "--yes" in posctl.err
    assert (posctl.directory / DATABASE_FILE).read_bytes() == before
    assert not (posctl.directory / "damaged").exists()
    said = posctl(*given, "--yes")
    assert f"What was there before lies in {posctl.directory / 'damaged'}" in said


def test_over_a_shop_whose_file_is_gone(posctl: Posctl, key: str, tmp_path: Path) -> None:
    file = str(tmp_path / "b")
    posctl.json("backup", file)
    (posctl.directory / DATABASE_FILE).unlink()
    given = ("restore", file, "--recovery-key", key)
    posctl(*given, code=1)
    assert "another shop" not in posctl.err
    assert "--over" in posctl.err
    assert posctl.json(*given, "--over")["aside"]
    assert posctl.json("verify")["ok"]


def test_over_nothing_it_is_a_plain_one(
    posctl: Posctl, elsewhere: Posctl, key: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "b")
    posctl.json("backup", file)
    back = elsewhere.json("restore", file, "--recovery-key", key, "--over")
    assert (back["aside"], elsewhere.json("verify")["ok"]) == (None, True)


def test_people_are_told_what_to_do_next(
    posctl: Posctl, elsewhere: Posctl, key: str, tmp_path: Path
) -> None:
    said = posctl("backup")
    (file,) = (posctl.directory / "backups").iterdir()
    assert said.startswith(f"{file}: ")
    assert " KB, " in said
    assert said.endswith("sales, read back and checked.\n")
    (tmp_path / "key").write_text(key)
    said = elsewhere("restore", str(file), "--recovery-key-file", str(tmp_path / "key"))
    assert "Do not sell with the old till any more." in said


@pytest.mark.spoils_books
def test_books_that_are_not_in_order_are_told_with_the_shop_that_is_back(
    posctl: Posctl,
    elsewhere: Posctl,
    key: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = str(tmp_path / "b")
    with closing(open_shop(posctl.directory)) as shop:
        shop.database.execute_sql("UPDATE stock_level SET quantity = quantity + 5")
    posctl("backup", file)
    assert "The books are not in order, in the shop as in the backup" in posctl.err
    elsewhere("restore", file, "--recovery-key", key)
    assert "The books are not in order, as when the backup was made" in elsewhere.err
    back = Posctl(tmp_path / "other", capsys).json("restore", file, "--recovery-key", key)
    assert (back["ok"], [one["check"] for one in back["findings"]]) == (False, ["stock"])


def test_what_is_wrong_is_one_sentence(
    posctl: Posctl, elsewhere: Posctl, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "b")
    posctl("backup", file)
    posctl("backup", file, code=1)
    assert "is there already" in posctl.err
    posctl("backup", str(tmp_path / "no" / "b"), code=1)
    assert "is not there: put the disk or stick in" in posctl.err
    posctl("backup", f"{tmp_path}/stick/", code=1)
    assert f"{tmp_path}/stick is not there: put the stick or disk in" in posctl.err
    assert not (tmp_path / "stick").exists()
    elsewhere("restore", file, "--recovery-key", make_recovery_key(), code=1)
    assert "not that of the shop in this backup" in elsewhere.err
    elsewhere("restore", file, "--recovery-key", key[1:], code=1)
    assert "typing error" in elsewhere.err
    elsewhere("restore", file, "--recovery-key-file", str(tmp_path / "none"), code=1)
    assert "name the text file in which the recovery key is" in elsewhere.err
    elsewhere("restore", file, "--recovery-key", key, "--till-code", "T1", code=1)
    assert "choose another till code" in elsewhere.err
    elsewhere("restore", str(tmp_path / "none"), code=1)
    assert "There is no file" in elsewhere.err
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    elsewhere("restore", file, code=2)
    assert "The recovery key is missing" in elsewhere.err
    assert not elsewhere.directory.exists() or not list(elsewhere.directory.iterdir())


@needs_terminal
def test_the_key_is_asked_for_until_it_fits(
    posctl: Posctl, elsewhere: Posctl, key: str, tmp_path: Path
) -> None:
    posctl("backup", str(tmp_path / "b"))
    with on_a_terminal(elsewhere.directory, "restore", str(tmp_path / "b")) as terminal:
        terminal.answer("Recovery key: ", f"{key[:-1]}\n")
        terminal.answer("Recovery key: ", f"{key.lower()}\n")
        assert terminal.ended() == 0
    assert "typing error" in terminal.seen
    assert "100 %" in terminal.seen
    assert elsewhere.json("verify")["ok"]


def test_killed_at_any_moment_it_leaves_a_whole_backup_or_none(
    posctl: Posctl, key: str, tmp_path: Path, torture: bool
) -> None:
    del key
    chance = random.Random(20261127)
    folder = tmp_path / "stick"
    folder.mkdir()
    command = [sys.executable, "-m", "pos_desktop.cli.main", "backup", str(folder / "b")]
    whole = 0
    for _ in range(150 if torture else 3):
        with subprocess.Popen(
            [*command, "--data", str(posctl.directory)], stdout=subprocess.DEVNULL
        ) as process:
            killer = threading.Timer(chance.uniform(0.3, 1.2), process.kill)
            killer.start()
            process.wait()
            killer.cancel()
        for file in (one for one in folder.iterdir() if not one.name.startswith(".")):
            whole += 1
            assert _is_whole(file, posctl.directory)
            file.unlink()
    posctl("backup", str(folder / "b"))
    assert os.listdir(folder) == ["b"]  # noqa: PTH208
    assert not (posctl.directory / "backing-up").exists()
    assert whole or not torture


def _is_whole(file: Path, directory: Path) -> bool:
    from pos_desktop.security.secrets import FileSecrets

    with file.open("rb") as content:
        key = FileSecrets(directory / "secrets").get("backup")
        return sum(map(len, Opening(content).content(key))) > 0
