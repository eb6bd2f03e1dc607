"""The setup of M-Pesa on the real window: saved, tried over real lines, registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.simulator import MpesaSimulator
from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.ui.screens.mpesa.mpesa_setup_page import MpesaSetupPage
from tests.pos_desktop.services.mpesa.relay_scene import merchant_of
from tests.pos_desktop.services.mpesa.scene import KEYS, RELAY
from tests.pos_desktop.ui.behind_counter import offered
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_sync.relay.scene import Clock, Running, make_shop, running

K = Qt.Key


@dataclass
class Outside:
    """M-Pesa and the relay, as a shop finds them."""

    simulator: MpesaSimulator
    relay: Running
    made: Any


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    database = str(tmp_path / "relay.sqlite")
    made = make_shop(database, tills=("T1",))
    with (
        running(database, hands=Clock()) as relay,
        MpesaSimulator(
            merchant_of(made),
            now=lambda: datetime.now(UTC),
            monotonic=lambda: 0.0,
            habits=Habits(routes={RELAY: relay.url}),
        ) as simulator,
    ):
        yield Outside(simulator, relay, made)


@pytest.fixture
def manager(
    open_window: Callable[[Path], Cashier],
    shop_folder: Path,
    outside: Outside,
    monkeypatch: pytest.MonkeyPatch,
) -> Cashier:
    monkeypatch.setenv("POS_MPESA_BASE_URL", outside.simulator.base_url)
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    shop, done = cashier.program.shop, list[object]()

    def begin_anew() -> None:
        shop.configuration.set(settings.MPESA_RELAY_URL, outside.relay.url, shop.books, actor=None)
        shop.mpesa.setup.put_keys(dict.fromkeys(MpesaKey, ""), actor=None)

    cashier.program.lane.submit(begin_anew, done.append)
    cashier.until(lambda: done)
    return cashier


def opened(manager: Cashier) -> MpesaSetupPage:
    offered(manager)
    manager.window.office.show_page("mpesa_setup")
    page = manager.window.screen_shown
    assert isinstance(page, MpesaSetupPage)
    field = page.fields.keys[MpesaKey.PASSKEY].field
    manager.until(lambda: field.placeholderText() == "None is kept")
    return page


def fill(page: MpesaSetupPage, outside: Outside) -> None:
    page.fields.reports.show_text(RELAY)
    for key, text in (
        (MpesaKey.CONSUMER_KEY, KEYS.consumer_key),
        (MpesaKey.CONSUMER_SECRET, KEYS.consumer_secret),
        (MpesaKey.PASSKEY, KEYS.passkey),
        (MpesaKey.RELAY_PATH, outside.made.secret),
        (MpesaKey.RELAY_KEY, outside.made.keys["T1"]),
    ):
        page.fields.keys[key].show_text(text)


def shown(page: MpesaSetupPage) -> list[str]:
    return [strip.notice.text for strip in page.steps.strips if strip.notice]


def test_it_is_tried_step_by_step_and_keys_are_never_shown(
    manager: Cashier, outside: Outside
) -> None:
    page = opened(manager)
    fill(page, outside)
    page.fields.keys[MpesaKey.PASSKEY].show_text("wrong")
    manager.hands.press(K.Key_F7)
    manager.until(lambda: page.strip.notice and "not in order" in page.strip.notice.text)
    assert any("do not belong together" in text for text in shown(page))
    assert not squeezed_in_any(manager)
    manager.window.speak("en")
    page.fields.keys[MpesaKey.PASSKEY].show_text(KEYS.passkey)
    manager.hands.press(K.Key_F7)
    manager.until(lambda: "The passkey of the number" in shown(page))
    assert "The relay answers this till" in shown(page)
    for field in page.fields.keys.values():
        assert field.text == ""
    assert "Is kept" in page.fields.keys[MpesaKey.PASSKEY].field.placeholderText()
    assert outside.simulator.pushes_accepted == 0


@pytest.mark.parametrize("place", ["address", "secret"])
def test_the_whole_address_is_taken_apart(manager: Cashier, outside: Outside, place: str) -> None:
    """The console shows it as one line, and so it is pasted."""
    page, whole = opened(manager), f"{RELAY}/s/{outside.made.secret}"
    fill(page, outside)
    page.fields.reports.show_text("" if place == "secret" else whole)
    page.fields.keys[MpesaKey.RELAY_PATH].show_text(whole if place == "secret" else "")
    manager.hands.press(K.Key_F8)
    manager.until(lambda: page.strip.notice and "Saved" in page.strip.notice.text)
    shop = manager.program.shop
    assert page.fields.reports.text == shop.configuration.get(settings.MPESA_CALLBACK_URL) == RELAY
    assert shop.mpesa.setup.key(MpesaKey.RELAY_PATH) == outside.made.secret
    assert shop.mpesa.setup.account.callback_url == whole


def test_the_number_is_registered_once(manager: Cashier, outside: Outside) -> None:
    page = opened(manager)
    fill(page, outside)
    manager.hands.press(K.Key_F6)
    manager.until(lambda: len(shown(page)) == 2)
    assert "no. Type" in shown(page)[0], "no phone was typed, which is the first to be mended"
    assert shown(page)[1] == "M-Pesa reports here what customers pay"
    page.fields.phone.show_text("0722 000000")
    manager.hands.press(K.Key_F6)
    manager.until(lambda: "M-Pesa lists the shop's payments" in shown(page))
    assert "M-Pesa reports here what customers pay: this address is registered" in shown(page)


def test_what_does_not_fit_is_said_and_nothing_is_saved(manager: Cashier) -> None:
    page = opened(manager)
    page.fields.number.show_text("12")
    manager.hands.press(K.Key_F8)
    manager.until(lambda: page.strip.notice and "five to seven digits" in page.strip.notice.text)
    assert manager.program.shop.configuration.get(settings.MPESA_SHORTCODE) == "174379"
