"""Builds the .deb: `python3 installer/debian/build.py`; it lies in build/deb then.

The folder with both programs goes to /opt/pos-desktop, what the system has to know of it to where
Debian wants it. Scripts, rules and units are files beside this one.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from email.utils import formatdate
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from installer.bill import BILL, LICENCES, write_bill  # noqa: E402 - from this checkout
from installer.freeze import freeze  # noqa: E402

OUT = ROOT / "build" / "deb"
APPLICATION = "org.posdesktop.Till"
MAINTAINER = "POS Desktop <packages@pos-desktop.example>"
PLACE = "opt/pos-desktop"
_DOCUMENTS = "usr/share/doc/pos-desktop"
FILES = {
    "pos-desktop.desktop": f"usr/share/applications/{APPLICATION}.desktop",
    "metainfo.xml": f"usr/share/metainfo/{APPLICATION}.metainfo.xml",
    "udev.rules": "usr/lib/udev/rules.d/60-pos-desktop.rules",
    "pos-desktop-queue@.service": "usr/lib/systemd/system/pos-desktop-queue@.service",
    "copyright": f"{_DOCUMENTS}/copyright",
}
SCRIPTS = ("preinst", "postinst", "prerm", "postrm")
OLDEST_LIBC = ("2", "35")
DEPENDS = (
    "libstdc++6 (>= 12)",
    "libgcc-s1",
    "libexpat1",
    "libgl1",
    "libegl1",
    "libx11-6",
    "libx11-xcb1",
    "libxcb1",
    "xkb-data",
    "fontconfig-config",
    "fonts-dejavu-core",
    "passwd",
)
RECOMMENDS = ("libcups2 | libcups2t64", "cups-client", "udev")


def version() -> str:
    """Return the version of the program."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def build(folder: Path) -> Path:
    """Pack a folder with both programs; return the package."""
    tree = OUT / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    _lay_out(folder, tree)
    _write_control(tree)
    _set_rights(tree)
    package = OUT / f"pos-desktop_{version()}_{_architecture()}.deb"
    _run(["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", tree, package])
    shutil.rmtree(tree)
    return package


def _lay_out(folder: Path, tree: Path) -> None:
    shutil.copytree(folder, tree / PLACE, symlinks=True)
    for name, place in FILES.items():
        target = tree / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / "files" / name, target)
    for name in ("pos-desktop", "posctl"):
        link = tree / "usr/bin" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"/{PLACE}/{name}")
    icons = tree / "usr/share/icons/hicolor/scalable/apps"
    icons.mkdir(parents=True)
    shutil.copyfile(_icon(), icons / f"{APPLICATION}.svg")
    documents = tree / _DOCUMENTS
    for name in (BILL, LICENCES):
        (documents / name).symlink_to(f"/{PLACE}/{name}")
    _write_changelog(documents / "changelog.gz")


def _icon() -> Path:
    return ROOT / "resources" / "pos_resources" / "icons" / "pos-desktop.svg"


def _write_changelog(target: Path) -> None:
    text = f"pos-desktop ({version()}) stable; urgency=medium\n\n  * See CHANGELOG.md.\n\n"
    text += f" -- {MAINTAINER}  {formatdate(_moment(), localtime=False, usegmt=False)}\n"
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


def _moment() -> float:
    """Return when what is built was written, so that one commit makes one package."""
    said = os.environ.get("SOURCE_DATE_EPOCH") or _said(["git", "log", "-1", "--format=%ct"])
    return float(said or time.time())


def _write_control(tree: Path) -> None:
    place = tree / "DEBIAN"
    place.mkdir()
    size = sum(file.lstat().st_size for file in tree.rglob("*") if file.is_file())
    fields = {
        "Package": "pos-desktop",
        "Version": version(),
        "Architecture": _architecture(),
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size // 1024),
        "Depends": ", ".join((f"libc6 (>= {oldest_libc(tree / PLACE)})", *DEPENDS)),
        "Recommends": ", ".join(RECOMMENDS),
        "Section": "misc",
        "Priority": "optional",
        "Description": (
            "till for small shops that sells with no network at all\n"
            " A till with receipt printer, scanner and cash drawer, stock, customers and\n"
            " reports. What is slow or uncertain, such as mails and payments by M-Pesa, is\n"
            " left to a queue that loses nothing and goes on when the network is back."
        ),
    }
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (place / "control").write_text(text, encoding="utf-8")
    for name in SCRIPTS:
        shutil.copyfile(HERE / "files" / name, place / name)


def oldest_libc(folder: Path) -> str:
    """Return the oldest version of the C library with which everything in a folder starts.

    What a newer system has built asks for a newer one; the version is never below that of the
    wheels, which Ubuntu 22.04 has.
    """
    asked = [OLDEST_LIBC]
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and _is_program(path):
            asked += re.findall(r"\bGLIBC_(\d+)\.(\d+)", _said(["objdump", "-p", str(path)]))
    major, minor = max((int(major), int(minor)) for major, minor in asked)
    return f"{major}.{minor}"


def _is_program(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _set_rights(tree: Path) -> None:
    """Let everybody read, and nobody but root write."""
    programs = {tree / PLACE / name for name in ("pos-desktop", "posctl")}
    for path in (tree, *tree.rglob("*")):
        if path.is_symlink():
            continue
        is_run = path.is_dir() or path in programs or path.parent.name == "DEBIAN"
        path.chmod(0o755 if is_run and path.name != "control" else 0o644)


def _architecture() -> str:
    return _said(["dpkg", "--print-architecture"])


def _said(command: list[str]) -> str:
    done = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    return done.stdout.strip()


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=1800)


def main() -> int:
    """Freeze, list what is in it, and pack."""
    began = time.monotonic()
    folder = freeze()
    parts = write_bill(folder)
    OUT.mkdir(parents=True, exist_ok=True)
    package = build(folder)
    size = package.stat().st_size / 1e6
    print(f"{package}: {size:.1f} MB, {parts} parts, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
