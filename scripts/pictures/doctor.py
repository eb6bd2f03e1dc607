"""The states of the doctor's page of which pictures are made."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from pathlib import Path
from unittest.mock import patch

from pos_desktop import settings
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.doctor.finding import Report
from pos_desktop.services.doctor.finding import State as How
from pos_desktop.ui.screens.doctor.doctor_page import BundleForm, DoctorPage
from scripts.pictures.steps import K, States, by_name
from scripts.player import Player


def _opened(player: Player) -> DoctorPage:
    page = player.office_page("doctor", DoctorPage)
    player.settle(lambda: page.report is not None)
    return page


def doctor_looks(player: Player) -> None:
    """Show the page while a device does not answer."""
    over = threading.Event()

    def looks(*_names: object, **_actor: object) -> Report:
        over.wait(20)
        return Report(())

    with patch.object(Doctor, "look", looks):
        player.open_office("doctor")
    threading.Timer(5, over.set).start()


def doctor_well(player: Player) -> None:
    report = Doctor(player.program.shop.directory).look(actor=None)
    well = Report(tuple(one for one in report.findings if one.state is How.OK))
    with patch.object(Doctor, "look", lambda *_names, **_actor: well):
        _opened(player)


def doctor_broken(player: Player) -> None:
    shop = player.program.shop
    for setting, value in (
        (settings.DRAWER_ADDRESS, "serial:///dev/ttyUSB7"),
        (settings.BACKUP_COPY_FOLDER, "/media/cashier/KINGSTON-16GB-USB-STICK/backups-of-the-shop"),
        (settings.SCANNER_ADDRESS, "serial://id/0403:6001:A50285BI?baud=19200"),
    ):
        shop.configuration.set(setting, value, shop.books, actor=None)
    _opened(player)


def _save(player: Player) -> DoctorPage:
    page = _opened(player)
    player.press(K.Key_F6)
    assert isinstance(page.form, BundleForm)
    return page


def doctor_save(player: Player) -> None:
    _save(player)


def doctor_saved(player: Player) -> None:
    page = _save(player)
    with tempfile.TemporaryDirectory() as folder:
        assert isinstance(page.form, BundleForm)
        page.form.file.show_text(str(Path(folder) / "support.zip"))
        player.press(K.Key_Return)
        player.settle(lambda: page.form is None)


def doctor_no_room(player: Player) -> None:
    page = _save(player)
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with patch("pos_desktop.documents.written_aside.os.fsync", side_effect=full):
        player.press(K.Key_Return)
        player.settle(lambda: not page.is_busy)


STATES: States = by_name(
    doctor_looks,
    doctor_well,
    doctor_broken,
    doctor_save,
    doctor_saved,
    doctor_no_room,
)
