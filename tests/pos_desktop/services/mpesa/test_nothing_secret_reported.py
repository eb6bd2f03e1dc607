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
from tests.pos_desktop.services.mpesa.relay_scene import CREDENTIAL, RelayScene, relayed
from tests.pos_desktop.services.mpesa.scene import KEYS
from tests.pos_desktop.services.mpesa.test_nothing_secret import (
    Hidden,
    command_lines,
    job_views,
    rows,
    tokens,
)

PUSHED, BY_HAND, SUSPENDED = (f"25472894170{number}" for number in range(3))
CENTS = 1_450_00


@pytest.fixture
def scene(shop_directory: Path, tmp_path: Path) -> Iterator[RelayScene]:
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
    assert len(asked) >= 3, "two payments were confirmed by their status, and one went back"
    plain = {
        KEYS.consumer_key + ":" + KEYS.consumer_secret,
        CREDENTIAL,
        scene.made.secret,
        scene.made.keys["T1"],
        *tokens(scene),
    }
    secrets = {one.encode() for one in plain}
    phones = {one[3:].encode() for one in (PUSHED, BY_HAND, SUSPENDED)}
    return Hidden(frozenset(secrets | {one.encode() for one in asked}), frozenset(phones))


def test_nothing_of_it_is_left(
    scene: RelayScene, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sought = live(scene)
    assert scene.simulator.count(Call.STATUS) >= 2
    log = "\n".join(
        f"{one.name} {one.getMessage()} {one.exc_text or ''} {one.args}"
        for one in caplog.records
        if not one.name.startswith(("pos_sync.relay", "urllib3"))  # the other side's, and raw
    )
    assert not sought.in_bytes(log.encode())
    assert not sought.in_bytes(job_views(scene, capsys).encode())
    own = {"mpesa_attempt", "mpesa_wait", "mpesa_money", "mpesa_request"}
    tables = [
        str(row["name"])
        for row in scene.shop.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    kept = "\n".join(rows(scene, tuple(one for one in tables if one not in own)))
    assert not sought.in_bytes(kept.encode())
    tokens_of_requests = {one for one in sought.secrets if len(one) == 32}
    there = sought.in_bytes("\n".join(rows(scene, tuple(own))).encode())
    assert there == tokens_of_requests | sought.phones, "the search finds what is there"
    for path in scene.shop.directory.rglob("*"):
        if path.is_file() and path.name != SECRETS_FILE:
            found = sought.secrets_in(path.read_bytes()) - tokens_of_requests
            assert not found, path
    assert not sought.secrets_in(b"\n".join(command_lines(scene)))
