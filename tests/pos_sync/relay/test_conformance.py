"""What a relay promises, of either engine, and where two relays share one database."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from pos_sync.mpesa.addresses import Kind
from pos_sync.mpesa.callbacks import PaidIn, StkReport, read_report
from pos_sync.relay import bell, desk, messages, shops, waits, words
from pos_sync.relay.bell import Bell
from pos_sync.relay.errors import BehindUs, RelayRefused, WhyRefused
from pos_sync.relay.fitting import By, Wait
from pos_sync.relay.messages import Money
from pos_sync.relay.reader import RelayReader
from pos_sync.relay.waits import Claim, Verdict, WhyNot

from tests.pos_sync.relay.scene import (
    NOW,
    RECEIPTS,
    Running,
    make_shop,
    paid_in,
    running,
    scripted_bytes,
    stk_paid,
    within,
)

WAIT = Wait(amount_cents=145_000, opened_at=NOW)
GRANTED = Verdict(granted=True)
TAKEN, AMBIGUOUS, UNKNOWN = (Verdict(granted=False, why=why) for why in WhyNot)


@contextmanager
def two_relays(database: str) -> Iterator[tuple[Running, Running, Any]]:
    shop = make_shop(database)
    with running(database) as one, running(database) as other:
        yield one, other, shop


def test_a_report_is_read_as_it_was_sent(database: str) -> None:
    shop = make_shop(database)
    with running(database) as relay:
        assert relay.post(f"/s/{shop.secret}/a/push1", stk_paid()) == 200
        assert relay.post(f"/s/{shop.secret}/confirm", paid_in(1, FirstName="Wanjikũ")) == 200
        pushed, paid = relay.reader(shop.keys["T1"]).messages(0)
    assert (pushed.number, pushed.kind, pushed.token) == (1, Kind.PUSH, "push1")
    assert isinstance(read_report(pushed.body.encode()), StkReport)
    assert (paid.number, paid.kind, paid.token, paid.at) == (2, Kind.CONFIRMATION, "", NOW)
    told = read_report(paid.body.encode())
    assert isinstance(told, PaidIn)
    assert told.name.startswith("Wanjikũ")


def test_a_till_may_ask_whose_reports_it_reads(database: str) -> None:
    """It hears the digest of the secret; who knows the secret may ask whether it is one."""
    duka, kiosk = make_shop(database, "duka"), make_shop(database, "kiosk")
    with running(database, allowed=("10.0.0.1",)) as relay:
        about = relay.reader(kiosk.keys["T2"]).about()
        assert (about.shop, about.till) == ("kiosk", "T2")
        assert about.secret_digest == words.digest_of(kiosk.secret)
        reader = relay.reader("")
        with pytest.raises(RelayRefused, match="key"):
            reader.about()
        reader.check_secret(duka.secret)
        for secret in (duka.secret[:-1], words.digest_of(duka.secret), "../v1/health"):
            with pytest.raises(RelayRefused, match="address"):
                reader.check_secret(secret)
        assert relay.post(f"/s/{duka.secret}", paid_in()) == 403
        assert relay.counts.stored == 0


def test_the_same_report_is_kept_once_and_counted(database: str) -> None:
    with two_relays(database) as (one, other, shop):
        path = f"/s/{shop.secret}/confirm"
        assert [to.post(path, paid_in()) for to in (one, other, one)] == [200] * 3
        assert one.post(f"/s/{shop.secret}/validate", paid_in()) == 200
        found = other.reader(shop.keys["T1"]).messages(0)
        assert [message.kind for message in found] == [Kind.CONFIRMATION, Kind.VALIDATION]
        assert (one.counts.stored, one.counts.repeated, other.counts.repeated) == (2, 1, 1)
    assert within(database, lambda t: t.run("SELECT times FROM relay_message")) == [(3,), (1,)]


def test_the_same_words_to_another_address_are_another_report(database: str) -> None:
    """Who posts a report to a push of his own invention first does not hide the true one."""
    shop = make_shop(database)
    with running(database) as relay:
        for token in ("invented", "push1", "push1"):
            assert relay.post(f"/s/{shop.secret}/a/{token}", stk_paid()) == 200
        found = relay.reader(shop.keys["T1"]).messages(0)
        assert [(one.number, one.token) for one in found] == [(1, "invented"), (2, "push1")]
        assert (relay.counts.stored, relay.counts.repeated) == (2, 1)


def test_numbers_are_never_seen_out_of_order(database: str) -> None:
    count = 60
    with two_relays(database) as (*relays, shop):
        seen: list[list[int]] = [[], []]

        def read(place: int) -> None:
            reader, numbers = relays[place].reader(shop.keys["T1"]), seen[place]
            while len(numbers) < count:
                found = reader.messages(numbers[-1] if numbers else 0, wait=10)
                assert found, numbers
                numbers += [one.number for one in found]

        readers = [threading.Thread(target=read, args=(place,)) for place in (0, 1)]
        for thread in readers:
            thread.start()
        with ThreadPoolExecutor(6) as pool:
            done = pool.map(
                lambda n: relays[n % 2].post(f"/s/{shop.secret}/confirm", paid_in(n)), range(count)
            )
            assert set(done) == {200}
        for thread in readers:
            thread.join(30)
    assert seen == [[*range(1, count + 1)]] * 2


class _Watched:
    """An event of the bell that tells when somebody begins to wait for it."""

    def __init__(self, event: asyncio.Event, begun: threading.Semaphore) -> None:
        self.clear = event.clear
        self._event = event
        self._begun = begun

    async def wait(self) -> bool:
        self._begun.release()
        return await self._event.wait()


@pytest.fixture
def begun_to_wait(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Return what is released each time that a till has nothing to read, and waits."""
    begun, plain = threading.Semaphore(0), Bell.heard

    @contextmanager
    def heard(self: Bell, shop: str) -> Iterator[_Watched]:
        with plain(self, shop) as event:
            yield _Watched(event, begun)

    monkeypatch.setattr(Bell, "heard", heard)
    return begun


HEARD_SECONDS = 0.05
"""So soon after a report was kept a till has it."""
SLOW_MACHINE = 10
"""Of so many plain questions at most, where each takes long by itself."""


@pytest.mark.parametrize("place", [0, 1], ids=["same relay", "other relay"])
def test_who_waits_hears_at_once(
    database: str, place: int, begun_to_wait: threading.Semaphore
) -> None:
    with two_relays(database) as (*relays, shop):
        reader = relays[place].reader(shop.keys["T1"])
        spent: list[float] = []
        plain: list[float] = []
        with ThreadPoolExecutor(1) as pool:
            for number in range(9):
                asked_at = time.monotonic()
                reader.messages(number, wait=0)
                plain.append(time.monotonic() - asked_at)
                waiting = pool.submit(
                    lambda after: (reader.messages(after, wait=10), time.monotonic()), number
                )
                assert begun_to_wait.acquire(timeout=20)
                assert not waiting.done()
                assert relays[0].post(f"/s/{shop.secret}/confirm", paid_in(number)) == 200
                stored_at = time.monotonic()
                found, heard_at = waiting.result()
                assert [one.number for one in found] == [number + 1]
                spent.append(heard_at - stored_at)
    assert median(spent) < max(HEARD_SECONDS, SLOW_MACHINE * median(plain)), (spent, plain)


def test_who_waits_at_the_same_relay_hears_without_a_look(
    file: str, monkeypatch: pytest.MonkeyPatch, begun_to_wait: threading.Semaphore
) -> None:
    monkeypatch.setattr(bell, "LOOK_SECONDS", 60)
    shop = make_shop(file)
    with running(file) as relay, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(relay.reader(shop.keys["T1"]).messages, 0, wait=10)
        assert begun_to_wait.acquire(timeout=20)
        begun = time.monotonic()
        relay.post(f"/s/{shop.secret}/confirm", paid_in())
        assert len(waiting.result()) == 1
        assert time.monotonic() - begun < 5


def test_who_waits_in_vain_is_told_when_the_time_is_over(database: str) -> None:
    shop = make_shop(database)
    with running(database) as relay:
        begun = time.monotonic()
        assert relay.reader(shop.keys["T1"]).messages(0, wait=0.3) == []
        assert 0.25 < time.monotonic() - begun < 5


def test_messages_come_by_the_hundred(database: str) -> None:
    shop = make_shop(database)

    def fill(transaction: Any) -> None:
        for number in range(130):
            one = messages.read_incoming(
                "duka", Kind.CONFIRMATION, "", str(paid_in(number)).replace("'", '"').encode(), NOW
            )
            assert one is not None
            messages.keep(transaction, one)

    within(database, fill)
    with running(database) as relay:
        reader = relay.reader(shop.keys["T2"])
        first = reader.messages(0)
        assert [one.number for one in first] == [*range(1, 101)]
        assert [one.number for one in reader.messages(100)] == [*range(101, 131)]
        with pytest.raises(BehindUs) as behind:
            reader.messages(131)
        assert behind.value.last == 130


def test_a_shop_reads_its_own_messages_alone(database: str) -> None:
    mine, others = make_shop(database), make_shop(database, "kiosk")
    with running(database) as relay:
        assert relay.post(f"/s/{others.secret}/confirm", paid_in()) == 200
        assert relay.reader(mine.keys["T1"]).messages(0, wait=0) == []
        assert len(relay.reader(others.keys["T1"]).messages(0)) == 1


def test_a_new_key_ends_the_old_one_and_a_shop_is_removed_whole(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "_DOORS_SECONDS", 0)
    shop = make_shop(database)
    with running(database) as relay:
        old = relay.reader(shop.keys["T1"])
        assert relay.post(f"/s/{shop.secret}/confirm", paid_in()) == 200
        assert len(old.messages(0)) == 1
        key = within(
            database, lambda one: shops.new_key(one, "duka", "T1", NOW, scripted_bytes(99))
        )
        with pytest.raises(RelayRefused) as refused:
            old.messages(0)
        assert refused.value.why is WhyRefused.KEY
        new = relay.reader(key)
        assert len(new.messages(0)) == 1
        new.open_wait("w1", WAIT)
        assert new.claim(_claim()) == GRANTED
        within(database, lambda one: shops.remove(one, "duka"))
        assert relay.post(f"/s/{shop.secret}/confirm", paid_in()) == 404
        with pytest.raises(RelayRefused):
            new.messages(0)


def test_old_messages_are_forgotten_and_claims_stay(database: str) -> None:
    shop = make_shop(database)
    with running(database) as relay:
        relay.post(f"/s/{shop.secret}/confirm", paid_in())
        one, other = (relay.reader(shop.keys[till]) for till in ("T1", "T2"))
        one.open_wait("w1", WAIT)
        assert one.claim(_claim()) == GRANTED
        assert within(database, lambda t: messages.prune(t, NOW + timedelta(days=35))) == 0
        late = NOW + timedelta(days=35, seconds=1)
        assert within(database, lambda t: messages.prune(t, late)) == 1
        assert one.messages(0, wait=0) == []
        relay.post(f"/s/{shop.secret}/confirm", paid_in(1))
        assert [message.number for message in one.messages(0)] == [2]
        other.open_wait("w2", WAIT)
        assert other.claim(_claim(wait="w2", by=By.PERSON)) == TAKEN


def _claim(
    number: int = 0, wait: str = "w1", by: By = By.ALONE, money: Money | None = None
) -> Claim:
    return Claim(receipt=RECEIPTS[number], wait=wait, by=by, money=money)


def test_a_payment_goes_to_one_wait_of_one_till_for_ever(database: str) -> None:
    with two_relays(database) as (*relays, shop):
        tills = [relays[place].reader(shop.keys[f"T{place + 1}"]) for place in (0, 1)]
        for till in tills:
            till.open_wait("w1", WAIT)
        for number in range(20):
            relays[0].post(f"/s/{shop.secret}/confirm", paid_in(number))
            wanted = _claim(number, by=By.PERSON)
            with ThreadPoolExecutor(2) as pool:
                verdicts = [*pool.map(RelayReader.claim, tills, [wanted] * 2)]
            assert sorted(one.granted for one in verdicts) == [False, True]
            assert [till.claim(wanted) for till in tills] == verdicts
            winner = tills[0] if verdicts[0].granted else tills[1]
            assert winner.claim(_claim(number, wait="w9", by=By.PERSON)) == TAKEN


@pytest.fixture
def scene(database: str) -> Iterator[tuple[Any, ...]]:
    """A relay with a payment, and two tills."""
    shop = make_shop(database)
    with running(database) as relay:
        relay.post(f"/s/{shop.secret}/confirm", paid_in())
        yield relay, shop, relay.reader(shop.keys["T1"]), relay.reader(shop.keys["T2"])


def test_what_fits_alone_is_granted(scene: tuple[Any, ...]) -> None:
    _relay, _shop, one, other = scene
    one.open_wait("w1", WAIT)
    other.open_wait("w2", Wait(amount_cents=145_001, opened_at=NOW))
    assert one.claim(_claim()) == GRANTED


def test_an_equal_basket_at_another_till_makes_it_ambiguous(scene: tuple[Any, ...]) -> None:
    _relay, _shop, one, other = scene
    one.open_wait("w1", WAIT)
    other.open_wait("w1", WAIT)
    assert one.claim(_claim()) == AMBIGUOUS
    other.close_wait("w1")
    assert one.claim(_claim()) == AMBIGUOUS
    assert one.claim(_claim(by=By.PERSON)) == GRANTED


def test_a_wait_that_was_closed_fits_for_fifteen_minutes(scene: tuple[Any, ...]) -> None:
    relay, shop, one, other = scene
    other.open_wait("w1", WAIT)
    assert other.close_wait("w1")
    assert not other.close_wait("w2")
    relay.post(f"/s/{shop.secret}/confirm", paid_in(1, 900_00, TransTime="20261124121501"))
    one.open_wait("w1", Wait(amount_cents=900_00, opened_at=NOW))
    other.open_wait("w2", Wait(amount_cents=900_00, opened_at=NOW))
    relay.hands.at = NOW + timedelta(seconds=1)
    other.close_wait("w2")
    assert one.claim(_claim(1)) == AMBIGUOUS
    relay.post(f"/s/{shop.secret}/confirm", paid_in(2, 900_00, TransTime="20261124121502"))
    assert one.claim(_claim(2, by=By.PERSON)) == GRANTED


def test_a_wait_is_closed_once_and_for_payments_of_their_own_time(
    scene: tuple[Any, ...],
) -> None:
    relay, shop, one, other = scene
    other.open_wait("w1", WAIT)
    other.close_wait("w1")
    relay.hands.at = NOW + timedelta(minutes=10)
    assert other.close_wait("w1")
    late = NOW + timedelta(minutes=20)
    relay.post(f"/s/{shop.secret}/confirm", paid_in(1, TransTime="20261124122000"))
    one.open_wait("w1", replace(WAIT, opened_at=late))
    # the payment of nine o'clock has come in time for the relay, and twenty minutes too early
    assert one.claim(_claim(0)) == AMBIGUOUS
    assert one.claim(_claim(1)) == GRANTED


def test_an_equal_payment_makes_it_ambiguous_until_somebody_has_it(
    scene: tuple[Any, ...],
) -> None:
    relay, shop, one, other = scene
    relay.post(f"/s/{shop.secret}/confirm", paid_in(1))
    one.open_wait("w1", WAIT)
    assert one.claim(_claim()) == AMBIGUOUS
    other.open_wait("w2", Wait(amount_cents=5_00, opened_at=NOW))
    assert other.claim(_claim(1, wait="w2", by=By.PERSON)) == GRANTED
    assert one.claim(_claim()) == GRANTED


def test_a_till_is_told_what_the_others_have(scene: tuple[Any, ...]) -> None:
    relay, shop, one, other = scene
    relay.post(f"/s/{shop.secret}/confirm", paid_in(1))
    for place, (till, number) in enumerate(((one, 0), (other, 1))):
        till.open_wait(f"w{place}", WAIT)
        assert till.claim(_claim(number, wait=f"w{place}", by=By.PERSON)) == GRANTED
    assert one.taken(RECEIPTS[:3]) == [RECEIPTS[1]]
    assert other.taken(RECEIPTS[:3]) == [RECEIPTS[0]]
    with pytest.raises(RelayRefused):
        one.taken([])
    with pytest.raises(RelayRefused):
        one.taken(["no receipt"])


def test_a_wait_that_has_its_payment_stands_in_no_others_way(scene: tuple[Any, ...]) -> None:
    relay, shop, one, other = scene
    other.open_wait("w2", WAIT)
    assert other.claim(_claim(wait="w2")) == GRANTED
    one.open_wait("w1", WAIT)
    relay.post(f"/s/{shop.secret}/confirm", paid_in(1))
    assert other.claim(_claim(1, wait="w2")) == AMBIGUOUS
    assert one.claim(_claim(1)) == GRANTED


def test_a_wait_that_nobody_closes_is_in_the_way_for_a_day(scene: tuple[Any, ...]) -> None:
    _relay, _shop, one, other = scene
    one.open_wait("w1", WAIT)
    other.open_wait("w2", replace(WAIT, opened_at=NOW - timedelta(days=1)))
    assert one.claim(_claim()) == AMBIGUOUS
    other.open_wait("w2", replace(WAIT, opened_at=NOW - timedelta(days=1, seconds=1)))
    assert one.claim(_claim()) == GRANTED


def test_a_wait_is_opened_anew_by_another_amount_alone(scene: tuple[Any, ...]) -> None:
    _relay, _shop, one, other = scene
    one.open_wait("w1", Wait(amount_cents=200_000, opened_at=NOW))
    assert one.claim(_claim(by=By.PERSON)) == GRANTED
    one.open_wait("w1", Wait(amount_cents=200_000, opened_at=NOW, reference="T1A9"))
    assert one.claim(_claim(1, by=By.ALONE, money=_pulled(200_000))) == AMBIGUOUS
    one.open_wait("w1", Wait(amount_cents=55_000, opened_at=NOW))
    other.open_wait("w1", WAIT)
    assert one.claim(_claim(2, by=By.ALONE, money=_pulled(55_000, 2))) == GRANTED


def _pulled(cents: int, number: int = 1) -> Money:
    return Money(receipt=RECEIPTS[number], amount_cents=cents, paid_at=NOW)


def test_what_is_not_known_is_not_granted_by_guess(scene: tuple[Any, ...]) -> None:
    _relay, _shop, one, _other = scene
    assert one.claim(_claim()) == UNKNOWN
    one.open_wait("w1", WAIT)
    assert one.claim(_claim(7)) == UNKNOWN
    assert one.claim(_claim(7, by=By.PERSON)) == GRANTED


def test_a_payment_by_another_phone_is_no_rival(scene: tuple[Any, ...]) -> None:
    relay, shop, one, other = scene
    digests = [waits_digest(phone) for phone in ("254712345678", "254110000001")]
    relay.post(f"/s/{shop.secret}/confirm", paid_in(1, 7_00, MSISDN=digests[0]))
    one.open_wait("w1", Wait(amount_cents=7_00, opened_at=NOW, phone_digest=digests[0]))
    other.open_wait("w1", Wait(amount_cents=7_00, opened_at=NOW, phone_digest=digests[1]))
    assert other.claim(_claim(1, by=By.PHONE)) == AMBIGUOUS
    assert other.claim(_claim(1, by=By.ALONE)) == AMBIGUOUS
    assert one.claim(_claim(1, by=By.ALONE)) == GRANTED


def waits_digest(phone: str) -> str:
    from pos_sync.mpesa.payer import digest_of

    return digest_of(phone)


def test_a_validation_is_no_payment(database: str) -> None:
    shop = make_shop(database)
    with running(database) as relay:
        relay.post(f"/s/{shop.secret}/validate", paid_in())
        till = relay.reader(shop.keys["T1"])
        till.open_wait("w1", WAIT)
        assert till.claim(_claim()) == UNKNOWN
        assert waits.WhyNot.UNKNOWN is UNKNOWN.why
