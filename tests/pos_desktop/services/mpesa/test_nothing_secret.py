"""A shop sells by M-Pesa while everything fails: no secret is left anywhere, found byte by byte.

Secrets are those of the shop's M-Pesa, the passwords that are made of them, and the tokens that it
was given. Phones of payers may stand in the rows of attempts, waits and payments alone: not in any
file but the shop's own, where `mpesa.forget_days` lets them be forgotten.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Set
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

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
from pos_desktop.shop_folder import DATABASE_FILE, SECRETS_FILE
from tests.pos_desktop.conftest import CASHIER, add_product
from tests.pos_desktop.services.mpesa import scene as scenes
from tests.pos_desktop.services.mpesa.hidden import Hidden
from tests.pos_desktop.services.mpesa.scene import Scene, opened

ROOT = Path(__file__).parents[4]
KEYS = Secrets(
    consumer_key="Ck7Qv/Wm2Zt+YpLs",
    consumer_secret="Cs5Hn+Rd8Xb/KfGj",
    passkey="Pk3Tz/Vc6Mq+WnEy",
    initiator="In1LaDs9Operator",
    credential="Cr4U/oPi7+SecretCredential==",
)
RELAY_PATH, RELAY_KEY = "rp8wmqk2zxtv5b", "rk6nvbx3jhtd9g"
MAY_HOLD_PHONES = ("mpesa_attempt", "mpesa_wait", "mpesa_money")
ECHOES = (
    "Bad Request - Invalid PhoneNumber {phone} (0{local}) Password {password} {quoted} "
    "Bearer {token} CallBackURL {relay}/s/{path}/a/0123456789abcdef"
)


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
        local=phone[1:],
        password=password,
        quoted=quote(password),
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
    asked.append(query_repeats(scene, next(numbers)))
    asked += by_hand(scene, next(numbers))
    list_fails(scene)
    return sought_after(scene, asked)


def sell(scene: Scene, phone: str, *, ends_tokens: bool = True) -> str:
    """Ask a phone, wait a while, and take cash where it has not paid."""
    for number, line in enumerate(("SUGAR", f"pay mpesa {phone}", "pay cash")):
        play_line(scene.shop, number, line)
    if ends_tokens:
        scene.simulator.end_tokens()
    scene.pass_by(130)
    return phone


def query_repeats(scene: Scene, phone: str) -> str:
    """Let queries be refused in words that repeat the id of the push, which names the phone."""
    scene.simulator.script(Script(code=None))
    scene.ask(scene.cart(), phone=f"254{phone[1:]}")
    checkout_id = scene.simulator.prompts[-1].checkout_id
    assert phone[1:] in checkout_id
    for code in ("400.002.02", "400.002.05", "500.002.1"):
        say = refusal(400, code, f"Invalid CheckoutRequestID {checkout_id}")
        scene.simulator.plan(Trouble(at=Call.QUERY, say=say))
        scene.pass_by(200)
    scene.simulator.plan()
    scene.simulator.script()
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


def sought_after(scene: Scene, asked: list[str]) -> Hidden:
    """Return all that must not be found where these phones, as cashiers type them, were asked."""
    plain = {RELAY_PATH, RELAY_KEY, *keys_of(KEYS), *passwords(scene), *tokens(scene)}
    return Hidden(frozenset(plain), frozenset(f"254{one[1:]}" for one in asked))


def keys_of(keys: Secrets) -> set[str]:
    """Return the keys, and what they are made into on the line."""
    both = f"{keys.consumer_key}:{keys.consumer_secret}"
    every = {keys.consumer_key, keys.consumer_secret, keys.passkey, keys.initiator, keys.credential}
    return every | {both, base64.b64encode(both.encode()).decode()}


def passwords(scene: Scene) -> set[str]:
    """Return the passwords that M-Pesa was told."""
    heard = scene.simulator.heard
    return {str(one.body["Password"]) for one in heard if "Password" in one.body}


def search(scene: Scene, sought: Hidden, but: Set[str] = frozenset()) -> None:
    """Look through every file of the shop, and through the command lines of all processes.

    The shop's own file may hold `but`, and phones.
    """
    for path in scene.shop.directory.rglob("*"):
        if path.is_file() and path.name != SECRETS_FILE:
            may_hold = but | sought.phones if path.name.startswith(DATABASE_FILE) else frozenset()
            assert not sought.in_bytes(path.read_bytes()) - may_hold, path
    assert not sought.in_bytes(b"\n".join(command_lines(scene)))


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
    search(scene, sought)


def test_the_search_finds_what_is_there(scene: Scene) -> None:
    """The keys' own file holds them, and the rows of attempts the phones: so the search is good."""
    phone = next(phones())
    sell(scene, phone)
    sought = sought_after(scene, [phone])
    kept = (scene.shop.directory / SECRETS_FILE).read_bytes()
    assert len(sought.secrets_in(kept)) >= 7
    assert sought.in_bytes("\n".join(rows(scene, MAY_HOLD_PHONES)).encode()) == sought.phones
    shop_file = scene.shop.directory / DATABASE_FILE
    shop_file.with_name("left behind").write_bytes(f"+254{phone[1:]}".encode())
    with pytest.raises(AssertionError, match="left behind"):
        search(scene, sought)
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
    """Return the command lines of this process and of all others, two of them of the shop.

    One carries out jobs, with its children; the other is just being told the keys.
    """
    worker, keys = posctl(scene, "queue", "work"), posctl(scene, "mpesa", "keys")
    try:
        assert keys.stdin is not None
        keys.stdin.write(f"passkey={KEYS.passkey}\ncredential={KEYS.credential}\n".encode())
        keys.stdin.flush()
        scene.pass_by(1)
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                found.append((process / "cmdline").read_bytes())
            except OSError:
                continue
        for words in (b"queue\0work", b"mpesa\0keys"):
            assert any(words in line for line in found)
        return found
    finally:
        for one in (worker, keys):
            one.kill()
            one.communicate()


def posctl(scene: Scene, *arguments: str) -> subprocess.Popen[bytes]:
    """Begin a command of the shop, which waits for its input or for work."""
    command = [sys.executable, "-m", "pos_desktop.cli.main", *arguments]
    return subprocess.Popen(
        [*command, "--data", str(scene.shop.directory)],
        cwd=ROOT,
        env={**os.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
