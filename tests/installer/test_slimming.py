"""What is left out of the folder is what nothing in it asks for."""

from __future__ import annotations

import sys
from pathlib import Path

import PySide6
import pytest

from installer.slimming import kept_binaries, kept_data

PLUGINS = "PySide6/Qt/plugins"


def entry(place: str, source: str = "", kind: str = "BINARY") -> tuple[str, str, str]:
    return place, source or place, kind


def test_plugins_that_a_till_has_no_use_for_go() -> None:
    kept = kept_binaries(
        entry(f"{PLUGINS}/{name}")
        for name in (
            "platforms/libqxcb.so",
            "platforms/libqoffscreen.so",
            "platforms/libqwayland.so",
            "platformthemes/libqgtk3.so",
            "imageformats/libqjpeg.so",
            "imageformats/libqpdf.so",
            "egldeviceintegrations/libqeglfs-x11-integration.so",
        )
    )
    assert [place.rpartition("/")[2] for place, _source, _kind in kept] == [
        "libqxcb.so",
        "libqoffscreen.so",
        "libqjpeg.so",
    ]


def test_those_of_windows_are_named_by_their_own_names() -> None:
    kept = kept_binaries([entry(f"{PLUGINS}/platforms/qwindows.dll")])
    assert len(kept) == 1


def test_the_drawing_in_three_dimensions_of_windows_goes() -> None:
    kept = kept_binaries([entry("PySide6/opengl32sw.dll"), entry("PySide6/Qt6Core.dll")])
    assert [place for place, _source, _kind in kept] == ["PySide6/Qt6Core.dll"]


def test_what_newer_systems_need_of_their_own_is_not_brought() -> None:
    assert kept_binaries([entry("libstdc++.so.6"), entry("libX11.so.6")]) == []
    inside = entry("pillow.libs/libXau-154567c4.so.6.0.0")
    assert inside not in kept_binaries([inside]), "and here nobody asks for it"


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are asked for by name there alone")
def test_a_library_stays_as_long_as_something_that_stays_asks_for_it() -> None:
    """The libraries of Qt, and what they say of one another."""
    place = Path(PySide6.__path__[0])
    names = ("QtCore.abi3.so", *(f"Qt/lib/libQt6{name}.so.6" for name in ("Core", "Gui", "Xml")))
    found = [entry(f"PySide6/{name}", str(place / name)) for name in names]
    kept = [one.rpartition("/")[2] for one, _source, _kind in kept_binaries(found)]
    assert kept == ["QtCore.abi3.so", "libQt6Core.so.6"], "nobody asks for the others"


def test_links_go_with_what_they_lead_to_and_qt_s_texts_stay_out() -> None:
    binaries = [entry("PySide6/Qt/lib/libQt6Gui.so.6")]
    data = [
        entry("libQt6Gui.so.6", "PySide6/Qt/lib/libQt6Gui.so.6", "SYMLINK"),
        entry("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK"),
        entry("PySide6/Qt/translations/qtbase_de.qm", kind="DATA"),
        entry("pos_resources/translations/sw.mo", kind="DATA"),
    ]
    kept = [place for place, _source, _kind in kept_data(data, binaries)]
    assert kept == ["libQt6Gui.so.6", "pos_resources/translations/sw.mo"]
