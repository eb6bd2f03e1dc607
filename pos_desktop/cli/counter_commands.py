"""posctl scales, display: what stands on the counter beside printer and scanner, and its tests."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pos_hardware.discovery import discover
from pos_hardware.scales.reading import Weight

from pos_desktop import settings
from pos_desktop.cli.device_commands import found_json
from pos_desktop.cli.output import print_json, print_table
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.text import _
from pos_desktop.domain.weighing import net_weight
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.customer_display import CustomerDisplayDesk
from pos_desktop.services.devices.scale_desk import ScaleDesk
from pos_desktop.services.devices.scale_words import weight_text, weight_words
from pos_desktop.settings import Setting
from pos_desktop.shop import open_shop

_SET_SCALE = "posctl config set scale.address serial:///dev/ttyUSB0"
_SET_DISPLAY = "posctl config set display.address serial:///dev/ttyUSB0"


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    scales = groups.add_parser(
        "scales", parents=[common], help=_("the scale that is set, and serial lines found")
    )
    scales.set_defaults(run=_list_scales)
    scale_acts = scales.add_subparsers(metavar="ACT")
    weigh = scale_acts.add_parser(
        "test",
        parents=[common],
        help=_("weigh once"),
        description=_(
            "Ask the scale once and say what lies on it, waiting until it rests. Exit 1, and what "
            "to do, where it tells no weight. The till must not be reading it meanwhile."
        ),
    )
    weigh.set_defaults(run=_weigh)
    display = groups.add_parser(
        "display", parents=[common], help=_("the customer display that is set, and lines found")
    )
    display.set_defaults(run=_list_displays)
    display_acts = display.add_subparsers(metavar="ACT")
    show = display_acts.add_parser(
        "test",
        parents=[common],
        help=_("show two lines"),
        description=_(
            "Show two lines on the customer display, which stay there. Exit 1, and what to do, "
            "where it takes nothing; only a look at it tells whether they are right: if not, try "
            "the other display.dialect. The till must not be showing on it meanwhile."
        ),
    )
    show.set_defaults(run=_show)


@contextmanager
def _configuration(options: argparse.Namespace) -> Iterator[Configuration]:
    shop = open_shop(options.data)
    try:
        yield shop.configuration
    finally:
        shop.close()


def _list_scales(options: argparse.Namespace) -> int:
    with _configuration(options) as configuration:
        address = configuration.get(settings.SCALE_ADDRESS)
        speaks = configuration.get(settings.SCALE_PROTOCOL)
    nothing = _("No scale is set; set one with: {command}").format(command=_SET_SCALE)
    return _list("scale", address, {"protocol": speaks}, nothing, as_json=options.json)


def _list_displays(options: argparse.Namespace) -> int:
    with _configuration(options) as configuration:
        address = configuration.get(settings.DISPLAY_ADDRESS)
        speaks = configuration.get(settings.DISPLAY_DIALECT)
    nothing = _("No customer display is set; set one with: {command}").format(command=_SET_DISPLAY)
    return _list("display", address, {"dialect": speaks}, nothing, as_json=options.json)


def _list(name: str, address: str, speaks: dict[str, str], nothing: str, *, as_json: bool) -> int:
    found = [device for device in discover() if device.kind.value == "serial"]
    if as_json:
        devices = [found_json(device) for device in found]
        print_json({"configured": address, **speaks, "found": devices})
        return 0
    if not address:
        print(nothing)
    rows = [[name, address, *speaks.values()]] if address else []
    rows += [["-", device.address, device.label] for device in found if device.address != address]
    if rows:
        print_table((_("Name"), _("Serial address"), _("What")), rows, set())
    else:
        print(_("No serial line was found on this computer."))
    return 0


def _weigh(options: argparse.Namespace) -> int:
    with _configuration(options) as configuration:
        _check_set(configuration, settings.SCALE_ADDRESS, _SET_SCALE)
        desk = ScaleDesk(configuration)
        tare = configuration.get(settings.SCALE_TARE_GRAMS)
        reading = desk.ask_once()
        if not isinstance(reading, Weight):
            if options.json:
                print_json({"weight_kg": None, "fault": reading.value})
            raise Unavailable(desk.sentence(reading))
    net = reading.grams if reading.net else net_weight(reading.grams, tare)
    if options.json:
        shown = {"weight_kg": weight_text(reading.grams), "net_kg": weight_text(net)}
        print_json({**shown, "tare_on_scale": reading.net, "fault": ""})
        return 0
    print(_("{weight} lie on the scale.").format(weight=weight_words(reading.grams)))
    if net != reading.grams:
        words = _("Less the tare of {setting}, {net} would be sold.")
        print(words.format(setting=settings.SCALE_TARE_GRAMS.key, net=weight_words(net)))
    if reading.net:
        print(_("The scale has subtracted a tare of its own."))
    return 0


def _show(options: argparse.Namespace) -> int:
    with _configuration(options) as configuration:
        _check_set(configuration, settings.DISPLAY_ADDRESS, _SET_DISPLAY)
        desk = CustomerDisplayDesk(configuration)
        fault = desk.show_test()
        if options.json:
            print_json({"shown": fault is None, "fault": fault.value if fault else ""})
        if fault is not None:
            raise Unavailable(desk.sentence(fault))
        dialect = configuration.get(settings.DISPLAY_DIALECT)
    if not options.json:
        sentence = _(
            "Two lines were sent in the dialect {dialect}. Where the display shows something else, "
            "set display.dialect to the other one."
        )
        print(sentence.format(dialect=dialect))
    return 0


def _check_set(configuration: Configuration, setting: Setting[str], command: str) -> None:
    if not configuration.get(setting):
        sentence = _("{setting} is not set: plug the device in, then set it with: {command}")
        raise Refused(sentence.format(setting=setting.key, command=command))
