"""The two sounds of a till: a short high one for yes, a long low one for no.

Made here as small WAV files and handed to whatever the machine plays sound with; where there is
nothing, or no folder to write to, the till is silent. Never waits.
"""

from __future__ import annotations

import math
import shutil
import struct
import sys
import wave
from pathlib import Path

from PySide6.QtCore import QProcess, QTimer

RATE = 22_050
OK_SOUND = (880, 0.160)
ERROR_SOUND = (220, 0.350)
"""Hertz and seconds."""

_LOUDNESS = 0.35
_FADE_SECONDS = 0.01
_PLAYERS = (("paplay",), ("pw-play",), ("aplay", "-q"))


class Sounds:
    """Plays the sounds of a till from files in a folder."""

    def __init__(self, folder: Path, *, enabled: bool = True) -> None:
        self._player = _player() if enabled else None
        self._ok = folder / "ok.wav"
        self._error = folder / "error.wav"
        if self._player is not None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write_tone(self._ok, *OK_SOUND)
                write_tone(self._error, *ERROR_SOUND)
            except OSError:
                self._player = None

    def ok(self) -> None:
        """Sound that something was taken."""
        self._play(self._ok)

    def error(self) -> None:
        """Sound that something was refused."""
        self._play(self._error)

    def _play(self, path: Path) -> None:
        """Play it once the screen has painted: starting a player costs a few milliseconds."""
        if self._player is not None:
            QTimer.singleShot(0, lambda: self._start(path))

    def _start(self, path: Path) -> None:
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_ASYNC)
            return
        program, *arguments = self._player or ("",)
        QProcess.startDetached(program, [*arguments, str(path)])


def write_tone(path: Path, hertz: int, seconds: float) -> None:
    """Write a tone that fades in and out, so that it does not click."""
    count = int(RATE * seconds)
    fade = int(RATE * _FADE_SECONDS)
    samples = []
    for i in range(count):
        envelope = min(1.0, i / fade, (count - i) / fade)
        samples.append(int(32767 * _LOUDNESS * envelope * math.sin(2 * math.pi * hertz * i / RATE)))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{count}h", *samples))


def _player() -> tuple[str, ...] | None:
    if sys.platform == "win32":
        return ("winsound",)
    for command in _PLAYERS:
        if program := shutil.which(command[0]):
            return (program, *command[1:])
    return None
