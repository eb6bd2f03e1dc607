"""No payment pays for two sales, however far the clocks are apart, and nobody's is another's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.habits import Habits, PayerShown

from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneyState
from tests.pos_desktop.services.mpesa.scene import AMINA, TILL, opened
from tests.pos_desktop.services.mpesa.test_scenarios import (
    ASK,
    NOT_DONE,
    SUGAR,
    cart_id,
    charged,
    fate,
    furnished,
    last,
    read_list,
    sold,
    wait_for_it,
)

LIKE_AMINAS = "254712000678"
"""Another number, which a mask does not tell from Amina's."""


@pytest.mark.parametrize("minutes", [0, -3, -10, -14, -60, 10, 14, 60])
def test_a_paid_push_has_its_payment_though_the_clocks_differ(
    shop_directory: Path, minutes: int
) -> None:
    """Amina pays by her prompt; Baraka, who pays as much next, has not paid yet."""
    ahead = timedelta(minutes=minutes)
    with opened(shop_directory, Habits(minutes_off=100), ahead, TILL) as scene:
        furnished(scene)
        assert scene.answer("SUGAR", ASK)["receipt"] == "T1-000001"
        _sale, aminas = sold(scene)
        scene.answer("SUGAR")
        barakas = wait_for_it(scene)
        read_list(scene, 2)
        assert scene.mpesa.waits.come(barakas) == []
        [paid] = scene.simulator.ledger.payments_by(AMINA)
        assert fate(scene, paid) == (MoneyState.MATCHED, aminas)
        assert last(scene, aminas).state is AttemptState.CONFIRMED
        assert (charged(scene), scene.mpesa.tray.count()) == (SUGAR, 1)  # nobody's 7.00


def test_while_a_paid_push_lacks_its_payment_none_of_its_amount_finds_a_sale(
    shop_directory: Path,
) -> None:
    """The clock was ten minutes ahead when the prompt went out, and was set right since."""
    with opened(shop_directory, Habits(minutes_off=100), account=TILL) as scene:
        furnished(scene)
        scene.clock.advance(timedelta(minutes=10))
        scene.answer("SUGAR", ASK)
        scene.clock.set(scene.clock.now() - timedelta(minutes=13))
        by_hand = scene.simulator.pay_by_hand(LIKE_AMINAS, SUGAR, "")
        scene.clock.advance(timedelta(minutes=4))
        scene.answer("SUGAR")
        barakas = wait_for_it(scene)
        read_list(scene)
        assert fate(scene, by_hand) == (MoneyState.UNMATCHED, None)
        assert scene.mpesa.waits.look(barakas).offers[0].receipt == by_hand.receipt


@pytest.mark.parametrize("payer", PayerShown)
def test_a_prompt_in_doubt_has_nothing_for_which_another_cart_waits(
    shop_directory: Path, payer: PayerShown
) -> None:
    with opened(shop_directory, Habits(payer_in_pull=payer)) as scene:
        furnished(scene)
        scene.mpesa.payment_list.run()
        scene.simulator.plan(NOT_DONE)
        scene.answer("SUGAR", ASK)
        aminas = cart_id(scene)
        scene.answer("hold")
        scene.clock.advance(timedelta(minutes=1))
        scene.answer("SUGAR")
        barakas = wait_for_it(scene)
        paid = scene.simulator.pay_by_hand(LIKE_AMINAS, SUGAR, "SHOES")
        read_list(scene)
        is_known = payer in (PayerShown.PLAIN, PayerShown.HASHED)
        if is_known:
            assert fate(scene, paid) == (MoneyState.MATCHED, barakas)
            return
        assert fate(scene, paid) == (MoneyState.UNMATCHED, None)
        scene.mpesa.waits.open(barakas, SUGAR)
        assert fate(scene, paid) == (MoneyState.UNMATCHED, None)
        assert scene.mpesa.waits.look(barakas).offers[0].receipt == paid.receipt
        read_list(scene, 12)
        assert last(scene, aminas).state is AttemptState.UNKNOWN, "it may be hers: it is not over"
        assert scene.mpesa.waits.pick(barakas, paid.receipt)
        read_list(scene)
        assert last(scene, aminas).state is AttemptState.CLEARED


def test_a_prompt_in_doubt_has_what_its_own_phone_has_paid(shop_directory: Path) -> None:
    with opened(shop_directory, Habits(payer_in_pull=PayerShown.HASHED)) as scene:
        furnished(scene)
        scene.simulator.plan(NOT_DONE)
        scene.answer("SUGAR", ASK)
        aminas = cart_id(scene)
        scene.answer("hold", "SUGAR")
        wait_for_it(scene)
        paid = scene.simulator.pay_by_hand(AMINA, SUGAR, "SHOES")
        read_list(scene)
        assert fate(scene, paid) == (MoneyState.MATCHED, aminas)
