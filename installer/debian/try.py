"""Tries the .deb in a Debian 12 that has nothing else: `sudo python3 installer/debian/try.py`.

A minimal root is made with debootstrap (and kept, packed, for the next time), the package is
installed there with what it depends on, and everything that an installed till does is done once.
Each step says how long it took; the first that fails ends the trial. The root has its own mounts
and processes, which end with this one. Pictures and papers lie in build/deb/tried.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "build" / "deb"
BASE = OUT / "debian-12.tar"
PLACE = OUT / "root"
TRIED = OUT / "tried"
DAY = ROOT / "build" / "freeze" / "work" / "pos_desktop" / "demo-day"
SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
TOOLS = {"debootstrap": "debootstrap", "Xvfb": "xvfb", "xwininfo": "x11-utils", "xwd": "x11-apps"}
SHOP = "var/lib/pos-desktop"
SCREEN = ":97"
CASHIER = "wanjiku"
MOST_MB, MOST_START = 75.0, 1.5
KNOWN_MB, KNOWN_START = 49.0, 0.42
"""A small program of the same parts: see the facts about installers."""
STARTS = 5
_INSIDE = "POS_DEB_TRIAL"


class Failed(Exception):
    """A step has not done what it should."""


def main() -> int:
    """Go into mounts and processes of our own, and try everything there."""
    if os.environ.get(_INSIDE) != "1":
        command = ["unshare", "--mount", "--pid", "--fork", sys.executable, __file__, *sys.argv[1:]]
        return subprocess.run(command, check=False, env=os.environ | {_INSIDE: "1"}).returncode
    package = max(OUT.glob("pos-desktop_*.deb"), key=lambda one: one.stat().st_mtime)
    shutil.rmtree(TRIED, ignore_errors=True)
    TRIED.mkdir(parents=True)
    try:
        _try(package)
    except Failed as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


def _try(package: Path) -> None:
    step("the tools of this trial", install_tools)
    step("a minimal Debian 12", make_root)
    print(f"  the package: {package.stat().st_size / 1e6:.1f} MB (small program: {KNOWN_MB:.0f})")
    need(package.stat().st_size < MOST_MB * 1e6, f"it is larger than {MOST_MB:.0f} MB")
    step("apt install, with its Depends alone", lambda: install(package))
    step("posctl doctor, where no shop is", lambda: doctor(has_shop=False))
    step("posctl init --demo, by a login of the group", make_shop)
    step("posctl doctor", lambda: doctor(has_shop=True))
    step("who is not in the group is told so", refuse_stranger)
    step("the demo day, offscreen", play_day)
    step("a worker as the service starts it", work_as_service)
    with screen():
        step("the window on a screen", show_window)
        step("an upgrade while the till is open is refused", lambda: refuse_upgrade(package))
    step("the upgrade once it is closed", upgrade)
    step("apt remove keeps the shop", remove)
    step("apt purge says where it lies", purge)


def step(what: str, act: Callable[[], object]) -> None:
    """Do one thing, and say how long it took."""
    began = time.monotonic()
    said = act()
    print(f"ok {time.monotonic() - began:6.1f} s  {what}{f': {said}' if said else ''}", flush=True)


def need(is_so: object, otherwise: str) -> None:
    """Raise Failed where something is not so."""
    if not is_so:
        raise Failed(otherwise)


# the root


def install_tools() -> None:
    """Install what is missing here; only this trial needs it."""
    missing = sorted({package for tool, package in TOOLS.items() if not shutil.which(tool)})
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


# installed


def install(package: Path) -> str:
    """Install the package as apt does for a technician."""
    shutil.copyfile(package, PLACE / "root/pos-desktop.deb")
    said_well("apt-get", "-qq", "update")
    said = said_well(
        "apt-get", "--yes", "--no-install-recommends", "install", "/root/pos-desktop.deb"
    )
    need("usermod -aG pos-desktop" in said, "nobody is told of the group")
    place = PLACE / SHOP
    rights = (oct(place.stat().st_mode & 0o7777), _group(place))
    need(rights == ("0o2770", "pos-desktop"), f"the shop's folder has {rights}")
    for link in ("pos-desktop", "posctl"):
        need((PLACE / "usr/bin" / link).is_symlink(), f"{link} is not on the path")
    return re.sub(r".* (\d+) newly installed.*", r"\1 packages", said, flags=re.DOTALL)


def _group(place: Path) -> str:
    groups = (PLACE / "etc/group").read_text(encoding="utf-8")
    found = re.search(rf"^([^:]+):[^:]*:{place.stat().st_gid}:", groups, re.MULTILINE)
    return found[1] if found else ""


def doctor(*, has_shop: bool) -> str:
    """Ask what a technician asks first; nothing may be broken but what is not there yet."""
    done = inside("posctl", "doctor", "--json", login=CASHIER if has_shop else "root")
    try:
        told = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise Failed(f"no document: {done.stdout}{done.stderr}") from error
    broken = [f"{one['check']}: {one['detail']}" for one in told["checks"] if not one["ok"]]
    need(told["ok"] or not has_shop, "; ".join(broken))
    (TRIED / f"doctor-{'shop' if has_shop else 'bare'}.txt").write_text(
        inside("posctl", "doctor", login=CASHIER if has_shop else "root").stdout, encoding="utf-8"
    )
    return f"{len(told['checks'])} checks, {len(broken)} to look at"


def make_shop() -> None:
    """Make the shop in its machine-wide place, and look at its rights."""
    said_well("useradd", "--create-home", "--groups", "pos-desktop", CASHIER)
    said_well("posctl", "init", "--demo", login=CASHIER)
    file = PLACE / SHOP / "shop.sqlite"
    need(_group(file) == "pos-desktop", "the shop's file is not the group's")
    need(file.stat().st_mode & 0o777 == 0o660, f"its rights are {oct(file.stat().st_mode)}")


def refuse_stranger() -> None:
    """Let somebody who is not in the group try it: a sentence, and no traceback."""
    said_well("useradd", "--create-home", "stranger")
    done = inside("posctl", "verify", login="stranger")
    need(done.returncode == 1 and "Traceback" not in done.stderr, done.stderr)
    need("usermod -aG pos-desktop" in done.stderr, f"he is not told of the group: {done.stderr}")


def play_day() -> str:
    """Play the demo day with the installed programs; its papers are copied out."""
    program = PLACE / "opt/pos-desktop/demo-day"
    shutil.copyfile(DAY, program)
    program.chmod(0o755)
    day = f"/home/{CASHIER}/day"
    said = said_well("/opt/pos-desktop/demo-day", day, login=CASHIER)
    program.unlink()
    need("books in order: yes" in said, said)
    for part in ("receipts", "screens", "reports"):
        shutil.copytree(PLACE / day[1:] / part, TRIED / part)
    return said.splitlines()[-1]


def work_as_service() -> str:
    """Run the jobs of the machine-wide shop as the unit does: its command, by its login."""
    unit = (PLACE / "usr/lib/systemd/system/pos-desktop-queue@.service").read_text(encoding="utf-8")
    found = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert found is not None
    command = [*found[1].split(), "--stop-when-empty"]
    said_well("posctl", "backup", login=CASHIER)
    folder = f"/{SHOP}"
    return said_well(*command, login="pos-desktop", POS_DATA_DIR=folder).strip()[:60]


# the window


@contextmanager
def screen() -> Iterator[None]:
    """Let there be a screen of a small till, for the programs of the root too."""
    command = ["Xvfb", SCREEN, "-screen", "0", "1024x600x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(lambda: run(["xwininfo", "-display", SCREEN, "-root"]).returncode == 0, 20)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait(is_so: Callable[[], bool], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not is_so():
        need(time.monotonic() < limit, f"nothing for {seconds} s")
        time.sleep(0.01)


@contextmanager
def window() -> Iterator[float]:
    """Open the till by a cashier; yield the seconds until its window stood on the screen."""
    by = ["setpriv", f"--reuid={CASHIER}", f"--regid={CASHIER}", "--init-groups"]
    told = {
        "PATH": "/usr/sbin:/usr/bin:/bin",
        "DISPLAY": SCREEN,
        "HOME": f"/home/{CASHIER}",
        "LANG": "C.UTF-8",
    }
    command: list[str | Path] = ["chroot", PLACE, *by, "pos-desktop"]
    began = time.monotonic()
    program = subprocess.Popen(command, env=told, stderr=subprocess.PIPE, text=True)
    try:
        _wait(lambda: _is_shown() or program.poll() is not None, 30)
        seconds = time.monotonic() - began
        if program.poll() is not None:
            raise Failed(f"it ended: {program.communicate()[1]}")
        yield seconds
    finally:
        program.terminate()
        program.wait(30)


def _is_shown() -> bool:
    told = run(["xwininfo", "-display", SCREEN, "-root", "-tree"]).stdout
    return any("POS Desktop" in line and "1024x600" in line for line in told.splitlines())


def show_window() -> str:
    """Measure its start a few times, and take a picture of it."""
    seconds = []
    for _number in range(STARTS):
        with window() as passed:
            seconds.append(passed)
    with window():
        time.sleep(1)  # the picture is of a window at rest
        with (TRIED / "window.xwd").open("wb") as file:
            subprocess.run(["xwd", "-display", SCREEN, "-root"], check=True, stdout=file)
    best = sorted(seconds)[len(seconds) // 2]
    need(best < MOST_START, f"start to window took {best:.2f} s")
    told = ", ".join(f"{one:.2f}" for one in seconds)
    return f"{told} s from start to window (small program: {KNOWN_START})"


def newer(package: Path) -> Path:
    """Return the package as a later version."""
    tree, later = OUT / "later", PLACE / "root/later.deb"
    shutil.rmtree(tree, ignore_errors=True)
    need(run(["dpkg-deb", "-R", package, tree]).returncode == 0, "the package cannot be unpacked")
    control = tree / "DEBIAN/control"
    text = control.read_text(encoding="utf-8")
    control.write_text(
        re.sub(r"^Version: .*$", r"\g<0>+later", text, flags=re.MULTILINE), encoding="utf-8"
    )
    need(run(["dpkg-deb", "-Znone", "--build", tree, later]).returncode == 0, "it cannot be packed")
    shutil.rmtree(tree)
    return later


def refuse_upgrade(package: Path) -> None:
    """Install a later version under a till that is open."""
    newer(package)
    with window():
        done = inside("dpkg", "-i", "/root/later.deb")
        need(done.returncode != 0, "the till was replaced while it sold")
        need("close its window" in done.stderr, done.stderr)
    need("later" not in _installed(), "it says that it is the later version")
    said_well("posctl", "verify", login=CASHIER)


def upgrade() -> str:
    """Install the later version now that the till is closed."""
    said_well("dpkg", "-i", "/root/later.deb")
    said_well("posctl", "verify", login=CASHIER)
    need("later" in _installed(), "it is not the later version")
    return _installed()


def _installed() -> str:
    return said_well("dpkg-query", "-W", "-f", "${Version}", "pos-desktop")


def remove() -> None:
    """Remove the programs, and look at the shop."""
    before = (PLACE / SHOP / "shop.sqlite").stat().st_size
    said_well("apt-get", "--yes", "remove", "pos-desktop")
    need(not (PLACE / "opt/pos-desktop").exists(), "programs are left")
    need((PLACE / SHOP / "shop.sqlite").stat().st_size == before, "the shop was touched")


def purge() -> None:
    """Purge the package: the shop stays, and where it lies is said."""
    said = said_well("apt-get", "--yes", "purge", "pos-desktop")
    need("/var/lib/pos-desktop" in said, f"nothing is said of the shop: {said}")
    need((PLACE / SHOP / "shop.sqlite").exists(), "the shop is gone")


if __name__ == "__main__":
    sys.exit(main())
