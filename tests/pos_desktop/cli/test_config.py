"""posctl config: what was set is said, in the words in which it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pos_desktop.cli.conftest import Posctl


def test_what_is_set_is_said(demo: Posctl) -> None:
    said = demo("config", "set", "sale.cash_rounding_cents", "500")
    assert said == "sale.cash_rounding_cents is now 500\n"
    assert demo("config", "set", "receipt.footer", "") == "receipt.footer is now empty\n"


@pytest.mark.parametrize(
    ("text", "shown", "truth"),
    [("yes", "yes", True), ("on", "yes", True), ("TRUE", "yes", True),
     ("no", "no", False), ("off", "no", False), ("false", "no", False)],
)  # fmt: skip
def test_truths_are_yes_and_no(demo: Posctl, text: str, shown: str, truth: bool) -> None:
    assert demo("config", "set", "ui.sound", text) == f"ui.sound is now {shown}\n"
    assert demo("config", "get", "ui.sound") == f"{shown}\n"
    assert demo.json("config", "get", "ui.sound")["value"] is truth


def test_the_list_shows_truths_as_they_are_typed(demo: Posctl) -> None:
    assert "True" not in demo("config", "list")
    listed = {one["key"]: one for one in demo.json("config", "list")["settings"]}
    assert listed["shop.demo"]["value"] is True


def test_an_unknown_key_names_the_list(demo: Posctl) -> None:
    demo("config", "get", "nope", code=1)
    assert "posctl config list" in demo.err


def test_a_real_shop_cannot_be_backdated(posctl: Posctl) -> None:
    posctl("init", "--name", "Duka", "--manager", "Amina", "--manager-pin", "2468")
    posctl("config", "set", "shop.demo", "yes", code=1)
    assert "when it is made" in posctl.err
    assert posctl("config", "get", "shop.demo") == "no\n"


def test_a_folder_of_backups_is_named_whole(demo: Posctl) -> None:
    demo("config", "set", "backup.folder", "backups", code=1)
    assert "no whole path" in demo.err
    demo("config", "set", "backup.copy_folder", "../stick", code=1)
    assert "no whole path" in demo.err
    demo("config", "set", "backup.folder", str(Path.home() / "stick"))
    demo("config", "set", "backup.folder", "")


def test_what_an_open_till_goes_by_soon_is_said(demo: Posctl) -> None:
    demo("config", "set", "printer.address", "tcp://127.0.0.1:9100")
    assert "within a few seconds" in demo.err


def test_a_folder_that_is_not_there_now_is_said(demo: Posctl, tmp_path: Path) -> None:
    demo("config", "set", "backup.folder", str(tmp_path / "stick"))
    assert "There is no folder" in demo.err
    demo("config", "set", "backup.folder", str(tmp_path))
    assert "There is no folder" not in demo.err


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("ui.kiosk", "no", "next start"),
        ("ui.scale", "100", "next start"),
        ("queue.workers", "2", "next start"),
        ("printer.address", "", "few seconds"),
        ("receipt.footer", "", "few seconds"),
        ("till.auto_lock_seconds", "60", "few seconds"),
    ],
)
def test_when_a_value_is_gone_by_is_said(demo: Posctl, key: str, value: str, said: str) -> None:
    demo("config", "set", key, value)
    assert said in demo.err
