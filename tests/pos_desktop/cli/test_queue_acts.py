"""posctl queue: what is shown, and what people do with jobs."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_desktop.services.background.enqueueing import JobName
from tests.pos_desktop.cli.queue_program import newer_jobs
from tests.pos_desktop.cli.queue_shop import QueueShop, queue_shop, wait_until

QUEUES = [
    "backups", "books", "default", "imports", "mail", "mailings", "papers", "payments", "slow",
    "upkeep",
]  # fmt: skip


@pytest.fixture
def queue(shop_directory: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[QueueShop]:
    with queue_shop(shop_directory, capsys) as found:
        yield found


def failed(queue: QueueShop, **payload: Any) -> int:
    number = queue.enqueue("flaky", name="flaky", **payload)
    queue("work", "--max-jobs", "2")
    return number


def test_counts_are_one_document_of_the_agreed_names(queue: QueueShop) -> None:
    queue.enqueue("quick", name="1")
    assert list(queue.json("monitor")) == [
        *("queued", "scheduled", "running", "waiting_for_network", "failed", "quarantined"),
        *("done", "oldest_wait_seconds", "paused"),
    ]
    assert queue.json("monitor")["queued"] == 1
    assert "No worker runs" in queue("monitor")


def test_a_failed_job_is_listed_shown_and_retried_once_its_cause_is_mended(
    queue: QueueShop,
) -> None:
    number = failed(queue, password="t0ps3cret")
    (told,) = queue.json("failed")["jobs"]
    assert (told["id"], told["job"], told["queue"]) == (number, "flaky", "default")
    assert (told["attempts"], told["error"]) == (2, "ValueError: no ink for ***")
    assert told["payload"] == {"name": "flaky", "password": "***"}
    assert "ValueError" in told["traceback"]
    assert told["failed_at"].endswith("+00:00")
    listed = queue("failed")
    assert "no ink for ***" in listed
    shown = queue("show", str(number))
    assert "Progress: 1 of 2, half" in shown
    assert "Traceback" not in shown
    assert "--verbose tells where" in shown
    assert "Traceback" in queue("show", str(number), "--verbose")
    assert "It was tried 2 times and did not succeed." in shown
    assert f"posctl queue retry {number}" in shown
    assert "t0ps3cret" not in shown + queue("show", str(number), "--json")
    queue.tell("mended")
    assert queue.json("retry", str(number)) == {"retried": [number], "refused": []}
    queue.drain()
    assert queue.effects() == {"flaky": 1}
    detail = queue.json("show", str(number))
    assert [one["outcome"] for one in detail["tried"]] == ["failed", "failed", "done"]
    assert "No job has failed." in queue("failed")


def test_many_failed_jobs_are_retried_and_what_stands_in_the_way_is_told(queue: QueueShop) -> None:
    numbers = [failed(queue) for _number in range(2)]
    queue.shop.database.execute_sql(
        "UPDATE job_history SET unique_key = 'k' WHERE number = ?", (numbers[0],)
    )
    other = queue.shop.queue.intake.enqueue(JobName("quick"), {"name": "x"}, unique_key="k")
    queue("retry", str(numbers[0]), code=1)
    assert f"job {other} does the same" in queue.err
    told = queue.json("retry", "all", code=1)
    assert told["retried"] == [numbers[1]]
    assert [one["id"] for one in told["refused"]] == [numbers[0]]
    assert queue.json("retry", "--queue", "slow") == {"retried": [], "refused": []}
    queue("retry", "--batch", "7", code=1)
    assert "There is no batch 7. posctl queue batches lists them all." in queue.err


def test_a_member_of_a_cancelled_batch_is_not_retried_and_that_is_told(queue: QueueShop) -> None:
    intake = queue.shop.queue.intake
    batch = intake.batch("Invoices", [(JobName("flaky"), {"name": "k"})], keep_open=True)
    intake.add(batch, [(JobName("quick"), {"name": "k"})])
    queue("work", "--max-jobs", "3")
    (number,) = [one["id"] for one in queue.json("failed")["jobs"]]
    assert intake.cancel_batch(batch)
    queue("retry", str(number), code=1)
    assert f"its batch {batch} was cancelled" in queue.err
    told = queue.json("retry", "--batch", str(batch), code=1)
    assert told["retried"] == []
    assert [one["id"] for one in told["refused"]] == [number]
    assert queue.state(number) == "failed"


def test_which_jobs_to_retry_must_be_said(queue: QueueShop) -> None:
    for wrong in ([], ["some"], ["5", "--queue", "slow"], ["9" * 24], ["all", "--from-start"]):
        queue("retry", *wrong, code=2)
        assert queue.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "9" * 24], "whole number from 1"),
        (["show", "-1"], "whole number from 1"),
        (["cancel", "--batch", "9" * 24], "whole number from 1"),
        (["failed", "--limit", "0"], "whole number from 1"),
        (["prune", "--days", "-1"], "whole number from 0"),
        (["prune", "--days", "99999999999"], "whole number from 0"),
        (["flush", "--hours", "-1"], "a number from 0"),
        (["flush", "--hours", "nan"], "a number from 0"),
        (["monitor", "--watch", "--every", "-1"], "a number from 0"),
    ],
)
def test_a_number_that_makes_no_sense_does_nothing_and_is_told(
    queue: QueueShop, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    number = failed(queue)
    queue.enqueue("quick", name="k")
    queue.drain()
    with pytest.raises(SystemExit) as ended:
        queue(*arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
    assert (queue.state(number), queue.json("monitor")["done"]) == ("failed", 1)


@pytest.mark.parametrize("act", ["retry", "forget", "cancel", "show"])
def test_a_number_that_no_job_has_is_told(queue: QueueShop, act: str) -> None:
    queue(act, "77", code=1)
    assert "no job 77" in queue.err
    assert queue.out == ""


def test_failed_jobs_are_forgotten_one_by_one_or_together(queue: QueueShop) -> None:
    numbers = [failed(queue) for _number in range(3)]
    assert queue.json("forget", str(numbers[0])) == {"forgotten": 1}
    assert queue.json("flush", "--hours", "1") == {"forgotten": 0}
    assert queue.json("flush") == {"forgotten": 2}
    assert queue.json("monitor")["failed"] == 0
    noted = queue.shop.database.execute_sql("SELECT kind FROM journal ORDER BY rowid").fetchall()
    assert [row[0] for row in noted][-3:] == ["job forgotten", "jobs flushed", "jobs flushed"]


def test_what_waits_is_cancelled_or_cleared(queue: QueueShop) -> None:
    one, two, three = (queue.enqueue(name, name="k") for name in ("quick", "quick", "held"))
    assert queue.json("cancel", str(one)) == {"id": one, "state": "cancelled"}
    assert queue.json("clear", "default") == {"cancelled": 1, "queues": ["default"]}
    assert [queue.state(number) for number in (one, two, three)] == [
        "cancelled",
        "cancelled",
        "queued",
    ]
    queue("clear", code=2)
    assert queue.json("clear", "--all")["cancelled"] == 1
    queue("clear", "nonsense", code=1)
    assert "known: backups, books, default" in queue.err


def test_all_queues_are_paused_where_none_is_named(queue: QueueShop) -> None:
    assert queue.json("pause") == {"paused": QUEUES}
    number = queue.enqueue("quick", name="k")
    queue.drain()
    assert queue.state(number) == "queued"
    assert f"resume {' '.join(QUEUES)}" in queue("monitor")
    assert queue.json("resume") == {"resumed": QUEUES}
    queue.drain()
    assert queue.state(number) == "done"


def test_a_pause_that_was_forgotten_is_told_by_all_who_would_wait(queue: QueueShop) -> None:
    assert "posctl queue resume slow" in queue("pause", "slow")
    number = queue.enqueue("held", name="k")
    assert "paused: slow, no worker runs" in queue("monitor", "--watch", "--seconds", "0")
    queue("work", "--stop-when-empty")
    assert "posctl queue resume slow" in queue.err
    assert "no job waits for it" in queue.err
    queue("work", "--queue", "default", "--stop-when-empty")
    assert "resume" not in queue.err
    assert queue.state(number) == "queued"


def test_old_jobs_are_removed_from_the_history(queue: QueueShop) -> None:
    queue.enqueue("quick", name="k")
    queue.drain()
    queue.shop.database.execute_sql("UPDATE job_history SET finished_at = 1")
    failed(queue)
    assert queue.json("prune", "--days", "1") == {"removed": 1}
    assert queue.json("prune") == {"removed": 0}
    assert queue.json("monitor")["failed"] == 1


def test_a_figure_above_its_limit_is_an_alert(queue: QueueShop) -> None:
    assert queue.json("monitor", "--check")["alerts"] == []
    failed(queue)
    queue.enqueue("quick", name="k")
    queue.shop.database.execute_sql("UPDATE jobs SET run_at = run_at - 600000")
    told = queue.json("monitor", "--check", code=1)
    assert len(told["alerts"]) == 2
    assert "queue.alert_wait_seconds" in queue.err
    assert "posctl queue failed" in queue.err
    queue("monitor")
    assert queue.err == ""


def test_what_runs_or_waits_is_listed_with_how_far_it_is(queue: QueueShop) -> None:
    assert "No job runs or waits." in queue("jobs")
    queue.work()
    held = queue.enqueue("held", name="held")
    wait_until(queue.begun)
    waiting = [queue.enqueue("held", name=f"later {number}") for number in range(5)]
    listed = queue.json("jobs")["jobs"]
    assert [one["id"] for one in listed] == [held, *waiting]
    assert listed[0]["state"] == "running"
    assert listed[-1]["payload"] == {"name": "later 4"}
    shown = queue("jobs", "--limit", "1")
    assert "runs" in shown.splitlines()[1]
    assert "There are more than these 1" in queue.err
    assert queue.json("jobs", "--queue", "imports") == {"jobs": []}
    queue("jobs", "--queue", "nowhere", code=1)
    queue.tell("go")


def test_watching_streams_one_object_a_line(queue: QueueShop) -> None:
    out = queue("monitor", "--watch", "--every", "0.05", "--seconds", "1", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert len(lines) >= 2
    assert all(line["queued"] == 0 for line in lines)
    assert "done 0, no longer wanted 0, oldest 0 s" in queue("monitor", "--watch", "--seconds", "0")


def test_batches_are_listed_with_what_to_do(queue: QueueShop) -> None:
    assert queue("batches") == "There is no batch.\n"
    queue.shop.database.execute_sql(
        "INSERT INTO job_batches (name, created_at) VALUES ('Invoices', 5)"
    )
    for name in ("quick", "flaky"):
        number = queue.shop.queue.intake.enqueue(JobName(name), {"name": "k"}, batch=1)
    assert "It belongs to batch 1." in queue("show", str(number))
    queue("work", "--max-jobs", "3")
    (batch,) = queue.json("batches")["batches"]
    figures = [batch[name] for name in ("id", "total", "done", "failed", "percent", "cancelled")]
    assert figures == [1, 2, 1, 1, 100, 0]
    assert "retry --batch" in queue("batches")
    assert len(queue.json("retry", "--batch", "1")["retried"]) == 1


def test_a_payload_that_was_changed_past_the_program_fails_and_runs_once_it_is_put_back(
    queue: QueueShop,
) -> None:
    number = queue.enqueue("quick", name="k")
    sql = queue.shop.database.execute_sql
    (good,) = sql("SELECT payload FROM jobs").fetchone()
    sql("UPDATE jobs SET payload = ?", (b'{"v":1,"data":{"name":"\x1b[2J","pin":"1234"}}',))
    queue.drain()
    (told,) = queue.json("failed")["jobs"]
    assert "changed past the program" in told["error"]
    assert told["unreadable"] == told["error"]
    assert told["payload"] == '{"v":1,"data":{"name":"\\x1b[2J","pin":"***"}}'
    shown = queue("show", str(number))
    assert "\x1b" not in shown
    assert "put the shop's own file and secrets back" in shown.lower()
    sql("UPDATE job_history SET payload = ?", (good,))
    assert "now it can" in queue("show", str(number))
    queue("retry", str(number))
    queue.drain()
    assert queue.effects() == {"k": 1}


def test_a_job_of_a_newer_version_waits_for_it(queue: QueueShop) -> None:
    from pos_desktop.services.background.enqueueing import JobName
    from pos_desktop.shop import open_shop

    newer = open_shop(queue.directory, jobs=newer_jobs)
    number = newer.queue.enqueue(JobName("new"), {"name": "k"})
    newer.close()
    queue.drain()
    (told,) = queue.json("failed")["jobs"]
    assert (told["id"], told["job"], told["attempts"]) == (number, "new", 1)
    assert "no job is called 'new'" in told["error"]
    assert "Install the version" in queue("show", str(number))
    queue("retry", "all")
    queue("work", "--stop-when-empty", jobs=newer_jobs)
    assert queue.effects() == {"k": 1}


def test_half_a_pair_of_surrogates_is_still_a_document(queue: QueueShop) -> None:
    number = queue.enqueue("quick", name="a\ud800b")
    assert queue.json("show", str(number))["payload"] == {"name": "a\ud800b"}
    assert "a\\ud800b" in queue("show", str(number))


def test_jobs_of_tests_are_out_of_reach_for_who_uses_a_shop(
    queue: QueueShop, capsys: pytest.CaptureFixture[str]
) -> None:
    from pos_desktop.cli.main import main

    number = queue.enqueue("quick", name="k")
    assert main(["queue", "work", "--stop-when-empty", "--data", str(queue.directory)]) == 0
    capsys.readouterr()
    assert queue.state(number) == "failed"
    assert queue.effects() == {}


def test_a_batch_is_cancelled_at_its_number(queue: QueueShop) -> None:
    door, quick = queue.shop.queue.intake, JobName("quick")
    batch = door.batch("Invoices", [(quick, {"name": str(n)}) for n in range(3)])
    other = queue.enqueue("quick", name="other")
    told = queue.json("cancel", "--batch", str(batch))
    assert (told["id"], told["cancelled"], told["waiting"], told["total"]) == (batch, 3, 0, 3)
    queue.drain()
    assert queue.state(other) == "done"
    assert queue.effects() == {"other": 1}
    queue("cancel", "--batch", str(batch), code=1)
    assert "cancelled already" in queue.err
    queue("cancel", "--batch", "77", code=1)
    assert "There is no batch 77. posctl queue batches lists them all." in queue.err


def test_what_runs_of_a_cancelled_batch_is_asked_to_end(queue: QueueShop) -> None:
    held = [(JobName("held"), {"name": "held", "polite": True})]
    batch = queue.shop.queue.intake.batch("Slow", held)
    worker = queue.work("--json")
    wait_until(queue.begun)
    assert "1 of its jobs still runs" in queue("cancel", "--batch", str(batch))
    wait_until(lambda: queue.json("batches")["batches"][0]["cancelled"] == 1)
    worker.tell(signal.SIGTERM)
    assert [one["state"] for one in worker.end()] == ["cancelled"]


@pytest.mark.parametrize("arguments", [[], ["3", "--batch", "3"]])
def test_either_a_job_or_a_batch_is_cancelled(queue: QueueShop, arguments: list[str]) -> None:
    queue("cancel", *arguments, code=2)
    assert "--batch" in queue.err
