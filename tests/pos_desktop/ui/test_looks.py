"""The look: contrast, letters, names for those who do not see it, and the model of the cart."""

from __future__ import annotations

import wave
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from pos_desktop.domain.pricing import Priced
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.sounds import write_tone
from pos_desktop.ui.kit.tile import Rank, Tile, plate_colours
from pos_desktop.ui.kit.tokens import THEMES, Palette
from pos_desktop.ui.screens.sell.cart_model import CartModel
from tests.pos_desktop.ui.conftest import FLOUR, MILK, RICE, Cashier


def _luminance(code: str | QColor) -> float:
    colour = QColor(code)

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(p) for p in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(ink: str | QColor, ground: str | QColor) -> float:
    high, low = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_everything_can_be_read(look: Palette) -> None:
    assert _contrast(look.text, look.surface) >= 7
    assert _contrast(look.text, look.background) >= 7
    assert _contrast(look.text, look.accent_soft) >= 7
    for ink, ground in (
        (look.muted, look.surface),
        (look.muted, look.background),
        (look.on_accent, look.accent),
        (look.accent, look.accent_soft),
        (look.ok, look.ok_soft),
        (look.warning, look.warning_soft),
        (look.danger, look.danger_soft),
        (look.text, look.danger_soft),
        (look.quiet, look.quiet_soft),
    ):
        assert _contrast(ink, ground) >= 4.5, (ink, ground)


@pytest.mark.parametrize("look", THEMES, ids=THEMES)
def test_what_is_small_on_a_filled_tile_can_be_read(dressed: QApplication, look: str) -> None:
    theme.use(dressed, look)
    ground, ink = plate_colours(theme.colours())
    assert _contrast(ink, ground) >= 7
    tile = Tile("Cash, exact", key="F8", rank=Rank.FIRST, note="941.00")
    tile.resize(200, 64)
    image = tile.grab().toImage()
    assert image.pixelColor(18, 45) == ground
    tile.setEnabled(False)
    ground, _line, ink = tile._colours()
    assert _contrast(ink, ground) >= 4.5
    theme.use(dressed, "light")


def test_figures_have_one_width(dressed: QApplication) -> None:
    assert QFontInfo(fonts.regular(16)).family() == "Inter"
    for font in (fonts.regular(16), fonts.heavy(60)):
        widths = [fonts.width(digit * 4, font) for digit in "0123456789"]
        assert max(widths) - min(widths) <= 1


def test_weights_are_letters_of_their_own(dressed: QApplication) -> None:
    widths = {
        fonts.width("Total amount", fonts.font(40, weight))
        for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold, QFont.Weight.Bold)
    }
    assert len(widths) == 3


def test_every_weight_is_shipped(dressed: QApplication, letters: set[str]) -> None:
    for font in (fonts.regular(16), fonts.medium(16), fonts.strong(16), fonts.heavy(16)):
        assert QFontInfo(font).family() in letters
        assert QFontInfo(font).family() == font.families()[0]
    assert fonts.strong(16).families()[0] != fonts.heavy(16).families()[0]


def test_everything_that_can_be_pressed_or_typed_into_has_a_name(cashier: Cashier) -> None:
    for kind in (QAbstractButton, QLineEdit):
        assert cashier.window.findChildren(kind)
        for widget in cashier.window.findChildren(kind):
            if widget.objectName() == "qt_clear_button" or not widget.isEnabled():
                continue
            if isinstance(widget, QAbstractButton) and not widget.text():
                continue
            assert widget.accessibleName(), widget


def test_what_is_pressed_is_large_enough_for_a_finger(cashier: Cashier) -> None:
    from pos_desktop.ui.kit.tile import Tile

    cashier.hands.scan(FLOUR)
    tiles = [one for one in cashier.window.findChildren(Tile) if one.isVisible()]
    assert tiles
    for tile in tiles:
        assert tile.height() >= 44
        assert tile.width() >= 44


def test_the_model_tells_only_what_changed(cashier: Cashier) -> None:
    counter, model = cashier.window.counter, CartModel()
    tester = QAbstractItemModelTester(model)
    for code in (FLOUR, MILK, RICE):
        cashier.hands.scan(code)
    lines = counter.priced.lines
    assert model.show(lines[:2]) == [0, 1]
    assert model.show(lines) == [2]
    assert model.show(lines) == []
    touched: list[int] = []
    model.dataChanged.connect(lambda first, _last: touched.append(first.row()))
    assert model.show((lines[0], replace(lines[1], quantity=9000), lines[2])) == [1]
    assert touched == [1]
    assert model.show((lines[0], lines[2])) == []
    assert model.rowCount() == 2
    model.show(Priced(lines=(), totals=counter.priced.totals, bands=()).lines)
    assert model.rowCount() == 0
    assert tester.failureReportingMode() is not None


def test_a_sound_has_its_height_and_length(tmp_path: Path) -> None:
    write_tone(tmp_path / "tone.wav", 880, 0.160)
    with wave.open(str(tmp_path / "tone.wav")) as file:
        assert file.getnframes() / file.getframerate() == pytest.approx(0.160, abs=0.001)
        frames = file.readframes(file.getnframes())
    samples = [
        int.from_bytes(frames[i : i + 2], "little", signed=True) for i in range(0, len(frames), 2)
    ]
    crossings = sum(1 for a, b in pairwise(samples) if a < 0 <= b)
    assert crossings == pytest.approx(880 * 0.160, abs=2)
