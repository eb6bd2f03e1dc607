"""Compiles the catalogues of translations: each `.po` of the repository into the `.mo` that runs.

What is compiled is never committed. A checkout has it made by `scripts/ready.py`, a wheel by the
hook below while it is built.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("resources") / "pos_resources" / "translations"


def compile_catalogues(root: Path) -> None:
    """Compile every catalogue of a checkout; a program that reads one meanwhile has a whole one."""
    for source in sorted((root / FOLDER).glob("*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.stem, abort_invalid=True)
        fresh = source.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(source.with_suffix(".mo"))


class CatalogueHook(BuildHookInterface[Any]):
    """Puts the compiled catalogues into what is built, though the repository ignores them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile before the files are gathered."""
        compile_catalogues(Path(self.root))
        build_data["artifacts"].append(f"{FOLDER.as_posix()}/*.mo")


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent.parent)
    sys.exit(0)
