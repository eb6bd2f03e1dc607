"""Texts are collected from the code, and the catalogues follow it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.texts import collect, untranslated, update

CODE = '''"""A module."""
from pos_desktop.domain.text import _, ngettext

class TooLate(Refused):
    """The shop is closed; come tomorrow.

    More for the programmer.
    """

class TooEarly(TooLate):
    """The shop is not open yet."""

def say(count):
    return [_("Sell"), ngettext("{count} sale", "{count} sales", count), _("Two "
        "lines")]
'''
ERRORS = '''class PosError(Exception):
    """Something went wrong."""

class Refused(PosError):
    """Not allowed."""
'''
COMPONENT = 'raise Unreadable("the payload is damaged")\n'
HEAD = '# Words.\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PO = f"""{HEAD}
msgid "Sell"
msgstr "Uza"

msgid "Gone"
msgstr "Imeondoka"

#, fuzzy
msgid "Two lines"
msgstr "Mistari"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name, code in (
        ("pos_desktop/say.py", CODE),
        ("pos_desktop/errors.py", ERRORS),
        ("queue/pos_queue/codec.py", COMPONENT),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    (tmp_path / "sw.po").write_text(PO)
    return tmp_path


def test_texts_forms_default_messages_and_sentences_of_components_are_collected(
    checkout: Path,
) -> None:
    assert set(collect(checkout)) == {
        "Sell",
        ("{count} sale", "{count} sales"),
        "Two lines",
        "Something went wrong.",
        "Not allowed.",
        "The shop is closed; come tomorrow.",
        "The shop is not open yet.",
        "the payload is damaged",
    }


def test_translations_stay_what_is_gone_leaves_and_new_ones_are_empty(checkout: Path) -> None:
    fresh = update(checkout / "sw.po", collect(checkout)).decode()
    assert 'msgid "Sell"\nmsgstr "Uza"' in fresh
    assert "Gone" not in fresh
    assert 'msgid "Not allowed."\nmsgstr ""' in fresh
    assert 'msgid_plural "{count} sales"\nmsgstr[0] ""\nmsgstr[1] ""' in fresh
    assert fresh.startswith("# Words.\n")
    missing = {one.id for one in untranslated(fresh.encode())}
    assert "Sell" not in missing
    assert ("{count} sale", "{count} sales") in missing


def test_a_second_time_changes_nothing_and_lines_that_move_neither(checkout: Path) -> None:
    source = checkout / "sw.po"
    source.write_bytes(update(source, collect(checkout)))
    code = checkout / "pos_desktop" / "say.py"
    code.write_text("# one more line\n" * 20 + code.read_text())
    assert update(source, collect(checkout)) == source.read_bytes()
