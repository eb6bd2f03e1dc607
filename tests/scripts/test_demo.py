"""The demo day shows what a day at the till is made of, and leaves its books in order."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import demo


def test_the_demo_day_shows_every_act_and_adds_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "OUT", tmp_path)
    monkeypatch.setattr(demo, "SHOP", tmp_path / "shop")
    demo.posctl("init", "--demo")
    demo.receive_goods()
    demo.play_morning()
    demo.play_afternoon()
    demo.posctl("play", "-", "--strict", typed=demo.EVENING)
    assert _refused(tmp_path / "morning.txt") == [
        "No product has the",
        "This needs a manager",
        "This needs a manager",
    ]
    assert _refused(tmp_path / "afternoon.txt") == ["Achieng Otieno owes 1,040.00"]
    sums = demo.answer("report", "sales-summary", *demo.DAY)
    assert sums["refunds"] == 2
    assert {tender["tender"] for tender in sums["tenders"]} == {
        "cash",
        "card",
        "credit",
        "voucher",
        "exchange",
    }
    assert demo.answer("report", "shifts", *demo.DAY)["totals"]["variance_cents"] == -8_00
    assert demo.answer("verify")["ok"]
    papers = demo.printed_pictures()
    every = list((tmp_path / "shop" / "prints").glob("*.png"))
    assert 20 < len(papers) < len(every)


def _refused(told: Path) -> list[str]:
    """Return how each line that was refused begins to say why."""
    sentences = told.read_text("utf-8").split("\n  ! ")[1:]
    return [" ".join(sentence.split(":")[0].split()[:4]) for sentence in sentences]
