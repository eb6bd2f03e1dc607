"""Pictures are taken of every state, each under a name of its own."""

from __future__ import annotations

from importlib import import_module

from pos_desktop.ui.kit.tokens import THEMES
from scripts.pictures import command
from scripts.pictures.states import PARTS, STATES
from tests.house.sources import ROOT


def _chosen(*arguments: str) -> list[str]:
    options = command.parser("").parse_args(arguments)
    return [look.name_of(name) for name, _steps, looks in command.chosen(options) for look in looks]


def test_no_picture_covers_another() -> None:
    assert len({name for name, _steps in STATES}) == len(STATES)


def test_every_part_is_in_the_list() -> None:
    names = [path.stem for path in (ROOT / "scripts/pictures").glob("*.py")]
    tables = [getattr(import_module(f"scripts.pictures.{name}"), "STATES", None) for name in names]
    made = [table for table in tables if isinstance(table, dict)]
    assert made
    assert sorted(map(id, made)) == sorted(map(id, PARTS))


def test_turns_share_the_states() -> None:
    look = ("--language", "en", "--size", "1024x600")
    shared = [*_chosen(*look, "--turn", "1/2"), *_chosen(*look, "--turn", "2/2")]
    assert sorted(shared) == sorted(
        f"{name}-en-{theme}-1024x600" for name, _steps in STATES for theme in THEMES
    )


def test_a_part_of_a_name_and_a_look_choose_pictures() -> None:
    named = _chosen("--language", "sw", "--size", "1024x600", "pay_m")
    assert named == ["pay_more-sw-light-1024x600", "pay_more-sw-dark-1024x600"]
