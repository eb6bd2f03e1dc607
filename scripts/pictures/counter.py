"""What stands on the counter: the customer's display and the scale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pos_hardware.displays.display import DisplayState
from pos_hardware.scales.reading import ScaleFault, Weight
from pos_hardware.testing.scale_simulator import ToledoSimulator

from pos_desktop import settings
from pos_desktop.ui.screens.customer.customer_window import CustomerWindow
from pos_desktop.ui.screens.devices.device_state import devices_pill, display_trouble
from scripts.pictures.sell import KEYPAD, LARGE, SELLING
from scripts.pictures.steps import States
from scripts.pictures.tenders import CHANGE, PAY_PART
from scripts.player import Player


def _seen(player: Player, *, training: bool = False) -> None:
    """Take pictures of what the customer sees, on whatever screen there is."""
    till = player.window
    name = player.program.shop.configuration.get(settings.SHOP_NAME)
    made = CustomerWindow(till, name, "Karibu | Duka la Mama", "KES", training=training)
    made.show_view(player.program.customer.view())
    player.program.customer.seen.connect(made.show_view)
    made.show()
    player.shown = made


def miss_display(player: Player) -> None:
    """Let the customer's display have gone."""
    trouble = display_trouble(DisplayState.MISSING, "serial:///dev/ttyUSB0")
    assert trouble is not None
    player.window.top_bar.show_devices(*devices_pill([trouble]))


@contextmanager
def _scale(player: Player) -> Iterator[ToledoSimulator]:
    """Put a scale on the counter."""
    shop = player.program.shop
    with ToledoSimulator(shop.directory / "scale") as scale:
        address = scale.address
        shop.configuration.set(settings.SCALE_ADDRESS, address, shop.books, actor=None)
        player.settle(lambda: shop.devices.scale.reading() == Weight(0))
        yield scale
        shop.configuration.set(settings.SCALE_ADDRESS, "", shop.books, actor=None)


def _weigh(player: Player) -> None:
    with _scale(player):
        player.scan(25, 26)


def _weigh_moving(player: Player) -> None:
    with _scale(player) as scale:
        scale.put(1_230, moving=True)
        player.settle(lambda: player.program.shop.devices.scale.reading() is ScaleFault.MOVING)
        player.scan(25)


STATES: States = {
    "second_greeting": (Player.sign_in, _seen),
    "second_closed": (_seen,),
    "second_cart": (*SELLING, _seen),
    "second_large": (*LARGE, _seen),
    "second_part_paid": (*PAY_PART, _seen),
    "second_change": (*CHANGE, _seen),
    "second_training": (*SELLING, lambda player: _seen(player, training=True)),
    "display_missing": (*SELLING, miss_display),
    "weigh": (*SELLING, _weigh),
    "weigh_moving": (*SELLING, _weigh_moving),
    "keypad_weigh": (*KEYPAD, _weigh),
}
