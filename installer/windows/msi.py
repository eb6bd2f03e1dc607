"""Makes the package for Windows Installer by wixl: `python -m installer.windows.msi [FOLDER]`.

The description that wixl reads is written here, a component for each file. What wixl has no word
for is added to the package afterwards, as rows of its tables: see `statements`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from installer.windows.libraries import COMPILER
from installer.windows.places import (
    FROZEN,
    HERE,
    ICON,
    MADE,
    NAME,
    OLDEST_BUILD,
    PUBLISHER,
    TOO_OLD,
    four_numbers,
    msi_file,
    version,
)

UPGRADE_CODE = "9B6C5B0E-6B1D-4C0A-9C55-0E7A6D504F53"
"""The same for ever: by it a newer package finds the older one."""
_NAMESPACE = uuid.UUID(UPGRADE_CODE)
EVERY_LOGIN = "*S-1-5-32-545"
"""The group Users, whatever it is called in the language of Windows."""
BY_SETUP = (
    f"{NAME} was installed by its setup program here: upgrade it with the newer setup program, or "
    "remove it first."
)
NEWER_IS_HERE = f"A newer {NAME} is here. To go back, remove it first; the shop's data stays."
AT_SIGN_IN = 'AUTOSTART="yes" OR (WAS_AUTOSTART="yes" AND NOT AUTOSTART)'
"""When the till opens as somebody signs in: as asked for, else as it was."""
LOOK_FIRST = "CloseTheTillFirst"
SHARE = "ShareTheShopsFolder"
_GRANT = f'"[System64Folder]icacls.exe" "[SHOPDIR]." /grant {EVERY_LOGIN}:(OI)(CI)M /Q'
LOOK = HERE / "look_first.c"
LOOK_LIBRARY = "look_first.dll"
TELL = "TellWhereTheTillIs"
_OF_A_LIBRARY, _SETS_A_PROPERTY = 1, 51
_A_PROGRAM_WITH_ITS_FOLDER, _FAILURE_IS_NONE = 34, 64
_LATER_AS_THE_SYSTEM = 1024 + 2048
_STAYS_FOR_EVER, _64_BITS = 16, 256
_ONLY_LOOK, _FROM, _UP_TO = 2, 256, 512


def make(folder: Path = FROZEN, number: str | None = None, package: Path | None = None) -> Path:
    """Return the package of the folder with both programs, of this version unless told another."""
    source, package = MADE / "pos-desktop.wxs", package or msi_file()
    package.parent.mkdir(parents=True, exist_ok=True)
    flags: list[str | Path] = ["-shared", "-O2", "-s", "-Wall", "-Werror", LOOK, "-lmsi"]
    subprocess.run([COMPILER, *flags, "-o", MADE / LOOK_LIBRARY], check=True, timeout=60)
    ET.ElementTree(description(folder, number or version())).write(
        source, "utf-8", xml_declaration=True
    )
    command: list[str | Path] = [
        "wixl",
        "--arch",
        "x64",
        "-D",
        "Win64=yes",
        "--output",
        package,
        source.name,
    ]
    subprocess.run(command, check=True, cwd=MADE, timeout=600)
    versions = MADE / "Upgrade.idt"
    versions.write_text(related_versions(number or version()), encoding="ascii")
    subprocess.run(["msibuild", package, "-i", versions], check=True, timeout=60)
    for statement in statements():
        subprocess.run(["msibuild", package, "-q", statement], check=True, timeout=60)
    return package


def description(folder: Path, number: str) -> Element:
    """Return what wixl makes the package of."""
    root = Element("Wix", xmlns="http://schemas.microsoft.com/wix/2006/wi")
    product = SubElement(
        root,
        "Product",
        Id=product_code(folder, number),
        Name=NAME,
        Language="1033",
        Version=_three_numbers(number),
        Manufacturer=PUBLISHER,
        UpgradeCode=UPGRADE_CODE,
    )
    SubElement(
        product,
        "Package",
        InstallerVersion="500",
        Compressed="yes",
        InstallScope="perMachine",
        Description=f"{NAME} {number}",
        Manufacturer=PUBLISHER,
    )
    SubElement(product, "Media", Id="1", Cabinet="files.cab", EmbedCab="yes")
    SubElement(product, "Icon", Id="pos.ico", SourceFile=_from_made(ICON))
    SubElement(product, "Binary", Id="Look", SourceFile=LOOK_LIBRARY)
    _rules(product, number)
    components = _directories(product, folder)
    feature = SubElement(product, "Feature", Id="Program", Title=NAME, Level="1")
    for component in components:
        SubElement(feature, "ComponentRef", Id=component)
    return root


def product_code(folder: Path, number: str) -> str:
    """Return a code that changes with every file: then each build takes an earlier one's place."""
    digest = hashlib.sha256(number.encode())
    for file in _files(folder):
        digest.update(file.relative_to(folder).as_posix().encode() + file.read_bytes())
    return _code(digest.hexdigest())


def _three_numbers(number: str) -> str:
    """Return a version as Windows Installer compares it."""
    return ".".join(four_numbers(number).split(".")[:3])


def _code(what: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, what)).upper()


def _from_made(file: Path) -> str:
    """Return where a file lies from where wixl runs: it knows no whole paths."""
    return os.path.relpath(file, MADE)


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _rules(product: Element, number: str) -> None:
    """Say what is asked before anything is changed."""
    for name, value in (
        ("ARPPRODUCTICON", "pos.ico"),
        ("ARPNOMODIFY", "1"),
        ("MSIRESTARTMANAGERCONTROL", "Disable"),  # it would close a till that sells
    ):
        SubElement(product, "Property", Id=name, Value=value)
    windows = "Software\\Microsoft\\Windows NT\\CurrentVersion"
    ours = f"Software\\{NAME}"
    for name, key, value in (
        ("INSTALLEDBY", ours, "InstalledBy"),
        ("WAS_AUTOSTART", ours, "Autostart"),
        ("WINDOWSBUILD", windows, "CurrentBuildNumber"),
    ):
        found = SubElement(product, "Property", Id=name)
        SubElement(
            found,
            "RegistrySearch",
            Id=f"Find{value}",
            Root="HKLM",
            Key=key,
            Name=value,
            Type="raw",
            Win64="yes",
        )
    SubElement(
        product, "Condition", Message=BY_SETUP
    ).text = 'Installed OR NOT INSTALLEDBY OR INSTALLEDBY="msi"'
    SubElement(
        product, "Condition", Message=TOO_OLD
    ).text = f"Installed OR WINDOWSBUILD >= {OLDEST_BUILD}"
    upgrade = SubElement(product, "Upgrade", Id=UPGRADE_CODE)
    here = _three_numbers(number)
    SubElement(upgrade, "UpgradeVersion", Minimum="0.0.0", Maximum=here, Property="EARLIER")
    SubElement(upgrade, "UpgradeVersion", Minimum=here, OnlyDetect="yes", Property="NEWER")
    SubElement(product, "Condition", Message=NEWER_IS_HERE).text = "Installed OR NOT NEWER"
    sequence = SubElement(product, "InstallExecuteSequence")
    SubElement(sequence, "RemoveExistingProducts", Sequence="1520")
    SubElement(sequence, "InstallExecute", Sequence="1510")


def _directories(product: Element, folder: Path) -> Iterator[str]:
    root = SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    SubElement(root, "Directory", Id="System64Folder")  # where what shares the folder starts
    programs = SubElement(root, "Directory", Id="ProgramFiles64Folder")
    install = SubElement(programs, "Directory", Id="INSTALLDIR", Name=NAME)
    components = list(_tree(install, folder, folder))
    shop = SubElement(root, "Directory", Id="CommonAppDataFolder")
    shop = SubElement(shop, "Directory", Id="SHOPDIR", Name=NAME)
    components.append(_shop_folder(shop))
    menu = SubElement(root, "Directory", Id="ProgramMenuFolder")
    menu = SubElement(menu, "Directory", Id="MENUDIR", Name=NAME)
    components.append(_menu(menu))
    startup = SubElement(root, "Directory", Id="StartupFolder")
    components.append(_autostart(startup))
    return iter(components)


def _tree(place: Element, folder: Path, top: Path) -> Iterator[str]:
    for entry in sorted(folder.iterdir()):
        name = entry.relative_to(top).as_posix()
        key = hashlib.sha256(name.encode()).hexdigest()[:24]
        if entry.is_dir():
            below = SubElement(place, "Directory", Id=f"d{key}", Name=entry.name)
            yield from _tree(below, entry, top)
        else:
            component = _component(place, f"c{key}", name)
            file = {
                "Id": f"f{key}",
                "Name": entry.name,
                "Source": _from_made(entry),
                "KeyPath": "yes",
            }
            SubElement(component, "File", file | {"KeyPath": "yes"})
            yield f"c{key}"


def _component(place: Element, name: str, what: str) -> Element:
    return SubElement(place, "Component", Id=name, Guid=_code(what), Win64="yes")


def _registered(component: Element, name: str, value: str, *, key_path: bool = False) -> None:
    given = {"Root": "HKLM", "Key": f"Software\\{NAME}", "Name": name, "Value": value}
    key = {"KeyPath": "yes"} if key_path else {}
    SubElement(component, "RegistryValue", given | key | {"Type": "string"})


def _shop_folder(place: Element) -> str:
    component = _component(place, "ShopFolder", "the shop's folder")
    SubElement(component, "CreateFolder")
    return "ShopFolder"


def _menu(place: Element) -> str:
    component = _component(place, "Menu", "the menu")
    _registered(component, "InstallDir", "[INSTALLDIR]", key_path=True)
    _registered(component, "InstalledBy", "msi")
    SubElement(component, "Shortcut", _STARTS | {"Id": "TillLink"})
    arguments = '/k "set PATH=[INSTALLDIR];%PATH%& posctl --help"'
    SubElement(
        component,
        "Shortcut",
        Id="ConsoleLink",
        Name=f"{NAME} console",
        Target="[System64Folder]cmd.exe",
        Arguments=arguments,
        WorkingDirectory="INSTALLDIR",
        Icon="pos.ico",
    )
    SubElement(component, "RemoveFolder", Id="RemoveMenu", On="uninstall")
    return "Menu"


def _autostart(place: Element) -> str:
    component = _component(place, "Autostart", "the start at sign-in")
    _registered(component, "Autostart", "yes", key_path=True)
    SubElement(component, "Shortcut", _STARTS | {"Id": "AutostartLink"})
    return "Autostart"


_STARTS = {
    "Name": NAME,
    "Target": "[INSTALLDIR]pos-desktop.exe",
    "WorkingDirectory": "INSTALLDIR",
    "Icon": "pos.ico",
}


def related_versions(number: str) -> str:
    """Return the table of the versions that this one takes the place of, or gives way to.

    wixl writes it too, but not which of its limits belong to it.
    """
    here = _three_numbers(number)
    limits = ["UpgradeCode", "VersionMin", "VersionMax", "Language", "Attributes"]
    code = f"{{{UPGRADE_CODE}}}"
    rows = (
        [*limits, "Remove", "ActionProperty"],
        ["s38", "S20", "S20", "S255", "i4", "S255", "s72"],
        ["Upgrade", *limits],
        [code, "0.0.0", here, "", str(_FROM + _UP_TO), "", "EARLIER"],
        [code, here, "", "", str(_ONLY_LOOK), "", "NEWER"],
    )
    return "".join("\t".join(row) + "\r\n" for row in rows)


def statements() -> Iterator[str]:
    """Yield what wixl has no word for: who runs what, and when, in the package's own tables.

    First it is looked whether a till runs, by opening its program for writing; only then is an
    earlier version removed. Windows Installer itself would close the till, or leave half of it
    for the next start of the computer.
    """
    columns = "`CustomAction` (`Action`, `Type`, `Source`, `Target`)"
    for action, kind, source, target in (
        (TELL, _SETS_A_PROPERTY, LOOK_FIRST, "[INSTALLDIR]"),
        (LOOK_FIRST, _OF_A_LIBRARY + _LATER_AS_THE_SYSTEM, "Look", "LookFirst"),
        (
            SHARE,
            _A_PROGRAM_WITH_ITS_FOLDER + _LATER_AS_THE_SYSTEM + _FAILURE_IS_NONE,
            "System64Folder",
            _GRANT,
        ),
    ):
        yield f"INSERT INTO {columns} VALUES ('{action}', {kind}, '{source}', '{target}')"
    columns = "`InstallExecuteSequence` (`Action`, `Condition`, `Sequence`)"
    yield f"INSERT INTO {columns} VALUES ('{TELL}', '', 1504)"
    yield f"INSERT INTO {columns} VALUES ('{LOOK_FIRST}', '', 1505)"
    yield f"INSERT INTO {columns} VALUES ('{SHARE}', 'NOT REMOVE', 3750)"
    component = "UPDATE `Component` SET"
    yield f"{component} `Condition` = '{AT_SIGN_IN}' WHERE `Component` = 'Autostart'"
    asked = "UPDATE `Property` SET `Value` = 'AUTOSTART;EARLIER;NEWER'"
    yield f"{asked} WHERE `Property` = 'SecureCustomProperties'"
    attributes = _STAYS_FOR_EVER + _64_BITS
    yield f"{component} `Attributes` = {attributes} WHERE `Component` = 'ShopFolder'"


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if sys.argv[1:] else FROZEN))
    sys.exit(0)
