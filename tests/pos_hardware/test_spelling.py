"""Letters that a code page lacks are replaced by what a reader would write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pos_hardware.document import clean
from pos_hardware.spelling import Speller


@pytest.mark.parametrize(
    ("codec", "text", "spelled"),
    [
        ("cp858", "5 € café Ñandú", "5 € café Ñandú"),
        ("cp437", "5 € café", "5 EUR café"),
        ("cp858", "Kiełbasa Poznań ąę", "Kielbasa Poznan ae"),
        ("cp858", "₦500 ₹20", "NGN500 Rs20"),
        ("cp858", "“Best” – it’s…", '"Best" - it\'s...'),
        ("cp1252", "───", "---"),
        ("cp858", "ok ✓ 🍎", "ok v ?"),
        ("cp858", "a\u00a0b\u2009c\u200bd", "a\u00a0b cd"),
        ("cp852", "Poznań", "Poznań"),
        ("cp858", "cafe\u0301", "café"),
        ("cp858", "½ kg ﬁne", "½ kg fine"),
    ],
)
def test_spelling(codec: str, text: str, spelled: str) -> None:
    assert Speller(codec).spell(text) == spelled


def test_other_scripts_stay_for_a_picture() -> None:
    speller = Speller("cp858")
    for text in ("حليب", "นม", "牛奶"):
        assert speller.spell(text) == text
        assert not speller.has(text)


@given(st.text(), st.sampled_from(["cp437", "cp858", "cp1252", "cp866"]))
def test_what_is_left_unspelled_is_letters_only(text: str, codec: str) -> None:
    speller = Speller(codec)
    left = [letter for letter in speller.spell(clean(text)) if not speller.has(letter)]
    assert all(letter.isalnum() or not letter.isprintable() or letter > "\u02ff" for letter in left)
