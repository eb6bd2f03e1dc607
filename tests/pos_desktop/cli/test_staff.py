"""posctl staff: people come, change and go; a PIN is never shown."""

from __future__ import annotations

from contextlib import closing
from io import StringIO

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.cli.terminal import needs_terminal, on_a_terminal

AMINA = ("staff", "add", "amina", "--name", "Amina Otieno", "--role", "supervisor")


def _signs_in(posctl: Posctl, login: str, pin: str) -> bool:
    with closing(open_shop(posctl.directory)) as shop:
        try:
            return shop.sign_in.sign_in(login, pin).login == login
        except Refused:
            return False


def test_a_person_comes_changes_and_goes(demo: Posctl) -> None:
    assert demo(*AMINA, "--pin", "2468") == "Amina Otieno signs in as amina with that PIN.\n"
    assert _signs_in(demo, "amina", "2468")
    said = demo("staff", "set-pin", "AMINA", "--pin", "8642")
    assert said == "Amina Otieno (amina) has a new PIN.\n"
    assert _signs_in(demo, "amina", "8642")
    assert "is now Cashier" in demo("staff", "role", "amina", "cashier")
    assert "Nobody signs in as amina" in demo("staff", "leave", "amina")
    assert not _signs_in(demo, "amina", "8642")
    assert "amina" not in demo("staff", "list")
    head, *people = demo("staff", "list", "--all").splitlines()
    assert head.split() == ["Name", "Login", "Role", "State"]
    (left,) = [line.split() for line in people if "amina" in line]
    assert left == ["Amina", "Otieno", "amina", "Cashier", "Has", "left"]
    assert "again" in demo("staff", "back", "amina")
    assert _signs_in(demo, "amina", "8642")


def test_scripts_get_the_person_as_json(demo: Posctl) -> None:
    amina = {"login": "amina", "name": "Amina Otieno", "role": "supervisor", "active": True}
    assert demo.json(*AMINA, "--pin", "2468") == amina
    assert demo.json("staff", "set-pin", "amina", "--pin", "8642") == amina
    assert demo.json("staff", "leave", "amina") == {**amina, "active": False}
    listed = [one["login"] for one in demo.json("staff", "list")["staff"]]
    assert listed == ["cashier", "manager"]
    assert {**amina, "active": False} in demo.json("staff", "list", "--all")["staff"]


def test_roles_say_what_they_may(demo: Posctl) -> None:
    roles = {one["role"]: one for one in demo.json("staff", "roles")["roles"]}
    assert {"cashier", "supervisor", "manager"} <= set(roles)
    assert roles["cashier"]["ceiling_percent"] == "10"
    assert "sell" in roles["cashier"]["permissions"]
    assert "staff" not in roles["cashier"]["permissions"]
    assert "cashier (Cashier), discount up to 10 %" in demo("staff", "roles")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("add", "cashier", "--name", "C", "--pin", "2468"), "taken"),
        (("add", "two words", "--name", "C", "--pin", "2468"), "one word"),
        (("add", "amina", "--name", " ", "--pin", "2468"), "name"),
        (("add", "amina", "--name", "A", "--pin", "12"), "four to eight digits"),
        (("add", "amina", "--name", "A", "--role", "boss", "--pin", "2468"), "no role boss"),
        (("role", "manager", "cashier"), "only manager"),
        (("leave", "manager"), "only manager"),
        (("set-pin", "nobody", "--pin", "2468"), "Nobody here is called nobody"),
    ],
)
def test_what_a_rule_refuses_changes_nothing(
    demo: Posctl, arguments: tuple[str, ...], why: str
) -> None:
    before = demo.json("staff", "list", "--all")
    demo("staff", *arguments, code=1)
    assert why in demo.err
    assert len(demo.err.strip().splitlines()) == 1
    assert "2468" not in demo.out + demo.err
    assert demo.json("staff", "list", "--all") == before


def test_a_pin_is_a_line_of_standard_input(demo: Posctl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO("24681357\n"))
    demo(*AMINA)
    assert _signs_in(demo, "amina", "24681357")


def test_a_missing_pin_without_a_terminal_is_wrong_usage(
    demo: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    demo(*AMINA, code=2)
    assert "--pin is missing; pipe it in" in demo.err
    demo("staff", "set-pin", "cashier", code=2)


@needs_terminal
def test_a_pin_is_asked_twice_and_never_shown(demo: Posctl) -> None:
    with on_a_terminal(demo.directory, "staff", "add", "amina") as terminal:
        terminal.answer("Name: ", "Amina\n")
        terminal.answer("PIN: ", "24681357\n")
        terminal.answer("again: ", "24681358\n")
        terminal.answer("PIN: ", "24681357\n")
        terminal.answer("again: ", "24681357\n")
        assert terminal.ended() == 0, terminal.seen
    assert "24681357" not in terminal.seen
    assert _signs_in(demo, "amina", "24681357")
