"""What the folder with both programs is made of: a bill of materials, and every licence in it.

The bill is CycloneDX 1.5 (`sbom.cdx.json`); the licences lie in `licences`, a folder for each
part, beside the texts that come in no package. What may only be used under the GPL is refused.
Source: https://cyclonedx.org/docs/1.5/json
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

from installer.library_versions import product_version, python_version

HERE = Path(__file__).resolve().parent
BILL = "sbom.cdx.json"
LICENCES = "licences"
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_GPL = re.compile(r"(?<![LA])\bA?GPL|(?<!Lesser )General Public License", re.IGNORECASE)
_OR = re.compile(r"\s+OR\s+", re.IGNORECASE)
_ONLY_NAMED = frozenset({"setuptools"})
"""Only its description is there, since others name it."""
_QT = frozenset({"pyside6-essentials", "shiboken6"})
"""Used under the LGPL; its packages bring no text of that, nor of the GPL that it builds on."""
_BESIDE_PYTHON = {
    "libcrypto": ("openssl", "Apache-2.0"),
    "sqlite3": ("sqlite", "Public Domain"),
    "libffi": ("libffi", "MIT"),
    "vcruntime140": ("vcruntime", "Microsoft Visual C++ redistributable"),
}
"""What comes with Python for Windows, by how its files begin; libssl is of libcrypto's release."""
_GPL_LIBRARIES = frozenset({"libreadline8"})


class GplOnly(Exception):
    """Something may only be used under the GPL, and must not be bundled."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something of others, or ourselves, that is in the folder."""

    name: str
    version: str
    """Empty where its file does not tell one."""
    licence: str
    address: str = ""
    """As package URLs have it: pkg:pypi/peewee@4.5.3."""
    texts: tuple[Path, ...] = field(default=(), compare=False)


def write_bill(folder: Path) -> int:
    """Write bill and licences into the folder; return how many parts there are.

    Raises GplOnly.
    """
    parts = sorted({*packages(folder), *of_the_machine(folder)}, key=lambda one: one.name.lower())
    for part in parts:
        if is_gpl_only(part.licence):
            sentence = f"{part.name} {part.version} is under {part.licence}"
            raise GplOnly(sentence)
    (folder / BILL).write_text(json.dumps(_document(parts), indent=1) + "\n", encoding="utf-8")
    place = folder / LICENCES
    shutil.rmtree(place, ignore_errors=True)
    for part in parts:
        _copy_texts(part, place / part.name)
    return len(parts)


def is_gpl_only(licence: str) -> bool:
    """Tell whether a licence leaves nothing but the GPL."""
    return all(_GPL.search(one) for one in _OR.split(licence))


def packages(folder: Path) -> Iterator[Part]:
    """Yield the Python packages of the folder, by the descriptions that lie in it."""
    for info in sorted((folder / "_internal").glob("*.dist-info")):
        found = PathDistribution(info)
        if found.name not in _ONLY_NAMED:
            yield _part(found, info)


def _part(found: Distribution, info: Path) -> Part:
    name = found.name.lower().replace("_", "-")
    texts = [file for file in info.rglob("*") if file.is_file() and _LICENCE_FILE.search(str(file))]
    if name in _QT:
        texts += [HERE / "texts" / "LGPL-3.0.txt", HERE / "texts" / "GPL-3.0.txt"]
    return Part(
        name=name,
        version=found.version,
        licence=_licence(found),
        address=f"pkg:pypi/{name}@{found.version}",
        texts=tuple(texts) or (info / "METADATA",),
    )


def _licence(found: Distribution) -> str:
    told = found.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [
        one.rpartition(" :: ")[2]
        for one in told.get_all("Classifier") or []
        if one.startswith("License ::")
    ]
    texts = told.get_all("License") or [""]
    first_line = str(texts[0]).strip().partition("\n")[0]
    return " OR ".join(classes) or first_line or "see its text"


def of_the_machine(folder: Path) -> Iterator[Part]:
    """Yield Python itself, and the libraries that came along with it or of the system.

    The standard library is that of the Python which runs this, and named where it is not the same.
    """
    internal = folder / "_internal"
    library, standard = python_version(internal), ".".join(map(str, sys.version_info[:3]))
    yield _python("python", library)
    if standard != library:
        yield _python("python-standard-library", standard)
    yield from _beside_python(internal)
    if sys.platform == "linux":
        yield from _debian_packages(folder)


def _python(name: str, version: str) -> Part:
    text = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    texts = (text,) if text.exists() else ()
    return Part(name, version, "PSF-2.0", f"pkg:generic/{name}@{version}", texts)


def _beside_python(internal: Path) -> Iterator[Part]:
    for file in sorted(internal.glob("*.dll")):
        for begins, (name, licence) in _BESIDE_PYTHON.items():
            if file.stem.lower().startswith(begins) and not file.stem.endswith("_1"):
                version = product_version(file)
                address = f"pkg:generic/{name}@{version}" if version else ""
                yield Part(name, version, licence, address)


def _debian_packages(folder: Path) -> Iterator[Part]:
    names = {file.name for file in (folder / "_internal").glob("*.so*") if not file.is_symlink()}
    ours = {name for name in names if not name.startswith("libpython")}
    sources = {source for name in ours if (source := _owner(name))}
    for package in sorted(sources):
        version = _said(["dpkg-query", "-W", "-f", "${Version}", package])
        text = Path("/usr/share/doc") / package.partition(":")[0] / "copyright"
        texts = (text,) if text.exists() else ()
        name = package.partition(":")[0]
        licence = "GPL" if name in _GPL_LIBRARIES else "see its text"
        yield Part(name, version, licence, f"pkg:deb/debian/{name}@{version}", texts)


def _owner(name: str) -> str:
    """Return the Debian package that a library comes from; empty where it is none's."""
    for line in _said(["dpkg-query", "-S", f"*/{name}"]).splitlines():
        package, _, place = line.partition(": ")
        if place.startswith(("/lib/", "/usr/lib/x86_64", "/usr/lib/aarch64")):
            return package
    return ""


def _said(command: list[str]) -> str:
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60
    ).stdout.strip()


def _document(parts: list[Part]) -> dict[str, object]:
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "pos-desktop"}},
        "components": [
            {
                "type": "library",
                "name": one.name,
                **({"version": one.version} if one.version else {}),
                "licenses": [{"license": {"name": one.licence}}],
                **({"purl": one.address} if one.address else {}),
            }
            for one in parts
        ],
    }


def _copy_texts(part: Part, place: Path) -> None:
    for number, text in enumerate(part.texts):
        place.mkdir(parents=True, exist_ok=True)
        name = text.name if number == 0 else f"{number}-{text.name}"
        shutil.copyfile(text, place / name)
