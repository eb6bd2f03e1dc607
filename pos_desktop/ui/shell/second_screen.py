"""Puts the customer's window on a screen of its own, whenever there is one.

Screens may be plugged in and out while the till sells; the till's own is never covered.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QScreen, QWindow
from PySide6.QtWidgets import QWidget

from pos_desktop.ui.screens.customer.customer_window import CustomerWindow

OFF, AUTO = "off", "auto"


class SecondScreen(QObject):
    """Shows the window on the wanted screen, and hides it while that is not there."""

    def __init__(
        self,
        till: QWidget,
        make: Callable[[], CustomerWindow],
        wanted: str,
        screens: Callable[[], list[QScreen]] = QGuiApplication.screens,
    ) -> None:
        """Take which screen is wanted: `off`, `auto` or its name; `screens` tells which are in.

        The window is made when there is a screen for it.
        """
        super().__init__(till)
        self._till = till
        self._make = make
        self.window: CustomerWindow | None = None
        self._wanted = wanted.strip() or OFF
        self._screens = screens
        self._handle: QWindow | None = None
        self._is_on = self._follows = False

    def want(self, wanted: str) -> None:
        """Be on another screen from now on, or on none."""
        self._wanted = wanted.strip() or OFF
        if self._is_on:
            self.start()

    def start(self) -> None:
        """Show it, and follow the screens from now on."""
        self._is_on = True
        if self._wanted != OFF and not self._follows:
            self._follow_screens()
        self.place()

    def _follow_screens(self) -> None:
        self._follows = True
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self.place)
        app.screenRemoved.connect(self.place)
        self._till.installEventFilter(self)
        self._follow_till()

    def stop(self) -> None:
        """Take it away for good."""
        self._is_on, self._wanted = False, OFF
        if self.window is not None:
            self.window.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Learn on which screen the till is, as soon as the system knows its window."""
        if watched is self._till and event.type() == QEvent.Type.Show:
            self._follow_till()
            self.place()
        return False

    def place(self, _screen: QScreen | None = None) -> None:
        """Be on the wanted screen, or nowhere."""
        screen = self._chosen()
        if screen is not None:
            self._show_on(screen)
        elif self.window is not None:
            self.window.hide()

    def _show_on(self, screen: QScreen) -> None:
        window = self.window = self.window or self._make()
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        if window.isHidden():
            window.winId()
            handle = window.windowHandle()
            if handle is not None:  # else it would come to the front with the till's window
                handle.setTransientParent(None)  # type: ignore[arg-type]
            window.showFullScreen()

    def _follow_till(self) -> None:
        handle = self._till.windowHandle()
        if handle is not None and handle is not self._handle:
            self._handle = handle
            handle.screenChanged.connect(self.place)

    def _chosen(self) -> QScreen | None:
        """Return the screen that is wanted, if it is there and not the till's."""
        if self._wanted == OFF:
            return None
        own = self._till.screen()
        others = [screen for screen in self._screens() if screen is not own]
        if self._wanted != AUTO:
            others = [screen for screen in others if screen.name() == self._wanted]
        return others[0] if others else None
