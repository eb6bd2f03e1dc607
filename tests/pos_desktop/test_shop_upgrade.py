"""A shop of an earlier version becomes one of this version, or stays as it was."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from pos_desktop.cli.main import main as posctl
from pos_desktop.domain.clock import ManualClock, SystemClock
from pos_desktop.security.recovery import derive_keys
from pos_desktop.shop import open_shop
from pos_desktop.shop_door import OpenElsewhere
from pos_desktop.shop_folder import DATABASE_FILE, UPGRADE_FOLDER
from pos_desktop.shop_upgrade import KEEP, sweep_copies, upgrade
from pos_desktop.storage import migrations, row_seals
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import DiskFull, FileTooNew
from pos_desktop.storage.migrations import LATEST, UpgradeFailed
from tests.pos_desktop.services.play import play
from tests.released.released_shops import archive, make, recovery_key, unpack

SCHEMAS = range(1, LATEST + 1)


def content(file: Path) -> list[str]:
    """Return all that a file holds, as statements."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def copies(directory: Path) -> list[Path]:
    return sorted((directory / UPGRADE_FOLDER).iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A shop of the fourth schema."""
    return unpack(4, tmp_path / "old")


@pytest.fixture
def broken_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The last step fails in its last statement."""

    class Broken:
        NAME = "broken"
        SCHEMA = "CREATE TABLE late (id TEXT PRIMARY KEY) WITHOUT ROWID"
        APPEND_ONLY: tuple[str, ...] = ()
        SEARCH = ("INSERT INTO late VALUES ('a')", "INSERT INTO late VALUES ('a')")

    steps = (*migrations.MIGRATIONS[:-1], Broken)
    with monkeypatch.context() as later:
        later.setattr(migrations, "MIGRATIONS", steps)
        yield


def test_every_schema_that_was_released_is_kept() -> None:
    missing = [number for number in SCHEMAS if not archive(number).exists()]
    assert not missing, "make it: python -m tests.released.released_shops"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_each_released_shop_is_taken_over_and_sells_on(schema: int, tmp_path: Path) -> None:
    directory = unpack(schema, tmp_path / "shop")
    before = content(directory / DATABASE_FILE)
    with closing(open_shop(directory)) as shop:
        assert [one for one in run_checks(shop.database, shop.key, shop.head) if not one.ok] == []
        assert not shop.changed_outside
        assert derive_keys(recovery_key(directory), shop.books.node.shop_id)["journal"] == shop.key
        figures = shop.database.row("SELECT count(*) AS n, sum(gross_cents) AS gross FROM sale")
        assert figures == ({"n": 3, "gross": 343_50} if schema < 4 else {"n": 5, "gross": 443_50})
        play(shop, "login manager 1234", "2*TEA" if schema > 1 else "MILK", "pay cash", "z")
        assert [one for one in run_checks(shop.database, shop.key, shop.head) if not one.ok] == []
    if schema < LATEST:
        (copy,) = copies(directory)
        assert copy.name.startswith(f"schema-{schema}-")
        assert content(copy) == before
        assert copy.stat().st_mode & 0o777 == 0o600
    else:
        assert not (directory / UPGRADE_FOLDER).exists()


def test_the_shop_of_this_schema_is_made_as_the_others_were(tmp_path: Path) -> None:
    make(tmp_path / "shop")
    made, kept = tmp_path / "shop", unpack(LATEST, tmp_path / "kept")
    shapes = []
    for directory in (made, kept):
        with closing(ShopDatabase(directory / DATABASE_FILE, SystemClock())) as database:
            sql = "SELECT till_code, receipt_number, gross_cents FROM sale ORDER BY id"
            shapes.append((migrations.version(database), database.rows(sql)))
    assert shapes[0] == shapes[1]


def test_a_step_that_fails_leaves_the_file_as_it_was(old: Path, broken_step: None) -> None:
    before = content(old / DATABASE_FILE)
    with pytest.raises(UpgradeFailed):
        open_shop(old)
    assert content(old / DATABASE_FILE) == before
    assert copies(old) == []


def test_steps_that_make_another_schema_than_they_should_are_taken_back(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(old / DATABASE_FILE)
    with closing(sqlite3.connect(old / DATABASE_FILE)) as past_the_program:
        past_the_program.execute("CREATE TABLE contact_index (id TEXT)")
    spoilt = content(old / DATABASE_FILE)
    taken = migrations._step

    def forgetting(database: ShopDatabase, clock: SystemClock, number: int) -> None:
        taken(database, clock, number)
        if number == LATEST and database.path.name == DATABASE_FILE:
            database.execute_sql("DROP TABLE contact")

    with monkeypatch.context() as later:
        later.setattr(migrations, "_step", forgetting)
        with pytest.raises(UpgradeFailed):
            upgrade(old, SystemClock())
    assert content(old / DATABASE_FILE) == spoilt != before
    assert upgrade(old, SystemClock()).reached == LATEST  # what did not belong there before stays


def test_a_full_disk_refuses_in_one_sentence(old: Path) -> None:
    before = content(old / DATABASE_FILE)
    with pytest.raises(DiskFull, match="free 66 MB"):
        upgrade(old, SystemClock(), free=lambda _place: 65_000_000)
    assert content(old / DATABASE_FILE) == before
    assert copies(old) == []


def test_nobody_else_may_have_the_file_open(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(old / DATABASE_FILE)
    monkeypatch.setattr("pos_desktop.shop_upgrade.ALONE_SECONDS", 0.0)
    with closing(sqlite3.connect(old / DATABASE_FILE)) as earlier_program:
        earlier_program.execute("SELECT count(*) FROM sale").fetchone()
        with pytest.raises(OpenElsewhere):
            open_shop(old)
        assert earlier_program.execute("SELECT max(number) FROM migration").fetchone() == (4,)
    assert content(old / DATABASE_FILE) == before
    with closing(open_shop(old)) as shop:
        assert migrations.version(shop.database) == LATEST


def test_programs_that_open_it_at_once_wait_for_one(old: Path) -> None:
    found: list[int | Exception] = []
    begin = threading.Barrier(4)

    def one() -> None:
        begin.wait()
        try:
            with closing(open_shop(old)) as shop:
                found.append(migrations.version(shop.database))
        except Exception as error:  # noqa: BLE001 - the thread's end is the test's
            found.append(error)

    threads = [threading.Thread(target=one) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [LATEST] * 4
    assert len(copies(old)) == 1


def test_a_copy_that_was_broken_off_goes_with_the_next(old: Path) -> None:
    (old / UPGRADE_FOLDER).mkdir()
    (old / UPGRADE_FOLDER / ".schema-4-x.sqlite.part").write_bytes(b"half")
    upgrade(old, SystemClock())
    assert [one.suffix for one in copies(old)] == [".sqlite"]


def killed(directory: Path, last: str) -> None:
    """Upgrade a shop in a process that is killed where it comes to a function of the upgrade."""
    words = (
        "import os, sys; from pathlib import Path; from pos_desktop import shop_upgrade;"
        "from pos_desktop.domain.clock import SystemClock;"
        "setattr(shop_upgrade, sys.argv[2], lambda *_given: os._exit(9));"
        "shop_upgrade.upgrade(Path(sys.argv[1]), SystemClock())"
    )
    done = subprocess.run([sys.executable, "-c", words, str(directory), last], check=False)
    assert done.returncode == 9


def test_steps_that_are_killed_again_and_again_leave_one_copy(old: Path) -> None:
    before = content(old / DATABASE_FILE)
    for _start in range(3):
        killed(old, "migrate")
        (copy,) = copies(old)
        assert content(copy) == before
    size = (old / DATABASE_FILE).stat().st_size
    upgrade(old, SystemClock(), free=lambda _place: 64_000_000 + size)
    (copy,) = copies(old)
    assert copy.suffix == ".sqlite"
    assert content(copy) == before


def test_a_kill_after_the_steps_leaves_a_copy_that_is_kept(old: Path) -> None:
    before = content(old / DATABASE_FILE)
    killed(old, "_kept")
    open_shop(old).close()
    (copy,) = copies(old)
    assert copy.suffix == ".sqlite"
    assert content(copy) == before


def test_copies_go_when_they_are_old_or_many(old: Path) -> None:
    clock = ManualClock(SystemClock().now())
    copy = upgrade(old, clock).copy
    assert copy is not None
    for number in range(3):
        other = copy.with_name(f"schema-{number}.sqlite")
        other.touch()
        os.utime(other, (number, number))
    (copy.parent / f".{copy.name}.part").touch()
    (copy.parent / f".{copy.name}.part-wal").touch()
    sweep_copies(old, clock.now())
    assert copies(old) == [copy]
    sweep_copies(old, clock.now() + KEEP - timedelta(minutes=1))
    assert copies(old) == [copy]
    sweep_copies(old, clock.now() + KEEP + timedelta(minutes=1))
    assert copies(old) == []


def test_the_copy_just_made_stays_where_others_bear_a_later_date(old: Path) -> None:
    """The clock was ahead when they were made, or was set back since."""
    clock = SystemClock()
    others = [old / UPGRADE_FOLDER / f"schema-{number}-x.sqlite" for number in (2, 3)]
    others[0].parent.mkdir()
    for place, other in enumerate(others):
        other.touch()
        os.utime(other, (later := clock.now().timestamp() + 4e7 + place, later))
    copy = upgrade(old, clock).copy
    assert copies(old) == [others[1], copy]
    sweep_copies(old, clock.now())
    assert copies(old) == [others[1], copy]


def test_posctl_migrate_says_from_where_to_where(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posctl(["migrate", "--json", "--data", str(old)]) == 0
    told = json.loads(capsys.readouterr().out)
    (copy,) = copies(old)
    assert told == {"from": 4, "to": LATEST, "copy": str(copy)}
    assert posctl(["migrate", "--json", "--data", str(old)]) == 0
    assert json.loads(capsys.readouterr().out) == {"from": LATEST, "to": LATEST, "copy": None}
    assert posctl(["migrate", "--data", str(old)]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_newer_file_is_refused_by_every_command(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    upgrade(old, SystemClock())
    with closing(sqlite3.connect(old / DATABASE_FILE)) as newer, newer:
        row_seals.register(newer)
        sql = "INSERT INTO migration (number, name, applied_at) VALUES (?, 'later', 0)"
        newer.execute(sql, (LATEST + 1,))
    before = (old / DATABASE_FILE).read_bytes()
    with pytest.raises(FileTooNew):
        open_shop(old)
    for command in (["verify"], ["migrate"], ["report", "x"], ["queue", "work"], ["backup"]):
        assert posctl([*command, "--data", str(old)]) == 1
        out, told = capsys.readouterr()
        assert (out, told.count("\n")) == ("", 1)
        assert "A newer POS Desktop has written this shop's file" in told
    assert (old / DATABASE_FILE).read_bytes() == before
