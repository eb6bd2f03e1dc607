"""A setting is declared once and takes only what fits it."""

from __future__ import annotations

import ast

import pytest

from pos_desktop import settings
from pos_desktop.domain.errors import Refused
from tests.house.sources import modules, tree


@pytest.mark.parametrize("setting", list(settings.every()), ids=lambda setting: setting.key)
def test_every_default_fits_its_own_setting(setting: settings.Setting[int]) -> None:
    assert setting.check(setting.default) == setting.default
    assert setting.parse(str(setting.default)) == setting.default
    assert setting.label()
    assert setting.help().endswith(".")


def test_what_does_not_fit_is_refused() -> None:
    for text in ("0", "-5", "1e3", "a lot", "", "10001"):
        with pytest.raises(Refused):
            settings.CASH_ROUNDING_CENTS.parse(text)
    with pytest.raises(Refused):
        settings.PRINTER_PAPER_MM.parse("60")
    with pytest.raises(Refused):
        settings.MERGE_SAME_PRODUCT.parse("perhaps")
    with pytest.raises(Refused):
        settings.CASH_ROUNDING_CENTS.check(True)
    for text in ("\x1bp0", "half a letter \udcff", "x" * 201):
        with pytest.raises(Refused):
            settings.RECEIPT_HEADER.parse(text)
    assert settings.MERGE_SAME_PRODUCT.parse("No") is False


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match=r"sale\.cash_rounding_cents"):
        settings.find("sale.cash_rounding")


def test_no_key_is_read_that_is_not_declared() -> None:
    """Settings are reached by their declaration; a key in quotes elsewhere is a stray."""
    keys = {setting.key for setting in settings.every()}
    strays = [
        f"{module} names {node.value}"
        for module, path in modules().items()
        if not f"{module}.".startswith("pos_desktop.settings.")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in keys
    ]
    assert not strays


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("shop.kra_pin", ["", "P051234567X"], ["P05123456X", "p051234567x", "P051234567X "]),
        ("shop.currency", ["KES", "UGX"], ["", "Ksh", "KESH"]),
        ("drawer.trigger", ["07", "1B 70", "1b7000"], ["", "7", "xyz", "07,08"]),
        ("shop.name", ["Duka la Mama", "دكان"], ["two\nlines", "x" * 201, "\x1bp"]),
    ],
)
def test_a_text_must_have_its_form(key: str, good: list[str], bad: list[str]) -> None:
    setting = settings.find(key)
    assert [setting.parse(text) for text in good] == good
    for text in bad:
        with pytest.raises(Refused, match="it takes"):
            setting.parse(text)
