"""The developer's benchmarks, each beside a reference of the same run.

    .venv/bin/python -m tests.benchmarks [NAME ...]

NAME is enqueue, import, latency, load, lookup, mail, queue, redis, sales, screen, start or year.

What a technician can measure on a shop's machine is `posctl bench`; `lookup` runs just that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

from pos_desktop.cli.bench.figure import Figure, titles
from pos_desktop.cli.bench.measures import Bench
from pos_desktop.cli.output import print_table
from tests.benchmarks import scene

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PRODUCTS = 100_000
MODULES = {
    "import": "shell_import",
    "queue": "queue_speed",
    "enqueue": "queue_in_sale",
    "latency": "queue_latency",
    "redis": "queue_redis",
    "sales": "sales_beside_import",
    "load": "queue_screen",
    "mail": "mail_lines",
    "screen": "screen",
    "start": "start",
    "year": "year",
}


def _lookup() -> Iterator[Figure]:
    with scene.folder() as folder:
        yield from Bench(folder, PRODUCTS).run()


def _runner(name: str) -> Callable[[], Iterator[Figure]]:
    if name == "lookup":
        return _lookup
    run: Callable[[], Iterator[Figure]] = import_module(f"tests.benchmarks.{MODULES[name]}").run
    return run


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all."""
    unknown = set(names) - {*MODULES, "lookup"}
    if unknown:
        print(__doc__)
        return 2
    for name in names or [*MODULES, "lookup"]:
        print(f"\n{name} (load {os.getloadavg()[0]:.1f})")
        print_table(titles(), [figure.cells() for figure in _runner(name)()], right={1, 2, 4})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
