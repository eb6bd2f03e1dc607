"""Reads the checkout's own source files for the tests of the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "pos_desktop": ROOT / "pos_desktop",
    "pos_hardware": ROOT / "hardware/pos_hardware",
    "pos_queue": ROOT / "queue/pos_queue",
    "pos_sync": ROOT / "sync/pos_sync",
    "pos_resources": ROOT / "resources/pos_resources",
}
COMPONENT_FOLDERS = ("hardware", "queue", "sync", "resources")


@cache
def modules() -> dict[str, Path]:
    """Return every module of the product by its dotted name."""
    found: dict[str, Path] = {}
    for package, folder in PACKAGES.items():
        found |= _modules_of(package, folder)
    return found


@cache
def scripts() -> dict[str, Path]:
    """Return every module of the developer's scripts by its dotted name."""
    return _modules_of("scripts", ROOT / "scripts")


def _modules_of(package: str, folder: Path) -> dict[str, Path]:
    found = {}
    for path in sorted(folder.rglob("*.py")):
        parts = (package, *path.relative_to(folder).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Yield every dotted name that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, room: str) -> bool:
    """Tell whether a module stands in a room."""
    return module == room or module.startswith(room + ".")
