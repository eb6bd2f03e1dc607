"""Opening a file with the program that the computer has for its kind."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_file(path: Path) -> bool:
    """Let the system open a file, which goes its own way; tell whether it knows how."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
