"""Backups are made beside a till, read back before they count, and kept by a rule."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.premises import Terms

from pos_desktop import settings
from pos_desktop.domain.errors import PosError, Refused, Unavailable
from pos_desktop.security.sealed_file import Opening
from pos_desktop.security.secrets import FileSecrets
from pos_desktop.services.backup import backup_faults, sticks
from pos_desktop.services.backup.backup_content import Beside, counts_in, pack
from pos_desktop.services.backup.backup_folder import backup_name
from pos_desktop.services.backup.backup_words import made_sentence, sales_words
from pos_desktop.services.backup.backup_writing import BackupSource, BackupSpoilt
from pos_desktop.services.backup.backups import BACKUP_SHOP, AnotherBackup, Backups
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import BACKING_UP_FOLDER, BACKUPS_FOLDER, SECRETS_FILE
from pos_desktop.shop_locks import one_backup
from pos_desktop.shops.damage import check_no_damage
from pos_desktop.storage.errors import DiskFull, FileUnusable
from pos_desktop.storage.snapshot import Counts, counts, take_snapshot
from tests.pos_desktop.services.play import play
from tests.pos_desktop.shops.spoiling import PAGE, root_of

NIGHT = timedelta(days=1)


def _set(shop: Shop, **values: object) -> None:
    for name, value in values.items():
        shop.configuration.set(getattr(settings, name), value, shop.books, actor=None)


def _changed(shop: Shop, **values: object) -> Backups:
    """Return the backups of a shop with another disk, clock or rename."""
    source: BackupSource = replace(shop.backups._source, **values)  # type: ignore[arg-type]
    backups = shop.backups
    return Backups(
        source,
        backups._database,
        backups._books,
        backups._configuration,
        backups._queue,
        own_folder=backups._own_folder,
        one_at_a_time=backups._one_at_a_time,
    )


def _left_over(shop: Shop) -> list[Path]:
    """Return what no backup may leave behind."""
    parts = [*shop.directory.rglob("*.part"), *shop.directory.parent.glob("*.part")]
    open_ones = shop.directory / BACKING_UP_FOLDER
    return parts + ([open_ones] if open_ones.exists() else [])


def test_a_backup_is_of_one_moment_and_says_what_it_holds(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash", "SUGAR", "pay cash")
    expected = counts(selling_shop.database)
    told: list[int] = []
    made = selling_shop.backups.make(
        actor=None, progress=lambda done, total: told.append(1000 * done // total)
    )
    assert made.counts == expected
    assert made.findings == ()
    assert made.path.parent == selling_shop.directory / BACKUPS_FOLDER
    assert made.path.stat().st_size == made.size
    assert told == sorted(told)
    assert told[-1] <= 1000
    assert b"Sugar" not in made.path.read_bytes()
    (listed,) = selling_shop.backups.listed()
    assert (listed.path, listed.taken_at, listed.till_code) == (made.path, made.taken_at, "T1")
    note = selling_shop.database.row("SELECT detail FROM journal ORDER BY seq DESC LIMIT 1")
    assert note is not None
    assert made.path.name in note["detail"]
    assert _left_over(selling_shop) == []


def test_refunds_are_counted_apart_as_reports_do(selling_shop: Shop) -> None:
    play(selling_shop, "2*MILK", "pay cash", "SUGAR", "pay cash", "refund T1-000001 1*1")
    made = selling_shop.backups.make(actor=None)
    assert (made.counts.sales, made.counts.refunds) == (2, 1)
    with made.path.open("rb") as file:
        kept = counts_in(Opening(file), selling_shop.backups._source.key)
    assert (kept.sales, kept.refunds) == (2, 1)
    assert sales_words(kept.sales, kept.refunds) == "2 sales, 1 refund"
    result = {"file": str(made.path), "sales": 2, "refunds": 1, "findings": []}
    assert "2 sales, 1 refund" in made_sentence(result).text


def test_a_backup_that_does_not_say_how_many_are_refunds_is_read() -> None:
    body = {"journal": 9, "sales": 3, "gross_cents": 65_00}
    words = json.dumps({"head": "", "secrets": {}, "counts": body}).encode()
    found = Beside.of(words).counts
    assert found == Counts(journal=9, receipts=3, gross_cents=65_00, refunds=1)
    assert (found.sales, found.refunds) == (3, 0)


def test_it_goes_to_a_file_or_folder_that_is_named(shop: Shop, tmp_path: Path) -> None:
    assert shop.backups.make(tmp_path / "one", actor=None).path == tmp_path / "one"
    assert shop.backups.make(tmp_path, actor=None).path.parent == tmp_path
    with pytest.raises(Refused, match="is there already"):
        shop.backups.make(tmp_path / "one", actor=None)
    assert shop.backups.listed() == []


def test_the_name_of_a_stick_that_is_not_in_makes_no_file(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sticks, "_PLACES", (f"{tmp_path}/media/",))
    stick = tmp_path / "media" / "stick"
    stick.parent.mkdir()
    with pytest.raises(Refused, match=f"{stick} is not there: put the stick or disk in"):
        shop.backups.make(stick, actor=None)
    assert not stick.exists()
    made = shop.backups.make(stick.with_suffix(".posbackup"), actor=None)
    assert made.path.exists()
    monkeypatch.setattr("os.path.ismount", lambda place: place == stick)
    stick.mkdir()
    assert shop.backups.make(stick / "monday", actor=None).path == stick / "monday"


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such owners there")
def test_what_root_makes_in_the_shop_is_its_owners(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, tuple[int, int]] = {}
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.chown", lambda path, *owner: given.update({Path(path).name: owner}))
    made = shop.backups.make(actor=None)
    owner = shop.directory.stat()
    assert given == dict.fromkeys(
        (BACKUPS_FOLDER, f".{made.path.name}.part"), (owner.st_uid, owner.st_gid)
    )
    given.clear()
    shop.backups.make(tmp_path / "elsewhere", actor=None)
    assert given == {}


def test_a_backup_is_on_the_disk_before_it_has_its_name(
    shop: Shop, tmp_path: Path, syncs: dict[int, bytes]
) -> None:
    _set(shop, BACKUP_COPY_FOLDER=str(tmp_path))
    named: dict[Path, bool] = {}

    def rename(part: Path, target: Path) -> None:
        named[target] = syncs.get(part.stat().st_ino) == part.read_bytes()
        part.replace(target)

    made = _changed(shop, rename=rename).make(actor=None)
    assert named == {made.path: True, made.copy: True}


def test_a_backup_that_is_read_back_as_another_file_is_none(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(*given: Any) -> str:
        return pack(*given)[::-1]

    monkeypatch.setattr("pos_desktop.services.backup.backup_writing.pack", otherwise)
    with pytest.raises(BackupSpoilt):
        shop.backups.make(tmp_path / "one", actor=None)
    assert list(tmp_path.glob("*one*")) == []
    assert _left_over(shop) == []


def test_only_one_is_made_at_a_time(shop: Shop) -> None:
    with one_backup(shop.directory), pytest.raises(AnotherBackup):
        shop.backups.make(actor=None)


def test_what_a_killed_one_left_is_cleared_away(shop: Shop) -> None:
    made = shop.backups.make(actor=None)
    (shop.directory / BACKING_UP_FOLDER).mkdir()
    (shop.directory / BACKING_UP_FOLDER / "snapshot.sqlite").write_bytes(b"half")
    left = made.path.with_name(f".{made.path.stem}-2.posbackup.part")
    left.write_bytes(made.path.read_bytes()[:1000])
    foreign = made.path.with_name(".another.part")
    foreign.write_bytes(b"of another program")
    shop.backups.make(actor=None)
    assert _left_over(shop) == [foreign]


def test_books_that_are_not_in_order_are_backed_up_and_told(selling_shop: Shop) -> None:
    play(selling_shop, "MILK", "pay cash")
    selling_shop.database.execute_sql("UPDATE stock_level SET quantity = 5")
    made = selling_shop.backups.make(actor=None)
    assert [check.check for check in made.findings] == ["stock"]
    selling_shop.database.execute_sql("UPDATE stock_level SET quantity = -1000")


@pytest.mark.spoils_books
def test_of_a_damaged_file_none_is_made_and_the_next_start_looks_at_it(
    shop_directory: Path,
) -> None:
    file = shop_directory / "shop.sqlite"
    page = root_of(shop_directory, "staff_login")
    content = bytearray(file.read_bytes())
    content[page * PAGE - 16 : page * PAGE - 6] = b"z" * 10
    file.write_bytes(content)
    with closing(open_shop(shop_directory)) as shop:
        with pytest.raises(Unavailable, match="close the till and start it again"):
            shop.backups.make(actor=None)
        assert list(shop_directory.glob("backups/*")) == []
    with pytest.raises(FileUnusable):
        check_no_damage(shop_directory)


def test_what_is_read_back_otherwise_does_not_get_the_name(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(handle: int) -> None:
        """Change a byte between writing and reading back, as a bad stick does."""
        os.pwrite(handle, b"\0\0\0\0", os.fstat(handle).st_size // 2)

    monkeypatch.setattr("pos_desktop.services.backup.backup_writing.forget_cached", spoil)
    with pytest.raises(BackupSpoilt):
        shop.backups.make(tmp_path / "one", actor=None)
    assert not (tmp_path / "one").exists()
    assert _left_over(shop) == []


def test_a_full_disk_of_the_shop_is_told_before_it_is_full(shop: Shop, tmp_path: Path) -> None:
    own, other = re.escape(str(shop.directory)), tmp_path / "stick"
    other.mkdir()
    with pytest.raises(DiskFull, match=f"shop's own folder {own} is full"):
        _changed(shop, free=lambda _folder: 1000).make(other, actor=None)
    assert _left_over(shop) == []


@pytest.mark.parametrize("error", [DiskFull(), OSError(errno.ENOSPC, "No space left on device")])
def test_a_disk_of_the_shop_that_fills_up_meanwhile_is_named(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("pos_desktop.services.backup.backup_writing.take_snapshot", full)
    with pytest.raises(DiskFull, match=f"shop's own folder {re.escape(str(shop.directory))} is"):
        shop.backups.make(tmp_path, actor=None)


def _raising(number: int) -> Callable[[Path, Path], object]:
    def rename(_old: Path, new: Path) -> None:
        raise OSError(number, os.strerror(number), str(new))

    return rename


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "There is no room for the backup in"),
        (errno.ENODEV, "put the disk or stick in"),
        (errno.EROFS, "This login may not write in"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_what_the_disk_says_is_a_sentence(shop: Shop, number: int, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        _changed(shop, rename=_raising(number)).make(actor=None)
    assert _left_over(shop) == []
    assert shop.backups.listed() == []


def test_a_folder_that_is_not_there_is_never_made(shop: Shop, tmp_path: Path) -> None:
    """A stick that is not in leaves an empty place to mount it: nothing may be written there."""
    _set(shop, BACKUP_FOLDER=str(tmp_path / "stick"))
    with pytest.raises(Unavailable, match="is not there: put the disk or stick in"):
        shop.backups.make(actor=None)
    assert not (tmp_path / "stick").exists()


@pytest.fixture
def closed_stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick in a folder that another login alone may enter."""
    stick = tmp_path / "media" / "stick"
    stick.mkdir(parents=True)

    def closing(call: Callable[..., Any]) -> Callable[..., Any]:
        def asked(path: Any, *more: Any, **named: Any) -> Any:
            if str(path).startswith(str(stick)):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return call(path, *more, **named)

        return asked

    for name in ("stat", "statvfs", "open"):
        monkeypatch.setattr(os, name, closing(getattr(os, name)))
    return stick


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other things there")
def test_a_folder_that_is_closed_to_this_login_is_a_sentence(
    shop: Shop, closed_stick: Path
) -> None:
    words = re.escape(f"This login may not write in {closed_stick}")
    _set(shop, BACKUP_COPY_FOLDER=str(closed_stick))
    made = shop.backups.make(actor=None)
    assert re.match(words, made.copy_trouble)
    assert made.path.exists()
    assert shop.backups.places()[1].seen().trouble == (
        f"This login may not write backups in {closed_stick}."
    )
    with pytest.raises(Unavailable, match=words):
        shop.backups.make(closed_stick / "monday", actor=None)
    _set(shop, BACKUP_FOLDER=str(closed_stick))
    with pytest.raises(Unavailable, match=words):
        shop.backups.make(actor=None)


@pytest.mark.skipif(sys.platform == "win32", reason="rights are other things there")
def test_a_folder_into_which_nobody_sees_is_named_itself(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, stat = tmp_path / "root", os.stat
    home.mkdir()

    def asked(path: Any, *more: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(f"{home}/"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, *more, **named)

    monkeypatch.setattr(os, "stat", asked)
    with pytest.raises(Unavailable, match=f"may not write in {home}:"):
        shop.backups.make(home, actor=None)


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    for number in (errno.ENOENT, errno.EISDIR, errno.EACCES, errno.EIO):
        error = OSError(number, os.strerror(number))
        assert str(tmp_path / "x") in str(backup_faults.not_read(tmp_path / "x", error))


def test_it_is_copied_to_a_second_place(shop: Shop, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    _set(shop, BACKUP_COPY_FOLDER=str(stick))
    made = shop.backups.make(actor=None)
    assert made.copy is None
    assert "put the disk or stick in" in made.copy_trouble
    stick.mkdir()
    made = shop.backups.make(actor=None)
    assert made.copy is not None
    assert made.copy.read_bytes() == made.path.read_bytes()
    assert {one.path for one in shop.backups.listed()} == {made.path, made.copy}


def test_a_copy_that_is_read_back_otherwise_is_none(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil(handle: int) -> None:
        os.pwrite(handle, b"\0\0\0\0", os.fstat(handle).st_size // 2)

    _set(shop, BACKUP_COPY_FOLDER=str(tmp_path))
    monkeypatch.setattr("pos_desktop.services.backup.backup_folder.forget_cached", spoil)
    made = shop.backups.make(actor=None)
    assert made.copy is None
    assert "try another disk or stick" in made.copy_trouble
    assert [one.path for one in shop.backups.listed()] == [made.path]
    assert not [*tmp_path.glob("*.posbackup"), *tmp_path.glob(".*.part")]


def test_a_backup_that_counts_otherwise_is_none(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = counts(shop.database)
    monkeypatch.setattr(
        "pos_desktop.services.backup.backup_writing.counts",
        lambda _file: replace(found, receipts=99),
    )
    with pytest.raises(BackupSpoilt):
        shop.backups.make(tmp_path / "one", actor=None)
    assert not (tmp_path / "one").exists()


def test_what_is_sold_while_it_is_made_spoils_no_backup(
    selling_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_and_sell(*arguments: Any) -> Any:
        taken = take_snapshot(*arguments)
        play(selling_shop, "MILK", "pay cash")
        return taken

    monkeypatch.setattr("pos_desktop.services.backup.backup_writing.take_snapshot", take_and_sell)
    made = selling_shop.backups.make(actor=None)
    assert (made.findings, made.counts.sales) == ((), 0)


@pytest.fixture
def many(shop: Shop) -> tuple[Shop, list[Path]]:
    """A shop with a backup of each of ten nights, the oldest first; its rule keeps three."""
    _set(shop, BACKUP_KEEP_WEEKS=0, BACKUP_KEEP_MONTHS=0, BACKUP_KEEP_DAYS=366)
    paths = []
    for night in range(10, 0, -1):
        shop.clock.set(shop.clock.base.now() - night * NIGHT)
        paths.append(_changed(shop, clock=shop.clock).make(actor=None).path)
    _set(shop, BACKUP_KEEP_DAYS=3)
    return shop, paths


def test_old_ones_go_by_the_rule_and_nothing_else_does(many: tuple[Shop, list[Path]]) -> None:
    shop, paths = many
    note = paths[0].with_name("note.posbackup")
    note.write_text("no backup")
    stranger = paths[0].with_name("older.posbackup")
    stranger.write_bytes(_of_another_shop(shop))
    assert set(shop.backups.prune(actor=None)) == set(paths[:7])
    assert [one.path for one in shop.backups.listed()] == paths[:6:-1]
    assert note.exists()
    assert stranger.exists()


def _of_another_shop(shop: Shop) -> bytes:
    """Return a backup that says it is of this shop, sealed with another key."""
    secrets = FileSecrets(shop.directory / "other")
    known = FileSecrets(shop.directory / SECRETS_FILE)
    secrets.put({"backup": b"x" * 32, "journal": known.get("journal")})
    made = _changed(shop, secrets=secrets).make(shop.directory / "stranger", actor=None)
    return made.path.read_bytes()


def test_a_damaged_one_counts_for_nothing_and_the_last_good_one_stays(
    many: tuple[Shop, list[Path]],
) -> None:
    shop, paths = many
    for path in paths[4:]:
        path.write_bytes(path.read_bytes()[:-1])
    assert shop.backups.prune(actor=None) == [paths[0]]
    for path in paths[1:4]:
        path.write_bytes(path.read_bytes()[:-1])
    assert shop.backups.prune(actor=None) == []


def test_a_new_one_lets_old_ones_go(many: tuple[Shop, list[Path]]) -> None:
    shop, paths = many
    made = shop.backups.make(actor=None)
    assert set(made.removed) == set(paths[:8])


def copied(shop: Shop, paths: list[Path], stick: Path) -> list[Path]:
    """Let the shop copy its backups to a stick, on which those that it has lie already."""
    stick.mkdir()
    _set(shop, BACKUP_COPY_FOLDER=str(stick))
    return [Path(shutil.copy(path, stick)) for path in paths]


def test_copies_go_by_the_same_rule(many: tuple[Shop, list[Path]], tmp_path: Path) -> None:
    shop, paths = many
    copies = copied(shop, paths, tmp_path / "stick")
    assert set(shop.backups.prune(actor=None)) == {*paths[:7], *copies[:7]}
    assert {*(tmp_path / "stick").iterdir()} == {*copies[7:]}
    assert {one.path for one in shop.backups.listed()} == {*paths[7:], *copies[7:]}


def test_a_new_one_lets_old_copies_go_with_the_others(
    many: tuple[Shop, list[Path]], tmp_path: Path
) -> None:
    shop, paths = many
    copies = copied(shop, paths, tmp_path / "stick")
    made = shop.backups.make(actor=None)
    assert set(made.removed) == {*paths[:8], *copies[:8]}
    assert {*(tmp_path / "stick").iterdir()} == {*copies[8:], made.copy}


def test_a_copy_stays_that_is_the_only_whole_one_of_its_folder(
    many: tuple[Shop, list[Path]], tmp_path: Path
) -> None:
    """Each folder is seen for itself: whatever lies in the other may be lost with it."""
    shop, paths = many
    copies = copied(shop, paths, tmp_path / "stick")
    for path in copies[1:]:
        path.write_bytes(path.read_bytes()[:-1])
    shop.backups.prune(actor=None)
    assert all(path.exists() for path in copies)
    assert not any(path.exists() for path in paths[:7])


def test_without_a_new_copy_no_old_one_goes(
    many: tuple[Shop, list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, paths = many
    copies = copied(shop, paths, tmp_path / "stick")
    full = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: full)
    made = _changed(shop, free=lambda _folder: 1 << 40).make(actor=None)
    assert made.copy_trouble
    assert set(made.removed) == {*paths[:8]}
    assert all(path.exists() for path in copies)


@pytest.mark.parametrize("back", [timedelta(hours=1), 40 * NIGHT, 2000 * NIGHT], ids=str)
def test_what_was_just_made_stays_where_the_clock_was_set_back(
    many: tuple[Shop, list[Path]], tmp_path: Path, back: timedelta
) -> None:
    shop, paths = many
    copied(shop, paths, tmp_path / "stick")
    before = shop.clock.base.now()
    shop.clock.set(before - NIGHT - back)
    made = _changed(shop, clock=shop.clock).make(actor=None)
    assert made.copy_trouble == ""
    assert made.copy is not None
    assert made.path.exists()
    assert made.copy.exists()
    assert not {made.path, made.copy} & {*made.removed, *shop.backups.prune(actor=None)}
    shop.clock.set(before)
    later = _changed(shop, clock=shop.clock).make(actor=None)
    assert made.path not in later.removed


def test_after_a_restore_the_new_till_is_the_newer_one(many: tuple[Shop, list[Path]]) -> None:
    """Its journal goes on from the backup's, and may be shorter than the lost one was."""
    shop, _paths = many
    folder = shop.backups.places()[0]
    long_ago = replace(folder.listed()[-1], till_code="T1")
    folder._till_codes = ["T1", "T1K7"]
    new = replace(long_ago, till_code="T1K7")
    assert max([new, *folder.listed()], key=folder._standing) == new


def test_the_job_makes_one_in_a_child(shop: Shop) -> None:
    number = shop.backups.leave(actor=None)
    assert shop.backups.leave(actor=None) == number
    shop.queue.runner(Terms(when_empty=True)).run()
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert (detail.view.job, detail.view.state) == (BACKUP_SHOP, "done")
    (kept,) = shop.backups.listed()
    assert detail.result["file"] == str(kept.path)


def test_the_job_says_in_a_sentence_why_it_has_failed(shop: Shop, tmp_path: Path) -> None:
    _set(shop, BACKUP_COPY_FOLDER=str(tmp_path / "stick"))
    number = shop.backups.leave(actor=None)
    shop.queue.runner(Terms(when_empty=True)).run()
    detail = shop.queue.views.job(number)
    assert detail is not None
    assert detail.view.state == "failed"
    assert "but not copied" in detail.view.error
    assert len(shop.backups.listed()) == 1


def test_names_say_shop_till_and_moment(shop: Shop) -> None:
    moment = shop.configuration.now.replace(2026, 11, 27, 3, 30, 5)
    assert backup_name("Mama Ng'ina & Sons", "T1", moment) == (
        "mama-ng-ina-sons-t1-2026-11-27-033005.posbackup"
    )
    assert backup_name("…", "T1", moment).startswith("shop-t1-")


def test_a_training_shop_has_no_backup(selling_shop: Shop) -> None:
    from pos_desktop.shop import open_shop
    from pos_desktop.shops.training_shop import make_training_shop

    directory = make_training_shop(selling_shop, selling_shop.till.person)
    with closing(open_shop(directory)) as training, pytest.raises(Refused, match="training"):
        training.backups.make(actor=None)
    shutil.rmtree(directory)


def test_without_the_key_there_is_no_backup(shop: Shop, tmp_path: Path) -> None:
    empty = FileSecrets(tmp_path / "none")
    with pytest.raises(PosError, match="keys"):
        _changed(shop, secrets=empty).make(actor=None)
    assert _left_over(shop) == []
