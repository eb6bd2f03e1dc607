"""The trial of the first receipt counts honestly, and reads a screen as a person does."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.debian import at_the_screen, first_receipt
from installer.trial import Failed


@pytest.fixture
def technician(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> first_receipt.Technician:
    monkeypatch.setattr(first_receipt, "SEEN", tmp_path)
    monkeypatch.setattr(at_the_screen, "_run", lambda *_command: "")
    technician = first_receipt.Technician()
    technician.person = at_the_screen.Person(tmp_path)
    return technician


def test_each_field_that_is_typed_into_counts_and_six_are_the_most(
    technician: first_receipt.Technician, tmp_path: Path
) -> None:
    def fill_six() -> None:
        for number in range(6):
            technician.person.fill(str(number), "x")

    technician.do("the shop", fill_six)
    technician.judge()
    assert '"fields": [\n    "0"' in (tmp_path / "steps.json").read_text(encoding="utf-8")
    technician.person.fill("one more", "x")
    with pytest.raises(Failed, match="more than 6 fields"):
        technician.judge()


def test_five_minutes_are_the_most(
    technician: first_receipt.Technician, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_receipt, "MOST_SECONDS", 0.0)
    with pytest.raises(Failed, match="it took more than"):
        technician.judge()


def test_words_are_found_where_they_begin_however_they_were_read() -> None:
    read = [
        at_the_screen._Word("Maketheshop", 90, 560),
        at_the_screen._Word("+", 170, 560),
        at_the_screen._Word("Test", 250, 561),
        at_the_screen._Word("print", 290, 562),
    ]
    assert at_the_screen._found(read, "Test print") == (250, 561)
    assert at_the_screen._found(read, "Make the shop") == (90, 560)
    assert at_the_screen._found(read, "Step 1 of 3") is None
