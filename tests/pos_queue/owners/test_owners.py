"""Who lives, who is dead, and who buries them: with processes that are killed and race."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pos_queue.owners.owner import Owner
from pos_queue.owners.owner_files import OwnerFile, owner_files
from pos_queue.owners.owners import Owners

from tests.pos_queue.owners.owner_targets import new_id, running, started

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise")
BURIALS = 200
STARTS = 2_000
NOBODY = 65534


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """Make a folder as in a machine-wide shop: that of the tests is for one login."""
    with TemporaryDirectory() as directory:
        shop = Path(directory)
        if os.geteuid() == 0:
            shutil.chown(shop, group=NOBODY)
        shop.chmod(0o2770)
        path = shop / "queue"
        path.mkdir()
        path.chmod(0o2770)
        yield path


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _die(folder: Path, owner_id: str = "dead", port: int = 1) -> str:
    """Leave the file of an owner that is dead."""
    OwnerFile(owner_id, port).within(folder).touch()
    return owner_id


def test_where_nobody_was_nobody_lives(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        owners = Owners(folder)
        assert (owners.living(), owners.dead(), owners.sweep(str)) == ([], [], [])
        assert not owners.is_alive("unheard-of")


def test_a_killed_process_is_dead_at_once(folder: Path, stack: ExitStack) -> None:
    process = stack.enter_context(running("own", str(folder)))
    owner_id = process.hear()
    owners = Owners(folder)
    assert owners.is_alive(owner_id)
    assert owners.sweep(str) == []
    process.kill()
    assert not owners.is_alive(owner_id)
    assert owners.dead() == [owner_id]
    taken: list[str] = []
    assert owners.sweep(taken.append) == taken == [owner_id]
    assert owner_files(folder) == []
    assert owners.sweep(taken.append) == []


def test_a_stopped_process_is_still_living(folder: Path, stack: ExitStack) -> None:
    process = stack.enter_context(running("own", str(folder)))
    owner_id = process.hear()
    os.kill(process.process.pid, signal.SIGSTOP)
    try:
        assert Owners(folder).is_alive(owner_id)
        assert Owners(folder).sweep(str) == []
    finally:
        os.kill(process.process.pid, signal.SIGCONT)


def test_a_child_that_outlives_its_killed_parent_does_not_keep_the_lock(
    folder: Path, stack: ExitStack
) -> None:
    process = stack.enter_context(running("own_and_start_a_child", str(folder)))
    owner_id, child = process.hear(), int(process.hear())
    assert Owners(folder).is_alive(owner_id)
    process.kill()
    os.kill(child, 0)
    assert not Owners(folder).is_alive(owner_id)
    os.kill(child, 0)


def test_the_file_stays_where_taking_back_failed(folder: Path) -> None:
    _die(folder)

    def fail(_owner_id: str) -> None:
        raise TimeoutError("database is locked")

    descriptors = len(list(Path("/dev/fd").iterdir()))
    with pytest.raises(TimeoutError):
        Owners(folder).sweep(fail)
    assert len(list(Path("/dev/fd").iterdir())) == descriptors
    assert Owners(folder).sweep(str) == ["dead"]


def test_while_its_jobs_are_taken_back_nobody_else_takes_them(folder: Path) -> None:
    _die(folder)
    owners, seen = Owners(folder), list[object]()

    def take_back(owner_id: str) -> None:
        seen.append((owners.is_alive(owner_id), owners.sweep(str), owners.dead()))

    assert owners.sweep(take_back) == ["dead"]
    assert seen == [(True, [], [])]
    assert not owners.is_alive("dead")


def test_one_that_was_buried_meanwhile_is_not_buried_again(folder: Path) -> None:
    for owner_id in ("one", "two"):
        _die(folder, owner_id)
    buried: list[str] = []

    def bury_the_rest(owner_id: str) -> None:
        buried.append(owner_id)
        Owners(folder).sweep(buried.append)

    Owners(folder).sweep(bury_the_rest)
    assert sorted(buried) == ["one", "two"]


def test_other_files_are_nobodys(folder: Path) -> None:
    for name in ("till-0", "a.b", "a.01", "a.70000", ".1", "a.1.lock", "ä.1"):
        (folder / name).touch()
    (folder / "folder.1").mkdir()
    (folder / "link.1").symlink_to(folder / "till-0")
    os.mkfifo(folder / "pipe.1")
    owners = Owners(folder)
    assert not owners.is_alive("a")
    assert "link" in owners.living()
    assert len(list(folder.iterdir())) == 10
    owners.sweep(str)
    assert (folder / "till-0").exists()


def test_two_that_sweep_at_once_bury_each_dead_owner_once(folder: Path, stack: ExitStack) -> None:
    sweepers = [stack.enter_context(running("sweep_on_command", str(folder))) for _one in "ab"]
    assert [sweeper.hear() for sweeper in sweepers] == ["ready", "ready"]
    winners = [0, 0]
    for number in range(BURIALS):
        dead = _die(folder, f"dead-{number}")
        for sweeper in sweepers:
            sweeper.tell("go")
        heard = [json.loads(sweeper.hear()) for sweeper in sweepers]
        assert sorted(heard) == [[[], []], [[dead], [dead]]]
        winners[heard[1] != [[], []]] += 1
    assert sum(winners) == BURIALS


@pytest.mark.parametrize("others", [["sweep_all_the_time"] * 2, ["ask_all_the_time"] * 2])
def test_an_owner_that_starts_is_never_taken_for_dead(
    folder: Path, stack: ExitStack, others: list[str]
) -> None:
    processes = [stack.enter_context(running(target, str(folder))) for target in others]
    assert {process.hear() for process in processes} == {"ready"}
    mine = _start_again_and_again(folder)
    assert len(set(mine)) == STARTS
    for process in processes:
        assert process.process.stdin is not None
        process.process.stdin.close()
        told = json.loads(process.hear())
        if isinstance(told, list):
            told, taken = told
            assert not set(taken) & set(mine)
        assert told > 10


def _start_again_and_again(folder: Path) -> list[str]:
    mine = []
    for _start in range(STARTS):
        owner = Owner(folder, new_id)
        owner.start(1)
        for _look in range(5):
            assert owner.check()
        mine.append(owner.id)
        owner.stop()
    return mine


def test_one_whose_file_cannot_be_opened_counts_as_living(
    shared_folder: Path, stack: ExitStack
) -> None:
    owner_id = _die(shared_folder)
    (file,) = shared_folder.iterdir()
    file.chmod(0)
    assert _seen_by_another_login(stack, shared_folder, owner_id) == [True, [owner_id], []]


def test_the_owner_of_another_login_is_seen_and_buried(
    shared_folder: Path, stack: ExitStack
) -> None:
    process = stack.enter_context(running("own", str(shared_folder), 0o640))
    owner_id = process.hear()
    assert _seen_by_another_login(stack, shared_folder, owner_id) == [True, [owner_id], []]
    process.kill()
    assert _seen_by_another_login(stack, shared_folder, owner_id) == [False, [], [owner_id]]
    assert owner_files(shared_folder) == []


def _seen_by_another_login(stack: ExitStack, folder: Path, owner_id: str) -> object:
    """Return what another login of the group sees; where only root can be one, what we see."""
    user = NOBODY if os.geteuid() == 0 else None
    process = stack.enter_context(running("look", str(folder), owner_id, user))
    process.tell("look")
    return json.loads(process.hear())


def test_a_folder_that_cannot_be_read_holds_nobodys_death(tmp_path: Path) -> None:
    file = tmp_path / "queue"
    file.touch()
    assert Owners(file).is_alive("anybody")
    for look in (Owners(file).living, Owners(file).dead, lambda: Owners(file).sweep(str)):
        with pytest.raises(NotADirectoryError):
            look()


def test_a_process_that_ends_well_leaves_nothing(folder: Path) -> None:
    process = started("own", str(folder))
    owner_id = process.hear()
    assert Owners(folder).living() == [owner_id]
    process.close()
    assert not list(folder.iterdir())
