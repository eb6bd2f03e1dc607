"""What the processes of the tests of owners and wakes do, until their standard input ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_queue.owners.owner import Owner
from pos_queue.owners.owners import Owners
from pos_queue.owners.wake import WakeListener, WakeSender

from tests.pos_queue.processes import Process, python

READER = [sys.executable, "-c", "import sys; sys.stdin.read()"]


def new_id() -> str:
    return uuid.uuid4().hex


def started(target: str, *args: object) -> Process:
    """Start a process that runs one of these functions."""
    return Process(python(f"from {__name__} import {target} as run; run(*{args!r})"))


@contextmanager
def running(target: str, *args: object) -> Iterator[Process]:
    process = started(target, *args)
    try:
        yield process
    finally:
        process.close()


def own(folder: str, mode: int = 0o600) -> None:
    """Be an owner; tell its id."""
    os.umask(0o077)
    owner = Owner(Path(folder), new_id, file_mode=mode)
    owner.start(0)
    _tell(owner.id)
    sys.stdin.read()
    owner.stop()


def own_and_start_a_child(folder: str) -> None:
    """Be an owner with a child that lives for as long as the standard input of both is open."""
    owner = Owner(Path(folder), new_id)
    owner.start(0)
    child = subprocess.Popen(READER, close_fds=False)
    _tell(owner.id)
    _tell(child.pid)
    child.wait()


def sweep_on_command(folder: str) -> None:
    """For each line sweep until nothing lies there any more; tell who was taken back and buried."""
    owners = Owners(Path(folder))
    _tell("ready")
    for _line in sys.stdin:
        taken: list[str] = []
        buried: list[str] = []
        while list(Path(folder).iterdir()):
            buried += owners.sweep(taken.append)
        _tell(json.dumps([taken, buried]))


def sweep_all_the_time(folder: str) -> None:
    """Tell at the end how often it swept, and who was taken for dead."""
    owners, over, taken = Owners(Path(folder)), _input_over(), list[str]()
    _tell("ready")
    sweeps = 0
    while not over.is_set():
        owners.sweep(taken.append)
        sweeps += 1
    _tell(json.dumps([sweeps, taken]))


def ask_all_the_time(folder: str) -> None:
    """Look who lives, as a view does; tell at the end how often."""
    owners, over = Owners(Path(folder)), _input_over()
    _tell("ready")
    looks = 0
    while not over.is_set():
        owners.dead()
        looks += 1
    _tell(looks)


def look(folder: str, owner_id: str, user: int | None) -> None:
    """Tell for each line, as another user, whether an owner lives, who lives, and who is buried."""
    owners = Owners(Path(folder))
    if user is not None and sys.platform != "win32":
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    for _line in sys.stdin:
        found = [owners.is_alive(owner_id), owners.living(), owners.sweep(str)]
        _tell(json.dumps(found))


def listen(folder: str) -> None:
    """Be an owner that tells its id, then of each wake."""
    listener = WakeListener(lambda: _tell("woken"))
    listener.start()
    owner = Owner(Path(folder), new_id)
    owner.start(listener.port)
    _tell(owner.id)
    sys.stdin.read()
    owner.stop()
    listener.stop()


def wake(folder: str) -> None:
    """Own nothing, and wake the others for each line."""
    with WakeSender(Path(folder)) as sender:
        for _line in sys.stdin:
            sender.wake_others()
            _tell("sent")


def _input_over() -> threading.Event:
    over = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait).start()
    return over


def _tell(what: object) -> None:
    print(what, flush=True)
