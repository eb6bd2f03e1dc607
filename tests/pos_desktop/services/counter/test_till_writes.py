"""What the till keeps on disk while it sells: carts, their notes, parts of a payment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.grammar import parse_play
from pos_desktop.services.counter.command_desk import NotApproved
from pos_desktop.services.counter.replies import Recording, Reply
from pos_desktop.services.counter.steps import finish
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.sales.held_carts import KeepOpen
from pos_desktop.services.sales.selling import AlreadySold
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.conftest import bad_books


def play(shop: Shop, *lines: str) -> Reply:
    reply = Reply()
    for line in lines:
        reply = shop.desk.execute(parse_play(line))
    return reply


@contextmanager
def no_writing(shop: Shop) -> Iterator[None]:
    """Let every write of this thread's connection be refused by the database itself."""
    shop.database.execute_sql("PRAGMA query_only = 1")
    try:
        yield
    finally:
        shop.database.execute_sql("PRAGMA query_only = 0")


class Lane:
    """Writes at once, or loses what it is handed, as a full disk would."""

    def __init__(self) -> None:
        self.loses = False
        self.lost: list[KeepOpen] = []

    def __call__(self, write: KeepOpen) -> None:
        if self.loses:
            self.lost.append(write)
        else:
            write()


def kinds(shop: Shop) -> list[str]:
    """Return the kinds of the journal's entries about open carts and sales, in order."""
    rows = shop.database.rows("SELECT kind FROM journal ORDER BY seq")
    about = ("sale", "line void", "cart void", "quantity lowered", "price set", "line discount")
    return [row["kind"] for row in rows if row["kind"] in about]


@pytest.mark.parametrize("line", ["void", "-", "*1", "10%", "5%%", "clear", "MILK", "pay cash 100"])
def test_what_cannot_be_written_is_refused_and_changes_nothing(
    selling_shop: Shop, line: str
) -> None:
    play(selling_shop, "MILK", "3*SUGAR", "pay cash 50")
    state = selling_shop.till.state
    before = (state.basket, state.cart_id, state.payment, state.notes)
    with no_writing(selling_shop), pytest.raises(Unavailable):
        play(selling_shop, line)
    assert (state.basket, state.cart_id, state.payment, state.notes) == before
    play(selling_shop, line)
    assert bad_books(selling_shop) == set()


def test_a_controlled_change_and_its_note_are_one_transaction(selling_shop: Shop) -> None:
    """A lane that runs later sees both in one write; an older one is replaced without a loss."""
    kept: list[KeepOpen] = []
    shop = open_shop(selling_shop.directory, later=kept.append)
    shop.till.sign_in("cashier", "1111")
    play(shop, "MILK", "3*SUGAR", "-", "void")
    assert {write.replaces for write in kept} == {shop.till.state.cart_id}
    kept[-1]()
    assert kinds(shop) == ["quantity lowered", "line void"]
    cart = shop.carts.left_open()
    assert cart is not None
    assert cart.basket == shop.till.state.basket
    kept[-2]()
    assert kinds(shop) == ["quantity lowered", "line void"]
    shop.close()


@pytest.mark.parametrize("then", [("MILK",), ("hold",), ("pay cash",)])
def test_a_note_that_was_not_written_goes_with_the_next_write(
    selling_shop: Shop, then: tuple[str, ...]
) -> None:
    lane = Lane()
    shop = open_shop(selling_shop.directory, later=lane)
    shop.till.sign_in("cashier", "1111")
    play(shop, "MILK", "SUGAR")
    lane.loses = True
    play(shop, "void")
    lane.loses = False
    assert (len(lane.lost), kinds(shop)) == (1, [])
    play(shop, *then)
    assert kinds(shop)[:1] == ["line void"]
    assert bad_books(shop) == set()
    play(shop, "MILK")
    assert kinds(shop).count("line void") == 1
    shop.close()


@pytest.mark.parametrize("closing", ["shift close 0", "z"])
def test_a_note_that_was_not_written_goes_before_a_closing(
    selling_shop: Shop, closing: str
) -> None:
    lane = Lane()
    shop = open_shop(selling_shop.directory, later=lane)
    shop.till.sign_in("cashier", "1111")
    lane.loses = True
    play(shop, "MILK", "clear", closing)
    rows = shop.database.rows("SELECT kind FROM journal ORDER BY seq")
    assert "cart void" in [row["kind"] for row in rows][:-1]
    shop.close()


def test_a_note_of_a_sale_that_failed_is_not_lost(selling_shop: Shop) -> None:
    lost: list[KeepOpen] = []
    shop = open_shop(selling_shop.directory, later=lost.append)
    shop.till.sign_in("cashier", "1111")
    play(shop, "MILK", "SUGAR", "void")
    with no_writing(shop), pytest.raises(Unavailable):
        play(shop, "pay cash")
    assert kinds(shop) == []
    play(shop, "pay cash")
    assert kinds(shop) == ["line void", "sale"]
    shop.close()


def test_what_was_left_unwritten_can_be_written_again(selling_shop: Shop) -> None:
    lane = Lane()
    lane.loses = True
    shop = open_shop(selling_shop.directory, later=lane)
    shop.till.sign_in("cashier", "1111")
    play(shop, "MILK", "clear")
    lane.loses = False
    shop.till.keep()
    assert kinds(shop) == ["cart void"]
    shop.till.keep()
    assert kinds(shop) == ["cart void"]
    shop.close()


def test_the_state_of_the_till_belongs_to_the_thread_that_made_it(selling_shop: Shop) -> None:
    found: list[str] = []

    def look() -> None:
        try:
            found.append(str(selling_shop.till.state))
        except RuntimeError as error:
            found.append(str(error))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join(5)
    assert found == ["the state of the till belongs to another thread"]


def test_no_work_of_a_step_touches_the_till(selling_shop: Shop) -> None:
    """Each is done in a thread of its own; whoever looked at the state there would be refused."""
    shop, failures = selling_shop, list[Exception]()

    def in_a_thread(line: str) -> None:
        outcome = shop.desk.begin(parse_play(line))
        while not isinstance(outcome, Reply):
            found: list[object] = []

            def work(run: object = outcome.work, found: list[object] = found) -> None:
                try:
                    found.append(run())  # type: ignore[operator]
                except Exception as error:  # noqa: BLE001 - told by the test
                    failures.append(error)
                finally:
                    shop.database.close()

            thread = threading.Thread(target=work)
            thread.start()
            thread.join(10)
            assert not failures
            outcome = outcome.then(found[0])

    script = "MILK|hold|recall|pay cash|reprint|x|cash in 100 float|logout|login manager 1234"
    for line in (*script.split("|"), "shift close 0", "shift open 10", "z"):
        in_a_thread(line)
    assert bad_books(shop) == set()


def test_a_part_payment_is_back_after_a_crash(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 100")
    again = open_shop(selling_shop.directory)
    assert again.till.resume()
    assert again.till.payment().paid_cents == 100_00
    again.till.sign_in("cashier", "1111")
    assert play(again, "pay cash 100").change_cents == 35_00
    tenders = again.selling.find(None).sale.tenders
    assert [tender.amount_cents for tender in tenders] == [100_00, 65_00]
    assert bad_books(again) == set()
    again.close()


def test_a_part_payment_that_counts_no_more_does_not_come_back(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 100", "MILK")
    again = open_shop(selling_shop.directory)
    assert again.till.resume()
    assert again.till.payment().tenders == ()
    again.close()


def drawers(shop: Shop) -> list[tuple[str, str]]:
    """Return title and device of every opening of the drawer that was queued."""
    rows = shop.database.rows("SELECT title, device FROM print_job WHERE kind = 'drawer'")
    return [(row["title"], row["device"]) for row in rows]


def test_the_drawer_opens_where_a_part_payment_is_given_back(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 100")
    assert drawers(selling_shop) == []
    selling_shop.desk.execute(do.GiveBack())
    assert drawers(selling_shop) == [("Money given back", "receipt")]
    play(selling_shop, "MILK", "pay cash 100", "-", "clear")
    assert drawers(selling_shop) == [("Money given back", "receipt")]


@pytest.mark.parametrize("line", ["void", "clear"])
def test_the_drawer_opens_where_a_sale_that_is_paid_in_part_is_taken_away(
    selling_shop: Shop, line: str
) -> None:
    play(selling_shop, "SUGAR", "pay cash 100", line)
    assert drawers(selling_shop) == [("Money given back", "receipt")]


def test_a_drawer_that_could_not_be_queued_opens_once_with_the_note(selling_shop: Shop) -> None:
    lane = Lane()
    selling_shop.till._later = lane
    play(selling_shop, "SUGAR", "pay cash 100")
    lane.loses = True
    selling_shop.desk.execute(do.GiveBack())
    assert drawers(selling_shop) == []
    lane.loses = False
    play(selling_shop, "MILK", "SUGAR")
    assert drawers(selling_shop) == [("Money given back", "receipt")]


def test_a_part_payment_goes_on_hold_with_its_cart_where_several_were_open(
    selling_shop: Shop,
) -> None:
    play(selling_shop, "SUGAR", "pay cash 100")
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("cashier", "1111")
    play(beside, "MILK")
    beside.close()
    again = open_shop(selling_shop.directory)
    again.till.sign_in("cashier", "1111")
    assert again.till.resume()
    play(again, "pay cash", "recall")
    assert again.till.payment().remaining_cents == 65_00
    again.close()


def test_a_sale_that_cannot_be_recorded_keeps_the_part_that_was_paid(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "pay cash 100")
    with no_writing(selling_shop), pytest.raises(Unavailable):
        play(selling_shop, "pay cash 65")
    assert selling_shop.till.payment().remaining_cents == 65_00
    assert play(selling_shop, "pay cash 65").receipt is not None


def test_a_cart_sold_elsewhere_goes_and_says_its_receipt(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR", "MILK", "void")
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("manager", "1234")
    assert beside.till.resume()
    receipt = play(beside, "pay cash").receipt
    beside.close()
    play(selling_shop, "MILK")
    with pytest.raises(AlreadySold, match="T1-000001") as caught:
        play(selling_shop, "pay cash")
    assert caught.value.receipt == receipt
    assert selling_shop.till.state.basket.lines == ()
    assert selling_shop.database.value("SELECT count(*) FROM cart") == 0
    assert str(play(selling_shop, "MILK", "pay cash").receipt) == "T1-000002"
    assert bad_books(selling_shop) == set()


def test_a_cart_sold_elsewhere_is_not_left_open(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    beside = open_shop(selling_shop.directory)
    beside.till.sign_in("manager", "1234")
    beside.till.resume()
    play(beside, "pay cash")
    beside.close()
    play(selling_shop, "MILK")
    again = open_shop(selling_shop.directory)
    assert not again.till.resume()
    again.close()


def test_a_second_try_of_an_approval_works(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    with pytest.raises(NeedsApproval):
        play(selling_shop, "50%")
    for login, pin in (("manager", "9999"), ("cashier", "1111")):
        with pytest.raises(NotApproved):
            play(selling_shop, f"approve {login} {pin}")
    play(selling_shop, "approve manager 1234")
    assert selling_shop.till.payment().due_cents == 82_50


def test_an_approval_is_for_the_line_and_the_sale_it_was_asked_for(selling_shop: Shop) -> None:
    desk, till = selling_shop.desk, selling_shop.till
    play(selling_shop, "SUGAR")
    command = parse_play("=100")
    waiting_for = desk.waiting_for(command)
    with pytest.raises(NeedsApproval) as refused:
        desk.begin(command)
    waiting = waiting_for(refused.value)
    play(selling_shop, "MILK")
    finish(desk.approving(waiting, "manager", "1234"))
    assert [line.price_cents for line in till.state.basket.lines] == [100_00, 65_00]
    play(selling_shop, "pay cash", "SUGAR")
    with pytest.raises(Refused, match="is gone"):
        finish(desk.approving(waiting, "manager", "1234"))
    assert till.payment().due_cents == 165_00


def test_a_recording_leaves_the_till_ready_for_the_next_customer(selling_shop: Shop) -> None:
    play(selling_shop, "SUGAR")
    recording = selling_shop.desk.begin(parse_play("pay cash"))
    assert isinstance(recording, Recording)
    play(selling_shop, "MILK")
    assert finish(recording).receipt is not None
    assert [line.item.code for line in selling_shop.till.state.basket.lines] == ["MILK"]
