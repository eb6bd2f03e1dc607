"""The first run, in which a shop comes about."""

from __future__ import annotations

from pos_hardware.discovery import DeviceKind, FoundDevice

from pos_desktop.ui.screens.first_run.first_run import FirstRun
from scripts.pictures.steps import States, by_name
from scripts.player import Player


def first_run_shop(player: Player) -> None:
    """Make the first run the window of which pictures are taken, in its first step."""
    directory = player.program.shop.directory.parent / "new"
    device = FoundDevice(DeviceKind.CUPS, "virtual:///tmp", "p", "EPSON TM-T20III Receipt")
    window = FirstRun(directory, lambda: [device])
    window.show()
    window.start()
    player.settle(lambda: bool(window.goods_step.printer.key))
    player.shown = window


def _answered(player: Player, pin_again: str = "2468") -> FirstRun:
    """Answer what the first step asks."""
    first_run_shop(player)
    window = player.shown
    assert isinstance(window, FirstRun)
    step = window.shop_step
    for part, words in (
        (step.name, "Duka la Mama Njeri"),
        (step.manager, "Njeri Wanjiru"),
        (step.pin, "2468"),
        (step.again, pin_again),
    ):
        part.show_text(words)
    step.go_on()
    return window


def first_run_refused(player: Player) -> None:
    _answered(player, pin_again="2486")


def first_run_goods(player: Player) -> None:
    _answered(player).goods_step.product.show_text("Milk 500 ml 65")


def first_run_letters(player: Player) -> None:
    _answered(player).letters.toggle()


def first_run_key(player: Player) -> None:
    window = _answered(player)
    window.goods_step.go_on()
    player.settle(lambda: window.step is window.key_step)


STATES: States = by_name(
    first_run_shop,
    first_run_refused,
    first_run_goods,
    first_run_letters,
    first_run_key,
)
