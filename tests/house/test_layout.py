"""The folders stay as ordered, and none of them shadows a standard module."""

from __future__ import annotations

import sys
import tomllib

from tests.house.sources import COMPONENT_FOLDERS, ROOT


def test_component_folders_hold_one_package_and_no_loose_modules() -> None:
    for name in COMPONENT_FOLDERS:
        entries = {p.name for p in (ROOT / name).iterdir() if p.name != "__pycache__"}
        assert entries == {f"pos_{name}"}, name


def test_no_test_folder_is_named_like_a_standard_module() -> None:
    folders = {p.name for p in (ROOT / "tests").rglob("*") if p.is_dir()}
    assert not folders & set(sys.stdlib_module_names)


def test_pytest_imports_by_importlib() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "--import-mode=importlib" in config["tool"]["pytest"]["ini_options"]["addopts"]


def test_the_standard_queue_is_not_shadowed() -> None:
    import queue

    assert queue.Queue.__module__ == "queue"
