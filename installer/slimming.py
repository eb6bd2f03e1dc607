"""What of the found files an installed till has no use for.

A binary is found because another one asks for it. Once a plugin of Qt is left out, so is each
system library that nothing asks for any more: GTK and all it draws in hang on one plugin.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import PurePath

Entry = tuple[str, str, str]
"""Where it goes, where it comes from, and its kind, as PyInstaller has it."""

_PLUGINS = {
    "platforms": {"xcb", "offscreen", "minimal", "windows"},
    "imageformats": {"svg", "jpeg", "ico", "gif"},
    "iconengines": {"svgicon"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platformthemes": set[str](),
    "styles": {"modernwindowsstyle"},
    "tls": set[str](),
    "networkinformation": {"networklistmanager", "networkmanager"},
}
"""By folder, the plugins of Qt that stay; folders that are not named go as a whole."""
_OF_THE_SYSTEM = re.compile(r"lib(stdc\+\+|gcc_s|expat|X11|X11-xcb|Xau|Xdmcp)\.so\.\d+$")
"""Newer systems' graphics drivers need their own: the package depends on these instead."""
_PAINTS_IN_3_D = "opengl32sw.dll"
"""Qt brings it for Windows without a driver of a graphics card; widgets do not ask for it."""
_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)", re.MULTILINE)
_UNUSED_DATA = re.compile(r"(^|[/\\])(translations[/\\]qt|Qt[/\\]translations)|\.po$")


def kept_binaries(found: Iterable[Entry]) -> list[Entry]:
    """Return the binaries that a till has a use for."""
    kept = [one for one in found if _is_wanted(PurePath(one[0]))]
    return kept if sys.platform != "linux" else _asked_for(kept)


def kept_data(found: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """Return the data files that a till has a use for, and links to binaries that are there.

    Qt's own texts are not among them.
    """
    there = {place for place, _source, _kind in binaries}
    return [
        (place, source, kind)
        for place, source, kind in found
        if not _UNUSED_DATA.search(place) and (kind != "SYMLINK" or source in there)
    ]


def _is_wanted(place: PurePath) -> bool:
    if "plugins" in place.parts and "PySide6" in place.parts:
        folder, name = place.parts[-2:]
        stem = re.sub(r"^(lib)?q|\.(so|dll)$", "", name)
        return stem in _PLUGINS.get(folder, set())
    if place.name.lower() == _PAINTS_IN_3_D:
        return False
    return not _OF_THE_SYSTEM.match(place.name) or len(place.parts) > 1


def _asked_for(found: list[Entry]) -> list[Entry]:
    """Return what is no plain library, and of those what something that stays asks for."""
    needs = {place: _needed(source) for place, source, _kind in found}
    while True:
        asked = {name for place in needs for name in needs[place]}
        idle = [place for place in needs if _is_idle_library(PurePath(place), asked)]
        if not idle:
            return [one for one in found if one[0] in needs]
        for place in idle:
            del needs[place]


def _is_idle_library(place: PurePath, asked: set[str]) -> bool:
    is_library = place.name.startswith("lib") and "plugins" not in place.parts
    return is_library and place.name not in asked and not place.name.startswith("libpython")


def _needed(source: str) -> set[str]:
    command = ["objdump", "-p", source]
    said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    return set(_NEEDED.findall(said.stdout))
