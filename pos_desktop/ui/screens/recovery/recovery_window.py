"""The window that is there instead of the till where a shop does not open.

It says what is wrong and what is safe, and offers the ways out. Whatever takes long is done on a
lane of its own; nothing is removed or written over, and closing it leaves everything as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from PySide6.QtGui import QCloseEvent

from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.progress import Progress
from pos_desktop.domain.text import _
from pos_desktop.logbook import log_path
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.shops.keys_anew import bring_keys_back
from pos_desktop.shops.outcomes import restored_sentences, salvaged_sentences
from pos_desktop.shops.recovery import Recovery, Way
from pos_desktop.shops.restored_over import restore_over
from pos_desktop.shops.salvaged_shop import Salvaged, salvage_shop
from pos_desktop.ui.screens.doctor.bundle_field import saved_words, saving_words
from pos_desktop.ui.screens.first_run.step import Step
from pos_desktop.ui.screens.first_run.steps_window import StepsWindow
from pos_desktop.ui.screens.recovery.asked_steps import EndStep, SalvageStep
from pos_desktop.ui.screens.recovery.bring_back import BringBack
from pos_desktop.ui.screens.recovery.steps import (
    KeysStep,
    OutcomeStep,
    RecoveryStep,
)
from pos_desktop.ui.screens.recovery.support_step import SupportStep

_STOP_SECONDS = 4.0


class RecoveryWindow(StepsWindow):
    """Offers the ways out of what is wrong; `opens_again` tells what to do once it is closed."""

    def __init__(
        self, directory: Path, recovery: Recovery, why: str, *, is_kiosk: bool = False
    ) -> None:
        """Take the shop's folder, what is wrong with it, and what support would read of it.

        As a kiosk it asks before it is closed: no manager can be known without the shop's file.
        """
        super().__init__(_("The shop does not open"))
        self.opens_again = False
        self._asks_to_end = is_kiosk
        self._directory = directory
        self._why = why
        self._clock = SystemClock()
        self.bring_back = BringBack(
            self, directory, self._restored, back=self._go_back, opened=self._open_again
        )
        self.first_step = RecoveryStep(recovery, self.bring_back.near)
        self._salvaged: tuple[Salvaged, Path] | None = None
        self._join()

    def _join(self) -> None:
        step = self.first_step
        self.add_step(step)
        step.open_wanted.connect(self._open_again)
        step.way_wanted.connect(self._go)
        step.support_wanted.connect(self._show_support)
        step.quit_wanted.connect(self.close)

    def start(self) -> None:
        """Show what is wrong."""
        self._lane.start()
        self._show_first()

    def _show_first(self) -> None:
        self.show_step(self.first_step, self.first_step.title)

    def show_step(self, step: Step, title: str) -> None:
        """Show a step, and look for backups as long as it says which are near."""
        near = self.bring_back.near
        if isinstance(step, RecoveryStep | SalvageStep) and step.near is not None:
            near.start()
        else:
            near.stop()
        super().show_step(step, title)

    def _go_back(self) -> None:
        """Show where somebody came from to the backups."""
        if self._salvaged is None:
            self._show_first()
        else:
            self._tell_salvaged(self._salvaged)

    # the ways out

    def _go(self, way: Way) -> None:
        {
            Way.SALVAGE: self._ask_salvage,
            Way.RESTORE: self.bring_back.start,
            Way.KEYS: self._ask_key,
        }[way]()

    def _ask_salvage(self) -> None:
        step = SalvageStep(self._directory, self.bring_back.near)
        step.agreed.connect(self._salvage)
        step.back.connect(self._show_first)
        self.open_once(step)

    def _salvage(self) -> None:
        self.bring_back.near.stop()
        self.work(
            _("What is good is being saved; that may take minutes. Leave the computer on."),
            lambda _progress: salvage_shop(self._directory),
            self._tell_salvaged,
        )

    def _tell_salvaged(self, found: tuple[Salvaged, Path]) -> None:
        saved, aside = self._salvaged = found
        step = OutcomeStep(
            _("What is good was saved"),
            salvaged_sentences(saved, aside),
            offers_backup=not saved.is_whole,
        )
        step.opened.connect(self._open_again)
        step.backup_wanted.connect(self.bring_back.start)
        self.open_once(step)

    def _restored(self, backup: Path, key: str, progress: Progress) -> list[str]:
        return restored_sentences(*restore_over(backup, self._directory, key, progress=progress))

    def _ask_key(self) -> None:
        step = KeysStep()
        step.answered.connect(self._make_keys)
        step.back.connect(self._show_first)
        self.open_once(step)

    def _make_keys(self, key: str) -> None:
        told = [
            _(
                "The shop has its keys again. Passwords of mail and M-Pesa that cannot be read are "
                "typed anew."
            )
        ]
        self.work(
            _("The key is compared with the journal; a moment."),
            lambda _progress: bring_keys_back(self._directory, key),
            lambda _aside: self._tell(_("The keys are back"), told),
        )

    def _ask_end(self) -> None:
        if isinstance(self.step, EndStep):
            return
        step = EndStep()
        step.agreed.connect(self._end)
        step.back.connect(self._show_first)
        self.open_once(step)

    def _end(self) -> None:
        self._asks_to_end = False
        self.close()

    def _open_again(self) -> None:
        self.opens_again = True
        self.close()

    def _show_support(self) -> None:
        told = (
            _("Version {version}").format(version=metadata.version("pos-desktop")),
            _("The shop's folder: {place}").format(place=self._directory.absolute()),
            _("The log: {place}").format(place=log_path(self._directory)),
            _("What was said: {why}").format(why=self._why),
        )
        step = SupportStep(told, self._clock.now().astimezone())
        step.back.connect(self._show_first)
        step.save_wanted.connect(self._save_for_support)
        self.open_once(step)

    def _save_for_support(self, path: Path) -> None:
        doctor = Doctor(self._directory, self._clock)
        self.work(
            saving_words(),
            lambda _progress: doctor.pack(path, actor=None),
            lambda report: self._saved(saved_words(path, report)),
        )

    def _saved(self, words: str) -> None:
        self.show_acts()
        self.say(words)

    def _tell(self, title: str, sentences: Sequence[str]) -> None:
        step = OutcomeStep(title, sentences)
        step.opened.connect(self._open_again)
        self.open_once(step)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stay open while something is being done."""
        if self.is_working:
            event.ignore()
            return
        if self._asks_to_end and not self.opens_again:
            event.ignore()
            self._ask_end()
            return
        self.bring_back.near.stop()
        self._lane.stop(_STOP_SECONDS)
        self._adapter.close()
        super().closeEvent(event)
