"""The catalogues are found, and the environment says which language is spoken."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

import pytest

from pos_desktop import languages
from pos_desktop.domain import text
from pos_desktop.domain.country import long_day
from pos_desktop.domain.text import _, ngettext
from pos_desktop.languages import ENDONYMS, learn_languages


def test_swahili_is_spoken_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POS_LANG", "SW")
    learn_languages()
    assert text.language() == "sw"
    assert _("Sell") == "Uza"
    job = ngettext("{count} job is forgotten.", "{count} jobs are forgotten.", 2)
    assert job.format(count=2) == "Kazi 2 zimesahauliwa."
    assert long_day(date(2026, 11, 26)) == "Alhamisi 26 Novemba 2026"


@pytest.mark.parametrize("value", ["", "tlh", "en"])
def test_else_the_default_is_spoken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("POS_LANG", value)
    learn_languages(default="sw")
    assert text.language() == ("en" if value == "en" else "sw")


def test_every_language_has_a_name_of_its_own() -> None:
    learn_languages()
    assert set(ENDONYMS) == set(text.languages()) == set(text.LANGUAGES)


def test_without_a_catalogue_english_is_spoken_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(languages, "files", lambda _package: tmp_path)
    with caplog.at_level(logging.WARNING):
        assert languages._catalogue("sw").gettext("Sell") == "Sell"
    assert "sw.mo" in caplog.text
