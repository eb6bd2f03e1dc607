"""From the start of the program's process to the window being ready for its first scan."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pos_desktop.cli.bench.figure import Figure, of_times
from tests.benchmarks import scene

PRODUCTS = 100_000
RUNS = 7
LIMIT_MS, LIMIT_MB = 1500.0, 200.0
_BARE_WINDOW = (
    "from PySide6.QtWidgets import QApplication, QWidget; app = QApplication([]); "
    "window = QWidget(); window.show(); app.processEvents()"
)


def run() -> Iterator[Figure]:
    """Yield time and memory of the start, beside a window that does nothing."""
    with scene.folder() as folder:
        scene.full_shop(folder / "shop", PRODUCTS).close()
        ready, bare, memory = [], [], 0.0
        for _number in range(RUNS):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", _BARE_WINDOW], check=True, timeout=60)
            bare.append(time.perf_counter() - began)
            began = time.clock_gettime(time.CLOCK_MONOTONIC)
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.start", str(folder / "shop")],
                capture_output=True,
                check=True,
                timeout=60,
            )
            told = json.loads(done.stdout)
            ready.append(told["at"] - began)
            memory = max(memory, told["megabytes"])
    yield of_times(
        f"start to ready for the first scan, {PRODUCTS} products",
        ready,
        below=LIMIT_MS,
        reference=("a bare window", bare),
    )
    yield Figure(
        what="memory then, with the vocabulary of the search (MB)",
        p99=memory,
        limit=f"<= {LIMIT_MB:g}",
        ok=memory <= LIMIT_MB,
    )


def main(directory: Path) -> None:
    """Start the window as the program does, until it shows who may sign in and has painted."""
    from PySide6.QtWidgets import QApplication

    from pos_desktop import settings
    from pos_desktop.app import Program
    from pos_desktop.ui.kit import fonts, theme

    app = QApplication([])
    fonts.load()
    program = Program(directory, sound=False)
    theme.use(app, program.shop.configuration.get(settings.THEME))
    program.window.showMaximized()
    program.start()
    drained: list[bool] = []
    program.lane.submit(lambda: True, drained.append)
    while not (drained and program.window.sign_in.who.person is not None):
        app.processEvents()
    program.window.repaint()
    told = {"at": time.clock_gettime(time.CLOCK_MONOTONIC), "megabytes": _resident_megabytes()}
    print(json.dumps(told), flush=True)
    program.window.close()


def _resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
