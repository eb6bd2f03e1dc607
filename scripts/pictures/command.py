"""The command that takes the pictures: which, how the till looks in them, and where they go."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from pos_desktop.domain import text
from pos_desktop.domain.text import ENGLISH, LANGUAGES
from pos_desktop.languages import learn_languages
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.spoken import retell
from pos_desktop.ui.kit.tokens import THEMES
from pos_desktop.ui.shell.window import Window
from scripts.pictures.stage import running
from scripts.pictures.states import STATES
from scripts.pictures.steps import Steps
from scripts.player import Player

OUT = Path(__file__).resolve().parents[2] / "build" / "screenshots"
SIZES = ((1366, 768), (1024, 600), (1024, 580), (1920, 1080), (960, 540))
ALL_SIZES = tuple(f"{width}x{height}" for width, height in SIZES)


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is seen."""

    language: str
    theme: str
    size: tuple[int, int]

    def name_of(self, state: str) -> str:
        """Return the name of the picture of a state."""
        return f"{state}-{self.language}-{self.theme}-{self.size_name}"

    @property
    def size_name(self) -> str:
        """The size in points, such as 1024x600."""
        return "x".join(map(str, self.size))


def main(description: str, arguments: list[str] | None = None) -> int:
    """Make the pictures whose names hold a part, of the till as it speaks these languages."""
    options = parser(description).parse_args(arguments)
    app = QApplication([])
    fonts.load()
    learn_languages()
    OUT.mkdir(parents=True, exist_ok=True)
    for name, steps, looks in chosen(options):
        _show(app, name, steps, looks)
    return 0


def parser(description: str) -> argparse.ArgumentParser:
    """Return what reads the command line."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("part", nargs="?", default="")
    made.add_argument("--language", action="append", choices=LANGUAGES)
    made.add_argument("--size", action="append", choices=ALL_SIZES)
    made.add_argument("--turn", default="1/1")
    return made


def chosen(options: argparse.Namespace) -> Iterator[tuple[str, Steps, list[Look]]]:
    """Yield each state of which pictures are wanted, with the looks that are."""
    turn, turns = map(int, options.turn.split("/"))
    looks = [
        look
        for look in _looks(options.language or LANGUAGES)
        if look.size_name in (options.size or ALL_SIZES)
    ]
    for name, steps in STATES[turn - 1 :: turns]:
        wanted = [look for look in looks if options.part in look.name_of(name)]
        if wanted:
            yield name, steps, wanted


def _looks(languages: Sequence[str]) -> Iterator[Look]:
    """Yield every look, so that what takes long to change changes seldom."""
    for language in languages:
        for name in THEMES:
            for size in SIZES:
                yield Look(language, name, size)


def _show(app: QApplication, name: str, steps: Steps, looks: Sequence[Look]) -> None:
    """Bring a till to a state, and take its pictures."""
    text.speak(ENGLISH)
    theme.use(app, "light")
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "shop") as player:
        player.window.resize(1366, 768)
        player.play(*steps)
        for look in looks:
            _take(app, player, look, OUT / f"{look.name_of(name)}.png")


def _take(app: QApplication, player: Player, look: Look, path: Path) -> None:
    """Take a picture of what is shown, in this look."""
    shown = player.shown
    if text.language() != look.language:
        if isinstance(shown, Window):
            shown.speak(look.language)
        else:
            text.speak(look.language)
            retell(shown)
    theme.use(app, look.theme)
    shown.resize(*look.size)
    player.settle()
    shown.grab().save(str(path))
    print(path)
