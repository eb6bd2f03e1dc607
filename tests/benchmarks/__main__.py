"""The developer's benchmarks, each beside a reference of the same run.

    .venv/bin/python -m tests.benchmarks [NAME ...]

NAME is enqueue, import, latency, load, lookup, mail, queue, redis, relay, reports, sales, screen,
start, statement or year. `reports` also shows that the reports of a year are right. What is over
its limit, or wrong, ends the run with 1.

What a technician can measure on a shop's machine is `posctl bench`; `lookup` runs just that.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Protocol

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
    "reports": "reports",
    "relay": "relay_reports",
    "start": "start",
    "statement": "statement_import",
    "year": "year",
}


def _lookup() -> Iterator[Figure]:
    with scene.folder() as folder:
        yield from Bench(folder, PRODUCTS).run()


class Shown(Protocol):
    """A row of a benchmark's table; `ok` is None where it has no limit."""

    @property
    def ok(self) -> bool | None: ...

    def cells(self) -> tuple[str, ...]: ...


def _module(name: str) -> ModuleType | SimpleNamespace:
    if name == "lookup":
        return SimpleNamespace(run=_lookup)
    return import_module(f"tests.benchmarks.{MODULES[name]}")


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all; 1 where one of them is not ok."""
    unknown = set(names) - {*MODULES, "lookup"}
    if unknown:
        print(__doc__)
        return 2
    is_ok = True
    for name in names or [*MODULES, "lookup"]:
        print(f"\n{name} (load {os.getloadavg()[0]:.1f})")
        module = _module(name)
        rows: list[Shown] = [*module.run()]
        heads = getattr(module, "TITLES", None) or titles()
        print_table(heads, [row.cells() for row in rows], getattr(module, "RIGHT", {1, 2, 4}))
        is_ok &= all(row.ok is not False for row in rows)
    return 0 if is_ok else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
