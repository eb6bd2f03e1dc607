"""Reports that are posted without pause to a relay that is killed again and again."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pos_sync.relay.reader import RelayReader

from tests.pos_sync.relay.scene import make_shop, paid_in, post_report

PER_SECOND = 200
POSTMEN = 8
SHORT, LONG = 4.0, 60.0
KILLS = {SHORT: 2, LONG: 8}
MOST_OUTAGE = 5.0
"""What a kill may cost: seconds until the program, started again at once, takes reports."""


class Program:
    """`posctl relay serve` as a process of its own, on one port for good."""

    def __init__(self, database: str, folder: Path) -> None:
        self._environment = os.environ | {"POS_RELAY_DB": database, "POS_DATA_DIR": str(folder)}
        self.port = 0
        self.outages: list[tuple[float, float]] = []
        """From when until when it may not have been there, by our own doing."""
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "pos_desktop.cli.main", "relay", "serve", "--json"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port), "--allow", "any"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self._environment,
        )
        assert self._process.stdout is not None
        self.port = json.loads(self._process.stdout.readline())["port"]

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        self._process.communicate(timeout=20)

    def kill_and_start(self) -> None:
        begun = time.monotonic()
        self.kill()
        self.start()
        self.outages.append((begun, time.monotonic()))


@contextmanager
def program(database: str, folder: Path) -> Iterator[Program]:
    found = Program(database, folder)
    try:
        yield found
    finally:
        found.kill()


@dataclass(frozen=True)
class Lost:
    """A report without an answer."""

    number: int
    since: float
    """When the relay was last known to be at the other end of the line, or asked for a line."""
    until: float

    def fell_into(self, outages: list[tuple[float, float]]) -> bool:
        return any(self.since <= end and begin <= self.until for begin, end in outages)


@dataclass
class Post:
    """What was posted: each report at its time, and again by nobody."""

    port: int
    secret: str
    seconds: float
    begun: float = field(default_factory=time.monotonic)
    answered: list[int] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    slowest: float = 0.0

    def carry(self, first: int) -> None:
        """Post every so manieth report, on a line that is kept for as long as it lives."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        answered_at = self.begun
        for number in range(first, int(PER_SECOND * self.seconds), POSTMEN):
            left = self.begun + number / PER_SECOND - time.monotonic()
            if left > 0:
                time.sleep(left)
            begun = time.monotonic()
            since = begun if line.sock is None else answered_at
            try:
                post_report(line, self.secret, f"t{number}", str(number))
            except (OSError, http.client.HTTPException):
                line.close()
                self.lost.append(Lost(number, since, time.monotonic()))
            else:
                answered_at = time.monotonic()
                self.answered.append(number)
                self.slowest = max(self.slowest, answered_at - begun)
        line.close()


def test_what_was_answered_is_kept_once_through_kills(
    database: str, tmp_path: Path, torture: bool
) -> None:
    seconds = LONG if torture else SHORT
    shop = make_shop(database)
    with program(database, tmp_path) as relay:
        post = Post(relay.port, shop.secret, seconds)
        threads = [threading.Thread(target=post.carry, args=(one,)) for one in range(POSTMEN)]
        for thread in threads:
            thread.start()
        for kill in range(1, KILLS[seconds] + 1):
            at = post.begun + seconds * kill / (KILLS[seconds] + 1)
            time.sleep(max(0.0, at - time.monotonic()))
            relay.kill_and_start()
        for thread in threads:
            thread.join(seconds + 60)
        spent = time.monotonic() - post.begun
        reader = RelayReader(
            f"http://127.0.0.1:{relay.port}", shop.keys["T1"], monotonic=time.monotonic
        )
        tokens = _read_all(reader)
        reader.close()
    print(
        f"{len(post.answered)} answered of {int(PER_SECOND * seconds)} in {spent:.1f} s, "
        f"{len(post.lost)} not, slowest {post.slowest:.3f} s, {len(tokens)} kept; away for "
        + ", ".join(f"{end - begin:.2f} s" for begin, end in relay.outages)
    )
    assert len(tokens) == len(set(tokens))
    assert {f"t{number}" for number in post.answered} <= set(tokens)
    assert [one for one in post.lost if not one.fell_into(relay.outages)] == []
    assert max(end - begin for begin, end in relay.outages) < MOST_OUTAGE
    assert len(relay.outages) == KILLS[seconds]
    assert len(post.answered) + len(post.lost) == int(PER_SECOND * seconds)


def _read_all(reader: RelayReader) -> list[str]:
    tokens: list[str] = []
    after = 0
    while found := reader.messages(after, wait=0):
        assert [one.number for one in found] == [*range(after + 1, after + 1 + len(found))]
        tokens += [one.token for one in found]
        after = found[-1].number
    return tokens


@pytest.mark.torture
def test_the_rate_is_held_for_a_minute_without_kills(database: str, tmp_path: Path) -> None:
    shop = make_shop(database)
    with program(database, tmp_path) as relay:
        post = Post(relay.port, shop.secret, LONG)
        threads = [threading.Thread(target=post.carry, args=(one,)) for one in range(POSTMEN)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONG + 60)
        spent = time.monotonic() - post.begun
    print(f"{len(post.answered)} in {spent:.1f} s, slowest {post.slowest:.3f} s")
    assert not post.lost
    assert len(post.answered) == PER_SECOND * LONG
    assert spent < LONG + 2


def test_an_end_by_a_signal_answers_what_was_begun(database: str, tmp_path: Path) -> None:
    shop = make_shop(database)
    with program(database, tmp_path) as relay:
        line = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=20)
        line.request("POST", f"/s/{shop.secret}/confirm", json.dumps(paid_in()).encode())
        answer = line.getresponse()
        assert (answer.status, answer.read()[:14]) == (200, b'{"ResultCode":')
        line.close()
        relay._process.send_signal(signal.SIGTERM)
        _out, err = relay._process.communicate(timeout=20)
        assert relay._process.returncode == 0, err
        assert b"stored 1" in err
        relay.start()
