"""The window program: opens a shop, joins it with lane and window, starts and stops them."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from importlib.resources import files
from pathlib import Path
from types import TracebackType

from pos_hardware.faults import Fault
from pos_hardware.worker import WorkerState
from pos_queue.children.command import frozen_child
from pos_queue.job import Job
from PySide6.QtCore import QStandardPaths, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from pos_desktop import settings
from pos_desktop.crash_reports import crashed_before, watched_for_crashes
from pos_desktop.demo_mpesa import DemoMpesa, is_demonstrated
from pos_desktop.domain.errors import PosError
from pos_desktop.domain.text import _
from pos_desktop.environment import check_environment
from pos_desktop.jobs.registry import JobServices, every_job
from pos_desktop.languages import learn_languages
from pos_desktop.logbook import logged
from pos_desktop.services.paper.print_queue import RECEIPT_PRINTER
from pos_desktop.shop import Shop, open_shop, scale_of
from pos_desktop.shop_folder import default_directory, nothing_of_a_shop, shop_exists
from pos_desktop.shop_locks import till_open
from pos_desktop.shops.damage import check_no_damage
from pos_desktop.shops.kiosk_mark import follow_kiosk, was_kiosk
from pos_desktop.shops.new_shop import check_can_make, demo_shop, make_shop
from pos_desktop.shops.recovery import reason_of, recovery_of
from pos_desktop.storage.errors import disk_told
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.scale import scaled_application
from pos_desktop.ui.kit.sounds import Sounds
from pos_desktop.ui.screens.customer.customer_window import CustomerWindow
from pos_desktop.ui.screens.devices.printer_state import no_printer, printer_pill, trouble
from pos_desktop.ui.screens.first_run.first_run import FirstRun, MadeShop
from pos_desktop.ui.screens.recovery.recovery_window import RecoveryWindow
from pos_desktop.ui.shell.counter_devices import CounterDevices
from pos_desktop.ui.shell.customer_watch import CustomerWatch
from pos_desktop.ui.shell.kiosk import Kiosk
from pos_desktop.ui.shell.leaving import STOP_SECONDS, Leaving
from pos_desktop.ui.shell.only_window import OnlyWindow
from pos_desktop.ui.shell.second_screen import SecondScreen
from pos_desktop.ui.shell.settings_watch import SettingsWatch
from pos_desktop.ui.shell.upgrade_window import bring_up_to_date
from pos_desktop.ui.shell.warning_strip import Subject
from pos_desktop.ui.shell.window import Window
from pos_desktop.ui.threads.adapter import Adapter
from pos_desktop.ui.threads.full_collections import spare_what_is_loaded
from pos_desktop.ui.threads.lane import DatabaseLane
from pos_desktop.ui.threads.link_watch import watch_link
from pos_desktop.ui.threads.queue_thread import QueueThread
from pos_desktop.usage import translate_usage

DESKTOP_ENTRY = "org.posdesktop.Till"
"""By this name a desktop knows the program: its entry in the menu, and its icon."""
SOUNDS_FOLDER = "sounds"
QUEUE_SECONDS = 0.5
"""How long the queue has at least to let go of what it runs."""
LINK_SECONDS = 3.0
"""How long after its start the window begins to hear of the network: that takes it some 20 ms."""
LISTEN_SECONDS = 0.5
"""How long after its start the window hears of a second one: that takes as long."""

logger = logging.getLogger(__name__)


class Program:
    """A shop, its lane, its print room and its window, joined; `stop` drains what waits."""

    def __init__(
        self,
        directory: Path,
        *,
        sound: bool = True,
        jobs: Callable[[JobServices], Iterable[Job]] = every_job,
        kiosk: bool = False,
    ) -> None:
        """Open the shop of a directory with the jobs it knows; raise what `open_shop` raises.

        As a kiosk only a manager closes it, whatever the settings say.
        """
        self._adapter = Adapter()
        self.lane = DatabaseLane(
            self._adapter.post, failed=self._background_failed, at_end=self._lane_ended
        )
        self.shop: Shop = open_shop(
            directory, later=self.lane.keep, aside=self.lane.later, jobs=jobs
        )
        cache = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation))
        get = self.shop.configuration.get
        learn_languages(default=get(settings.LANGUAGE))
        sounds = Sounds(cache / SOUNDS_FOLDER, enabled=sound, wanted=lambda: get(settings.SOUND))
        self.window = Window(self.shop, self.lane, sounds)
        self.customer = CustomerWatch(self.window)
        configuration = self.shop.configuration
        self.devices = CounterDevices(
            self.shop.devices, configuration, self.window, self._adapter.post
        )
        self.settings_watch = SettingsWatch(self.window, self.lane, configuration.refresh)
        self.customer.seen.connect(self.devices.display.show)
        self.second_screen = SecondScreen(
            self.window, self._customer_window, get(settings.DISPLAY_SECOND_SCREEN)
        )
        configuration.subscribe(lambda keys: self._adapter.post(lambda: self._follow(keys)))
        self._printer: tuple[WorkerState, Fault | None] | None = None
        self._to_look_at = 0
        self.window.papers.counted.connect(self._show_printer)
        self._leaving = Leaving(self.window, self.lane, self._adapter, self.shop, self.stop)
        self.is_kiosk = kiosk or get(settings.KIOSK)
        if self.is_kiosk:
            self._keep_open(Kiosk(self.window, self.shop.till))
        self._stopped = False
        self._while_open = ExitStack()
        if is_demonstrated(self.shop):
            self.shop.queue.beside.append(DemoMpesa(self.shop))
        self.queue = QueueThread(self.shop.queue.runner)
        self.queue.working.connect(self.window.jobs.show_working)

    def _keep_open(self, kiosk: Kiosk) -> None:
        """Let only a manager close the window; who goes to train and comes back closes it too."""

        def may_close() -> bool:
            goes_on = self.window.goes_on_in is not None
            return (goes_on or kiosk.may_close()) and self._leaving.may_close()

        self.window.ask_before_close(may_close)

    def _customer_window(self) -> CustomerWindow:
        get = self.shop.configuration.get
        made = CustomerWindow(
            self.window,
            get(settings.SHOP_NAME),
            get(settings.DISPLAY_GREETING),
            get(settings.SHOP_CURRENCY),
            training=get(settings.SHOP_TRAINING),
        )
        made.show_view(self.customer.view())
        self.customer.seen.connect(made.show_view)
        return made

    def _follow(self, keys: frozenset[str]) -> None:
        """Let the customer's screen go by the settings of these keys."""
        get, second = self.shop.configuration.get, self.second_screen
        if settings.DISPLAY_SECOND_SCREEN.key in keys:
            second.want(get(settings.DISPLAY_SECOND_SCREEN))
        if settings.DISPLAY_GREETING.key in keys and second.window is not None:
            second.window.greet_with(get(settings.DISPLAY_GREETING))

    def start(self) -> None:
        """Start the lane and the print room, and let the window learn what it shows."""
        self._while_open.enter_context(till_open(self.shop.directory, self.shop.till))
        self.lane.start()
        is_set = self.shop.configuration.get(settings.KIOSK)
        self.lane.later(lambda: follow_kiosk(self.shop.directory, is_kiosk=is_set))
        self.window.start()
        if not self.shop.print_queue.device(RECEIPT_PRINTER).address:
            self._show_no_printer()
        self.shop.print_room.start(self._device_changed)
        self.queue.start()
        QTimer.singleShot(round(LINK_SECONDS * 1000), self.window, self._watch_link)
        self.devices.start()
        self.settings_watch.start()
        self.second_screen.start()

    def come_in(self, made: MadeShop) -> None:
        """Sign in whoever has just made the shop, as soon as the lane runs.

        A new drawer is empty: Enter opens the first shift.
        """
        self.window.open_shift.suggest(0)
        self.window.sign_in.submitted.emit(made.login, made.pin)

    def stop(self, within: float = STOP_SECONDS) -> None:
        """End all threads within so many seconds together, and close the shop."""
        if self._stopped:
            return
        self._stopped = True
        limit = self.shop.clock.monotonic() + within

        def left() -> float:
            return max(0.0, limit - self.shop.clock.monotonic())

        self.second_screen.stop()
        self.settings_watch.stop()
        self.window.counter.weigher.stop()
        self.queue.tell_to_stop()
        self.devices.tell_to_stop()
        self.shop.print_room.tell_to_stop()
        for work in (self.window.reading, self.window.long_work, self.window.pushes):
            if not work.stop(left()):
                logger.error("work that takes long did not stop in time")
        if not self.lane.stop(left()):
            logger.error("the database lane did not finish in time")
        for device in self.devices.stop(left):
            logger.error("%s did not stop in time", device)
        if not self.queue.stop(max(QUEUE_SECONDS, left())):
            logger.error("the queue did not stop in time")
        self.shop.close(left())
        self._while_open.close()
        self._adapter.close()

    def _watch_link(self) -> None:
        if not self._stopped:
            watch_link(self.queue.link_changed)

    def _lane_ended(self) -> None:
        """Close the lane's own connections, in its thread."""
        self.shop.reader.close()
        self.shop.database.close()

    def _background_failed(self, error: Exception) -> None:
        self.window.counter.say_failed(error)

    def _device_changed(self, device: str, state: WorkerState, fault: Fault | None) -> None:
        if device != RECEIPT_PRINTER:
            return
        to_look_at, holds_papers = self._to_look_at, False
        if state is not WorkerState.STOPPED:
            with suppress(PosError):
                to_look_at = self.shop.unsettled_prints.count()
                holds_papers = self.shop.unsettled_prints.any_paper_waits()

        def show() -> None:
            self._printer = state, fault
            self._show_printer(to_look_at)
            if not self.shop.print_queue.device(device).address:
                self._show_no_printer()
            elif state is not WorkerState.PRINTING:  # an attempt is no paper yet
                self.window.counter.printer.tell(trouble(state, fault), holds_papers=holds_papers)
            if not self._stopped:
                self.window.papers.refresh()

        self._adapter.post(show)

    def _show_no_printer(self) -> None:
        """Show that the settings name no printer: receipts wait until they do."""
        self._printer = None
        self.window.top_bar.show_printer(*no_printer())
        self.window.counter.printer.tell(no_printer()[0], holds_papers=True)

    def _show_printer(self, to_look_at: int) -> None:
        self._to_look_at = to_look_at
        if self._printer is not None:
            device = self.shop.print_queue.device(RECEIPT_PRINTER)
            self.window.top_bar.show_printer(*printer_pill(*self._printer, device, to_look_at))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the window until it is closed."""
    if frozen_child(sys.argv):
        return 0
    learn_languages()
    translate_usage()
    options = _parser().parse_args(arguments)
    QApplication.setApplicationName("POS Desktop")
    QApplication.setDesktopFileName(DESKTOP_ENTRY)
    directory = _directory(options)
    app = scaled_application(sys.argv[:1], scale_of(directory))
    app.setWindowIcon(QIcon(str(files("pos_resources") / "icons" / "pos-desktop.svg")))
    fonts.load()
    theme.use(app, settings.THEME.default)
    try:
        warnings = check_environment()
        if options.demo and not shop_exists(directory):
            make_shop(directory, demo_shop())
        made = None
        if nothing_of_a_shop(directory) and _is_watched():
            with watched_for_crashes(directory, "window"):
                first = _first_run(app, directory, fullscreen=options.fullscreen)
            made = first.made
            if made is None and not first.is_restored:
                return 0
    except PosError as error:
        return _say_why(str(error))
    with logged(directory), watched_for_crashes(directory, "window"):
        for sentence in warnings:
            print(sentence, file=sys.stderr)  # noqa: T201 - for those who started it from a terminal
            logger.warning(sentence)
        return _run_alone(app, directory, made, options)


def _run_alone(
    app: QApplication, directory: Path, made: MadeShop | None, options: argparse.Namespace
) -> int:
    """Run the only window of a shop on this computer; bring it to the front where it is open."""
    only = OnlyWindow(directory)
    if shop_exists(directory) and not only.is_first():
        if only.ask_first():
            print(_("The till was open already; it is in front now."))  # noqa: T201
            return 0
        if not only.is_first():
            return _say_why(
                _(
                    "The till of this shop is open already or just starting, perhaps under another "
                    "login of this computer: go on there, or close it first."
                )
            )
    QTimer.singleShot(round(LISTEN_SECONDS * 1000), app, only.listen)
    try:
        kiosk, fullscreen = options.kiosk, options.fullscreen
        return _run_shops(app, directory, made, fullscreen=fullscreen or kiosk, kiosk=kiosk)
    finally:
        only.close()


def _run_shops(
    app: QApplication, directory: Path, made: MadeShop | None, *, fullscreen: bool, kiosk: bool
) -> int:
    """Run the till of a shop, then of the one that it goes on in: to train, and back again.

    Who has just `made` the shop is let in.
    """
    status = 0
    next_one: Path | None = directory
    while next_one is not None:
        try:
            with disk_told(next_one):
                check_no_damage(next_one)
                bring_up_to_date(next_one)
                program = Program(next_one, kiosk=kiosk)
        except PosError as error:
            logger.warning("the shop cannot be opened", exc_info=error)
            if _is_watched() and _recovered(
                app, next_one, error, fullscreen=fullscreen, kiosk=kiosk
            ):
                continue
            return _say_why(str(error), is_shown=_is_watched())
        except Exception as error:
            logger.critical("the shop cannot be opened", exc_info=error)
            raise
        if made is not None:
            program.come_in(made)
            made = None
        status = _run(app, program, fullscreen=fullscreen)
        next_one = program.window.goes_on_in
    return status


def _first_run(app: QApplication, directory: Path, *, fullscreen: bool) -> FirstRun:
    """Make a shop with the person at the screen, or bring one back; return what came of it.

    Raises what stands in the way of a shop in this place.
    """
    check_can_make(directory)
    window = FirstRun(directory)
    window.start()
    _show(app, window, fullscreen=fullscreen)
    app.exec()
    return window


def _recovered(
    app: QApplication, directory: Path, error: PosError, *, fullscreen: bool, kiosk: bool
) -> bool:
    """Show a person why the shop does not open, and the ways out; tell whether to open it again."""
    _let_go_of_the_file(error)
    recovery = recovery_of(directory, error)
    kiosk = kiosk or was_kiosk(directory)
    window = RecoveryWindow(directory, recovery, reason_of(error, recovery), is_kiosk=kiosk)
    window.start()
    _show(app, window, fullscreen=fullscreen or kiosk)
    app.exec()
    return window.opens_again


def _let_go_of_the_file(error: BaseException | None) -> None:
    """Forget where an error came from: its frames keep cursors, and those the file open."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _show(app: QApplication, window: QWidget, *, fullscreen: bool) -> None:
    """Show a window over all of the screen, and let it have the keys.

    Where no window manager is, nobody else makes it as large, or gives it the keys.
    """
    window.resize(app.primaryScreen().availableSize())
    if fullscreen:
        window.showFullScreen()
    else:
        window.showMaximized()
    window.activateWindow()


def _is_watched() -> bool:
    """Tell whether somebody can see a window."""
    return QApplication.platformName() not in ("offscreen", "minimal")


def _run(app: QApplication, program: Program, *, fullscreen: bool) -> int:
    theme.use(app, program.shop.configuration.get(settings.THEME))
    sys.excepthook = _reporter(program)
    program.start()
    logger.info("the window is open on %s", program.shop.directory)
    _show(app, program.window, fullscreen=fullscreen or program.is_kiosk)
    _tell_crashes(program)
    spare_what_is_loaded()
    status = app.exec()
    program.stop()
    return status


def _tell_crashes(program: Program) -> None:
    """Say to whoever comes to the till that it ended by itself, and under which reference."""
    crashes = crashed_before(program.shop.directory)
    if crashes:
        program.window.warning.tell(
            Subject.CRASH,
            _(
                "The program ended by itself last time (reference {reference}): tell support, who "
                "asks for the report in {place}. Nothing that was recorded is lost."
            ).format(reference=crashes[0].reference, place=crashes[0].path.parent),
        )


def _say_why(sentence: str, *, is_shown: bool = False) -> int:
    """Say why the till cannot open, where people look; return the exit code."""
    print(sentence, file=sys.stderr)  # noqa: T201 - for those who started it from a terminal
    if _is_watched() and not is_shown:
        QMessageBox.critical(None, _("POS Desktop"), sentence)
    return 1


def _directory(options: argparse.Namespace) -> Path:
    """Return the shop's directory; a demo shop has its own where none is named."""
    if options.demo and options.data is None and "POS_DATA_DIR" not in os.environ:
        place = QStandardPaths.StandardLocation.AppDataLocation
        return Path(QStandardPaths.writableLocation(place)) / "demo"
    return options.data or default_directory()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pos-desktop", description=_("The till."))
    parser.add_argument(
        "--data", metavar="DIR", type=Path, help=_("the shop's directory (else POS_DATA_DIR)")
    )
    parser.add_argument(
        "--demo", action="store_true", help=_("make a shop to try things out, if there is none")
    )
    parser.add_argument("--fullscreen", action="store_true", help=_("fill the whole screen"))
    parser.add_argument(
        "--kiosk",
        action="store_true",
        help=_("fill the screen, over everything else; only a manager closes it"),
    )
    return parser


def _reporter(
    program: Program,
) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Return what becomes of an error that nobody caught: logged, shown, and selling goes on."""

    def report(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            program.window.counter.say_failed(error)
        else:
            sys.__excepthook__(kind, error, trace)

    return report


if __name__ == "__main__":
    sys.exit(main())
