"""A file is there whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_desktop.documents.writing_faults import (
    NotWritable,
    NotWritten,
    WriteFault,
    fault_of,
    from_data,
)
from pos_desktop.documents.written_aside import check_place, sweep, written_aside
from pos_desktop.domain.errors import Cancelled, PosError
from tests.pos_desktop.cli.queue_disks import MountedDisk, mounted

ROOT = Path(__file__).parents[3]
posix = pytest.mark.skipif(sys.platform == "win32", reason="rights and limits of POSIX")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size, as a disk's own limit would."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _write(path: Path, content: bytes = b"new") -> None:
    with written_aside(path) as aside:
        aside.file.write(content)


def _fault(path: Path, content: bytes = b"new") -> WriteFault:
    with pytest.raises((NotWritten, NotWritable)) as told:
        _write(path, content)
    error = told.value
    assert isinstance(error, NotWritten | NotWritable)
    assert path.name in str(error)
    assert str(error).endswith(".")
    assert str(from_data(error.data)) == str(error)
    return WriteFault(error.data["fault"])


def test_it_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, done = tmp_path / "list.csv", list[str]()
    sync = os.fsync

    def synced(handle: int) -> None:
        sync(handle)
        done.append(f"{os.fstat(handle).st_size} bytes" if not path.exists() else "name")

    monkeypatch.setattr(os, "fsync", synced)
    _write(path, b"whole")
    assert done == ["5 bytes", "name"] or (sys.platform == "win32" and done == ["5 bytes"])


def test_the_name_is_there_when_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with written_aside(path) as aside:
        aside.file.write(b"half")
        (aside.folder / "help").write_text("", encoding="utf-8")
        aside.file.flush()
        assert not path.exists()
        assert all(one.name.startswith(".") for one in tmp_path.iterdir())
    assert path.read_bytes() == b"half"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize("error", [Cancelled(), ValueError("ours"), KeyboardInterrupt()])
def test_what_breaks_off_leaves_what_was_there(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"before")
    with pytest.raises(type(error)), written_aside(path) as aside:
        aside.file.write(b"half")
        (aside.folder / "help").write_text("", encoding="utf-8")
        raise error
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


def test_two_may_write_one_name_at_once(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with written_aside(path) as first, written_aside(path) as second:
        first.file.write(b"first")
        second.file.write(b"second")
    assert path.read_bytes() == b"first"


def test_a_full_disk_is_told_and_has_its_room_again(tmp_path: Path) -> None:
    with mounted(tmp_path) as folder:
        path, disk = folder / "list.csv", MountedDisk(folder)
        path.write_bytes(b"before")
        assert _fault(path, bytes(8 << 20)) is WriteFault.FULL
        assert [*folder.iterdir()] == [path]
        disk.fill()
        assert _fault(path) is WriteFault.FULL
        disk.free()
        assert path.read_bytes() == b"before"
        _write(path)
        assert [*folder.iterdir()] == [path]


@posix
def test_a_file_larger_than_the_disk_allows_is_told(tmp_path: Path) -> None:
    with files_of_at_most(100_000):
        assert _fault(tmp_path / "list.csv", bytes(200_000)) is WriteFault.TOO_LARGE
    assert not [*tmp_path.iterdir()]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert _fault(tmp_path / "none" / "list.csv") is WriteFault.NO_FOLDER
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert _fault(tmp_path / "file" / "list.csv") is WriteFault.NO_FOLDER


@posix
def test_a_name_that_is_no_files_is_refused(tmp_path: Path) -> None:
    assert _fault(tmp_path) is WriteFault.IS_FOLDER
    os.mkfifo(tmp_path / "pipe")
    assert _fault(tmp_path / "pipe") is WriteFault.NO_FILE
    assert _fault(tmp_path / ("long" * 100)) is WriteFault.LONG_NAME
    (tmp_path / ("n" * 251 + ".csv")).write_bytes(b"")
    _write(tmp_path / ("n" * 251 + ".csv"))
    assert len([*tmp_path.iterdir()]) == 2


_AS_NOBODY = """
import os, sys
from pathlib import Path
from pos_desktop.documents.writing_faults import NotWritten  # read before: others may not
from pos_desktop.documents.written_aside import written_aside
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    with written_aside(Path(sys.argv[1])):
        print("written")
except NotWritten as error:
    print(error.data["fault"])
"""


@posix
def test_a_folder_without_the_right_is_told() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o555)
        command = [sys.executable, "-c", _AS_NOBODY, f"{name}/list.csv"]
        done = subprocess.run(command, check=True, cwd=ROOT, text=True, capture_output=True)
        Path(name).chmod(0o700)
    assert done.stdout.strip() == str(WriteFault.NO_RIGHT)


def test_a_file_that_another_program_holds_is_told(tmp_path: Path) -> None:
    def held(part: Path, path: Path) -> None:
        raise OSError(errno.EBUSY, "busy")

    path = tmp_path / "list.csv"
    with pytest.raises(NotWritten, match="open in another program"), written_aside(
        path, rename=held
    ):  # fmt: skip
        pass
    assert not [*tmp_path.iterdir()]


def test_what_windows_says_of_an_open_file_is_understood() -> None:
    error = PermissionError(errno.EACCES, "denied")
    assert fault_of(error, on_windows=False) is WriteFault.NO_RIGHT
    for number in (5, 32):
        error.winerror = number  # type: ignore[attr-defined,unused-ignore]
        assert fault_of(error, on_windows=True) is WriteFault.IN_USE
    assert fault_of(OSError(errno.EIO, "broken")) is WriteFault.DISK
    assert fault_of(OSError("no number")) is WriteFault.DISK


@posix
def test_a_file_has_the_rights_it_had_or_those_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with written_aside(path, mode=0o640):
        pass
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o604)
    with written_aside(path, mode=0o640):
        pass
    assert path.stat().st_mode & 0o777 == 0o604


@posix
def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near.csv").symlink_to(tmp_path / "far" / "list.csv")
    _write(tmp_path / "near.csv")
    assert (tmp_path / "near.csv").is_symlink()
    assert (tmp_path / "far" / "list.csv").read_bytes() == b"new"


def test_a_place_is_checked_without_a_trace(tmp_path: Path) -> None:
    check_place(tmp_path / "list.csv")
    assert not [*tmp_path.iterdir()]
    with pytest.raises(PosError, match="no such folder"):
        check_place(tmp_path / "none" / "list.csv")


KILLED = """
import sys, time
from pathlib import Path
from pos_desktop.documents.written_aside import written_aside
with written_aside(Path(sys.argv[1])) as aside:
    aside.file.write(b"half")
    aside.file.flush()
    (aside.folder / "help").write_text("")
    print("writing", flush=True)
    sys.stdin.read()
"""


@posix
def test_the_part_of_a_killed_process_is_swept_and_of_a_living_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    (tmp_path / ".hidden.part").write_bytes(b"somebody else's")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert sweep(tmp_path) == 0
        _write(tmp_path / "other.csv")
        (tmp_path / "other.csv").unlink()
        assert len([*tmp_path.iterdir()]) == 3
        process.send_signal(signal.SIGKILL)
    assert not path.exists()
    assert len([*tmp_path.iterdir()]) == 3
    shutil.copytree(tmp_path, tmp_path / "shop's")
    assert sweep(tmp_path / "shop's") == 1
    assert [one.name for one in (tmp_path / "shop's").iterdir()] == [".hidden.part"]
    assert sweep(tmp_path / "none") == 0
    _write(tmp_path / "other.csv")
    names = {one.name for one in tmp_path.iterdir()}
    assert names == {".hidden.part", "other.csv", "shop's"}


@posix
def test_no_sweep_takes_a_file_away_that_is_just_given_its_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"

    def rename(old: Path, new: Path) -> None:
        assert sweep(tmp_path) == 0
        old.replace(new)

    with written_aside(path, rename=rename) as aside:
        aside.file.write(b"new")
    assert path.read_bytes() == b"new"
