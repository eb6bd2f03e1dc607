"""A shop comes back whole with its recovery key alone, and does nothing twice."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock, Timeout
from pos_hardware.document import ReceiptDocument

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.errors import PosError, Refused, Unavailable
from pos_desktop.domain.receipt_number import ReceiptNumber, code_after_restore
from pos_desktop.security.recovery import WrongKey, make_recovery_key
from pos_desktop.security.sealed_file import BackupDamaged, BackupTooNew, NoBackup
from pos_desktop.security.secrets import FileSecrets
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import (
    ARRIVING_FOLDER,
    DATABASE_FILE,
    HEAD_FILE,
    LOCKS_FOLDER,
    MOVED_FILES,
    SECRETS_FILE,
    NotBackYet,
    nothing_of_a_shop,
)
from pos_desktop.shop_locks import AnotherMaking
from pos_desktop.shops.another_till import become_another_till
from pos_desktop.shops.new_shop import NewShop, demo_shop, make_shop
from pos_desktop.shops.restored_over import restore_over
from pos_desktop.shops.restored_shop import check_can_restore, restore_shop
from pos_desktop.storage import migrations
from pos_desktop.storage.snapshot import counts
from tests.pos_desktop.conftest import CASHIER, MANAGER, add_product, bad_books
from tests.pos_desktop.services.play import play

SELLER = Path(__file__).parents[2] / "acceptance" / "selling_process.py"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The directory of a shop with a sale, a held cart and things that wait; its recovery key."""
    directory = tmp_path_factory.mktemp("lost") / "shop"
    key = make_shop(directory, NewShop(name="Duka", manager_name="Njeri", manager_pin=MANAGER[1]))
    with closing(open_shop(directory)) as shop:
        add_product(shop, "MILK", "Milk 500 ml", 65_00, tax_band="A")
        shop.till.sign_in(*MANAGER)
        shop.till.state.shift = shop.closing.open_shift(shop.till.person, 0)
        play(shop, "MILK", "pay cash", "2*MILK", "hold Juma")
        receipt = ReceiptNumber("T1", 1)
        shop.mail.receipts.send(receipt, "a@example.com", actor=None)
        shop.backups.leave(actor=None)
        shop.configuration.set(
            settings.PRINTER_ADDRESS, "file:///nowhere/paper", shop.books, actor=None
        )
        with shop.database.write():
            shop.print_queue.paper("test", "Test", ReceiptDocument(()))
        shop.backups.make(directory.parent / "backup", actor=None)
        FileSecrets(directory / SECRETS_FILE).put({"smtp password": b"very secret"})
        shop.backups.make(directory.parent / "with-password", actor=None)
    return directory, key


@pytest.fixture
def backup(furnished: tuple[Path, str]) -> tuple[Path, str]:
    """A backup and the recovery key of its shop."""
    directory, key = furnished
    return directory.parent / "backup", key


def _opened(directory: Path) -> Shop:
    return open_shop(directory)


def test_it_is_back_with_the_recovery_key_alone(backup: tuple[Path, str], tmp_path: Path) -> None:
    file, key = backup
    (tmp_path / "new" / ".bringing-back-before").mkdir(parents=True)
    (tmp_path / "new" / ".bringing-back-before" / "secrets").write_text("left by a kill")
    restored = restore_shop(file, tmp_path / "new", key.lower())
    assert restored.findings == ()
    assert restored.counts.sales == 1
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        DATABASE_FILE,
        HEAD_FILE,
        SECRETS_FILE,
        LOCKS_FOLDER,
    }
    for name in (DATABASE_FILE, HEAD_FILE, SECRETS_FILE):
        assert (tmp_path / "new" / name).stat().st_mode & 0o777 == 0o600
    with closing(_opened(tmp_path / "new")) as shop:
        assert not shop.changed_outside
        assert bad_books(shop) == set()
        assert shop.sign_in.sign_in(*MANAGER).name == "Njeri"


def test_its_receipts_repeat_no_number_that_the_old_till_gave_out(
    backup: tuple[Path, str], tmp_path: Path
) -> None:
    file, key = backup
    restored = restore_shop(file, tmp_path / "new", key)
    assert restored.till_code != "T1"
    with closing(_opened(tmp_path / "new")) as shop:
        shop.till.sign_in(*MANAGER)
        shop.till.state.shift = shop.closing.current()
        reply = play(shop, "MILK", "pay cash")
        assert str(reply.receipt) == f"{restored.till_code}-000001"
        assert shop.configuration.get(settings.TILL_CODE) == restored.till_code
        assert [cart.label for cart in shop.carts.held()] == ["Juma"]
        play(shop, "refund T1-000001 1*1", "recall Juma", "clear", "z")
        assert bad_books(shop) == set()
        origins = shop.database.rows("SELECT DISTINCT origin, epoch FROM fact")
        assert len(origins) == 2


def test_a_code_that_may_be_given_out_already_is_refused(
    backup: tuple[Path, str], tmp_path: Path
) -> None:
    file, key = backup
    with pytest.raises(Refused, match="choose another till code"):
        restore_shop(file, tmp_path / "new", key, till_code="T1")
    assert not list((tmp_path / "new").iterdir())
    assert restore_shop(file, tmp_path / "new", key, till_code="T2").till_code == "T2"


def test_a_till_that_comes_back_twice_has_another_code() -> None:
    draws = (place / 1024 for place in range(1024))
    codes = {code_after_restore("TILL", {"T1"}, draws.__next__) for _time in range(1024)}
    assert len(codes) == 1024
    assert all(code.startswith("TI") for code in codes)
    first = code_after_restore("T1", set(), lambda: 0.5)
    assert code_after_restore(first, {first}, lambda: 0.5) not in (first, "T1")


def test_restores_within_one_minute_bear_codes_by_chance(
    backup: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter((0.25, 0.75))
    monkeypatch.setitem(become_another_till.__kwdefaults__ or {}, "chance", lambda: next(drawn))
    file, key = backup
    clock = ManualClock(datetime(2026, 11, 28, 12, tzinfo=UTC))
    codes = {
        restore_shop(file, tmp_path / name, key, clock=clock).till_code for name in ("one", "two")
    }
    assert len(codes) == 2


def test_nothing_that_waited_is_done_by_surprise(backup: tuple[Path, str], tmp_path: Path) -> None:
    file, key = backup
    restored = restore_shop(file, tmp_path / "new", key)
    assert restored.left["jobs"] == 1
    assert restored.left["prints"] >= 1
    assert restored.left["mails"] == 1
    with closing(_opened(tmp_path / "new")) as shop:
        assert shop.database.value("SELECT count(*) FROM jobs") == 0
        rows = shop.database.rows("SELECT job, state FROM job_history ORDER BY number")
        assert rows == [
            {"job": "prepare_mail", "state": "failed"},
            {"job": "backup_shop", "state": "cancelled"},
        ]
        states = {row["state"] for row in shop.database.rows("SELECT state FROM print_job")}
        assert states <= {"unknown", "settled", "printed", "sent"}
        number = shop.database.value("SELECT number FROM job_history WHERE state = 'failed'")
        detail = shop.queue.views.job(number)
        assert detail is not None
        assert detail.view.outcome == "restored"
        shop.queue.desk.retry(number, actor=None)
        assert shop.database.value("SELECT count(*) FROM jobs") == 1


def test_what_the_recovery_key_cannot_bring_back_comes_along(
    furnished: tuple[Path, str], tmp_path: Path
) -> None:
    directory, key = furnished
    file = directory.parent / "with-password"
    assert b"very secret" not in file.read_bytes()
    restore_shop(file, tmp_path / "new", key)
    old, new = (FileSecrets(place / SECRETS_FILE) for place in (directory, tmp_path / "new"))
    for name in ("journal", "backup", "payload", "smtp password"):
        assert new.get(name) == old.get(name)


def test_it_overwrites_nothing(backup: tuple[Path, str], tmp_path: Path) -> None:
    file, key = backup
    for name in (DATABASE_FILE, SECRETS_FILE, HEAD_FILE, f"{DATABASE_FILE}-wal"):
        place = tmp_path / name
        place.mkdir()
        (place / name).write_bytes(b"all that is left")
        with pytest.raises(Refused):
            restore_shop(file, place, key)
        assert [path.name for path in place.iterdir()] == [name]
        assert (place / name).read_bytes() == b"all that is left"


def test_wrong_keys_and_wrong_files_are_told_apart(
    backup: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key = backup
    sentences = set()

    def refuse(kind: type[PosError], file: Path = file, key: str = key) -> None:
        with pytest.raises(kind) as refused:
            restore_shop(file, tmp_path / "new", key)
        sentences.add(str(refused.value))
        assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())

    refuse(WrongKey, key=make_recovery_key())
    refuse(Refused, key=key[:-1] + ("A" if key[-1] != "A" else "B"))
    refuse(Unavailable, file=tmp_path / "none")
    refuse(Unavailable, file=tmp_path)
    (tmp_path / "text").write_text("not a backup at all, and long enough to look like one")
    refuse(NoBackup, file=tmp_path / "text")
    (tmp_path / "short").write_bytes(file.read_bytes()[:-20])
    refuse(BackupDamaged, file=tmp_path / "short")
    monkeypatch.setattr("pos_desktop.shops.restored_shop.LATEST", migrations.LATEST - 1)
    refuse(BackupTooNew)
    assert len(sentences) == 7


def test_no_damage_comes_through(backup: tuple[Path, str], tmp_path: Path, torture: bool) -> None:
    """Whatever byte is spoilt, nothing of the shop is there afterwards."""
    file, key = backup
    sealed, chance = file.read_bytes(), random.Random(20261127)
    for _ in range(500 if torture else 15):
        place = chance.randrange(len(sealed))
        spoilt = tmp_path / "spoilt"
        spoilt.write_bytes(sealed[:place] + bytes([sealed[place] ^ 0x10]) + sealed[place + 1 :])
        with pytest.raises(Refused):
            restore_shop(spoilt, tmp_path / "new", key)
        assert not (tmp_path / "new").exists() or not list((tmp_path / "new").iterdir())


@pytest.fixture
def cut_off(tmp_path: Path) -> tuple[Path, str]:
    """A backup of a shop whose journal has lost its last entry, and the recovery key."""
    directory = tmp_path / "cut off"
    key = make_shop(directory, NewShop(name="Duka", manager_name="Njeri", manager_pin=MANAGER[1]))
    with closing(open_shop(directory)) as shop:
        add_product(shop, "MILK", "Milk 500 ml", 65_00, tax_band="A")
        shop.till.sign_in(*MANAGER)
        shop.till.state.shift = shop.closing.open_shift(shop.till.person, 0)
        play(shop, "MILK", "pay cash")
        shop.database.execute_sql("DROP TRIGGER journal_no_delete")
        last = shop.database.value("SELECT max(seq) FROM journal")
        shop.database.execute_sql("DELETE FROM journal WHERE seq = ?", (last,))
        made = shop.backups.make(tmp_path / "cut off backup", actor=None)
        assert "head" in {check.check for check in made.findings}
    return tmp_path / "cut off backup", key


@pytest.mark.spoils_books
def test_a_tail_that_was_cut_off_before_does_not_become_right_by_a_restore(
    cut_off: tuple[Path, str], tmp_path: Path
) -> None:
    file, key = cut_off
    restored = restore_shop(file, tmp_path / "new", key)
    found = {check.check for check in restored.findings}
    assert "head" in found
    with closing(_opened(tmp_path / "new")) as shop:
        assert bad_books(shop) == found


def test_a_backup_in_the_middle_of_sales_is_of_one_moment(tmp_path: Path, torture: bool) -> None:
    directory = tmp_path / "shop"
    key = make_shop(directory, demo_shop())
    with closing(open_shop(directory)) as shop:
        shop.till.sign_in(*CASHIER)
        shop.closing.open_shift(shop.till.person, 0)
        with subprocess.Popen(
            [sys.executable, str(SELLER), str(directory)], stdout=subprocess.PIPE, text=True
        ) as seller:
            assert seller.stdout is not None
            for _ in range(500 if torture else 10):
                seller.stdout.readline()
            before = counts(shop.database)
            made = shop.backups.make(tmp_path / "backup", actor=None)
            for _ in range(500 if torture else 10):
                seller.stdout.readline()
            seller.kill()
        after = counts(shop.database)
    assert before.sales <= made.counts.sales < after.sales
    restored = restore_shop(tmp_path / "backup", tmp_path / "new", key)
    assert restored.findings == ()
    with closing(open_shop(tmp_path / "new")) as back:
        assert replace(counts(back.database), journal=0) == replace(made.counts, journal=0)
        rows = back.database.rows("SELECT receipt_number AS n, gross_cents FROM sale ORDER BY 1")
        assert [row["n"] for row in rows] == list(range(1, made.counts.sales + 1))
        with closing(open_shop(directory)) as old:
            same = "SELECT sum(gross_cents) FROM sale WHERE receipt_number <= ?"
            assert old.database.value(same, (len(rows),)) == made.counts.gross_cents
        assert bad_books(back) == set()


def test_a_full_place_is_a_sentence(
    backup: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def usage(_path: Path) -> object:
        return SimpleNamespace(free=1000)

    monkeypatch.setattr("shutil.disk_usage", usage)
    file, key = backup
    with pytest.raises(Unavailable, match="the disk is full"):
        restore_shop(file, tmp_path / "new", key)


def test_a_restore_that_is_overtaken_leaves_the_shop_that_was_quicker(
    backup: tuple[Path, str], tmp_path: Path
) -> None:
    file, key = backup
    place = tmp_path / "shop"

    def overtake(_done: int, _total: int) -> None:
        if not (place / DATABASE_FILE).exists():
            (place / DATABASE_FILE).write_bytes(b"it sells")

    with pytest.raises(Refused, match="There is a shop in"):
        restore_shop(file, place, key, progress=overtake)
    assert (place / DATABASE_FILE).read_bytes() == b"it sells"
    assert [one.name for one in place.iterdir()] == [DATABASE_FILE]


_KILLED = """
import os, sys
from pathlib import Path
from pos_desktop.shops.restored_shop import restore_shop

file, place, key, left = sys.argv[1:]
renames, replace = int(left), Path.replace

def killed(old, new):
    global renames
    if Path(new).parent == Path(place):
        if renames == 0:
            os._exit(9)
        renames -= 1
    return replace(old, new)

Path.replace = killed
restore_shop(Path(file), Path(place), key)
"""


@pytest.mark.parametrize("renames", [0, 1, 2, 3])
def test_one_that_is_killed_is_done_by_whoever_opens_it_or_by_the_next(
    backup: tuple[Path, str], tmp_path: Path, renames: int
) -> None:
    file, key = backup
    place = tmp_path / "shop"
    arguments = [str(file), str(place), key, str(renames)]
    assert subprocess.run([sys.executable, "-c", _KILLED, *arguments], check=False).returncode == 9
    assert not (place / DATABASE_FILE).exists()
    assert (place / SECRETS_FILE).exists() == (renames >= 2)
    assert not nothing_of_a_shop(place)
    if renames == 0:
        with pytest.raises(NotBackYet):
            open_shop(place)
        with pytest.raises(Refused, match="a shop lies that is to be brought back"):
            make_shop(place, demo_shop())
        check_can_restore(place)
        assert restore_shop(file, place, key).findings == ()
    with closing(_opened(place)) as shop:
        assert bad_books(shop) == set()
        assert shop.books.node.till_code != "T1"
    assert not [*place.glob(".bringing*"), *place.glob(".arriving")]


def test_what_another_restore_has_left_makes_no_foreign_file_its_own(
    backup: tuple[Path, str], tmp_path: Path
) -> None:
    file, key = backup
    place = tmp_path / "shop"
    (place / ".bringing-back-whole").mkdir(parents=True)
    (place / SECRETS_FILE).write_bytes(b"all that is left")
    with pytest.raises(Refused, match="move what is there away first"):
        restore_shop(file, place, key)
    assert (place / SECRETS_FILE).read_bytes() == b"all that is left"


def test_two_restores_into_one_place_do_not_meet(backup: tuple[Path, str], tmp_path: Path) -> None:
    file, key = backup
    place, refused = tmp_path / "shop", list[Refused]()

    def another(_done: int, _total: int) -> None:
        if not refused:
            with pytest.raises(AnotherMaking) as caught:
                restore_shop(file, place, key)
            refused.append(caught.value)
            with pytest.raises(AnotherMaking):
                make_shop(place, demo_shop())

    assert restore_shop(file, place, key, progress=another).findings == ()
    assert refused
    assert len([*place.iterdir()]) == 4


def test_it_moves_in_behind_the_door(
    backup: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever opens it just then has what they sell in a log that is taken away."""
    file, key = backup
    place, give_name, moved = tmp_path / "shop", Path.replace, list[str]()

    def watched(self: Path, target: Path) -> Path:
        if self.parent == place / ARRIVING_FOLDER:
            with pytest.raises(Timeout):
                FileLock(place / LOCKS_FOLDER / "door", timeout=0).acquire()
            moved.append(target.name)
        return give_name(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    restore_shop(file, place, key)
    assert moved == [SECRETS_FILE, HEAD_FILE, DATABASE_FILE]


@pytest.mark.parametrize("is_over", [False, True])
def test_a_shop_is_on_the_disk_before_it_is_there(
    is_over: bool,
    backup: tuple[Path, str],
    tmp_path: Path,
    syncs: dict[int, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file, key = backup
    place = tmp_path / "new"
    if is_over:
        restore_shop(file, place, key)
    give_name, arrived = Path.replace, dict[str, bool]()

    def named(self: Path, target: Path) -> Path:
        if target == place / ARRIVING_FOLDER:
            for one in (self / name for name in MOVED_FILES if (self / name).exists()):
                arrived[one.name] = syncs.get(one.stat().st_ino) == one.read_bytes()
        return give_name(self, target)

    monkeypatch.setattr(Path, "replace", named)
    if is_over:
        restore_over(file, place, key)
    else:
        restore_shop(file, place, key)
    assert arrived == dict.fromkeys((SECRETS_FILE, HEAD_FILE, DATABASE_FILE), True)
