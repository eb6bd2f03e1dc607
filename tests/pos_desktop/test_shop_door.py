"""While a shop is brought back no program opens it, and nothing that was committed is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from pos_desktop import shop_door, shop_upgrade
from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import PosError
from pos_desktop.shop import open_shop
from pos_desktop.shop_door import BeingBroughtBack, OpenElsewhere, door_shut
from pos_desktop.shop_folder import DATABASE_FILE, LOCKS_FOLDER
from pos_desktop.shop_upgrade import is_due, upgrade
from pos_desktop.shops import salvaged_shop
from pos_desktop.shops.damage import is_whole
from pos_desktop.shops.keys_anew import bring_keys_back
from pos_desktop.shops.restored_over import restore_over
from pos_desktop.shops.salvaged_shop import salvage_shop
from pos_desktop.storage.errors import DiskFailing, DiskFull, DiskReadOnly
from pos_desktop.storage.migrations import LATEST
from pos_desktop.storage.salvage import Salvage, salvage
from tests.pos_desktop.shops.spoiling import blank, root_of
from tests.released.released_shops import recovery_key, unpack

OPENER = Path(__file__).with_name("opening_process.py")
TRIES = 500


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """A shop that opens although an index of it is spoilt; nobody has it open."""
    directory = unpack(LATEST, tmp_path / "shop")
    blank(directory, root_of(directory, "sale_day"))
    return directory


def posctl(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pos_desktop.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_nobody_opens_a_shop_out_of_which_is_saved(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[subprocess.CompletedProcess[str]] = []

    def looked_in(damaged: Path, target: Path, clock: Clock) -> Salvage:
        told.append(posctl("config", "list", "--data", str(closed)))
        told.append(posctl("migrate", "--data", str(closed)))
        done = salvage(damaged, target, clock)
        told.append(posctl("salvage", "--data", str(closed)))
        return done

    monkeypatch.setattr(salvaged_shop, "salvage", looked_in)
    salvage_shop(closed)
    sentence = "The shop is being brought back; wait until it is done.\n"
    assert [(one.returncode, one.stdout, one.stderr) for one in told] == [(1, "", sentence)] * 3
    open_shop(closed).close()


def test_nobody_opens_a_shop_that_is_restored_over(tmp_path: Path) -> None:
    closed = unpack(LATEST, tmp_path / "shop")
    with closing(open_shop(closed)) as shop:
        backup = shop.backups.make(tmp_path / "monday", actor=None).path
    refused: list[int] = []

    def looked_in(_done: int, _total: int) -> None:
        refused.append(posctl("config", "list", "--data", str(closed)).returncode)

    restore_over(backup, closed, recovery_key(closed), progress=looked_in)
    assert set(refused) == {1}
    open_shop(closed).close()


def test_what_opens_a_shop_beside_a_salvage_loses_nothing(closed: Path) -> None:
    with subprocess.Popen(
        [sys.executable, str(OPENER), str(closed)], stdout=subprocess.PIPE, text=True
    ) as opener:
        assert opener.stdout is not None
        told = [opener.stdout.readline().strip()]
        for _ in range(TRIES):
            try:
                salvage_shop(closed)
                break
            except OpenElsewhere:
                told.append(opener.stdout.readline().strip())
        while told[-1] == "refused" or len(told) < 3:
            told.append(opener.stdout.readline().strip())
        told.append(opener.stdout.readline().strip())
        opener.kill()
        told += [line.strip() for line in opener.stdout if line.endswith("\n")]
    assert "refused" in told
    with closing(open_shop(closed)) as shop:
        kept = "\n".join(
            str(row["detail"]) for row in shop.database.rows("SELECT detail FROM journal")
        )
        assert [one for one in told if one != "refused" and one not in kept] == []
        assert shop.database.value("SELECT count(*) FROM journal WHERE kind = 'shop salvaged'") == 1


def test_whoever_opens_a_shop_just_now_is_waited_for(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop_door, "SHUT_SECONDS", 0.01)
    open_shop(closed).close()
    with FileLock(closed / LOCKS_FOLDER / "door"), pytest.raises(OpenElsewhere):
        salvage_shop(closed)


def test_a_shut_door_is_told_by_whatever_opens_the_file(closed: Path) -> None:
    before = (closed / DATABASE_FILE).read_bytes()
    clock = SystemClock()
    with door_shut(closed):
        for opens in (
            lambda: open_shop(closed),
            lambda: upgrade(closed, clock),
            lambda: is_whole(closed, clock),
            lambda: salvage_shop(closed),
            lambda: bring_keys_back(closed, recovery_key(closed)),
            lambda: door_shut(closed).__enter__(),
        ):
            with pytest.raises(BeingBroughtBack):
                opens()
        assert not is_due(closed, clock)
    assert (closed / DATABASE_FILE).read_bytes() == before
    open_shop(closed).close()


KILLED = """
import os, sys
from pathlib import Path
from pos_desktop.shops import salvaged_shop

salvaged_shop.salvage = lambda *_given: os._exit(9)
salvaged_shop.salvage_shop(Path(sys.argv[1]))
"""


def test_the_door_is_open_again_once_its_holder_is_dead(closed: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(closed)], check=False)
    assert killed.returncode == 9
    open_shop(closed).close()


@pytest.mark.parametrize(
    ("number", "told"),
    [(errno.EROFS, DiskReadOnly), (errno.ENOSPC, DiskFull), (errno.EIO, DiskFailing)],
)
def test_a_disk_that_takes_no_locks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: type[PosError]
) -> None:
    closed, clock = unpack(LATEST, tmp_path / "shop"), SystemClock()

    def refused(*_given: object) -> None:
        raise OSError(number, os.strerror(number), str(closed))

    monkeypatch.setattr(shop_door, "folder", refused)
    monkeypatch.setattr(shop_upgrade, "folder", refused)
    assert not is_due(closed, clock)
    for opens in (
        lambda: open_shop(closed),
        lambda: upgrade(closed, clock),
        lambda: door_shut(closed).__enter__(),
    ):
        with pytest.raises(told):
            opens()
