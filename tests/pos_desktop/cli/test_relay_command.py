"""posctl relay: shops are made and removed, and the relay runs as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from pos_sync.relay import words
from pos_sync.relay.reader import RelayReader

from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_sync.mpesa.samples import PAID_IN

SECONDS = 20.0


@pytest.fixture
def relay(posctl: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Posctl:
    """A posctl whose relay keeps its messages in a file; it has no shop's folder."""
    monkeypatch.setenv("POS_RELAY_DB", str(tmp_path / "relay.sqlite"))
    return posctl


def test_secrets_are_shown_once_and_only_digests_are_kept(relay: Posctl, tmp_path: Path) -> None:
    made = relay.json("relay", "add", "duka", "T1", "T2", "--url", "https://relay.example/")
    assert made["url"] == f"https://relay.example/s/{made['secret']}"
    assert [*made["keys"]] == ["T1", "T2"]
    listed = relay("relay", "list")
    assert "T1, T2" in listed
    kept = b"".join(one.read_bytes() for one in tmp_path.glob("relay.sqlite*"))
    for secret in (made["secret"], *made["keys"].values()):
        assert secret not in listed
        assert secret.encode() not in kept
        assert not words.forbidden_in(secret)
    assert words.digest_of(made["secret"]).encode() in kept
    assert os.name == "nt" or (tmp_path / "relay.sqlite").stat().st_mode & 0o077 == 0


def test_a_database_that_was_misspelt_is_not_made(relay: Posctl, tmp_path: Path) -> None:
    wrong = tmp_path / "rellay.sqlite"
    for act in (("list",), ("key", "duka", "T1"), ("remove", "duka", "--yes")):
        relay("relay", *act, "--db", str(wrong), code=1)
        assert "There is no database" in relay.err
    assert not wrong.exists()


def test_in_words(relay: Posctl) -> None:
    shown = relay("relay", "add", "duka", "T1")
    assert "--url was not given" in shown
    assert "and then /s/" in shown
    assert "relay.example" not in shown
    assert "Key of till T1: " in shown
    assert "the till is new at this relay" in relay("relay", "key", "duka", "T9")
    assert "is good no more" in relay("relay", "key", "duka", "T9")
    assert relay.json("relay", "list")["shops"][0]["tills"] == ["T1", "T9"]
    relay("relay", "remove", "duka", "--till", "T9")
    assert relay.json("relay", "list")["shops"][0]["tills"] == ["T1"]
    assert relay.json("relay", "remove", "duka", "--yes")["removed"]
    assert relay.json("relay", "list") == {"shops": []}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["add", "duka", "T2"], 1, "posctl relay key duka T2"),
        (["add", "a/b", "T1"], 2, "letters, digits"),
        (["add", "kiosk", "T 1"], 2, "letters, digits"),
        (["add", "kiosk", "T1", "--url", "https://mpesa.example"], 2, "“mpesa”"),
        (["key", "kiosk", "T1"], 1, "no such shop"),
        (["remove", "kiosk", "--yes"], 1, "no such shop"),
        (["remove", "duka", "--till", "T9"], 1, "no such till"),
        (["remove", "duka"], 2, "--yes"),
        (["list", "--db", "/nowhere/relay.sqlite"], 1, "cannot be used"),
        (["list", "--db", "mysql://root:hush@x/y"], 1, "cannot be used"),
        (["list", "--db", "postgresql://root:hush@127.0.0.1:1/y?password=hush"], 1, "cannot be"),
        (["serve", "--port", "0", "--allow", "safaricom"], 2, "--allow takes"),
        (["serve", "--port", "0", "--proxy", "1.2.3"], 2, "--proxy takes"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    relay: Posctl, arguments: list[str], code: int, says: str
) -> None:
    relay("relay", "add", "duka", "T1")
    relay("relay", *arguments, code=code)
    assert says in relay.err
    assert "hush" not in relay.err


def test_a_database_has_to_be_named(relay: Posctl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POS_RELAY_DB")
    relay("relay", "list", code=2)
    assert "--db is missing" in relay.err


def test_a_port_that_is_taken_is_said(relay: Posctl, served: dict[str, Any]) -> None:
    relay("relay", "serve", "--port", str(served["port"]), code=1)
    assert "refused" in relay.err


@pytest.fixture
def served(relay: Posctl, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A relay that runs, and the shop that it has."""
    made = relay.json("relay", "add", "duka", "T1")
    command = [sys.executable, "-m", "pos_desktop.cli.main", "relay", "serve", "--json"]
    with subprocess.Popen(
        [*command, "--port", "0", "--allow", "127.0.0.0/8", "--data", str(tmp_path / "shop")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield made | told | {"process": process}
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=SECONDS)
        assert not out
        assert process.returncode == 0, err
        assert "The relay has ended." in err


def test_a_report_reaches_the_till(served: dict[str, Any]) -> None:
    url = f"http://127.0.0.1:{served['port']}"
    answer = requests.post(f"{url}/s/{served['secret']}/confirm", json=PAID_IN, timeout=SECONDS)
    assert answer.json() == {"ResultCode": 0, "ResultDesc": "Accepted"}
    with closing(RelayReader(url, served["keys"]["T1"], monotonic=time.monotonic)) as reader:
        (message,) = reader.messages(0)
    assert json.loads(message.body) == PAID_IN
