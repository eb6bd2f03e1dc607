"""The counter's scale at the till: what lies on it now, and weighing what is sold by weight."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pos_hardware.errors import BadAddress
from pos_hardware.scales.protocols import PROTOCOLS, ScaleProtocol
from pos_hardware.scales.reader import ScaleReader
from pos_hardware.scales.reading import Reading, ScaleFault, Weight
from pos_hardware.scales.scale import Scale
from pos_hardware.transports.addresses import TransportFactory, parse_serial_address

from pos_desktop import settings
from pos_desktop.domain.basket import Item
from pos_desktop.domain.errors import Refused, Unavailable
from pos_desktop.domain.quantity import Thousandths
from pos_desktop.domain.text import _
from pos_desktop.domain.weighing import WeighedBefore, Weighing, weigh
from pos_desktop.services.configuration import Configuration
from pos_desktop.services.devices.device_desk import DeviceDesk
from pos_desktop.services.devices.scale_words import scale_sentence


class ScaleDesk(DeviceDesk[ScaleReader]):
    """Reads the scale from `start` to `stop`; without an address there is none.

    To sell from it: `weighing = desk.weigh(item)`, then `till.sell_item(item, weighing.net)`, then
    `desk.sold(weighing)`; a weighing whose sale is refused may be used again. All but `start` may
    be called in any thread, and nothing waits for the scale.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self._lock = threading.Lock()
        self._before = WeighedBefore()

    @property
    def is_running(self) -> bool:
        """Whether a scale is set and read."""
        return self._worker is not None

    def start(self, on_reading: Callable[[Reading], None] = lambda _reading: None) -> None:
        """Begin to read; `on_reading` is called in the scale's thread when the reading changes.

        Raises Refused where the settings hold an address that names no device.
        """
        if not self._configuration.get(settings.SCALE_ADDRESS):
            return
        make_transport, protocol = self._line()

        def take(reading: Reading) -> None:
            self._see(reading)
            on_reading(reading)

        self._begin(ScaleReader(make_transport, protocol, take), "scale")

    def reading(self) -> Reading:
        """Return what the scale says now, at once."""
        reader = self._worker
        return reader.latest() if reader is not None else ScaleFault.STOPPED

    def weigh(self, item: Item, tare: Thousandths | None = None) -> Weighing:
        """Return what of an item lies on the scale now, at once.

        Without a `tare` that of the settings is subtracted; none is where the scale has subtracted
        its own. Raises Refused where a rule says no or whoever weighs has to do something at the
        scale, and Unavailable where the device is at fault.
        """
        reading = self._at_rest(self.reading())
        if tare is None:
            tare = self._configuration.get(settings.SCALE_TARE_GRAMS)
        weighing = weigh(item, reading.grams, 0 if reading.net else tare)
        if self._configuration.get(settings.SCALE_WEIGH_ANEW):
            with self._lock:
                self._before.check(weighing)
        return weighing

    def sold(self, weighing: Weighing) -> None:
        """Say that a weighing is in the basket: it is not sold a second time."""
        with self._lock:
            self._before = WeighedBefore(weighing)
        self._see(self.reading())

    def ask_once(self) -> Reading:
        """Ask the scale without a reader, as a test does; takes some seconds at most.

        Raises Refused where the settings hold an address that names no device.
        """
        make_transport, protocol = self._line()
        return Scale(make_transport, protocol).weigh()

    def sentence(self, fault: ScaleFault) -> str:
        """Say why there is no weight, and what to do next."""
        return scale_sentence(fault, self._configuration.get(settings.SCALE_ADDRESS))

    def _at_rest(self, reading: Reading) -> Weight:
        if isinstance(reading, Weight):
            if reading.stable:
                return reading
            reading = ScaleFault.MOVING
        error = Refused if reading.is_of_goods else Unavailable
        raise error(self.sentence(reading))

    def _see(self, reading: Reading) -> None:
        if isinstance(reading, Weight) and reading.stable:
            with self._lock:
                self._before = self._before.seen(reading.grams)

    def _line(self) -> tuple[TransportFactory, ScaleProtocol]:
        get = self._configuration.get
        protocol = PROTOCOLS[get(settings.SCALE_PROTOCOL)]
        try:
            return parse_serial_address(get(settings.SCALE_ADDRESS), protocol.line), protocol
        except BadAddress as error:
            raise Refused(
                _("The scale's address is wrong: correct scale.address in the settings.")
            ) from error
