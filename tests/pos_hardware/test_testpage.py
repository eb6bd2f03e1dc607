"""The page for technicians prints as it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pos_hardware.profile import CODE_PAGES, PAPER_58, PAPER_80, CodePage, PrinterProfile
from pos_hardware.rendering import render_escpos
from pos_hardware.testing.interpreter import Interpreter
from pos_hardware.testpage import make_test_page


@pytest.mark.parametrize("number", CODE_PAGES)
@pytest.mark.parametrize("profile", [PAPER_58, PAPER_80])
def test_every_code_page_prints_its_own_letters(profile: PrinterProfile, number: int) -> None:
    page = CodePage(CODE_PAGES[number], number)
    printer = replace(profile, code_page=page)
    paper = Interpreter(profile.columns)
    paper.feed(render_escpos(make_test_page(printer, "Front"), printer))
    assert paper.unknown == []
    letters = {
        letter
        for code in range(128, 256)
        for letter in bytes((code,)).decode(page.codec, "ignore")
        if letter.isprintable()
    }
    assert letters - set(paper.text) <= {" "}
    assert "1234567890" * 3 in paper.text
