"""Wakes between processes: heard, bounded, never lost, and never in anybody's way."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, Queue

import pytest
from pos_queue.owners.owner_files import OwnerFile
from pos_queue.owners.wake import (
    BURST_CALLS,
    CALL_SECONDS,
    LOOPBACK,
    MOST_DRAINED,
    SETTLE_SECONDS,
    WakeListener,
    WakeSender,
)

from tests.pos_queue.owners.owner_targets import running
from tests.pos_queue.processes import SECONDS

FLOOD = 20_000
QUIET = 0.2
"""Seconds in which nothing is expected to happen."""


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def sender(folder: Path, stack: ExitStack) -> WakeSender:
    return stack.enter_context(WakeSender(folder))


@pytest.fixture
def listen(stack: ExitStack) -> Callable[[Callable[[], None]], WakeListener]:
    def start(on_wake: Callable[[], None]) -> WakeListener:
        listener = WakeListener(on_wake)
        listener.start()
        stack.callback(listener.stop)
        return listener

    return start


Listen = Callable[[Callable[[], None]], WakeListener]


def _enter(folder: Path, port: int, owner_id: str = "a") -> None:
    OwnerFile(owner_id, port).within(folder).touch()


def _heard(calls: Queue[int]) -> None:
    calls.get(timeout=SECONDS)


def _nothing_heard(calls: Queue[int]) -> None:
    with pytest.raises(Empty):
        calls.get(timeout=QUIET)


def _port_of(stack: ExitStack, folder: Path, owner_id: str = "a") -> socket.socket:
    """Return a socket that hears the wakes of an owner."""
    hearing = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    hearing.bind((LOOPBACK, 0))
    hearing.settimeout(SECONDS)
    _enter(folder, hearing.getsockname()[1], owner_id)
    return hearing


def _hears(hearing: socket.socket, wakes: int) -> bool:
    """Tell whether so many wakes come, and then nothing but what is sent after them."""
    heard = [hearing.recv(9) for _wake in range(wakes)]
    hearing.sendto(b"the end", hearing.getsockname())
    return [*heard, hearing.recv(9)] == [b""] * wakes + [b"the end"]


def test_one_process_wakes_another(folder: Path, stack: ExitStack) -> None:
    listening = stack.enter_context(running("listen", str(folder)))
    assert listening.hear()
    waking = stack.enter_context(running("wake", str(folder)))
    for _wake in range(50):
        waking.tell("wake")
        assert waking.hear() == "sent"
        assert listening.hear() == "woken"


def test_a_wake_after_the_others_death_harms_nobody(
    folder: Path, stack: ExitStack, sender: WakeSender
) -> None:
    dead, living = (stack.enter_context(running("listen", str(folder))) for _one in "ab")
    assert dead.hear()
    assert living.hear()
    dead.kill()
    for _wake in range(3):
        sender.wake_others()
        assert living.hear() == "woken"


def test_everybody_else_is_woken_and_each_port_once(folder: Path, stack: ExitStack) -> None:
    hearing = [_port_of(stack, folder, owner_id) for owner_id in "abc"]
    ports = [one.getsockname()[1] for one in hearing]
    _enter(folder, ports[0], "dead-with-the-same-port")
    _enter(folder, 0, "cannot-be-woken")
    sender = stack.enter_context(WakeSender(folder, own_port=ports[2]))
    sender.wake_others()
    assert [_hears(*one) for one in zip(hearing, [1, 1, 0], strict=True)] == [True] * 3


def test_an_owner_that_came_or_went_is_noticed(
    folder: Path, stack: ExitStack, sender: WakeSender
) -> None:
    sender.wake_others()
    first = _port_of(stack, folder, "a")
    sender.wake_others()
    second = _port_of(stack, folder, "b")
    sender.wake_others()
    assert _hears(first, 2)
    assert _hears(second, 1)
    OwnerFile("a", first.getsockname()[1]).within(folder).unlink()
    sender.wake_others()
    assert _hears(first, 0)
    assert _hears(second, 1)


def test_the_folder_is_read_again_only_where_it_may_have_changed(
    folder: Path, stack: ExitStack
) -> None:
    """Two changes within one step of a coarse clock leave the same time."""
    now = 100.0
    sender = stack.enter_context(WakeSender(folder, monotonic=lambda: now))
    before = folder.stat().st_mtime_ns
    sender.wake_others()
    first = _port_of(stack, folder, "a")
    _set_time(folder, before)
    sender.wake_others()
    assert _hears(first, 1)
    now += 2 * SETTLE_SECONDS
    sender.wake_others()
    second = _port_of(stack, folder, "b")
    _set_time(folder, before)
    sender.wake_others()
    assert _hears(first, 2)
    assert _hears(second, 0)
    _set_time(folder, before + 1)
    sender.wake_others()
    assert _hears(first, 1)
    assert _hears(second, 1)


def _set_time(folder: Path, nanoseconds: int) -> None:
    os.utime(folder, ns=(nanoseconds, nanoseconds))


def test_waking_never_fails(tmp_path: Path, stack: ExitStack) -> None:
    folder = tmp_path / "queue"
    sender = stack.enter_context(WakeSender(folder))
    sender.wake_others()
    folder.mkdir()
    hearing = _port_of(stack, folder)
    sender.wake_others()
    assert _hears(hearing, 1)
    folder.rename(tmp_path / "moved")
    sender.wake_others()
    folder.write_text("no folder any more")
    sender.wake_others()
    assert _hears(hearing, 0)
    folder.unlink()
    (tmp_path / "moved").rename(folder)
    sender.wake_others()
    assert _hears(hearing, 1)
    sender.close()
    sender.wake_others()
    assert _hears(hearing, 0)


def test_waking_works_from_many_threads(folder: Path, stack: ExitStack, sender: WakeSender) -> None:
    hearing = _port_of(stack, folder)

    def wake_often() -> None:
        for _wake in range(20):
            sender.wake_others()

    threads = [threading.Thread(target=wake_often) for _thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert _hears(hearing, 80)


def test_wakes_during_a_call_lead_to_one_more(
    folder: Path, sender: WakeSender, listen: Listen
) -> None:
    calls: Queue[int] = Queue()
    go_on = threading.Event()

    def on_wake() -> None:
        calls.put(1)
        go_on.wait(SECONDS)

    _enter(folder, listen(on_wake).port)
    sender.wake_others()
    _heard(calls)
    for _wake in range(MOST_DRAINED):
        sender.wake_others()
    _nothing_heard(calls)
    go_on.set()
    _heard(calls)
    _nothing_heard(calls)


@pytest.mark.skipif(sys.platform != "linux", reason="what a port keeps is counted otherwise there")
def test_a_port_keeps_but_a_few_wakes(folder: Path, sender: WakeSender, listen: Listen) -> None:
    calls: Queue[int] = Queue()
    go_on = threading.Event()

    def on_wake() -> None:
        calls.put(1)
        go_on.wait(SECONDS)

    _enter(folder, listen(on_wake).port)
    sender.wake_others()
    _heard(calls)
    for _wake in range(10 * MOST_DRAINED):
        sender.wake_others()
    go_on.set()
    _heard(calls)
    _nothing_heard(calls)


def test_a_flood_is_bounded_and_its_last_wake_is_not_lost(
    folder: Path, sender: WakeSender, listen: Listen
) -> None:
    sent = calls = 0
    seen_all = threading.Event()

    def on_wake() -> None:
        nonlocal calls
        calls += 1
        if sent == FLOOD:
            seen_all.set()

    _enter(folder, listen(on_wake).port)
    began = time.perf_counter()
    for _wake in range(FLOOD):
        sent += 1
        sender.wake_others()
    assert seen_all.wait(SECONDS)
    threading.Event().wait(QUIET)
    elapsed = time.perf_counter() - began
    assert 1 <= calls <= BURST_CALLS + 2 + elapsed / CALL_SECONDS


def test_whatever_is_sent_is_a_wake_and_nothing_more(listen: Listen, stack: ExitStack) -> None:
    calls: Queue[int] = Queue()
    listener = listen(lambda: calls.put(1))
    stranger = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    for content in (b"", b"\x00", b"x" * 1_000, b"DROP TABLE jobs"):
        stranger.sendto(content, (LOOPBACK, listener.port))
        _heard(calls)
    _nothing_heard(calls)


def test_a_call_that_fails_is_logged_and_the_next_wake_is_heard(
    folder: Path, sender: WakeSender, listen: Listen, caplog: pytest.LogCaptureFixture
) -> None:
    calls: Queue[int] = Queue()

    def on_wake() -> None:
        calls.put(1)
        raise TimeoutError("database is locked")

    _enter(folder, listen(on_wake).port)
    for _wake in range(2):
        sender.wake_others()
        _heard(calls)
    assert "a wake of the queue failed: database is locked" in caplog.text


def test_a_port_may_be_another_programs_by_now(
    folder: Path, stack: ExitStack, sender: WakeSender, listen: Listen
) -> None:
    calls: Queue[int] = Queue()
    listener = listen(lambda: calls.put(1))
    _enter(folder, listener.port)
    listener.stop()
    sender.wake_others()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind((LOOPBACK, listener.port))
        other.settimeout(SECONDS)
        sender.wake_others()
        assert _hears(other, 1)
    _nothing_heard(calls)


def test_stopping_gives_everything_back(listen: Listen) -> None:
    before, threads = _open_descriptors(), threading.active_count()
    listener = listen(lambda: None)
    assert threading.active_count() == threads + 1
    stoppers = [threading.Thread(target=listener.stop) for _thread in range(3)]
    for stopper in stoppers:
        stopper.start()
    for stopper in stoppers:
        stopper.join(SECONDS)
    assert (_open_descriptors(), threading.active_count()) == (before, threads)


@pytest.mark.skipif(sys.platform == "win32", reason="one of the two ways is for Unix alone")
@pytest.mark.parametrize("way", ["datagram", "shutdown"])
def test_each_of_two_ways_ends_the_wait(
    listen: Listen, monkeypatch: pytest.MonkeyPatch, stack: ExitStack, way: str
) -> None:
    listener = listen(lambda: None)
    if way == "datagram":
        listener._socket = stack.enter_context(socket.socket())
    else:
        monkeypatch.setattr("pos_queue.owners.wake.LOOPBACK", "not an address")
    listener.stop()
    assert listener._thread is not None
    assert not listener._thread.is_alive()


def test_it_may_be_stopped_from_a_wake(folder: Path, sender: WakeSender, listen: Listen) -> None:
    stopped = threading.Event()

    def on_wake() -> None:
        listener.stop()
        stopped.set()

    listener = listen(on_wake)
    _enter(folder, listener.port)
    thread = listener._thread
    assert thread is not None
    sender.wake_others()
    assert stopped.wait(SECONDS)
    thread.join(SECONDS)
    assert not thread.is_alive()


def test_it_stops_within_a_flood(folder: Path, sender: WakeSender, listen: Listen) -> None:
    listener = listen(lambda: None)
    _enter(folder, listener.port)
    over = threading.Event()

    def flood() -> None:
        while not over.is_set():
            sender.wake_others()

    thread = threading.Thread(target=flood)
    thread.start()
    listener.stop()
    over.set()
    thread.join(SECONDS)
    assert listener._thread is not None
    assert not listener._thread.is_alive()


def test_one_that_never_started_can_be_stopped() -> None:
    listener = WakeListener(lambda: None)
    listener.stop()
    assert listener.port == 0


def test_where_there_is_no_port_it_is_told_and_nothing_stays_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = _open_descriptors()
    monkeypatch.setattr("pos_queue.owners.wake.LOOPBACK", "192.0.2.1")
    listener = WakeListener(lambda: None)
    with pytest.raises(OSError, match="assign"):
        listener.start()
    assert _open_descriptors() == before
    listener.stop()


def _open_descriptors() -> int:
    """Count what this process holds open, where the system tells."""
    place = Path("/dev/fd")
    return len(list(place.iterdir())) if place.exists() else 0
