"""Time, chance and the outside world reach the code as arguments: its seams."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import imports, modules, tree, within

FORBIDDEN_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "time.perf_counter",
    "time.sleep",
    "uuid.uuid1",
    "uuid.uuid4",
    "os.urandom",
    "secrets.token_bytes",
    "os.replace",
    "os.rename",
    "os.kill",
}
FORBIDDEN_MODULES = {"random", "socket", "sched"}

SEAMS = {
    "pos_desktop.domain.chance": {"os.urandom"},
    "pos_desktop.domain.clock": {"datetime.now", "time.perf_counter", "time.sleep"},
    "pos_desktop.domain.ids": {"os.urandom"},
    "pos_desktop.security.payload_cipher": {"os.urandom"},
    "pos_desktop.security.recovery": {"os.urandom"},
    "pos_desktop.security.sealed_file": {"os.urandom"},
    "pos_queue.children.background": {"time.sleep"},
    "pos_queue.owners.wake": {"socket", "time.monotonic"},
    "pos_hardware.clock": {"time.monotonic"},
    "pos_hardware.network_printers": {"socket"},
    "pos_hardware.transports.network": {"socket"},
    "pos_hardware.testing.simulator": {"socket"},
    "pos_sync.http.wires": {"socket"},
    "pos_sync.mail.reaching": {"socket"},
    "pos_sync.mail.wire": {"socket"},
    "pos_sync.testing": {"socket"},
    "pos_sync.way_out": {"socket"},
}
"""Where a seam is made: the module, and what it alone may name."""


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            yield ".".join(_dotted(node).split(".")[-2:])
    for name in imports(path):
        yield name.partition(".")[0]
        yield ".".join(name.split(".")[-2:])


def test_only_seams_touch_time_chance_and_the_outside() -> None:
    forbidden = FORBIDDEN_CALLS | FORBIDDEN_MODULES
    strays = {
        f"{module} uses {name}"
        for module, path in modules().items()
        for name in _names(path)
        if name in forbidden
        and not any(within(module, seam) and name in names for seam, names in SEAMS.items())
    }
    assert not strays
