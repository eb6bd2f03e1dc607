"""posctl licence: how the subscription stands, payments told of, activations taken."""

from __future__ import annotations

import io
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pos_sync.activation.outcomes import WhyDeclined

from pos_desktop.shop import open_shop
from tests.pos_desktop.activations import PUBLIC_KEY, RECEIPT, activation
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.services.licences import supplier


def test_the_trial_is_shown(demo: Posctl) -> None:
    words = demo("licence")
    assert "The trial goes on until" in words
    assert "monthly: 1 month for KES 1,500.00" in words
    found = demo.json("licence", "show")
    assert (found["state"], found["days_left"], found["plan"]) == ("trial", 30, None)
    assert found["plans"][1] == {"name": "yearly", "price_cents": 15_000_00, "months": 12}
    assert found["payments"] == []


def test_a_server_that_is_named_later_is_not_missing_any_more(demo: Posctl) -> None:
    demo("licence", "pay", RECEIPT, "--plan", "yearly")
    demo("queue", "work", "--stop-when-empty")
    assert "No activation server is named yet" in demo("licence")
    demo("config", "set", "licence.server", "http://127.0.0.1:9")
    assert "is named by now" in demo("licence")


def test_an_activation_that_begins_later_says_so(demo: Posctl, tmp_path: Path) -> None:
    demo("config", "set", "licence.public_key", PUBLIC_KEY)
    with closing(open_shop(Path(demo.directory))) as shop:
        text = activation(shop.books.node.shop_id, datetime.now(UTC) + timedelta(days=5))
    (tmp_path / "activation.txt").write_text(text)
    assert "It is taken, and counts from" in demo(
        "licence", "activate", str(tmp_path / "activation.txt")
    )


def test_a_payment_is_told_of_and_activated(demo: Posctl) -> None:
    with supplier() as server:
        demo("config", "set", "licence.server", server.base_url)
        demo("config", "set", "licence.public_key", PUBLIC_KEY)
        server.plan(WhyDeclined.NO_PAYMENT)
        assert "is kept" in demo("licence", "pay", RECEIPT.lower(), "--plan", "yearly")
        demo("queue", "work", "--stop-when-empty")
        assert "no payment with this receipt" in demo("licence")
        demo("licence", "again", RECEIPT)
        demo("queue", "work", "--stop-when-empty")
    found = demo.json("licence")
    assert (found["state"], found["plan"]["name"], found["receipt"]) == (
        "active",
        "yearly",
        RECEIPT,
    )
    (one,) = found["payments"]
    assert (one["receipt"], one["state"], one["confirmed"]) == (RECEIPT, "granted", False)
    assert "activated already" in demo("licence", "pay", RECEIPT)


def test_an_activation_is_taken_from_a_file(
    demo: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo("config", "set", "licence.public_key", PUBLIC_KEY)
    with closing(open_shop(Path(demo.directory))) as shop:
        text = activation(shop.books.node.shop_id, datetime.now(UTC))
    (tmp_path / "activation.txt").write_text(text + "\n")
    assert "is paid until" in demo("licence", "activate", str(tmp_path / "activation.txt"))
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert demo.json("licence", "activate", "-")["state"] == "active"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("pay", "short"), "code"),
        (("pay", RECEIPT, "--plan", "weekly"), "monthly, yearly"),
        (("again", RECEIPT), "type it anew"),
        (("activate", "missing.txt"), "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    demo: Posctl, arguments: tuple[str, ...], why: str
) -> None:
    demo("licence", *arguments, code=1)
    assert why in demo.err
    assert demo.err.rstrip().endswith(".")


def test_a_forged_activation_is_refused(demo: Posctl, tmp_path: Path) -> None:
    with closing(open_shop(Path(demo.directory))) as shop:
        text = activation(shop.books.node.shop_id, datetime.now(UTC))
    (tmp_path / "forged").write_bytes(text.encode())
    demo("licence", "activate", str(tmp_path / "forged"), code=1)
    assert "has not made this activation" in demo.err
    (tmp_path / "binary").write_bytes(bytes(range(256)) * 100)
    demo("licence", "activate", str(tmp_path / "binary"), code=1)
    assert demo.json("licence")["state"] == "trial"
