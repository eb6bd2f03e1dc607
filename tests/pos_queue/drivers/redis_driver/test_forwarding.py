"""Jobs go from the file to the board and answers come back, whatever breaks in between."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pos_queue.backoff import Backoff
from pos_queue.context import JobContext
from pos_queue.drivers.redis_driver import forwarder as forwarding
from pos_queue.drivers.redis_driver.board import Board, Held, Kind
from pos_queue.drivers.redis_driver.forwarder import Forwarder
from pos_queue.drivers.redis_driver.messages import packed, task_of
from pos_queue.drivers.redis_driver.server import Server, ServerAway
from pos_queue.drivers.redis_driver.shop_engine import ShopEngine
from pos_queue.engine.choice import Choice
from pos_queue.job import Job
from pos_queue.job_in_child import DONE, FAILED
from pos_queue.rate import Rate
from pos_queue.testing.practice_queue import PracticeQueue

from tests.pos_queue import redis_server
from tests.pos_queue.redis_server import RedisServer

ALL = Choice()


class Shop:
    """A file and its forwarder, which carries when the test says so."""

    def __init__(self, folder: Path, address: Any, shop: str) -> None:
        def keep(_context: JobContext, value: Any) -> None:
            self.queue.database.execute_sql("INSERT INTO effect VALUES (?)", (value,))

        job = Job(name="work", body=_never, on_result=keep, backoff=Backoff(first=10.0))
        rated = Job(name="rated", body=_never, queue="slow", rate=Rate(1, 10))
        self.queue = PracticeQueue(folder, [job, rated])
        self.queue.database.execute_sql("CREATE TABLE effect (value INTEGER)")
        self.server = Server(address)
        self.board = Board(self.server, shop)
        self.engine = ShopEngine(
            "pos",
            registry=self.queue.registry,
            codec=self.queue.codec,
            chance=lambda: 0.5,
            database=self.queue.database,
            owner="shop",
            clock=self.queue.clock,
        )
        self.forwarder = Forwarder(self.engine, self.board)

    def carry(self) -> None:
        while self.forwarder.carry():
            pass

    def tidy(self) -> None:
        self.queue.clock.advance(2)
        self.carry()

    def answer(self, held: Held, answer: tuple[Any, ...]) -> bool:
        return self.board.say(held, Kind.ENDED, packed(self.queue.codec, held, Kind.ENDED, answer))

    def rows(self, sql: str) -> list[Any]:
        return self.queue.database.execute_sql(sql).fetchall()


def _never(_context: JobContext, *, n: int) -> None:
    raise AssertionError("this machine runs nothing")


@pytest.fixture
def shop(tmp_path: Path, redis: RedisServer) -> Iterator[Shop]:
    found = Shop(tmp_path, redis.address, uuid.uuid4().hex)
    yield found
    found.server.close()


def test_an_offer_says_what_a_worker_must_know(shop: Shop) -> None:
    number = shop.queue.enqueue("work", {"n": 1}, started_by="njeri")
    shop.carry()
    (held,) = shop.board.claim("a", ALL)
    task = task_of(held.body)
    assert (held.number, task.job, task.attempt, task.started_by) == (number, "work", 1, "njeri")
    assert shop.queue.codec.read(task.job, task.payload, task.seal).payload == {"n": 1}
    assert shop.queue.waiting()[0].state == "queued"


def test_a_job_is_offered_again_only_where_the_server_never_had_it(shop: Shop) -> None:
    shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    shop.queue.database.execute_sql("DELETE FROM job_forwards")  # as if killed before the note
    shop.carry()
    assert len(shop.board.claim("a", ALL, 9)) == 1
    assert shop.board.claim("a", ALL, 9) == []


def test_an_answer_is_written_down_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    number = shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    (held,) = shop.board.claim("a", ALL)
    assert shop.answer(held, (DONE, b"7"))
    with monkeypatch.context() as broken:

        def settle(_answers: Any) -> None:
            raise ServerAway("gone in the middle")

        broken.setattr(shop.board, "settle", settle)
        with pytest.raises(ServerAway):
            shop.carry()
    assert shop.queue.ended(number).result == 7
    shop.carry()
    assert shop.rows("SELECT value FROM effect") == [(7,)]
    assert shop.board.answers() == []
    assert shop.rows("SELECT * FROM job_forwards") == []


def test_a_failure_elsewhere_is_one_by_the_rules_of_the_job(shop: Shop) -> None:
    number = shop.queue.enqueue("work", {"n": 1})
    for wait in (5.0, 10.0):
        shop.carry()
        (held,) = shop.board.claim("a", ALL)
        assert shop.answer(held, (FAILED, "timed_out", "not done within 60 s", "a stack"))
        shop.carry()
        (waiting,) = shop.queue.waiting()
        assert waiting.state == "scheduled"
        assert waiting.run_at / 1000 - shop.queue.clock.now().timestamp() == wait
        shop.queue.clock.advance(wait)
        shop.engine.look_again()
        shop.engine.release_due(shop.engine.now())
    tried = shop.rows("SELECT number, outcome, traceback FROM job_attempts")
    assert tried == [(number, "timed_out", "a stack")] * 2


def test_a_late_answer_to_a_job_in_other_hands_changes_nothing(shop: Shop) -> None:
    number = shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    (held,) = shop.board.claim("a", ALL)
    shop.queue.database.execute_sql("UPDATE jobs SET fence = fence + 1")
    assert shop.answer(held, (DONE, b"7"))
    shop.carry()
    assert shop.rows("SELECT value FROM effect") == []
    (again,) = shop.board.claim("b", ALL)
    assert (again.number, again.fence) == (number, 1)


def test_an_answer_under_another_seal_is_not_believed(shop: Shop) -> None:
    shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    (held,) = shop.board.claim("a", ALL)
    body = bytearray(packed(shop.queue.codec, held, Kind.ENDED, (DONE, b"7")))
    body[0] ^= 1
    assert shop.board.say(held, Kind.ENDED, bytes(body))
    shop.carry()
    assert shop.rows("SELECT value FROM effect") == []
    assert shop.rows("SELECT outcome FROM job_attempts") == [("interrupted",)]
    assert len(shop.board.claim("b", ALL, 9)) == 1


def test_what_was_cancelled_or_may_not_begin_is_withdrawn(shop: Shop) -> None:
    cancelled = shop.queue.enqueue("work", {"n": 1})
    paused = shop.queue.enqueue("work", {"n": 2})
    shop.carry()
    shop.queue.database.execute_sql("DELETE FROM jobs WHERE number = ?", (cancelled,))
    shop.queue.database.execute_sql("UPDATE job_queues SET paused_at = 1")
    shop.tidy()
    assert shop.board.claim("a", ALL, 9) == []
    assert shop.rows("SELECT number FROM job_forwards") == []
    shop.queue.database.execute_sql("UPDATE job_queues SET paused_at = NULL")
    shop.tidy()
    assert [held.number for held in shop.board.claim("a", ALL, 9)] == [paused]


def test_who_runs_a_cancelled_job_is_asked_to_end_and_it_is_offered_to_nobody_else(
    shop: Shop,
) -> None:
    shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    (held,) = shop.board.claim("a", ALL)
    shop.queue.database.execute_sql("DELETE FROM jobs")
    shop.tidy()
    assert shop.board.look(held).name == "CANCEL_ASKED"
    shop.board.release([held])
    assert shop.board.claim("b", ALL) == []


def test_a_job_put_aside_while_it_runs_elsewhere_keeps_its_answer(shop: Shop) -> None:
    number = shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    (held,) = shop.board.claim("a", ALL)
    shop.queue.database.execute_sql("UPDATE jobs SET state = 'waiting_for_network'")
    shop.tidy()
    assert shop.answer(held, (DONE, b"7"))
    shop.carry()
    assert shop.queue.ended(number).state == "done"


def test_the_board_holds_a_bounded_number_and_each_lot_in_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forwarding, "MOST_OFFERED", 250)
    with shop.queue.database.write():
        numbers = [shop.queue.enqueue("work", {"n": n}) for n in range(400)]
    shop.carry()
    held = shop.board.claim("a", ALL, 1000)
    assert [one.number for one in held] == numbers[:250]
    for one in held:
        assert shop.answer(one, (DONE, b"1"))
    shop.carry()
    assert len(shop.rows("SELECT value FROM effect")) == 250
    assert len(shop.board.claim("a", ALL, 1000)) == 150


def test_a_queue_with_a_rate_is_offered_at_that_rate(shop: Shop) -> None:
    numbers = [shop.queue.enqueue("rated", {"n": n}) for n in range(3)]
    shop.carry()
    for number in numbers:
        assert [held.number for held in shop.board.claim("a", ALL, 9)] == [number]
        shop.queue.clock.advance(9.9)
        shop.carry()
        assert shop.board.claim("a", ALL, 9) == []
        shop.queue.clock.advance(0.2)
        shop.carry()


def test_a_server_that_was_away_or_has_lost_all_gets_every_job(tmp_path: Path) -> None:
    server = redis_server.new_server()
    shop = Shop(tmp_path, server.address, "shop")
    shop.queue.enqueue("work", {"n": 1})
    shop.carry()
    server.kill()
    number = shop.queue.enqueue("work", {"n": 2})
    assert shop.forwarder._guarded(rang=True) is not None
    server.start()
    shop.carry()
    assert len(shop.board.claim("a", ALL, 9)) == 2
    server.kill()
    assert shop.forwarder._guarded(rang=False) is not None
    server.start()
    with server.client() as client:
        client.flushall()
    shop.carry()
    assert [held.number for held in shop.board.claim("a", ALL, 9)] == [number - 1, number]
    shop.server.close()
    redis_server.remove(server)


def test_an_idle_shop_runs_no_statement(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.carry()

    def execute(sql: str, _params: Any = ()) -> None:
        raise AssertionError(sql)

    monkeypatch.setattr(shop.queue.database, "execute_sql", execute)
    assert shop.forwarder.carry(rang=False) is False
