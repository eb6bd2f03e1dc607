"""posctl init as a new shop's manager meets it: asked on a terminal, told how to sign in."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.cli.terminal import needs_terminal, on_a_terminal

ARGUMENTS = ("init", "--name", "Duka", "--manager", "Amina Njeri", "--manager-pin", "2468")


@needs_terminal
def test_what_is_missing_is_asked_until_it_fits(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path / "shop", "init", "--manager-login", "amina") as terminal:
        terminal.answer("Name of the shop: ", "Duka\n")
        terminal.answer("KRA PIN (may be empty): ", "wrong\n")
        terminal.answer("KRA PIN (may be empty): ", "P051234567X\n")
        terminal.answer("Till code [T1]: ", "\n")
        terminal.answer("Name of the manager: ", "  \n")
        terminal.answer("Name of the manager: ", "Amina\n")
        terminal.answer("PIN of the manager: ", "2468\n")
        terminal.answer("The same PIN again: ", "2486\n")
        terminal.answer("PIN of the manager: ", "2468\n")
        terminal.answer("The same PIN again: ", "2468\n")
        assert terminal.ended() == 0, terminal.seen
    assert "Sign in as amina with that PIN" in terminal.seen
    assert "2468" not in terminal.seen
    with closing(open_shop(tmp_path / "shop")) as shop:
        assert shop.sign_in.sign_in("amina", "2468").name == "Amina"
        assert shop.configuration.get(settings.SHOP_KRA_PIN) == "P051234567X"
        assert shop.books.node.till_code == "T1"


@needs_terminal
def test_the_end_of_what_is_typed_stops(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path / "shop", "init") as terminal:
        terminal.answer("Name of the shop: ", "\x04")
        assert terminal.ended() == 1
    assert terminal.seen.split("Name of the shop: ")[1].strip().endswith("Stopped.")
    assert not (tmp_path / "shop").exists()


def test_the_manager_is_told_how_to_sign_in(posctl: Posctl, tmp_path: Path) -> None:
    said = posctl(*ARGUMENTS)
    assert "Sign in as manager with that PIN." in said
    assert "2468" not in said
    assert "Receipts lack the KRA PIN" in said
    play = tmp_path / "play.txt"
    play.write_text("login manager 2468\n", encoding="utf-8")
    assert "Signed in: Amina Njeri" in posctl("play", str(play), "--strict")


def test_the_login_stands_in_the_json_too(posctl: Posctl) -> None:
    made = posctl.json(*ARGUMENTS, "--manager-login", "Amina", "--kra-pin", "P051234567X")
    assert made["manager_login"] == "amina"


@pytest.mark.parametrize(
    ("option", "value"),
    [("--manager", "  "), ("--name", ""), ("--manager-login", "two words"), ("--kra-pin", "12")],
)
def test_what_names_nobody_is_refused(posctl: Posctl, option: str, value: str) -> None:
    posctl(*ARGUMENTS, option, value, code=1)
    assert len(posctl.err.strip().splitlines()) == 1
    assert not posctl.directory.exists()


@pytest.mark.parametrize(
    "line", ["login Njeri Wanjiku 4821", "login 4821", "approve 4821 manager x", "LOGIN njeri 4821"]
)
def test_a_refused_sign_in_shows_nothing_of_what_was_typed(
    demo: Posctl, tmp_path: Path, line: str
) -> None:
    play = tmp_path / "play.txt"
    play.write_text(f"{line}\nlogin 4821 njeri\n", encoding="utf-8")
    for form in ((), ("--json",)):
        said = demo("play", str(play), *form)
        assert "4821" not in said + demo.err
        assert f"{line.split(maxsplit=1)[0]} ****" in said
    assert json.loads(said.splitlines()[0])["ok"] is False
