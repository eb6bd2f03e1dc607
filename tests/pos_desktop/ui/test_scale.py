"""How large the till is shown: by the shop's setting and the system's, as the screen has room."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.shop import open_shop, scale_of

_SHOWN = """
import sys
from pos_desktop.ui.kit.scale import scaled_application
app = scaled_application(["till"], int(sys.argv[1]))
room = app.primaryScreen().availableSize()
print(room.width(), room.height(), app.devicePixelRatio())
"""


def _shown(tmp_path: Path, size: tuple[int, int], percent: int, dots: int = 96) -> list[float]:
    """Return width, height and ratio of a screen as the program sees it."""
    screen = {"name": "one", "x": 0, "y": 0, "width": size[0], "height": size[1]}
    screens = [screen | {"logicalDpi": dots, "logicalBaseDpi": 96}]
    place = tmp_path / "screens.json"
    place.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-c", _SHOWN, str(percent)],
        env={"QT_QPA_PLATFORM": f"offscreen:configfile={place}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return [float(part) for part in done.stdout.split()]


@pytest.mark.parametrize(
    ("size", "percent", "dots", "shown"),
    [
        ((1920, 1080), 100, 96, [1920, 1080, 1]),
        ((1920, 1080), 200, 96, [960, 540, 2]),
        ((1920, 1080), 100, 192, [960, 540, 2]),
        ((3840, 2160), 200, 192, [960, 540, 4]),
        ((1366, 768), 125, 96, [1092, 614, 1.25]),
    ],
)
def test_it_is_as_large_as_was_wanted(
    tmp_path: Path, size: tuple[int, int], percent: int, dots: int, shown: list[float]
) -> None:
    found = _shown(tmp_path, size, percent, dots)
    assert found[2] == shown[2]
    assert found[:2] == pytest.approx(shown[:2], abs=1)


@pytest.mark.parametrize(("percent", "dots"), [(200, 96), (100, 192), (200, 192)])
def test_the_smallest_window_finds_room_on_every_screen(
    tmp_path: Path, percent: int, dots: int
) -> None:
    width, height, ratio = _shown(tmp_path, (1366, 768), percent, dots)
    assert 960 <= width < 985
    assert 540 <= height < 555
    assert 1.38 < ratio < 1.43


def test_a_screen_that_is_too_small_is_shown_without_scale(tmp_path: Path) -> None:
    assert _shown(tmp_path, (800, 480), 200) == [800, 480, 1]


def test_the_shop_says_how_large_before_it_is_opened(shop_folder: Path) -> None:
    assert scale_of(shop_folder) == 100
    with closing(open_shop(shop_folder)) as shop:
        shop.configuration.set(settings.UI_SCALE, 175, shop.books, actor=None)
        assert scale_of(shop_folder) == 175
    assert scale_of(shop_folder) == 175


def test_nothing_that_can_be_read_is_no_scale(tmp_path: Path) -> None:
    assert scale_of(tmp_path) == 100
    (tmp_path / "shop.sqlite").write_bytes(b"not a database" * 100)
    assert scale_of(tmp_path) == 100
