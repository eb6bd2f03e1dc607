"""The program itself: versions, parts, the environment; nothing secret of it is shown."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from pos_desktop.services.doctor import program_looks
from pos_desktop.services.doctor.finding import State
from tests.pos_desktop.services.doctor.looked import looked, seen, states


def test_a_whole_program_has_a_version_of_each_part(tmp_path: Path) -> None:
    found = {one.check: one for one in looked(tmp_path, "program")}
    assert all(one.ok for one in found.values())
    assert metadata.version("pos-desktop") in found["program"].detail
    assert {"python", "qt", "sqlite", "computer", "languages", "parts"} <= {*found}


def test_missing_parts_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_looks, "_PARTS", (("escpos", "no-such-file.json"),))
    found = seen(tmp_path, "program", "parts")
    assert (found.state, "escpos/no-such-file.json" in found.detail) == (State.BROKEN, True)


def test_the_environment_is_told_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_RELAY_DB", "postgresql://njeri:tulips@db.example/relay")
    monkeypatch.setenv("POS_LANG", "xx")
    found = seen(tmp_path, "program", "environment")
    assert found.state is State.NOTE
    assert "POS_LANG=xx" in found.detail
    assert "POS_RELAY_DB is set" in found.detail
    assert "tulips" not in repr(found)
    monkeypatch.setenv("POS_DATABASE_URL", "postgresql://x")
    assert states(looked(tmp_path, "program"))["environment"] is State.BROKEN


def test_little_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_looks, "_LEAST_MEMORY", 1 << 60)
    assert seen(tmp_path, "program", "computer").state is State.NOTE
