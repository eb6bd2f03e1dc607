"""A Windows of its own under wine, with a screen of its own: no other one is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from installer.windows.libraries import WINE_LACKS, fill_gaps
from installer.windows.places import MADE

SCREEN_SIZE = (1366, 768)
_WITHOUT = "mscoree,mshtml,winemenubuilder.exe,qnetworklistmanager"
"""What is kept from loading: .NET and a browser, entries in this machine's own menu, and Qt's ear
for the network, whose start never ends under wine 8."""
_NOT_FOR_IT = ("QT_", "PYTHON", "POS_", "VIRTUAL_ENV")
"""What the caller's environment says of this machine's own programs."""


class Wine:
    """One Windows: a folder, and what runs in it."""

    def __init__(self, folder: Path, display: str = "") -> None:
        self.folder = folder
        self.drive = folder / "drive_c"
        self._system = self.drive / "windows" / "system32"
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith(_NOT_FOR_IT)
        } | {
            "WINEPREFIX": str(folder),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": f"{_WITHOUT}=d",
            "DISPLAY": display,
        }

    def make(self, qt: Path) -> None:
        """Make it anew, and fill the gaps that keep Qt and others from being loaded."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.run("wineboot", "--init", timeout=300)
        (self.folder / "drive_d").mkdir()
        (self.folder / "dosdevices" / "d:").unlink(missing_ok=True)
        (self.folder / "dosdevices" / "d:").symlink_to("../drive_d")
        self.run("winecfg", "-v", "win10")
        self.wait()
        fill_gaps(self._system, qt)

    def is_made(self) -> bool:
        """Tell whether it was made to its end."""
        return all((self._system / name).exists() for name in WINE_LACKS)

    def run(
        self, *command: str | Path, timeout: float = 900, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program of Windows to its end; return what it said and its exit code."""
        return subprocess.run(
            ["wine", *command],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            env=self._environment | dict(more or {}),
            timeout=timeout,
        )

    def start(self, *command: str | Path) -> subprocess.Popen[bytes]:
        """Start a program of Windows, and leave it running."""
        return subprocess.Popen(
            ["wine", *command],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self) -> None:
        """Wait until nothing runs in it any more."""
        subprocess.run(["wineserver", "-w"], env=self._environment, check=False, timeout=300)

    def end(self) -> None:
        """End whatever runs in it."""
        subprocess.run(["wineserver", "-k"], env=self._environment, check=False, timeout=60)

    def place(self, path: str) -> Path:
        """Return where a path of its drives C: and D: lies on this machine."""
        letter, _colon, rest = path.partition(":")
        drive = self.folder / f"drive_{letter.lower()}"
        return drive.joinpath(*rest.replace("\\", "/").split("/"))


@contextmanager
def screen(kept: Path | None = None) -> Iterator[str]:
    """Show a screen that nobody sees, and yield its name; what it shows may be kept in a folder."""
    MADE.mkdir(parents=True, exist_ok=True)
    said, written = os.pipe()
    kept_in = ["-fbdir", str(kept)] if kept else []
    width, height = SCREEN_SIZE
    log = (MADE / "screen.log").open("wb")
    command = ["Xvfb", "-displayfd", str(written), "-screen", "0", f"{width}x{height}x24"]
    shown = subprocess.Popen(
        [*command, "-nolisten", "tcp", *kept_in], pass_fds=[written], stderr=log
    )
    os.close(written)
    try:
        with os.fdopen(said) as number:
            yield f":{number.readline().strip()}"
    finally:
        shown.terminate()
        shown.wait(timeout=30)
        log.close()
