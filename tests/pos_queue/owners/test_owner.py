"""The lock of a process that runs jobs: made, kept, lost, and made again."""

from __future__ import annotations

import errno
import gc
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_queue.owners import owner_files
from pos_queue.owners.owner import Owner, OwnerError
from pos_queue.owners.owners import Owners

from tests.pos_queue.owners.owner_targets import new_id

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    return tmp_path / "shop" / "locks" / "queue"


@pytest.fixture
def owner(folder: Path) -> Iterator[Owner]:
    owner = Owner(folder, new_id)
    yield owner
    owner.stop()


def test_it_lives_from_its_start_to_its_stop(owner: Owner, folder: Path) -> None:
    assert owner.id == ""
    owner.start(4711)
    assert Owners(folder).living() == [owner.id]
    assert Owners(folder).is_alive(owner.id)
    assert owner_files.owner_files(folder) == [(owner.id, 4711)]
    owner.stop()
    assert not Owners(folder).is_alive(owner.id)
    assert not list(folder.iterdir())
    owner.stop()


def test_each_start_is_another_owner(owner: Owner, folder: Path) -> None:
    owner.start(1)
    first = owner.id
    owner.start(1)
    assert owner.id == first
    owner.stop()
    owner.start(1)
    assert owner.id != first
    assert Owners(folder).living() == [owner.id]


def test_several_live_in_one_process(owner: Owner, folder: Path) -> None:
    other = Owner(folder, new_id)
    owner.start(1)
    other.start(2)
    assert sorted(Owners(folder).living()) == sorted([owner.id, other.id])
    other.stop()
    assert Owners(folder).living() == [owner.id]


def test_it_gives_back_every_descriptor(owner: Owner, folder: Path) -> None:
    before = _open_descriptors()
    owner.start(1)
    Owners(folder).living()
    Owners(folder).sweep(str)
    owner.check()
    owner.stop()
    assert _open_descriptors() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such rights")
@pytest.mark.parametrize(("mode", "folders"), [(0o600, 0o700), (0o660, 0o2770)])
def test_a_shared_shop_shares_file_and_folder(folder: Path, mode: int, folders: int) -> None:
    owner = Owner(folder, new_id, file_mode=mode)
    mask = os.umask(0o077)
    try:
        owner.start(1)
    finally:
        os.umask(mask)
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert stat.S_IMODE(folder.stat().st_mode) == folders
    assert stat.S_IMODE(folder.parent.stat().st_mode) == folders
    owner.stop()


def test_a_disk_that_takes_no_file_is_told(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("no folder")
    with pytest.raises(OwnerError, match="no lock file can be kept in"):
        Owner(folder, new_id).start(1)


def test_a_shop_that_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(OwnerError, match="no lock file can be kept in"):
        Owner(tmp_path / "shop" / "locks" / "queue", new_id).start(1)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_read_only_disk_is_told(
    owner: Owner, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_args: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(OwnerError, match=os.strerror(number)):
            owner.start(1)
    owner.start(1)
    assert owner.check()


def test_a_disk_that_cannot_lock_is_told_and_no_file_stays(
    owner: Owner, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int, *, blocking: bool) -> bool:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(owner_files, "lock_descriptor", refuse)
    before = _open_descriptors()
    with pytest.raises(OwnerError, match=os.strerror(errno.ENOLCK)):
        owner.start(1)
    assert not list(folder.iterdir())
    assert _open_descriptors() == before


def test_an_id_that_is_there_already_is_not_used(folder: Path) -> None:
    ids = iter(["first", "first", "second"])
    owner, other = (Owner(folder, lambda: next(ids)) for _owner in range(2))
    owner.start(1)
    other.start(1)
    assert (owner.id, other.id) == ("first", "second")
    owner.stop()
    other.stop()


@pytest.mark.parametrize("wrong", ["", "a.1", "../a", "a" * 65, "a\n"])
def test_an_id_that_is_no_name_is_a_mistake(folder: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match="no id of an owner"):
        Owner(folder, lambda: wrong).start(1)


def test_where_others_take_every_file_away_it_gives_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_files, "lock_descriptor", lambda _descriptor, blocking: False)
    with pytest.raises(OwnerError, match="others take it away"):
        Owner(folder, new_id).start(1)
    assert not list(folder.iterdir())


def test_all_is_well_while_nobody_touches_the_file(owner: Owner) -> None:
    assert not owner.check()
    owner.start(1)
    assert owner.check()
    owner.stop()
    assert not owner.check()


@unix_only
def test_a_removed_file_is_made_again_under_the_same_id(owner: Owner, folder: Path) -> None:
    owner.start(4711)
    (file,) = folder.iterdir()
    file.unlink()
    before = _open_descriptors()
    assert not Owners(folder).is_alive(owner.id)
    assert not owner.check()
    assert owner.check()
    assert Owners(folder).is_alive(owner.id)
    assert list(folder.iterdir()) == [file]
    assert _open_descriptors() == before
    owner.stop()
    assert not list(folder.iterdir())


@unix_only
def test_a_file_that_was_put_in_its_place_is_taken(owner: Owner, folder: Path) -> None:
    owner.start(1)
    (file,) = folder.iterdir()
    file.unlink()
    file.touch()
    assert Owners(folder).dead() == [owner.id]
    assert not owner.check()
    assert Owners(folder).living() == [owner.id]


@unix_only
@pytest.mark.parametrize("level", [0, 1])
def test_a_folder_that_was_moved_away_is_made_again(owner: Owner, folder: Path, level: int) -> None:
    owner.start(1)
    moved = [folder, folder.parent][level]
    moved.rename(folder.parents[2] / "moved")
    assert Owners(folder).living() == []
    assert not owner.check()
    assert owner.check()
    assert Owners(folder).living() == [owner.id]


@unix_only
def test_a_shop_that_was_moved_away_is_told_and_the_lock_is_let_go(
    owner: Owner, folder: Path, tmp_path: Path
) -> None:
    before = _open_descriptors()
    owner.start(1)
    (tmp_path / "shop").rename(tmp_path / "moved")
    with pytest.raises(OwnerError):
        owner.check()
    owner.stop()
    assert _open_descriptors() == before
    assert Owners(tmp_path / "moved" / "locks" / "queue").dead() == [owner.id]


@unix_only
def test_while_it_is_being_buried_it_waits_for_the_next_check(owner: Owner, folder: Path) -> None:
    owner.start(1)
    (file,) = folder.iterdir()
    file.unlink()
    file.touch()
    checks: list[bool] = []
    assert Owners(folder).sweep(lambda _id: checks.append(owner.check())) == [owner.id]
    assert not Owners(folder).is_alive(owner.id)
    checks += [owner.check(), owner.check()]
    assert checks == [False, False, True]
    assert Owners(folder).is_alive(owner.id)


def _open_descriptors() -> int:
    """Count what this process holds open, where the system tells."""
    gc.collect()  # what other tests have left open is closed now, not between two counts
    place = Path("/dev/fd")
    return len(list(place.iterdir())) if place.exists() else 0
