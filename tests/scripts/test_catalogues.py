"""Catalogues are compiled, and go into what is built."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import PoFileError
from hatchling.builders.wheel import WheelBuilderConfig
from hatchling.metadata.core import ProjectMetadata

from scripts.catalogues import FOLDER, CatalogueHook, compile_catalogues

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Sell"
msgstr "Uza"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "sw.po").write_text(PO)
    return tmp_path


def test_what_is_compiled_is_read_by_the_standard_library(root: Path) -> None:
    compile_catalogues(root)
    with (root / FOLDER / "sw.mo").open("rb") as file:
        assert GNUTranslations(file).gettext("Sell") == "Uza"
    assert sorted(one.name for one in (root / FOLDER).iterdir()) == ["sw.mo", "sw.po"]


def test_a_broken_catalogue_replaces_no_whole_one(root: Path) -> None:
    compile_catalogues(root)
    before = (root / FOLDER / "sw.mo").read_bytes()
    (root / FOLDER / "sw.po").write_text(PO + "no catalogue\n")
    with pytest.raises(PoFileError):
        compile_catalogues(root)
    assert (root / FOLDER / "sw.mo").read_bytes() == before


def test_a_build_holds_what_the_repository_ignores(root: Path) -> None:
    config: Any = WheelBuilderConfig
    metadata: Any = ProjectMetadata
    hook = CatalogueHook(str(root), {}, config, metadata, str(root), "wheel")
    data: dict[str, Any] = {"artifacts": []}
    hook.initialize("standard", data)
    assert data["artifacts"] == ["resources/pos_resources/translations/*.mo"]
    assert (root / FOLDER / "sw.mo").exists()
