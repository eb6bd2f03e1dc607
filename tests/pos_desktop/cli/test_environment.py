"""What the environment asks for and cannot have is said in a sentence, never as a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos_desktop.cli import config_command
from pos_desktop.domain.errors import Refused
from pos_desktop.logbook import log_path
from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.conftest import Posctl


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("POS_LOG_LEVEL", "foo", ["foo", "DEBUG, INFO, WARNING, ERROR, CRITICAL"]),
        ("POS_LANG", "de", ["en or sw"]),
    ],
)
def test_what_is_not_known_is_told_and_does_no_harm(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: list[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert demo.json("config", "get", "till.code")["value"] == "T1"
    assert name in demo.err
    assert all(word in demo.err for word in words)


@pytest.mark.parametrize("value", ["en", "sw", "SW", ""])
def test_languages_that_are_meant_are_no_matter(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("POS_LANG", value)
    demo("config", "get", "till.code")
    assert demo.err == ""


def test_a_shop_server_is_refused(demo: Posctl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_DATABASE_URL", "postgresql://till:secret@server/shop")
    demo("verify", code=1)
    assert "POS_DATABASE_URL" in demo.err
    assert "secret" not in demo.err


@pytest.mark.parametrize(
    ("connection", "url", "words"),
    [
        ("rabbit", "", ["'rabbit'", "database, sync, redis"]),
        ("redis", "", ["POS_REDIS_URL is not set", "redis://127.0.0.1:6379/0"]),
        ("redis", "redis://queue.example", ["queue.example", "without a password"]),
        ("redis", "rediss://:secret@queue.example?x=y", ["'x'"]),
    ],
)
def test_a_driver_of_the_queue_that_cannot_be_is_refused(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch, connection: str, url: str, words: list[str]
) -> None:
    monkeypatch.setenv("POS_QUEUE_CONNECTION", connection)
    monkeypatch.setenv("POS_REDIS_URL", url)
    demo("queue", "monitor", code=1)
    assert demo.err.count("\n") == 1
    assert all(word in demo.err for word in [*words, "remove POS_QUEUE_CONNECTION"])
    assert "secret" not in demo.err
    with pytest.raises(Refused, match="remove POS_QUEUE_CONNECTION"):
        open_shop(demo.directory)


def test_a_fault_is_found_in_the_log_by_its_reference(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_options: object) -> int:
        raise ZeroDivisionError("for the test")

    monkeypatch.setattr(config_command, "_list", broken)
    demo("config", "list", code=1)
    found = re.search(r"reference ([2-9A-Z]{6})\); send the report in (\S+) to", demo.err)
    assert found
    assert [one for one in Path(found[2]).iterdir() if found[1] in one.name]
    log = log_path(demo.directory).read_text(encoding="utf-8")
    assert found[1] in log
    assert "ZeroDivisionError: for the test" in log
