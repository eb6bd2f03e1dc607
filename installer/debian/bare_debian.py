"""A Debian 12 that has nothing else, in which the trials of the .deb live.

A minimal root is made with debootstrap (and kept, packed, for the next time); the trial has mounts
and processes of its own, which end with it. One trial at a time: they share the root's place.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from installer.trial import need, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
OUT = ROOT / "build" / "deb"
BASE = OUT / "debian-12.tar"
PLACE = OUT / "root"
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
TOOLS = {"debootstrap": "debootstrap", "Xvfb": "xvfb", "xwininfo": "x11-utils", "xwd": "x11-apps"}
SHOP = "var/lib/pos-desktop"
SCREEN, SIZE = ":97", "1024x600"
CASHIER = "wanjiku"
_INSIDE = "POS_DEB_TRIAL"


def in_a_world_of_its_own(script: str) -> int | None:
    """Run the script again with mounts and processes of its own; None where it runs so already."""
    if os.environ.get(_INSIDE) == "1":
        return None
    command = ["unshare", "--mount", "--pid", "--fork", sys.executable, script, *sys.argv[1:]]
    return subprocess.run(command, check=False, env=os.environ | {_INSIDE: "1"}).returncode


def newest_package() -> Path:
    """Return the package that was built last."""
    built = list(OUT.glob("pos-desktop_*.deb"))
    need(built, "there is no package: python3 installer/debian/build.py makes one")
    return max(built, key=lambda one: one.stat().st_mtime)


def install_tools(tools: Mapping[str, str]) -> None:
    """Install what is missing here, by tool; only the trials need it."""
    missing = sorted({package for tool, package in tools.items() if not shutil.which(tool)})
    if missing:
        apt = ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", *missing]
        done = run([*apt], env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        need(done.returncode == 0, f"apt could not install {' '.join(missing)}: {done.stderr}")


def make_root() -> None:
    """Unpack a minimal Debian, made by debootstrap the first time, and give it a /proc."""
    shutil.rmtree(PLACE, ignore_errors=True)
    if not BASE.exists():
        fresh = OUT / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        made = run(["debootstrap", "--variant=minbase", SUITE, fresh, MIRROR])
        need(made.returncode == 0, f"debootstrap: {made.stdout[-400:]}")
        packed = run(["tar", "-C", fresh, "-cf", BASE, "."])
        need(packed.returncode == 0, packed.stderr)
        shutil.rmtree(fresh)
    PLACE.mkdir(parents=True)
    need(run(["tar", "-C", PLACE, "-xf", BASE]).returncode == 0, "the root cannot be unpacked")
    for kind, target in (("proc", "proc"), ("tmpfs", "dev/shm")):
        (PLACE / target).mkdir(exist_ok=True)
        mounted = run(["mount", "-t", kind, kind, PLACE / target])
        need(mounted.returncode == 0, mounted.stderr)
    shutil.copyfile("/etc/resolv.conf", PLACE / "etc/resolv.conf")
    security = "http://deb.debian.org/debian-security bookworm-security main"
    sources = f"deb {MIRROR} {SUITE} main\ndeb {security}\n"
    (PLACE / "etc/apt/sources.list").write_text(sources, encoding="utf-8")


def run(
    command: list[str | Path], *, env: dict[str, str] | None = None, seconds: float = 900
) -> subprocess.CompletedProcess[str]:
    """Run a command of this machine, and return what it said."""
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=env, timeout=seconds
    )


def inside(
    *command: str, login: str = "root", typed: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in the root, by somebody who has logged in there."""
    told = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/root"}
    if login != "root":
        told["HOME"] = f"/home/{login}"
    told |= {"DEBIAN_FRONTEND": "noninteractive", **environment}
    by = ["setpriv", f"--reuid={login}", f"--regid={login}", "--init-groups"]
    return subprocess.run(
        ["chroot", PLACE, *(by if login != "root" else []), *command],
        check=False,
        capture_output=True,
        text=True,
        input=typed,
        env=told,
        timeout=900,
    )


def said_well(*command: str, **how: Any) -> str:
    """Run a command in the root that must go well; return what it printed."""
    done = inside(*command, **how)
    need(done.returncode == 0, f"{' '.join(command)}: {done.stdout[-600:]}{done.stderr[-600:]}")
    return done.stdout


def install(package: Path, *, recommended: bool = False) -> str:
    """Install the package as apt does for a technician, or with its Depends alone."""
    shutil.copyfile(package, PLACE / "root/pos-desktop.deb")
    said_well("apt-get", "-qq", "update")
    how = [] if recommended else ["--no-install-recommends"]
    said = said_well("apt-get", "--yes", *how, "install", "/root/pos-desktop.deb")
    need("usermod -aG pos-desktop" in said, "nobody is told of the group")
    place = PLACE / SHOP
    rights = (oct(place.stat().st_mode & 0o7777), group_of(place))
    need(rights == ("0o2770", "pos-desktop"), f"the shop's folder has {rights}")
    for link in ("pos-desktop", "posctl"):
        need((PLACE / "usr/bin" / link).is_symlink(), f"{link} is not on the path")
    return re.sub(r".* (\d+) newly installed.*", r"\1 packages", said, flags=re.DOTALL)


def group_of(place: Path) -> str:
    """Return the group of something in the root, by its name there."""
    groups = (PLACE / "etc/group").read_text(encoding="utf-8")
    found = re.search(rf"^([^:]+):[^:]*:{place.stat().st_gid}:", groups, re.MULTILINE)
    return found[1] if found else ""


@contextmanager
def screen() -> Iterator[None]:
    """Let there be a screen of a small till, for the programs of the root too.

    It stays as it is when its last window closes: what comes while it begins anew is refused.
    """
    command = ["Xvfb", SCREEN, "-screen", "0", f"{SIZE}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: run(["xwininfo", "-display", SCREEN, "-root"]).returncode == 0, 20)
        yield
    finally:
        server.terminate()
        server.wait(20)


def open_till() -> subprocess.Popen[str]:
    """Start the till by the cashier's login, on the screen."""
    by = ["setpriv", f"--reuid={CASHIER}", f"--regid={CASHIER}", "--init-groups"]
    told = {
        "PATH": "/usr/sbin:/usr/bin:/bin",
        "DISPLAY": SCREEN,
        "HOME": f"/home/{CASHIER}",
        "LANG": "C.UTF-8",
    }
    command: list[str | Path] = ["chroot", PLACE, *by, "pos-desktop"]
    return subprocess.Popen(command, env=told, stderr=subprocess.PIPE, text=True)


def till_is_shown() -> bool:
    """Tell whether its window is on the screen, and fills it."""
    told = run(["xwininfo", "-display", SCREEN, "-root", "-tree"]).stdout
    return any("POS Desktop" in line and SIZE in line for line in told.splitlines())
