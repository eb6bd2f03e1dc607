"""A second window of a shop brings the first to the front, whatever a crash has left."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from pos_desktop.ui.shell.only_window import OnlyWindow

PROCESS = Path(__file__).with_name("only_window_process.py")
ENVIRONMENT = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def started(directory: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, str(PROCESS), str(directory)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_window_brings_the_first_to_the_front(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        assert said(first) == "first"
        for _time in range(2):
            with started(tmp_path) as second:
                assert said(second) == "second True"
            assert said(first) == "shown False"


def test_after_a_kill_the_next_one_is_first_again(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        assert said(first) == "first"
    with started(tmp_path) as next_one:
        assert said(next_one) == "first"
        with started(tmp_path) as second:
            assert said(second) == "second True"


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe there, and no file")
def test_no_other_login_may_ask(tmp_path: Path, qtbot: QtBot) -> None:
    first = OnlyWindow(tmp_path)
    assert first.is_first()
    first.listen(lambda: None)
    assert first._server is not None
    assert Path(first._server.fullServerName()).stat().st_mode & 0o077 == 0


def test_one_that_has_just_begun_is_waited_for(tmp_path: Path, qtbot: QtBot) -> None:
    first = OnlyWindow(tmp_path)
    assert first.is_first()
    shown: list[bool] = []
    with started(tmp_path) as second:
        QTimer.singleShot(1_500, lambda: first.listen(lambda: shown.append(True)))
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
        assert said(second) == "second True"
    assert shown == [True]
    first.close()


def test_one_that_ends_leaves_its_place(tmp_path: Path) -> None:
    first, second = OnlyWindow(tmp_path), OnlyWindow(tmp_path)
    assert first.is_first()
    assert not second.is_first()
    threading.Timer(0.5, first.close).start()
    assert not second.ask_first()
    assert second.is_first()
    second.close()


def test_other_shops_have_windows_of_their_own(tmp_path: Path, qtbot: QtBot) -> None:
    places = [tmp_path / name for name in ("one", "other")]
    for place in places:
        place.mkdir()
    windows = [OnlyWindow(place) for place in places]
    assert [one.is_first() for one in windows] == [True, True]
    again = OnlyWindow(places[0])
    assert not again.is_first()
    assert not again.ask_first(within=0)  # it does not listen yet
    for one in windows:
        one.close()
    assert again.is_first()
    again.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe of Windows leaves nothing behind")
def test_what_a_crash_of_another_login_left_is_in_nobody_s_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    first = OnlyWindow(tmp_path)
    assert first.is_first()
    monkeypatch.setattr(os, "getuid", lambda: 2001)
    others = first.socket
    assert others.endswith("-2001")
    monkeypatch.undo()
    assert first.socket != others
    own = tmp_path / "own"
    own.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(own))
    first.listen()
    assert [path.name for path in own.iterdir()] == [Path(first.socket).name]
    first.close()


def test_the_program_says_that_it_is_open_already(shop_directory: Path) -> None:
    only = OnlyWindow(shop_directory)
    assert only.is_first()
    ended = subprocess.run(
        [sys.executable, "-m", "pos_desktop.app", "--data", str(shop_directory)],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    only.close()
    assert ended.returncode == 1  # nobody listened
    assert "is open already" in ended.stderr
