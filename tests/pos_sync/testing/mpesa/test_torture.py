"""Whatever goes wrong with pushes, what the client says of the money is never against the books."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from pos_sync.http.transport import TimeLimits
from pos_sync.mpesa.callbacks import StkReport
from pos_sync.mpesa.pulled import Pulled
from pos_sync.mpesa.push import (
    PushAccepted,
    PushNotSent,
    PushOutcome,
    PushRejected,
    PushUnknown,
)
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.said import BAD_GATEWAY, EMPTY, FORBIDDEN, PAGE, refusal, spike
from pos_sync.testing.mpesa.scripts import NEVER, Reported, Script, Shape, Trouble

from tests.pos_sync.testing.mpesa.scene import NOMINATED, RELAY, Scene, order, scene

SHORT, LONG = 200, 10_000
LIMITS = TimeLimits(connect=2, silence=0.3, whole=0.4)
BUSY = refusal(500, "500.003.02", "System is busy")
TROUBLES = (
    *(Trouble(at=Call.PUSH, then=Then.CLOSE, sent=sent) for sent in (0, 20, 200, None)),
    *(Trouble(at=Call.PUSH, then=Then.RESET, sent=sent) for sent in (0, 20, 200)),
    *(Trouble(at=Call.PUSH, say=say) for say in (BAD_GATEWAY, FORBIDDEN, PAGE, EMPTY)),
    *(Trouble(at=Call.PUSH, say=say, is_done=False) for say in (BAD_GATEWAY, PAGE, EMPTY)),
    *(Trouble(at=Call.PUSH, say=say, is_done=False) for say in (BUSY, spike(5))),
    Trouble(at=Call.PUSH, then=Then.CLOSE, is_done=False),
    Trouble(at=Call.CONNECT, then=Then.CLOSE),
)
SLOW = (
    Trouble(at=Call.PUSH, seconds=NEVER),
    Trouble(at=Call.PUSH, byte_seconds=0.05),
)
SCRIPTS = (
    Script(),
    Script(),
    Script(code="1032"),
    Script(reports=()),
    Script(reports=(Reported(shape=Shape(is_turned_round=True)),) * 3),
    Script(is_reported_first=True),
    Script(reports=(Reported(), Reported(code="1032"))),
    Script(reports=(Reported(code="1037"), Reported())),
    Script(delay=0.001),
    Script(confirmations=(Reported(),) * 2),
    Script(confirmations=()),
)


def _disturb(one: Scene, chance: random.Random) -> None:
    """Let something go wrong before a push, or nothing."""
    troubles = [chance.choice(TROUBLES)] if chance.random() < 0.5 else []
    if chance.random() < 0.02:
        troubles.append(chance.choice(SLOW))
    one.simulator.plan(*troubles)
    one.simulator.script(chance.choice(SCRIPTS))
    match chance.randrange(50):
        case 0:
            one.simulator.drop_lines()
        case 1:
            one.simulator.freeze_lines()
        case 2:
            one.clock.pass_by(20)
        case 3:
            one.simulator.end_tokens()
        case 4:
            one.simulator.end_tokens()
            one.simulator.plan(Trouble(at=Call.TOKEN, say=BAD_GATEWAY))
        case _:
            one.clock.pass_by(1)


@pytest.fixture
def pushes(torture: bool) -> int:
    """Return how many pushes are made."""
    return LONG if torture else SHORT


def test_what_is_said_of_the_money_is_never_against_the_books(pushes: int) -> None:
    chance = random.Random("pushes")
    with scene(Habits(remembered=20_000), limits=LIMITS) as one:
        one.registered().daraja.register_pull(NOMINATED, f"{RELAY}/p")
        outcomes: dict[str, PushOutcome] = {}
        for number in range(pushes):
            _disturb(one, chance)
            asked = order(100 * (1 + number % 900), f"2547{number:08}", number)
            outcomes[asked.reference] = one.daraja.push(asked)
        one.simulator.plan()
        one.simulator.wait_for(lambda simulator: not simulator.open_prompts)
        one.simulator.wait_for(lambda simulator: simulator.is_quiet, 60)

        paid = Counter(payment.reference for payment in one.simulator.ledger.payments)
        prompts = {prompt.checkout_id: prompt for prompt in one.simulator.prompts}
        assert set(paid.values()) == {1}
        assert len(prompts) == len({prompt.fields.reference for prompt in prompts.values()})
        for reference, outcome in outcomes.items():
            if isinstance(outcome, PushAccepted):
                assert prompts[outcome.checkout_id].fields.reference == reference
            elif isinstance(outcome, PushNotSent | PushRejected):
                assert not paid[reference], outcome
        kinds = Counter(type(outcome) for outcome in outcomes.values())
        assert set(kinds) == {PushAccepted, PushNotSent, PushRejected, PushUnknown}
        _check_reports(one)
        _check_list(one)


def _check_reports(one: Scene) -> None:
    """Every receipt that was reported is in the books, with its amount."""
    books = {payment.receipt: payment.cents for payment in one.simulator.ledger.payments}
    told = [(paid.receipt, paid.amount_cents) for paid in one.relay.paid_in]
    for report in one.relay.of(StkReport):
        if report.receipt is not None:
            assert report.amount_cents is not None
            told.append((report.receipt, report.amount_cents))
    assert all(books[receipt] == cents for receipt, cents in told)
    assert one.simulator.lost == 0


def _check_list(one: Scene) -> None:
    """The list has every payment once."""
    now = one.clock.now()
    found: list[Pulled] = []
    while (page := one.daraja.pull(now - timedelta(hours=47), now, len(found))).rows:
        found += page.payments
    books = {payment.receipt: payment.cents for payment in one.simulator.ledger.payments}
    assert len(found) == len(books)
    assert {row.receipt: row.amount_cents for row in found} == books
