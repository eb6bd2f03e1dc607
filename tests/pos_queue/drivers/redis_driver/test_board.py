"""The board: offers are held by one at a time, known by their fence, and never doubled."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from pos_queue.drivers.driver_choice import RedisAddress
from pos_queue.drivers.redis_driver.board import Board, Heard, Held, Hold, Kind, Offer
from pos_queue.drivers.redis_driver.server import Server, ServerAway
from pos_queue.engine.choice import Choice

from tests.pos_queue.processes import wait_until
from tests.pos_queue.redis_server import RedisServer

ALL = Choice()


@pytest.fixture
def shop() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def board(redis: RedisServer, shop: str) -> Iterator[Board]:
    server = Server(redis.address)
    yield Board(server, shop)
    server.close()


def offer(number: int, fence: int = 0, queue: str = "mail", priority: float = 0.0) -> Offer:
    return Offer(number, fence, queue, priority, b"body %d" % number)


def numbers(held: list[Held]) -> list[int]:
    return [one.number for one in held]


def left(board: Board, redis: RedisServer, shop: str) -> set[bytes]:
    """Return what the server keeps of a shop, besides what it never forgets."""
    with redis.client() as client:
        found = set(client.scan_iter(f"{{pos-{shop}}}:*", 1000))
    return {key.rpartition(b"}:")[2] for key in found} - {b"count", b"queues", b"answers"}


def test_offers_are_claimed_by_priority_over_all_queues_and_then_in_their_order(
    board: Board,
) -> None:
    board.offer([offer(1), offer(2, queue="pdf"), offer(3, priority=5, queue="pdf"), offer(4)])
    board.offer([offer(5, priority=9e9), offer(6, priority=-9e9)])
    assert numbers(board.claim("a", ALL, 2)) == [5, 3]
    assert numbers(board.claim("b", ALL, 9)) == [1, 2, 4, 6]
    assert board.claim("a", ALL) == []


def test_who_chooses_queues_gets_no_other(board: Board) -> None:
    board.offer([offer(1, queue="mail"), offer(2, queue="pdf"), offer(3, queue="sync")])
    assert numbers(board.claim("a", Choice(only=("pdf",)), 9)) == [2]
    assert numbers(board.claim("a", Choice(besides=("mail",)), 9)) == [3]


def test_an_offer_that_is_made_twice_is_one(board: Board, redis: RedisServer, shop: str) -> None:
    board.offer([offer(1)])
    board.offer([offer(1)])
    (held,) = board.claim("a", ALL, 9)
    board.offer([offer(1)])
    assert board.claim("b", ALL, 9) == []
    assert board.say(held, Kind.ENDED, b"done")
    board.offer([offer(1)])
    assert board.withdraw([(1, 0)], end=True) == [False]
    assert board.claim("b", ALL, 9) == []
    (heard,) = board.answers()
    assert heard == Heard(heard.id, Kind.ENDED, 1, 0, b"done")
    board.settle([heard])
    assert board.answers() == []
    assert left(board, redis, shop) == set()


def test_an_offer_under_a_new_fence_takes_the_place_of_the_old(board: Board) -> None:
    board.offer([offer(1, fence=1)])
    (late,) = board.claim("a", ALL)
    board.offer([offer(1, fence=3)])
    assert not board.say(late, Kind.ENDED, b"late")
    assert board.renew([late]) == [Hold.LOST]
    (held,) = board.claim("b", ALL)
    assert held.fence == 3
    assert board.renew([held]) == [Hold.KEPT]
    assert board.missing([(1, 1), (1, 3), (2, 0)]) == [(1, 1), (2, 0)]


def test_what_is_held_past_its_lease_is_offered_to_others_and_the_late_word_is_refused(
    board: Board, redis: RedisServer, shop: str
) -> None:
    server = Server(redis.address)
    brief = Board(server, shop, lease=0.05)
    board.offer([offer(1)])
    (late,) = brief.claim("a", ALL)
    found: list[Held] = []

    def claimed() -> bool:
        found.extend(board.claim("b", ALL))
        return bool(found)

    wait_until(claimed)
    assert not board.say(late, Kind.ENDED, b"late")
    assert not board.say(late, Kind.CURSOR, b"late", b"cursor")
    assert board.look(late) is Hold.LOST
    assert board.take([late]) == [False]
    assert board.say(found[0], Kind.ENDED, b"in time")
    assert [heard.body for heard in board.answers()] == [b"in time"]
    server.close()


def test_what_a_dead_owner_held_can_be_given_to_others_at_once(board: Board) -> None:
    board.offer([offer(n) for n in (1, 2, 3)])
    board.claim("dead", ALL, 2)
    other = board.claim("deadly", ALL)
    held = board.held_by("dead")
    assert numbers(held) == [1, 2]
    board.release(held)
    assert numbers(board.claim("b", ALL, 9)) == [1, 2]
    assert board.renew(other) == [Hold.KEPT]


def test_a_cursor_is_there_for_the_next_who_claims(board: Board) -> None:
    board.offer([offer(1)])
    (held,) = board.claim("a", ALL)
    assert held.cursor is None
    assert board.say(held, Kind.CURSOR, b"sealed", b"row 5")
    board.release([held])
    (again,) = board.claim("b", ALL)
    assert (again.cursor, again.body) == (b"row 5", b"body 1")


def test_what_is_withdrawn_is_gone_and_its_holder_is_asked_to_end(
    board: Board, redis: RedisServer, shop: str
) -> None:
    board.offer([offer(1), offer(2), offer(3)])
    (held,) = board.claim("a", ALL)
    assert board.withdraw([(1, 0), (2, 0), (3, 7), (9, 0)], end=False) == [False, True, True, True]
    assert board.look(held) is Hold.KEPT
    board.withdraw([(1, 0)], end=True)
    assert board.look(held) is Hold.CANCEL_ASKED
    assert board.renew([held]) == [Hold.CANCEL_ASKED]
    board.release([held])
    assert numbers(board.claim("b", ALL, 9)) == [3]
    assert left(board, redis, shop) == {b"job:3", b"leases"}


def test_what_was_taken_home_leaves_nothing(board: Board, redis: RedisServer, shop: str) -> None:
    board.offer([offer(1)])
    assert board.take(board.claim("a", ALL)) == [True]
    assert left(board, redis, shop) == set()


def test_an_answer_of_nobody_we_know_harms_nobody(
    board: Board, redis: RedisServer, shop: str
) -> None:
    with redis.client() as client:
        client.xadd(f"{{pos-{shop}}}:answers", {"kind": "nonsense", "body": "x"})
        client.xadd(f"{{pos-{shop}}}:answers", {"x": "y"})
    heard = board.answers()
    assert [(one.number, one.kind) for one in heard] == [(0, Kind.PROGRESS)] * 2
    board.settle(heard)
    assert board.answers() == []


def test_shops_share_a_server_without_seeing_one_another(redis: RedisServer, shop: str) -> None:
    server = Server(redis.address)
    Board(server, shop).offer([offer(1)])
    assert Board(server, f"{shop}2").claim("a", ALL) == []
    with pytest.raises(ValueError, match="cannot name"):
        Board(server, "a b")
    server.close()


@pytest.mark.parametrize("password", [None, "another"])
def test_a_server_that_is_not_entered_is_away(redis: RedisServer, password: str | None) -> None:
    address = RedisAddress(host="127.0.0.1", port=redis.port, password=password)
    server = Server(address)
    with pytest.raises(ServerAway, match=r"Redis at 127\.0\.0\.1"):
        Board(server, "shop").answers()
    server.close()
