"""Receipts left to be mailed: to whom, once, and with nothing of the address in the journal."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mail_simulator import MailSimulator, Then, Trouble

from pos_desktop import settings
from pos_desktop.domain.clock import ManualClock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import ReceiptNumber
from pos_desktop.services.mail.mail_post import PREPARE_MAIL, SEND_MAIL
from pos_desktop.services.mail.receipt_mail import Left
from pos_desktop.shop import Shop, open_shop
from tests.pos_desktop.conftest import CASHIER, add_product, bad_books
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.imports.test_import_jobs import run_all
from tests.pos_desktop.services.mails import set_up, work
from tests.pos_desktop.services.play import play

ADDRESS = "mama.njeri@example.com"
RECEIPT = ReceiptNumber("T1", 1)


@pytest.fixture
def sold(selling_shop: Shop) -> Shop:
    """A shop that has sold something to a walk-in."""
    play(selling_shop, "SUGAR", "pay cash")
    return selling_shop


def _mails(shop: Shop) -> list[dict[str, object]]:
    return shop.database.rows(
        "SELECT number, about, r.state, address FROM mail JOIN mail_recipient r ON mail_id = id"
    )


def _sold_to_customer(shop: Shop, *, agreed: bool) -> str:
    customer = add_customer(shop)
    if agreed:
        shop.customers.consent(customer, given=True, actor=None)
    play(shop, f"customer {customer.code}", "SUGAR", "pay cash")
    return customer.email or ""


def test_a_receipt_is_left_for_one_address(sold: Shop) -> None:
    left = sold.mail.receipts.send(None, f" {ADDRESS} ", actor=sold.till.person)
    assert (left.receipt, left.is_new) == (RECEIPT, True)
    (mail,) = _mails(sold)
    assert (mail["number"], mail["about"]) == (left.number, f"receipt {RECEIPT}")
    assert ADDRESS.encode() not in bytes(mail["address"])  # type: ignore[call-overload]
    assert sold.database.value("SELECT job FROM jobs") == PREPARE_MAIL


def test_the_address_stands_nowhere_in_the_file_to_be_read(sold: Shop) -> None:
    sold.mail.receipts.send(None, ADDRESS, actor=sold.till.person)
    sold.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in sold.directory.iterdir() if path.is_file()]
    assert not [path.name for path in files if b"mama.njeri" in path.read_bytes()]
    note = sold.database.row("SELECT detail FROM journal WHERE kind = 'receipt mailed'")
    assert note is not None
    assert note["detail"] == '{"customer":null,"receipt":"T1-000001"}'
    assert not bad_books(sold)


def test_the_same_mail_is_left_once_unless_it_is_asked_for_again(sold: Shop) -> None:
    send, who = sold.mail.receipts.send, sold.till.person
    first = send(RECEIPT, ADDRESS, actor=who)
    assert send(RECEIPT, ADDRESS, actor=who) == Left(RECEIPT, first.number)
    assert send(RECEIPT, "other@example.com", actor=who).is_new
    assert send(RECEIPT, ADDRESS, actor=who, again=True).is_new
    assert len(_mails(sold)) == 3
    notes = sold.database.value("SELECT count(*) FROM journal WHERE kind = 'receipt mailed'")
    assert notes == 3


def test_what_went_out_today_is_not_left_again(sold: Shop) -> None:
    send, who = sold.mail.receipts.send, sold.till.person
    first = send(RECEIPT, ADDRESS, actor=who)
    _end(sold, first)
    assert send(RECEIPT, ADDRESS, actor=who) == Left(RECEIPT, first.number)
    sold.database.execute_sql("UPDATE mail_recipient SET changed_at = changed_at - 86400000")
    assert send(RECEIPT, ADDRESS, actor=who).is_new


@pytest.mark.parametrize(
    ("state", "is_left_again"),
    [("sending", False), ("unknown", False), ("failed", True), ("skipped", True)],
)
def test_what_may_have_arrived_is_not_left_again(
    sold: Shop, state: str, is_left_again: bool
) -> None:
    send, who = sold.mail.receipts.send, sold.till.person
    _end(sold, send(RECEIPT, ADDRESS, actor=who))
    sold.database.execute_sql("UPDATE mail_recipient SET state = ?", (state,))
    assert send(RECEIPT, ADDRESS, actor=who).is_new == is_left_again


def test_today_is_a_day_of_the_shop_and_not_of_greenwich(shop_directory: Path) -> None:
    clock = ManualClock(datetime(2026, 11, 24, 21, 15, tzinfo=UTC))
    with closing(open_shop(shop_directory, clock=clock)) as shop:
        add_product(shop, "SUGAR", "Sugar 1 kg", 165_00)
        play(shop, f"login {' '.join(CASHIER)}", "shift open 0", "SUGAR", "pay cash")
        send, who = shop.mail.receipts.send, shop.till.person
        first = send(RECEIPT, ADDRESS, actor=who)
        _end(shop, first)
        clock.advance(timedelta(hours=23, minutes=30))
        assert send(RECEIPT, ADDRESS, actor=who) == Left(RECEIPT, first.number)
        clock.advance(timedelta(minutes=30))
        assert send(RECEIPT, ADDRESS, actor=who).is_new


def _end(shop: Shop, left: Left) -> None:
    """Let a mail have gone out."""
    now = round(shop.clock.base.now().timestamp() * 1000)
    shop.database.execute_sql(
        "UPDATE mail_recipient SET state = 'sent', changed_at = ? "
        "WHERE mail_id = (SELECT id FROM mail WHERE number = ?)",
        (now, left.number),
    )


def test_a_customer_who_agreed_is_offered_their_own_address(selling_shop: Shop) -> None:
    own = _sold_to_customer(selling_shop, agreed=True)
    assert selling_shop.mail.receipts.offer(None).address == own
    left = selling_shop.mail.receipts.send(None, actor=selling_shop.till.person)
    assert left.is_new
    note = selling_shop.database.row("SELECT detail FROM journal WHERE kind = 'receipt mailed'")
    assert note is not None
    assert "@" not in note["detail"]


def test_a_customer_who_did_not_agree_is_asked_first(selling_shop: Shop) -> None:
    _sold_to_customer(selling_shop, agreed=False)
    assert selling_shop.mail.receipts.offer(None).address == ""
    with pytest.raises(Refused, match="has not agreed"):
        selling_shop.mail.receipts.send(None, actor=selling_shop.till.person)
    assert selling_shop.mail.receipts.send(None, ADDRESS, actor=selling_shop.till.person).is_new


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@b",
        "two@at@example.com",
        "a@example.com\nBcc: all@example.com",
        "a@example.com\r\nSubject: x",
        "a@example.com, b@example.com",
        "Name <a@example.com>",
        "a b@example.com",
        f"{'a' * 80}@example.com",
        "a@ex\u0430mple.com",
    ],
)
def test_what_is_no_address_is_refused(sold: Shop, address: str) -> None:
    with pytest.raises(Refused, match="such as"):
        sold.mail.receipts.send(None, address, actor=sold.till.person)
    assert not _mails(sold)


def test_without_a_receipt_or_an_address_it_is_refused(sold: Shop) -> None:
    mail, who = sold.mail.receipts, sold.till.person
    with pytest.raises(Refused, match="no such receipt"):
        mail.send(ReceiptNumber("T1", 9), ADDRESS, actor=who)
    with pytest.raises(Refused, match="Type the e-mail address"):
        mail.send(None, actor=who)
    assert not _mails(sold)


@pytest.mark.spoils_books
def test_a_shop_that_trains_sends_no_mail(sold: Shop) -> None:
    sold.configuration.put(settings.SHOP_TRAINING, True)
    sold.configuration.refresh()
    with pytest.raises(Refused, match="sends no mail"):
        sold.mail.receipts.send(None, ADDRESS, actor=sold.till.person)


def test_until_mail_is_set_up_it_waits_without_an_alarm(sold: Shop) -> None:
    sold.mail.receipts.send(None, ADDRESS, actor=sold.till.person)
    run_all(sold)
    (job,) = sold.database.rows("SELECT job, state, failures FROM jobs")
    assert job == {"job": SEND_MAIL, "state": "scheduled", "failures": 0}
    counts = sold.queue.views.counts()
    assert (counts.queued, counts.wrong, counts.waiting_for_network) == (0, 0, 0)


def test_that_it_is_made_ready_is_no_news(sold: Shop) -> None:
    sold.mail.receipts.send(None, ADDRESS, actor=sold.till.person)
    run_all(sold)
    cashier = sold.till.person
    assert cashier is not None
    assert not sold.queue.notifications.unread(cashier)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (None, ""),
        (
            Trouble(at="RCPT", say="550 5.1.1 no such person"),
            (
                "Receipt T1-000001 did not go out by e-mail: 550 5.1.1 no such person. "
                "Print it, or ask for the address again."
            ),
        ),
        (
            Trouble(at="DOT", then=Then.RESET, keeps=True),
            (
                "Receipt T1-000001 may have gone out by e-mail, or not: the connection broke off "
                "before the server's answer. Ask the customer before it is sent again."
            ),
        ),
    ],
)
def test_whoever_sent_it_is_told_what_became_of_it(
    sold: Shop, trouble: Trouble | None, said: str
) -> None:
    cashier = sold.till.person
    assert cashier is not None
    with MailSimulator() as server:
        set_up(sold, server.port)
        if trouble is not None:
            server.plan(trouble)
        sold.mail.receipts.send(None, ADDRESS, actor=cashier)
        work(sold)
    told = sold.queue.notifications.unread(cashier)
    assert [one.text for one in told] == ([said] if said else [])
    assert all(one.is_partly and not one.has_failed for one in told)
    assert ADDRESS not in said
