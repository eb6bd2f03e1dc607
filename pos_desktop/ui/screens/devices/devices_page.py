"""Devices: how each of this till is set and how it is now, changed and tried without a restart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pos_hardware.discovery import FoundDevice
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from pos_desktop import settings
from pos_desktop.domain.text import _
from pos_desktop.services.devices.counter_kinds import CounterKind
from pos_desktop.services.devices.device_setup import Around, SeenDevice
from pos_desktop.services.devices.device_trials import Trial, Tried
from pos_desktop.services.devices.found_devices import find_widely
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.kit.card import INSIDE, Card
from pos_desktop.ui.kit.layouts import column, row
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.kit.tokens import Space
from pos_desktop.ui.screens.devices.device_form import DeviceForm
from pos_desktop.ui.screens.devices.device_rows import Health, device_row, facts_of, health_of
from pos_desktop.ui.screens.devices.scan_view import ScanView
from pos_desktop.ui.screens.devices.trial_watch import TrialWatch
from pos_desktop.ui.screens.office.facts import Facts
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.office import Office

K = Qt.Key


class DevicesPage(ListPage):
    """Lists the five kinds on the left; on the right stands what is known of the chosen one."""

    def __init__(self, office: Office) -> None:
        super().__init__(office, _("Devices"), listed=_("Devices of this till"))
        self.devices: list[SeenDevice] = []
        self.around = Around()
        self._found: Sequence[FoundDevice] = ()
        """What was found for the form that is open."""
        self._is_looking = False
        """Whether devices are looked for, in the network too."""
        self.find_devices: Callable[[str], list[FoundDevice]] = find_widely
        self.facts = Facts(_("What is known of the device"))
        self.scan_view = ScanView()
        self.trials = TrialWatch(office, self)
        self.trials.ended.connect(self._tried)
        self.trials.failed.connect(self.refuse)
        self.list_view.removeWidget(self._card)
        beside = row(gap=Space.BETWEEN)
        beside.addWidget(self._card, 3)
        known = column(self.facts, margins=INSIDE)
        beside.addWidget(Card(_("What is known of the device"), known), 2)
        self.list_view.addLayout(beside, 1)
        self.list.chosen.connect(self._tell_facts)

    @property
    def chosen(self) -> SeenDevice | None:
        """The device that is chosen."""
        return next((one for one in self.devices if one.kind.value == self.list.key), None)

    # the list

    def opened(self) -> None:
        """Show the devices, and look what is found here."""
        self._leave_trial()
        super().opened()
        if self.form is None:
            self._look_around()
        if self.office.shop.configuration.get(settings.SHOP_TRAINING):
            words = _("You are training: what is set here is gone when training ends.")
            self.say(Notice(words, Tone.WARNING))

    def refresh(self) -> None:
        """Read how the devices are; they are looked at again as long as they are seen."""
        setup, actor = self.office.shop.devices.setup, self.office.actor
        self.ask(lambda: setup.seen(actor=actor), self._show_devices)
        self.look_again()

    def _show_devices(self, devices: list[SeenDevice]) -> None:
        self.devices = devices
        self._show()

    def _show(self) -> None:
        rows = [device_row(one, self.around) for one in self.devices]
        self.show_rows(rows, (_("The devices are looked at…"), _("A moment.")))
        self._tell_facts()

    def _tell_facts(self) -> None:
        """Show what is known of the chosen one."""
        chosen, configuration = self.chosen, self.office.shop.configuration
        found = tuple(facts_of(chosen, self.around, configuration)) if chosen else ()
        if tuple(fact for fact in found if fact[1]) != self.facts.facts:
            self.facts.show_facts(found)

    def _look_around(self) -> None:
        """Look what is found at this computer; nothing waits for it."""
        setup, actor = self.office.shop.devices.setup, self.office.actor

        def seen(around: Around) -> None:
            self.around = around
            self._show()

        self.office.looks.run(lambda: setup.look_around(actor=actor), seen, self._not_seen)

    def _not_seen(self, error: Exception) -> None:
        """Say why nothing was found, unless one has gone on to something else."""
        self._is_looking = False
        if self.isVisible():
            self.refuse(error)

    def retell(self) -> None:
        """Say all of it in the language that is spoken now."""
        super().retell()
        self._show()

    # what can be done

    def list_acts(self) -> tuple[Act, ...]:
        """Return what can be done now."""
        chosen = self.chosen
        if chosen is None:
            return ()
        change = Act(
            key=K.Key_Return if self.below is None else K.Key_F2,
            title=_("Edit"),
            help=_("Choose another device of this kind, or how it is set"),
            rank=Rank.FIRST,
            do=partial(self._change, chosen.kind),
        )
        if self.below is not None:
            return (change,)
        again = Act(
            key=K.Key_F7,
            title=_("Look again"),
            help=_("Ask the devices how they are, and look what is plugged in now"),
            do=self._look_again,
        )
        can_try = chosen.address or chosen.on_printer or chosen.kind is CounterKind.SCANNER
        return (change, *((self._trial_act(chosen.kind),) if can_try else ()), again)

    def _trial_act(self, kind: CounterKind) -> Act:
        title, help_text = {
            CounterKind.PRINTER: (_("Test print"), _("Print a test page on the printer")),
            CounterKind.DRAWER: (_("Open it"), _("Open the drawer; the journal says who did")),
            CounterKind.SCANNER: (_("Try a scan"), _("Scan something, and see what is read")),
            CounterKind.SCALE: (_("Weigh"), _("Ask the scale what lies on it")),
            CounterKind.DISPLAY: (_("Show a line"), _("Show the customer a test for a moment")),
        }[kind]
        return Act(key=K.Key_F5, title=title, help=help_text, do=partial(self._try, kind))

    def _look_again(self) -> None:
        setup, actor = self.office.shop.devices.setup, self.office.actor
        self.say(_("The devices are looked at: a few seconds at most."))
        self.submit(lambda: setup.ask_anew(actor=actor), lambda _asked: self.refresh())
        self._look_around()

    # a trial

    def _try(self, kind: CounterKind) -> None:
        if kind is CounterKind.SCANNER:
            self._listen()
            return
        trials, actor = self.office.shop.devices.trials, self.office.actor
        meanwhile = {
            CounterKind.PRINTER: _("The test page is on its way."),
            CounterKind.DRAWER: _("The drawer is told to open."),
            CounterKind.SCALE: _("The scale is asked what lies on it."),
            CounterKind.DISPLAY: _("The display is sent a test."),
        }[kind]

        def begun(trial: Trial) -> None:
            self.say(meanwhile)
            self.trials.watch(trial)

        self.submit(lambda: trials.begin(kind, actor=actor), begun)

    def _tried(self, tried: Tried) -> None:
        if not tried.is_well:
            self.office.sounds.error()
        self.say(Notice(tried.sentence, Tone.OK if tried.is_well else Tone.DANGER))
        self.refresh()

    def _listen(self) -> None:
        """Let scans be shown here instead of sold."""
        chosen = self.chosen
        health = health_of(chosen, self.around) if chosen else Health()
        self.say(None)
        self.scan_view.begin(health.advice if health.tone is Tone.DANGER else "")
        self.show_instead(self.scan_view)

    @property
    def takes_scans(self) -> bool:  # type: ignore[override]
        """Whether a scanner is tried; else a scan is sold."""
        return self.below is self.scan_view

    def scanned(self, code: str) -> None:
        """Show what was scanned."""
        self.scan_view.scanned(code)

    # a change

    def _change(self, kind: CounterKind) -> None:
        self.say(None)
        self._leave_trial()
        self.show_instead(None)
        form = DeviceForm(kind, self.office.shop.configuration, self._all_found())
        besides = (
            Act(
                key=K.Key_F5,
                title=_("Save and try"),
                help=_("Save this, and try the device at once"),
                do=lambda: self._save(form, then_try=True),
            ),
            Act(
                key=K.Key_F6,
                title=_("Find"),
                help=_("Look for devices again; for printers in the network too"),
                do=lambda: self._look_widely(form),
            ),
        )
        save = partial(self._save, form)
        self.open_form(form, kind.title, save, save=_("Save"), besides=besides)

    def _all_found(self) -> list[FoundDevice]:
        """Return what was found, in the network too, each once."""
        return [*{one.address: one for one in (*self.around.found, *self._found)}.values()]

    def _look_widely(self, form: DeviceForm) -> None:
        setup, actor, find = self.office.shop.devices.setup, self.office.actor, self.find_devices
        in_use = self.office.shop.configuration.get(settings.PRINTER_ADDRESS)
        is_printer = form.kind is CounterKind.PRINTER

        if self._is_looking:
            return
        self._is_looking = True

        def look() -> Sequence[FoundDevice]:
            return find(in_use) if is_printer else setup.look_around(actor=actor).found

        def seen(found: Sequence[FoundDevice]) -> None:
            self._found, self._is_looking = found, False
            if self.form is form:
                form.show_found(self._all_found())
                self.say(form.found_words)

        self.say(_("Devices are looked for: a few seconds."))
        self.office.looks.run(look, seen, self._not_seen)

    def _save(self, form: DeviceForm, *, then_try: bool = False) -> None:
        values = self.typed(form.read)
        if values is None:
            return
        setup, actor, kind = self.office.shop.devices.setup, self.office.actor, form.kind

        def saved(_done: None) -> None:
            is_there = bool(self.office.shop.configuration.get(kind.address))
            tries = _("Saved: the till goes by it from now on. F5 tries it.")
            self.saved(tries if is_there else _("Saved: the till goes by it from now on."))
            self._look_around()
            if then_try:
                self._try(kind)

        self.submit(lambda: setup.change(kind, values, actor=actor), saved)

    # leaving, and keys

    def _leave_trial(self) -> None:
        self.trials.leave()
        self.scan_view.end()

    def leave(self) -> None:
        """Leave the form or the trial first, then the page."""
        self._leave_trial()
        super().leave()

    def handle_key(self, event: QKeyEvent) -> bool:
        """Show what is typed while a scanner is tried: perhaps it was the scanner, too slow."""
        if self.takes_scans and self.form is None and self.scan_view.typed(event):
            return True
        return super().handle_key(event)
