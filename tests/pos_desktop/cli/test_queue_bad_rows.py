"""Rows that are not as the program wrote them: what becomes of each is told, and none is lost."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pos_queue.errors import PayloadMismatch
from pos_queue.job import Job

from pos_desktop.jobs.registry import JobServices
from pos_desktop.logbook import log_path
from pos_desktop.security.secrets import FileSecrets
from pos_desktop.shops.new_shop import make_shop
from tests.pos_desktop.cli.queue_program import jobs
from tests.pos_desktop.cli.queue_shop import QueueShop, queue_shop
from tests.pos_desktop.conftest import NEW_SHOP

NO_MOMENT = 1 << 62


@pytest.fixture
def queue(shop_directory: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[QueueShop]:
    with queue_shop(shop_directory, capsys) as found:
        yield found


def spoil(queue: QueueShop, number: int, change: str) -> None:
    queue.shop.database.execute_sql(f"UPDATE jobs SET {change} WHERE number = {number}")


def only_failed(queue: QueueShop) -> Any:
    (told,) = queue.json("failed")["jobs"]
    return told


def changed(job_name: str, **declared: Any) -> Callable[[JobServices], Iterator[Job]]:
    """Return the jobs of a program that declares one of them otherwise."""

    def others(services: JobServices) -> Iterator[Job]:
        for one in jobs(services):
            yield replace(one, **declared) if one.name == job_name else one

    return others


def test_a_payload_that_does_not_fit_its_job_is_refused_at_the_door_with_its_sale(
    queue: QueueShop,
) -> None:
    database = queue.shop.database
    missing = pytest.raises(PayloadMismatch, match="quick: missing a required argument: 'name'")
    with missing, database.write():
        database.execute_sql("INSERT INTO job_counters (key, value) VALUES ('sale', 1)")
        queue.enqueue("quick", nme="k")
    assert database.value("SELECT count(*) FROM job_counters") == 0
    assert queue.json("monitor")["queued"] == 0


@pytest.mark.parametrize(
    ("declared", "reason"),
    [
        ({"version": 3}, "nothing reads its old version 1"),
        ({"body": lambda _context, *, title: title}, "missing a required argument: 'title'"),
    ],
)
def test_an_old_payload_waits_for_a_program_that_reads_it(
    queue: QueueShop, declared: dict[str, Any], reason: str
) -> None:
    number = queue.enqueue("quick", name="k")
    queue("work", "--stop-when-empty", jobs=changed("quick", **declared))
    told = queue("show", str(number), jobs=changed("quick", **declared))
    assert reason in told
    assert "does not understand its data" in told
    assert f"a newer one, then: posctl queue retry {number}" in told
    assert only_failed(queue)["payload"] == {"name": "k"}
    queue("retry", str(number))
    upgrades = {1: lambda payload: payload, 2: lambda payload: {"name": payload["name"] + "2"}}
    updated = changed("quick", version=3, upgrades=upgrades)
    queue("work", "--stop-when-empty", jobs=updated)
    assert queue.effects() == {"k2": 1}


def test_a_renamed_job_waits_for_a_program_that_knows_its_name(queue: QueueShop) -> None:
    number = queue.enqueue("quick", name="k")
    renamed = changed("quick", name="swift")
    queue("work", "--stop-when-empty", jobs=renamed)
    assert "no job is called 'quick'" in only_failed(queue)["error"]
    assert "knows no job “quick”" in queue("show", str(number), jobs=renamed)
    queue("retry", str(number))
    queue.work("--stop-when-empty").end()
    assert queue.effects() == {"k": 1}


@pytest.mark.parametrize(
    "change", ["payload = x'7b7d'", "seal = NULL", "seal = x'00'", "job = 'held'", "job = 'other'"]
)
def test_what_the_seal_covers_is_not_run_once_it_was_changed(queue: QueueShop, change: str) -> None:
    number, good = queue.enqueue("quick", name="bad"), queue.enqueue("quick", name="good")
    spoil(queue, number, change)
    row = "payload, seal, job"
    kept = queue.shop.database.row(f"SELECT {row} FROM jobs WHERE number = ?", [number])
    queue.drain()
    assert (queue.state(number), queue.state(good)) == ("failed", "done")
    assert only_failed(queue)["id"] == number
    assert "Put the shop's own file and secrets back" in queue("show", str(number))
    assert kept == queue.shop.database.row(
        f"SELECT {row} FROM job_history WHERE number = ?", [number]
    )
    assert queue.begun() == ["good"]


NOT_COVERED = (
    "state = 'scheduled'",
    "state = 'running'",
    "state = 'running', owner = 'nobody'",
    "state = 'waiting_for_network', endpoint = 'nowhere'",
    "queue = 'nowhere'",
    "queue = 'slow'",
    "priority = 9e999",
    "priority = -9e999",
    f"run_at = {NO_MOMENT}",
    f"run_at = -{NO_MOMENT}",
    f"created_at = {NO_MOMENT}",
    f"created_at = -{NO_MOMENT}",
    f"started_at = {NO_MOMENT}",
    "fence = 1000000000000000 - 1",
    "owner = 'nobody'",
    "attempts = 999",
    "failures = 999",
    "deaths = 999",
    "endpoint = 'nowhere'",
    "unique_key = 'k'",
    "batch = 77",
    "sensitive = 1",
    "started_by = char(27) || '[2J'",
    "number = -5",
)


def test_what_the_seal_does_not_cover_holds_no_job_up_and_blinds_no_list(queue: QueueShop) -> None:
    names = [f"k{place}" for place in range(len(NOT_COVERED))]
    for name, change in zip(names, NOT_COVERED, strict=True):
        spoil(queue, queue.enqueue("quick", name=name), change)
    queue.enqueue("quick", name="good")
    for act in (["monitor"], ["failed"], ["batches"]):
        queue(*act)
    queue.work("--stop-when-empty").end()
    assert queue.effects() == dict.fromkeys([*names, "good"], 1)
    numbers = queue.shop.database.rows("SELECT number FROM job_history")
    for row in numbers:
        if row["number"] > 0:
            assert "\x1b" not in queue("show", str(row["number"]))
    assert len(numbers) == len(names) + 1
    assert all(queue.shop.queue.views.job(row["number"]) for row in numbers)


@pytest.mark.parametrize(
    "change",
    [
        *("attempts = 9223372036854775807", "fence = 9223372036854775807", "failures = -7"),
        *("deaths = -7", "attempts = -7", "state = 'other'"),
    ],
)
def test_a_count_that_would_hold_up_all_jobs_is_refused_by_the_file(
    queue: QueueShop, change: str
) -> None:
    number = queue.enqueue("quick", name="k")
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        spoil(queue, number, change)


def test_a_secret_job_that_is_marked_as_none_stays_a_secret(queue: QueueShop) -> None:
    number = queue.enqueue("secret", word="t0ps3cret")
    spoil(queue, number, "sensitive = 0")
    queue.drain()
    assert "t0ps3cret" not in queue("show", str(number))
    assert queue.state(number) == "failed"
    assert_nowhere(queue, "t0ps3cret")


def test_the_words_of_an_error_are_not_logged(queue: QueueShop) -> None:
    number = queue.enqueue("flaky", name="k", password="t0ps3cret")
    worker = queue.work("-v")
    queue.wait_for(number, "failed")
    worker.tell(15)
    worker.end()
    told = log_path(queue.directory).read_text(encoding="utf-8")
    assert f"job {number} (flaky), attempt 1: ValueError" in told
    assert f"job {number} (flaky), attempt 2: ValueError" in told
    for text in (told, worker.err):
        assert "t0ps3cret" not in text
        assert "no ink" not in text
        assert "Traceback" not in text
    assert "no ink for ***" in only_failed(queue)["error"]


def test_the_words_of_an_upgrade_are_neither_logged_nor_kept(queue: QueueShop) -> None:
    def broken(payload: dict[str, Any]) -> dict[str, Any]:
        raise ValueError(payload["word"])

    number = queue.enqueue("secret", word="t0ps3cret")
    newer = changed("secret", version=2, upgrades={1: broken})
    queue("work", "--stop-when-empty", jobs=newer)
    assert only_failed(queue)["error"] == "ValueError"
    assert "t0ps3cret" not in queue("show", str(number), jobs=newer)
    assert_nowhere(queue, "t0ps3cret")


def assert_nowhere(queue: QueueShop, word: str) -> None:
    files = [path for path in queue.directory.rglob("*") if path.is_file()]
    assert log_path(queue.directory) in files
    assert not [path for path in files if word.encode() in path.read_bytes()]


def test_jobs_under_the_secrets_of_another_shop_wait_for_their_own(
    queue: QueueShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_shop(tmp_path / "other", NEW_SHOP)
    numbers = [queue.enqueue("quick", name="k"), queue.enqueue("secret", word="t0ps3cret")]
    queue.shop.close()
    secrets = queue.directory / "secrets"
    own, others = (json.loads(path.read_text()) for path in (secrets, tmp_path / "other/secrets"))
    FileSecrets(secrets).put({"payload": bytes.fromhex(others["payload"])})
    with queue_shop(queue.directory, capsys) as wrong:
        wrong.drain()
        assert [wrong.state(number) for number in numbers] == ["failed", "failed"]
        assert "Put the shop's own file and secrets back" in wrong("show", str(numbers[0]))
    secrets.write_text(json.dumps(own))
    with queue_shop(queue.directory, capsys) as right:
        assert len(right.json("retry", "all")["retried"]) == len(numbers)
        right.drain()
        assert right.effects() == {"k": 1}
        assert only_failed(right)["error"] == "ValueError"
