"""What passes through the relay leaves nothing secret either: found byte by byte."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.habits import Habits, PayerShown
from pos_sync.testing.mpesa.scripts import Script

from pos_desktop.domain.mpesa_money import MoneyState
from pos_desktop.shop_folder import SECRETS_FILE
from pos_desktop.storage import mpesa_money
from tests.pos_desktop.conftest import MANAGER
from tests.pos_desktop.services.mpesa import relay_scene
from tests.pos_desktop.services.mpesa import scene as scenes
from tests.pos_desktop.services.mpesa.hidden import Hidden
from tests.pos_desktop.services.mpesa.relay_scene import RelayScene, relayed
from tests.pos_desktop.services.mpesa.test_nothing_secret import (
    KEYS,
    MAY_HOLD_PHONES,
    job_views,
    keys_of,
    passwords,
    rows,
    search,
    tokens,
)

PUSHED, BY_HAND, SUSPENDED = (f"25472894170{number}" for number in range(3))
CENTS = 1_450_00
TOKEN_LENGTH = 32
"""That of the name which a request has at the relay: its row may hold it."""
KEPT = {KEYS.consumer_key, KEYS.consumer_secret, KEYS.passkey, KEYS.initiator, KEYS.credential}


@pytest.fixture
def scene(
    shop_directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RelayScene]:
    for module in (scenes, relay_scene):
        monkeypatch.setattr(module, "KEYS", KEYS)
    monkeypatch.setattr(relay_scene, "INITIATOR", KEYS.initiator)
    monkeypatch.setattr(relay_scene, "CREDENTIAL", KEYS.credential)
    habits = Habits(payer_in_confirmations=PayerShown.PLAIN, payer_in_pull=PayerShown.PLAIN)
    with relayed(shop_directory, tmp_path / "relay.sqlite", habits) as scene:
        scene.mpesa.registering.register_confirmations(actor=None)
        scene.simulator.script(Script(code=None))
        yield scene


def live(scene: RelayScene) -> Hidden:
    """Be paid in every way that is reported, and give a payment back."""
    for _attempt in range(3):
        scene.ask(scene.cart(), CENTS, PUSHED)
        scene.simulator.answer(PUSHED)
        scene.hear()
        scene.pass_by(130)
    cart = scene.cart()
    scene.mpesa.waits.open(cart, CENTS, BY_HAND)
    scene.simulator.pay_by_hand(BY_HAND, CENTS, "RUTH")
    back = scene.simulator.pay_by_hand(SUSPENDED, 77_00, "RUTH")
    for _turn in range(4):
        scene.hear()
    scene.mpesa.reversals.ask(back.receipt, actor=scene.shop.sign_in.sign_in(*MANAGER))
    for _turn in range(4):
        scene.work()
        scene.hear()
    money = mpesa_money.find(scene.shop.database, back.receipt)
    assert money is not None
    assert money.state is MoneyState.REFUNDED
    asked = [str(row["token"]) for row in scene.shop.database.rows("SELECT * FROM mpesa_request")]
    assert {len(one) for one in asked} == {TOKEN_LENGTH}
    assert len(asked) >= 3, "two payments were confirmed by their status, and one went back"
    made = {scene.made.secret, scene.made.keys["T1"], *asked}
    secrets = made | keys_of(KEYS) | passwords(scene) | {*tokens(scene)}
    return Hidden(frozenset(secrets), frozenset({PUSHED, BY_HAND, SUSPENDED}))


def test_nothing_of_it_is_left(
    scene: RelayScene, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sought = live(scene)
    assert len(passwords(scene)) >= 3
    assert scene.simulator.count(Call.STATUS) >= 2
    log = "\n".join(
        f"{one.name} {one.getMessage()} {one.exc_text or ''} {one.args}"
        for one in caplog.records
        if not one.name.startswith(("pos_sync.relay", "urllib3"))  # the other side's, and raw
    )
    assert not sought.in_bytes(log.encode())
    assert not sought.in_bytes(job_views(scene, capsys).encode())
    own = {*MAY_HOLD_PHONES, "mpesa_request"}
    tables = [
        str(row["name"])
        for row in scene.shop.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    kept = "\n".join(rows(scene, tuple(one for one in tables if one not in own)))
    assert not sought.in_bytes(kept.encode())
    of_requests = {one for one in sought.secrets if len(one) == TOKEN_LENGTH}
    there = sought.in_bytes("\n".join(rows(scene, tuple(own))).encode())
    assert there == of_requests | sought.phones, "the search finds what is there"
    keys = (scene.shop.directory / SECRETS_FILE).read_bytes()
    assert {*KEPT, scene.made.secret, scene.made.keys["T1"]} <= sought.secrets_in(keys)
    search(scene, sought, of_requests)
