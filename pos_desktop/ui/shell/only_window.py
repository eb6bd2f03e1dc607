"""One window for a shop on a computer: a second one brings the first to the front, and ends.

A lock says who is first, which the system lets go however its process ends. The socket is the
login's own, so that what a crash left of one is in nobody's way: another login could not remove it.
Qt's network library is loaded once the window is there, by the
second one at once.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_desktop.domain.clock import SystemClock
from pos_desktop.lock_names import WINDOW
from pos_desktop.shop_folder import LOCKS_FOLDER, file_mode, folder

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_WAIT_MS = 2_000
STARTING_SECONDS = 6.0
"""How long the first one is given to listen: who clicks twice starts two at once."""
_ASK_AGAIN_SECONDS = 0.1
_SHOWN = b"shown"

logger = logging.getLogger(__name__)


class OnlyWindow:
    """Whether this is the first window of a shop, and the ear for those that come later."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._clock = SystemClock()
        self._lock: FileLock | None = None
        self._server: QLocalServer | None = None

    def is_first(self) -> bool:
        """Take the place of the only window, if nobody has it; tell whether it is this one's.

        A folder in which nothing can be written is told by who opens the shop.
        """
        if self._lock is not None:
            return True
        try:
            path = folder(self._directory, LOCKS_FOLDER) / WINDOW
            lock = FileLock(path, mode=file_mode(self._directory), timeout=0)
            lock.acquire()
        except Timeout:
            return False
        except OSError as error:
            logger.info("it cannot be known whether another window is open: %s", error)
            return True
        self._lock = lock
        return True

    def ask_first(self, within: float = STARTING_SECONDS) -> bool:
        """Ask the first window to come to the front; tell whether it did.

        One that has just begun is waited for; one that ends meanwhile leaves its place, and False
        is returned with this one being the first.
        """
        limit = self._clock.monotonic() + within
        while not (came := self._ask_once()) and not self.is_first():
            if self._clock.monotonic() > limit:
                break
            self._clock.sleep(_ASK_AGAIN_SECONDS)
        return came

    def _ask_once(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self.socket)
        shown = socket.waitForConnected(_WAIT_MS) and socket.waitForReadyRead(_WAIT_MS)
        return bool(shown) and socket.readAll().data() == _SHOWN

    def listen(self, show: Callable[[], object] | None = None) -> None:
        """Bring the window to the front whenever a second one asks."""
        from PySide6.QtNetwork import QLocalServer

        if self._lock is None or self._server is not None:
            return
        server = QLocalServer()
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self.socket)  # what a crash left: the lock is ours
        if not server.listen(self.socket):
            logger.info("a second window could not be heard: %s", server.errorString())
            return
        server.newConnection.connect(lambda: self._answer(show or bring_to_front))
        self._server = server

    def close(self) -> None:
        """Leave the place to another one."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @property
    def socket(self) -> str:
        """The name of the socket, in the login's own folder where the system gives it one."""
        place = str(self._directory.resolve()).encode()
        name = f"pos-desktop-{hashlib.sha256(place).hexdigest()[:16]}"
        if sys.platform == "win32":
            return name
        own = os.environ.get("XDG_RUNTIME_DIR", "")
        return f"{own}/{name}" if own and Path(own).is_dir() else f"{name}-{os.getuid()}"

    def _answer(self, show: Callable[[], object]) -> None:
        server = self._server
        while server is not None and (socket := server.nextPendingConnection()):
            show()
            socket.disconnected.connect(socket.deleteLater)
            with suppress(RuntimeError):
                socket.write(_SHOWN)
                socket.flush()
                socket.disconnectFromServer()


def bring_to_front() -> None:
    """Show the window that is open over all others, and give it the keyboard."""
    for window in QApplication.topLevelWidgets():
        if window.isVisible() and window.isWindow():
            state = window.windowState() & ~Qt.WindowState.WindowMinimized
            window.setWindowState(state | Qt.WindowState.WindowActive)
            window.raise_()
            window.activateWindow()
