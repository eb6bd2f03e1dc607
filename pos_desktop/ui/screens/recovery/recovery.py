"""The window that is there instead of the till where a shop does not open.

It says what is wrong and what is safe, and offers the ways out. Whatever takes long is done on a
lane of its own; nothing is removed or written over, and closing it leaves everything as it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QStorageInfo
from PySide6.QtGui import QCloseEvent, QKeyEvent

from pos_desktop.domain.text import _
from pos_desktop.logbook import log_path
from pos_desktop.mended_shop import bring_keys_back, restore_over, salvage_shop
from pos_desktop.shop_trouble import (
    Trouble,
    Way,
    backups_near,
    restored_sentences,
    salvaged_sentences,
)
from pos_desktop.ui.kit.acts import Act
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow
from pos_desktop.ui.screens.recovery.steps import (
    KeysStep,
    OutcomeStep,
    RestoreStep,
    SupportStep,
    TroubleStep,
)

_STOP_SECONDS = 4.0

logger = logging.getLogger(__name__)


class Recovery(StepsWindow):
    """Offers the ways out of a trouble; `opens_again` tells what to do once it is closed."""

    def __init__(self, directory: Path, trouble: Trouble, why: str) -> None:
        """Take the shop's folder, what is wrong with it, and what support would read of it."""
        super().__init__(_("The shop does not open"))
        self.opens_again = False
        self._directory = directory
        self._why = why
        self._is_working = False
        self.trouble_step = TroubleStep(trouble)
        self.restore_step: RestoreStep | None = None
        self._join()

    def _join(self) -> None:
        step = self.trouble_step
        self.add_step(step)
        step.open_wanted.connect(self._open_again)
        step.way_wanted.connect(self._go)
        step.support_wanted.connect(self._show_support)
        step.quit_wanted.connect(self.close)

    def start(self) -> None:
        """Show what is wrong."""
        self._lane.start()
        self._show(self.trouble_step)

    def acts(self) -> tuple[Act, ...]:
        """Return what can be done now; nothing while something is being done."""
        return () if self._is_working else super().acts()

    # the ways out

    def _go(self, way: Way) -> None:
        {Way.SALVAGE: self._salvage, Way.RESTORE: self._ask_backup, Way.KEYS: self._ask_key}[way]()

    def _salvage(self) -> None:
        self._work(
            _("What is good is being saved; that may take minutes. Leave the computer on."),
            lambda: salvage_shop(self._directory),
            lambda saved: self._tell(_("What is good was saved"), salvaged_sentences(saved)),
        )

    def _ask_backup(self) -> None:
        step = self.restore_step = RestoreStep(backups_near(self._directory, _sticks()))
        step.answered.connect(lambda key: self._restore(step.backup, key))
        step.look_again.connect(self._ask_backup)
        step.back.connect(lambda: self._show(self.trouble_step))
        self._open(step)

    def _restore(self, backup: Path, key: str) -> None:
        self._work(
            _("The shop is being brought back; that may take minutes. Leave the computer on."),
            lambda: restore_over(backup, self._directory, key),
            lambda done: self._tell(_("The shop is back"), restored_sentences(*done)),
        )

    def _ask_key(self) -> None:
        step = KeysStep()
        step.answered.connect(self._make_keys)
        step.back.connect(lambda: self._show(self.trouble_step))
        self._open(step)

    def _make_keys(self, key: str) -> None:
        told = [_("The shop has its keys again. The passwords of mail and M-Pesa are typed anew.")]
        self._work(
            _("The key is compared with the journal; a moment."),
            lambda: bring_keys_back(self._directory, key),
            lambda _aside: self._tell(_("The keys are back"), told),
        )

    def _open_again(self) -> None:
        self.opens_again = True
        self.close()

    def _show_support(self) -> None:
        step = SupportStep(
            _("For support"),
            (
                _("Version {version}").format(version=metadata.version("pos-desktop")),
                _("The shop's folder: {place}").format(place=self._directory.absolute()),
                _("The log: {place}").format(place=log_path(self._directory)),
                _("What was said: {why}").format(why=self._why),
            ),
        )
        step.back.connect(lambda: self._show(self.trouble_step))
        self._open(step)

    def _tell(self, title: str, sentences: Sequence[str]) -> None:
        step = OutcomeStep(title, sentences)
        step.opened.connect(self._open_again)
        self._open(step)

    # steps

    def _work(
        self, meanwhile: str, work: Callable[[], object], done: Callable[..., object]
    ) -> None:
        """Do something beside the window, and nothing else meanwhile."""
        if self._is_working:
            return
        self._is_working = True
        self.show_acts()
        self.say(meanwhile)

        def end(result: object) -> None:
            self._is_working = False
            done(result)

        self._lane.submit(work, end, self._not_done)

    def _not_done(self, error: Exception) -> None:
        self._is_working = False
        self.show_acts()
        logger.warning("a way out of a trouble did not work", exc_info=error)
        self._refuse(error)

    def _open(self, step: Step) -> None:
        """Show a step that is made for this once."""
        self.add_step(step)
        self._show(step)

    def _show(self, step: Step) -> None:
        before = self.step
        self.show_step(step, step.title)
        if before not in (self.trouble_step, step):
            self.drop_step(before)

    # keys

    def _typed(self, event: QKeyEvent) -> bool:
        return self._is_working or super()._typed(event)

    def _scanned(self, code: str) -> None:
        if not self._is_working:
            super()._scanned(code)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stay open while something is being done."""
        if self._is_working:
            event.ignore()
            return
        self._lane.stop(_STOP_SECONDS)
        self._adapter.close()
        super().closeEvent(event)


def _sticks() -> tuple[Path, ...]:
    """Return what is plugged in: every disk but the system's own."""
    return tuple(
        Path(one.rootPath())
        for one in QStorageInfo.mountedVolumes()
        if one.isReady() and not one.isRoot() and one.rootPath().startswith(_STICK_PLACES)
    )


_STICK_PLACES = ("/media", "/run/media", "/mnt", *(f"{letter}:" for letter in "DEFGHIJK"))
