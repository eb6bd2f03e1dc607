"""posctl queue work as a process: ends in good order, is killed, shares, restarts."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pos_queue.departures import Ended
from pos_queue.drivers.driver import Works
from pos_queue.engine.settling import EndedJob
from pos_queue.premises import Terms

from pos_desktop.cli.queue_work import _Teller
from pos_desktop.shop_queue import ShopQueue
from tests.pos_desktop.cli.queue_shop import KILL, QueueShop, queue_shop, wait_until


@pytest.fixture
def queue(shop_directory: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[QueueShop]:
    with queue_shop(shop_directory, capsys) as found:
        yield found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_running_jobs_end_and_begins_none(queue: QueueShop, number: int) -> None:
    worker = queue.work("--workers", "1", "--json")
    held = queue.enqueue("held", name="held")
    wait_until(queue.begun)
    after = queue.enqueue("quick", name="after")
    worker.tell(number)
    queue.tell("go")
    (told,) = worker.end()
    assert (told["id"], told["job"], told["state"], told["attempts"]) == (held, "held", "done", 1)
    assert queue.state(after) == "queued"
    assert queue.effects() == {"held": 1}
    assert "Ctrl C" in worker.begun
    assert worker.err.count("\n") == 1
    assert "1 done" in worker.err


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            (),
            "besides as many that somebody waits for, besides 1 in a process of its own;",
        ),
        (("imports",), "one job at a time of queue imports;"),
        (("payments",), "3 jobs at a time of queue payments;"),
        (
            ("slow", "payments"),
            "slow, payments, besides as many that somebody waits for;",
        ),
        (("slow",), "3 jobs at a time of queue slow;"),
        (("slow", "default"), "3 jobs at a time of queues slow, default;"),
        (("slow", "imports"), "of queues slow, imports, besides 1 in a process of its own;"),
    ],
)
def test_a_worker_says_how_many_jobs_it_runs_at_once(
    queue: QueueShop, wanted: tuple[str, ...], words: str
) -> None:
    queue("work", "--workers", "3", "--stop-when-empty", *(f"--queue={name}" for name in wanted))
    assert words in queue.err


def test_what_does_not_end_within_the_grace_waits_again(queue: QueueShop) -> None:
    worker = queue.work("--grace", "0")
    held = queue.enqueue("held", name="held")
    wait_until(queue.begun)
    worker.tell(signal.SIGTERM)
    worker.end()
    assert queue.state(held) == "queued"
    queue.tell("go")
    queue.drain()
    detail = queue.json("show", str(held))
    assert [one["outcome"] for one in detail["tried"]] == ["interrupted", "done"]
    assert queue.effects() == {"held": 1}


def test_a_second_signal_ends_at_once(queue: QueueShop) -> None:
    worker = queue.work("--grace", "600")
    held = queue.enqueue("held", name="held")
    wait_until(queue.begun)
    worker.tell(signal.SIGTERM)
    queue.enqueue("quick", name="not begun")

    def is_ended_by_a_further_one() -> bool:
        worker.tell(signal.SIGTERM)
        return worker.process.poll() is not None

    wait_until(is_ended_by_a_further_one)
    worker.end(code=-signal.SIGTERM)
    queue.tell("go")
    queue.drain()
    assert queue.state(held) == "done"
    assert queue.effects() == {"held": 1, "not begun": 1}


def test_a_killed_worker_loses_nothing(queue: QueueShop) -> None:
    first = queue.work()
    held = queue.enqueue("held", name="held")
    wait_until(queue.begun)
    assert "No worker of this machine" not in queue("show", str(held))
    first.tell(KILL)
    first.end(code=-KILL)
    assert "No worker of this machine" in queue("show", str(held))
    assert "No worker of this machine" in queue("monitor")
    assert queue.state(held) == "running"
    queue.tell("go")
    second = queue.work("--stop-when-empty")
    second.end()
    assert queue.state(held) == "done"
    assert queue.begun() == ["held", "held"]
    assert queue.effects() == {"held": 1}


def test_two_workers_share_jobs_and_do_each_once(queue: QueueShop) -> None:
    workers = [queue.work("--json"), queue.work("--json")]
    keys = [str(key) for key in range(200)]
    numbers = [queue.enqueue("quick", name=key) for key in keys]
    for number in numbers:
        queue.wait_for(number, "done")
    told = []
    for worker in workers:
        worker.tell(signal.SIGTERM)
        found = worker.end()
        assert found
        told += [one["id"] for one in found]
    assert sorted(told) == numbers
    assert sorted(queue.begun()) == sorted(keys)
    assert queue.effects() == dict.fromkeys(keys, 1)


def test_a_restart_ends_all_workers_once_their_jobs_are_done(queue: QueueShop) -> None:
    worker = queue.work("--workers", "1")
    queue.enqueue("held", name="held")
    wait_until(queue.begun)
    assert queue.json("restart") == {"workers": 1}
    queue.enqueue("quick", name="after")
    queue.tell("go")
    worker.end()
    assert "restart" in worker.err
    queue.work("--stop-when-empty").end()
    assert queue.effects() == {"held": 1, "after": 1}


def test_a_running_job_is_cancelled_when_it_asks(queue: QueueShop) -> None:
    worker = queue.work("--json")
    held = queue.enqueue("held", name="held", polite=True)
    wait_until(lambda: "held" in queue.begun())
    assert queue.json("cancel", str(held)) == {"id": held, "state": "asked"}
    queue.wait_for(held, "cancelled")
    worker.tell(signal.SIGTERM)
    assert [one["state"] for one in worker.end()] == ["cancelled"]


def test_a_paused_queue_waits_and_the_rest_goes_on(queue: QueueShop) -> None:
    queue.work()
    assert queue.json("pause", "slow") == {"paused": ["slow"]}
    queue.tell("go")
    held, quick = queue.enqueue("held", name="held"), queue.enqueue("quick", name="quick")
    queue.wait_for(quick, "done")
    assert queue.json("monitor")["paused"] == ["slow"]
    assert queue.state(held) == "queued"
    queue("resume", "slow")
    queue.wait_for(held, "done")


def test_limits_end_a_worker(queue: QueueShop) -> None:
    for key in range(5):
        queue.enqueue("quick", name=str(key))
    told = queue("work", "--once", "--json").splitlines()
    assert [json.loads(line)["state"] for line in told] == ["done"]
    assert len(queue("work", "--max-jobs", "2", "--json").splitlines()) == 2
    assert queue("work", "--queue", "slow,upkeep", "--stop-when-empty", "--json") == ""
    assert len(queue("work", "--stop-when-empty", "--json").splitlines()) == 2
    assert queue("work", "--once", "--json") == ""
    queue("work", "--max-time", "0", "--sleep", "3")
    assert "time is over" in queue.err


def test_a_worker_may_override_what_jobs_declare(queue: QueueShop) -> None:
    flaky = queue.enqueue("flaky", name="flaky")
    queue("work", "--max-jobs", "1", "--tries", "1")
    assert queue.state(flaky) == "failed"
    held = queue.enqueue("held", name="held")
    queue("work", "--max-jobs", "1", "--tries", "1", "--timeout", "0.1")
    queue.tell("go")
    assert "not done within 0.1 s" in queue.json("show", str(held))["error"]


def test_a_limit_of_0_is_none(queue: QueueShop, monkeypatch: pytest.MonkeyPatch) -> None:
    runner, asked = ShopQueue.runner, list[dict[str, Any]]()

    def made(shop_queue: ShopQueue, terms: Terms, **declared: Any) -> Works:
        asked.append(declared)
        return runner(shop_queue, terms, **declared)

    monkeypatch.setattr(ShopQueue, "runner", made)
    for seconds in ("0", "5"):
        queue("work", "--once", "--timeout", seconds)
    assert asked == [{"limit": None}, {"limit": 5.0}]


def test_wrong_words_are_refused(queue: QueueShop) -> None:
    queue("work", "--queue", "nonsense", code=1)
    known = "known: backups, books, default, imports, mail, mailings, papers, payments, slow, "
    assert known in queue.err
    for wrong in (["--workers", "0"], ["--grace", "-1"], ["--max-time", "inf"]):
        with pytest.raises(SystemExit) as told:
            queue("work", *wrong)
        assert told.value.code == 2


def test_a_worker_whose_reader_has_gone_ends(queue: QueueShop) -> None:
    worker = queue.work("--json")
    assert worker.process.stdout is not None
    worker.process.stdout.close()
    number = queue.enqueue("quick", name="unread")
    worker.process.wait(30)
    assert queue.state(number) == "done"


def test_what_a_person_must_look_at_is_told_as_failed() -> None:
    teller = _Teller(as_json=False)
    teller.runner = SimpleNamespace(ended_for=None)
    for number, state in enumerate((Ended.DONE, Ended.FAILED, Ended.QUARANTINED, Ended.CANCELLED)):
        teller.tell(
            EndedJob(
                number=number, job="work", queue="default", state=state, attempts=1, seconds=0.0,
                error=None, batch=None,
            )
        )  # fmt: skip
    assert "1 done, 2 failed" in teller.end_words()
