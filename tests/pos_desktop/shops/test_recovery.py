"""Each trouble of a shop that does not open has its words and its ways out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.cli.main import main as posctl
from pos_desktop.domain.errors import PosError
from pos_desktop.security.secrets import (
    SecretsMissing,
)
from pos_desktop.shop import open_shop
from pos_desktop.shop_folder import (
    DATABASE_FILE,
    SECRETS_FILE,
    ShopFileGone,
)
from pos_desktop.shops.recovery import Way, recovery_of
from pos_desktop.storage import row_seals
from pos_desktop.storage.errors import FileTooNew, FileUnusable
from pos_desktop.storage.migrations import LATEST
from tests.pos_desktop.shops.spoiling import PAGE, blank, root_of


def _gone(directory: Path) -> None:
    (directory / DATABASE_FILE).unlink()


def _empty(directory: Path) -> None:
    (directory / DATABASE_FILE).write_bytes(b"")


def _letter(directory: Path) -> None:
    (directory / DATABASE_FILE).write_bytes(b"Dear customer, " * 1000)


def _other_program(directory: Path) -> None:
    (directory / DATABASE_FILE).unlink()
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as other, other:
        other.execute("CREATE TABLE notes (text)")


def _cut(directory: Path) -> None:
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.truncate(40 * PAGE + 7)


def _header(directory: Path) -> None:
    with (directory / DATABASE_FILE).open("rb+") as file:
        file.write(b"\xff" * 20)


def _page(directory: Path) -> None:
    blank(directory, root_of(directory, "node"))


def _no_keys(directory: Path) -> None:
    (directory / SECRETS_FILE).unlink()


def _newer(directory: Path) -> None:
    with closing(sqlite3.connect(directory / DATABASE_FILE)) as newer, newer:
        row_seals.register(newer)
        sql = "INSERT INTO migration (number, name, applied_at) VALUES (?, 'later', 0)"
        newer.execute(sql, (LATEST + 1,))


R, S, KEYS = Way.RESTORE, Way.SALVAGE, Way.KEYS


WRONGS: list[tuple[Callable[[Path], None], type[PosError], str, tuple[Way, ...]]] = [
    (_gone, ShopFileGone, "gone", (R,)),
    (_empty, FileUnusable, "empty", (R,)),
    (_letter, FileUnusable, "no shop's file", (R,)),
    (_other_program, FileUnusable, "no shop's file", (R,)),
    (_cut, FileUnusable, "damaged", (S, R)),
    (_header, FileUnusable, "damaged", (S, R)),
    (_page, FileUnusable, "damaged", (S, R)),
    (_no_keys, SecretsMissing, "keys are missing", (KEYS, R)),
    (_newer, FileTooNew, "does not open", ()),
]


@pytest.mark.parametrize(("spoil", "error", "title", "ways"), WRONGS)
def test_each_trouble_has_its_words_and_its_ways_out(
    closed: Path,
    spoil: Callable[[Path], None],
    error: type[PosError],
    title: str,
    ways: tuple[Way, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(closed)
    with pytest.raises(error) as raised:
        open_shop(closed)
    trouble = recovery_of(closed, raised.value)
    assert title in trouble.title
    assert trouble.ways == ways
    assert trouble.wrong
    assert trouble.safe
    for command in (["verify"], ["report", "x"], ["play", "-"], ["migrate"], ["queue", "monitor"]):
        code = posctl([*command, "--data", str(closed)])
        out, told = capsys.readouterr()
        if command != ["migrate"] or spoil not in (_no_keys, _page):
            assert (code, out, told.count("\n")) == (1, "", 1), command
            assert "fault of the program" not in told
