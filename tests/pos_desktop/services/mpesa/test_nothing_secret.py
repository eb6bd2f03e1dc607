"""A shop sells by M-Pesa while everything fails: no secret is left anywhere, found byte by byte.

Secrets are those of the shop's M-Pesa, the passwords that are made of them, and the tokens that it
was given. Phones of payers may stand in the rows of attempts, waits and payments alone.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pos_sync.mpesa.account import Secrets
from pos_sync.mpesa.nairobi import stamp
from pos_sync.mpesa.push import password_of
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.pushes import CANCEL, WRONG_PIN
from pos_sync.testing.mpesa.said import BAD_GATEWAY, EMPTY, FORBIDDEN, PAGE, refusal, spike
from pos_sync.testing.mpesa.scripts import Script, Trouble

from pos_desktop.cli.main import main
from pos_desktop.cli.play_command import play_line
from pos_desktop.security.secrets import SecretsMissing
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.shop_folder import SECRETS_FILE
from tests.pos_desktop.conftest import CASHIER, add_product
from tests.pos_desktop.services.mpesa import scene as scenes
from tests.pos_desktop.services.mpesa.scene import Scene, opened

ROOT = Path(__file__).parents[4]
KEYS = Secrets(
    consumer_key="Ck7QvWm2ZtYpLs",
    consumer_secret="Cs5HnRd8XbKfGj",
    passkey="Pk3TzVc6MqWnEy",
    initiator="In1LaDs9Operator",
    credential="Cr4UoPi7SecretCredential==",
)
RELAY_PATH, RELAY_KEY = "rp8wmqk2zxtv5b", "rk6nvbx3jhtd9g"
MAY_HOLD_PHONES = ("mpesa_attempt", "mpesa_wait", "mpesa_money")
ECHOES = (
    "Bad Request - Invalid PhoneNumber {phone} Password {password} Bearer {token} "
    "CallBackURL {relay}/s/{path}/a/0123456789abcdef"
)


@dataclass
class Hidden:
    """What must not be found."""

    secrets: frozenset[bytes]
    phones: frozenset[bytes]

    def in_bytes(self, data: bytes) -> set[bytes]:
        return {one for one in self.secrets | self.phones if one in data}

    def secrets_in(self, data: bytes) -> set[bytes]:
        return {one for one in self.secrets if one in data}


@pytest.fixture
def scene(shop_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(scenes, "KEYS", KEYS)
    monkeypatch.setattr(scenes, "PATH", RELAY_PATH)
    with opened(shop_directory) as scene:
        others = {
            MpesaKey.INITIATOR: KEYS.initiator,
            MpesaKey.CREDENTIAL: KEYS.credential,
            MpesaKey.RELAY_KEY: RELAY_KEY,
        }
        scene.mpesa.setup.put_keys(others, actor=None)
        add_product(scene.shop, "SUGAR", "Sugar 1 kg", 165_00)
        scene.shop.till.sign_in(*CASHIER)
        scene.shop.till.state.shift = scene.shop.closing.open_shift(scene.person, 2_000_00)
        scene.listed()
        yield scene


def phones() -> Iterator[str]:
    """Yield phones that nothing else is like."""
    for number in range(100):
        yield f"07289417{number:02}"


def echo(scene: Scene, phone: str) -> Trouble:
    """Let a server repeat in its words all that it is told by a push that is made now."""
    password = password_of(scenes.ACCOUNT, KEYS.passkey, stamp(scene.clock.now()))
    words = ECHOES.format(
        phone=f"254{phone[1:]}",
        password=password,
        token=tokens(scene)[-1],
        relay=scenes.RELAY,
        path=RELAY_PATH,
    )
    return Trouble(at=Call.PUSH, say=refusal(400, "400.002.02", words), is_done=False, times=1)


def tokens(scene: Scene) -> list[str]:
    """Return the tokens that were given, in order."""
    heard = [one.said.body for one in scene.simulator.heard if one.call is Call.TOKEN]
    found = [json.loads(one).get("access_token") for one in heard]
    return [one for one in found if one]


def live(scene: Scene) -> Hidden:
    """Sell with every kind of failure; return what must not be found then."""
    asked = []
    troubles = [
        None,
        *(Trouble(at=Call.PUSH, then=then, times=1) for then in (Then.CLOSE, Then.RESET)),
        *(Trouble(at=Call.PUSH, say=say, times=1) for say in (BAD_GATEWAY, FORBIDDEN, PAGE, EMPTY)),
        Trouble(at=Call.PUSH, say=refusal(500, "500.003.02", "System is busy"), is_done=False),
        Trouble(at=Call.PUSH, say=refusal(500, "500.003.1001", "Internal Server Error")),
        Trouble(at=Call.TOKEN, say=BAD_GATEWAY, times=1),
        *(Trouble(at=Call.QUERY, say=say, times=2) for say in (BAD_GATEWAY, spike(5), EMPTY)),
    ]
    numbers = phones()
    for trouble in troubles:
        scene.simulator.plan(*(one for one in (trouble,) if one is not None))
        asked.append(sell(scene, next(numbers)))
    scene.simulator.plan()
    for code in (CANCEL, WRONG_PIN, "1", "1037", "9999", "5555"):
        scene.simulator.script(Script(code=code))
        asked.append(sell(scene, next(numbers)))
    scene.simulator.script()
    asked.append(sell(scene, next(numbers), ends_tokens=False))
    phone = next(numbers)
    scene.simulator.plan(echo(scene, phone))
    asked.append(sell(scene, phone, ends_tokens=False))
    asked += by_hand(scene, next(numbers))
    list_fails(scene)
    return hidden(scene, asked)


def sell(scene: Scene, phone: str, *, ends_tokens: bool = True) -> str:
    """Ask a phone, wait a while, and take cash where it has not paid."""
    for number, line in enumerate(("SUGAR", f"pay mpesa {phone}", "pay cash")):
        play_line(scene.shop, number, line)
    if ends_tokens:
        scene.simulator.end_tokens()
    scene.pass_by(130)
    return phone


def by_hand(scene: Scene, phone: str) -> list[str]:
    """Let a customer pay by hand, and another one type a false code."""
    play_line(scene.shop, 1, "SUGAR")
    payment = scene.simulator.pay_by_hand(f"254{phone[1:]}", 165_00, "RUTH")
    play_line(scene.shop, 2, f"pay mpesa-code {payment.receipt}")
    for number, line in enumerate(("SUGAR", "pay mpesa-code FORGED0000")):
        play_line(scene.shop, number, line)
    return [phone]


def list_fails(scene: Scene) -> None:
    """Let the list be refused, in words that repeat what it was asked with, and then be read."""
    for code in ("400.001", "500.003.1001", ""):
        scene.clock.advance(timedelta(minutes=65))
        scene.mpesa.daraja.calls().check_keys()
        words = f"Invalid Access Token - {tokens(scene)[-1]}"
        say = refusal(400, code, words) if code else BAD_GATEWAY
        scene.simulator.plan(Trouble(at=Call.PULL, say=say, times=2))
        scene.work()
    scene.simulator.plan()
    scene.pass_by(3_900)


def hidden(scene: Scene, asked: list[str]) -> Hidden:
    passwords = {
        str(one.body["Password"]) for one in scene.simulator.heard if "Password" in one.body
    }
    basic = base64.b64encode(f"{KEYS.consumer_key}:{KEYS.consumer_secret}".encode()).decode()
    plain = {
        KEYS.consumer_key,
        KEYS.consumer_secret,
        KEYS.passkey,
        KEYS.initiator,
        KEYS.credential,
        RELAY_PATH,
        RELAY_KEY,
        basic,
    }
    every = {one.encode() for one in plain | passwords | {*tokens(scene)}}
    every |= {one.hex().encode() for one in every}
    every |= {base64.b64encode(one).rstrip(b"=") for one in every}
    return Hidden(frozenset(every), frozenset(one[1:].encode() for one in asked))


def test_nothing_secret_is_left(
    scene: Scene, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    sought = live(scene)
    assert len(tokens(scene)) > 5
    assert scene.simulator.count(Call.PUSH) > 12
    log = "\n".join(
        f"{one.name} {one.getMessage()} {one.exc_text or ''} {one.args}" for one in caplog.records
    )
    assert "Invalid PhoneNumber 2547*****" in log
    assert "Bearer ***" in log
    assert not sought.in_bytes((log + caplog.text).encode())
    assert not sought.in_bytes(job_views(scene, capsys).encode())
    assert not sought.in_bytes("\n".join(rows(scene)).encode())
    for path in scene.shop.directory.rglob("*"):
        if path.is_file() and path.name != SECRETS_FILE:
            assert not sought.secrets_in(path.read_bytes()), path
    assert not sought.secrets_in(b"\n".join(command_lines(scene)))


def test_the_search_finds_what_is_there(scene: Scene) -> None:
    """The keys' own file holds them, and the rows of attempts the phones: so the search is good."""
    phone = next(phones())
    sell(scene, phone)
    sought = hidden(scene, [phone])
    kept = (scene.shop.directory / SECRETS_FILE).read_bytes()
    assert len(sought.secrets_in(kept)) >= 7
    assert sought.in_bytes("\n".join(rows(scene, MAY_HOLD_PHONES)).encode()) == sought.phones
    with pytest.raises(SecretsMissing):
        scene.mpesa.setup._secrets.get("no such key")


def rows(scene: Scene, tables: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the rows of these tables; without them of all that may hold no phone."""
    database = scene.shop.database
    every = [
        str(row["name"])
        for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    for table in tables or [one for one in every if one not in MAY_HOLD_PHONES]:
        for row in database.rows(f'SELECT * FROM "{table}"'):
            for value in row.values():
                yield value.decode("latin-1") if isinstance(value, bytes) else str(value)


def job_views(scene: Scene, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what the queue's views show of every job, waiting and ended."""
    directory = str(scene.shop.directory)
    database = scene.shop.database
    jobs = [
        row["number"]
        for table in ("jobs", "job_history")
        for row in database.rows(f"SELECT number FROM {table}")
    ]
    assert len(jobs) > 12
    capsys.readouterr()
    for arguments in (
        ["queue", "jobs"],
        ["queue", "jobs", "--json"],
        *(["queue", "show", str(job)] for job in jobs),
        *(["queue", "show", str(job), "--json"] for job in jobs),
    ):
        main([*arguments, "--data", directory])
    return capsys.readouterr().out


def command_lines(scene: Scene) -> list[bytes]:
    """Return the command lines of a worker of the shop, of its children and of this process."""
    command = [sys.executable, "-m", "pos_desktop.cli.main", "queue", "work", "--data"]
    worker = subprocess.Popen(
        [*command, str(scene.shop.directory)],
        cwd=ROOT,
        env={**os.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        scene.pass_by(1)
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                found.append((process / "cmdline").read_bytes())
            except OSError:
                continue
        assert any(b"queue\0work" in one for one in found)
        return found
    finally:
        worker.kill()
        worker.wait()
