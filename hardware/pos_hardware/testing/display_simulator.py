"""A customer display on a pseudo terminal, and the grid of letters that it shows.

Written from the published command lists, apart from `displays.dialects`. Bytes may come in any
portions.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

from pos_hardware.testing.pty_device import PtyDevice

COLUMNS, ROWS = 20, 2

_EPSON = re.compile(
    rb"\x1b(?:@|[tR].)|\x1f(?:[\x01-\x03\r\nB]|[CXEr].|\$..)|[\x08\x09\x0a\x0b\x0c\x0d\x18]|[ -~]",
    re.DOTALL,
)
_CD5220 = re.compile(
    rb"\x1b(?:@|[\x11-\x13]|[*_fc=].|Q[AB][ -~]{0,20}\r|l..)|[\x08\x09\x0a\x0b\x0c\x0d\x18]|[ -~]",
    re.DOTALL,
)
_LONGEST = 25
"""Bytes after which what fits no command is none."""


class DisplayGrid:
    """Reads the bytes of one dialect; `unknown` keeps what no display would have been sent."""

    def __init__(self, dialect: str) -> None:
        self._commands = {"epson": _EPSON, "cd5220": _CD5220}[dialect]
        self.unknown: list[bytes] = []
        self.has_cursor = True
        self.begun = 0
        """How often it was told to begin anew, and heard it."""
        self.frames = 0
        """How often the lower line was written to its end."""
        self._pending = b""
        self.switch_on()

    @property
    def lines(self) -> tuple[str, str]:
        """The two lines as a customer reads them."""
        upper, lower = ("".join(row) for row in self._rows)
        return upper, lower

    def switch_on(self) -> None:
        """Be as a display is when it gets power: empty, with a cursor."""
        self._rows = [[" "] * COLUMNS for _row in range(ROWS)]
        self._x = self._y = 0
        self._whole_lines = False
        self.has_cursor = True

    def feed(self, data: bytes) -> bytes:
        """Take bytes, act on every whole command; a display says nothing back."""
        self._pending += data
        while self._pending:
            command = self._commands.match(self._pending)
            if command is None and len(self._pending) < _LONGEST:
                break
            end = command.end() if command else 1
            taken, self._pending = self._pending[:end], self._pending[end:]
            if command is None:
                self.unknown.append(taken)
            else:
                self._obey(taken)
        return b""

    def _obey(self, command: bytes) -> None:
        if command == b"\x0c" or (command == b"\x1b@" and not self._whole_lines):
            cursor = self.has_cursor and command == b"\x0c"
            self.switch_on()
            self.has_cursor = cursor or command == b"\x1b@"
            self.begun += command == b"\x1b@"
        elif command.startswith(b"\x1bQ"):
            self._whole_lines = True
            self._write_line(0 if command[2:3] == b"A" else 1, command[3:-1].decode("ascii"))
        elif self._whole_lines:
            if command != b"\r":
                self.unknown.append(command)
        elif len(command) == 1 and command >= b" ":
            self._letter(command.decode("ascii"))
        else:
            self._move_or_set(command)

    def _move_or_set(self, command: bytes) -> None:
        if command[:2] in {b"\x1f$", b"\x1bl"}:
            x, y = command[2] - 1, command[3] - 1
            if x in range(COLUMNS) and y in range(ROWS):
                self._x, self._y = x, y
        elif command[:2] in {b"\x1fC", b"\x1b_"}:
            self.has_cursor = command[2] == 1
        elif command == b"\x0b":
            self._x = self._y = 0
        elif command == b"\r":
            self._x = 0

    def _letter(self, letter: str) -> None:
        self._rows[self._y][self._x] = letter
        self._x += 1
        if self._x == COLUMNS:
            self.frames += self._y == ROWS - 1
            self._x, self._y = 0, (self._y + 1) % ROWS

    def _write_line(self, row: int, text: str) -> None:
        self._rows[row] = list(text.ljust(COLUMNS))
        self.frames += row == ROWS - 1


class DisplaySimulator(PtyDevice):
    """A display whose grid can be waited for; use it in a `with`."""

    def __init__(self, link: Path, dialect: str) -> None:
        super().__init__(link, self._take_bytes)
        self.grid = DisplayGrid(dialect)
        self._changed = threading.Condition()

    def wait_for(self, condition: Callable[[DisplayGrid], bool], seconds: float = 10) -> None:
        """Return when the grid is as wanted; `TimeoutError`, with what it shows, if not."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self.grid), seconds):
                raise TimeoutError(self.grid.lines)

    def wait_for_lines(self, upper: str, lower: str) -> None:
        """Return when these two lines are shown, whatever blanks stand around them."""
        self.wait_for(lambda grid: tuple(map(str.strip, grid.lines)) == (upper, lower))

    def switch_off_and_on(self) -> None:
        """Take the display's power away for a moment; its line stays."""
        with self._changed:
            self.grid.switch_on()

    def _take_bytes(self, data: bytes) -> bytes:
        with self._changed:
            said = self.grid.feed(data)
            self._changed.notify_all()
        return said
