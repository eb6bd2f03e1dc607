"""Tries the built installers under wine, in a Windows of its own; ends at the first failure.

`setup` or `msi` as its word tries that one alone. Each step is told with its time. What wine
cannot show is listed in docs/installing-windows.md.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pos_queue.children.command import FROZEN_ARGUMENT

from installer.trial import Failed, need, outcome, step, wait_until
from installer.windows import msi
from installer.windows.file_properties import DESCRIPTIONS, strings
from installer.windows.places import FROZEN, MADE, NAME, OUT, ROOT, msi_file, setup_file, version
from installer.windows.screen_picture import ScreenPicture
from installer.windows.wine import Wine, screen

PROGRAMS = f"C:\\Program Files\\{NAME}"
WINDOW, POSCTL = f"{PROGRAMS}\\pos-desktop.exe", f"{PROGRAMS}\\posctl.exe"
ON_D = f"D:\\Programs\\{NAME}"
SHOP = f"C:\\ProgramData\\{NAME}"
STARTUP = f"Microsoft/Windows/Start Menu/Programs/StartUp/{NAME}.lnk"
"""Below the folder of all logins; wine's Windows Installer takes that of the one who installs."""
LISTED = f"HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\{NAME}"
MANY_ROWS = 3_000
"""More than an import does at once: a job does it, in a process of its own."""
NEWER = "100.0.0"
TILL_RUNS, MSI_IS_HERE, TOO_OLD, NEWER_IS_HERE = 3, 4, 5, 6
"""The exit codes of the setup program, as setup.nsi has them."""
MSI_FAILED = 1603
WINDOW_SECONDS = 120.0
NOT_TYPED = ("echo", "msiexec /x", "icacls", "certutil")
"""How lines of the document begin that are not typed here; it says so itself."""
BROKEN_UNDER_WINE: dict[str, str] = {}
"""The lines of the doctor that are broken under wine, and why; on Windows none is."""
TOLD_UNDER_WINE = {
    "queue-workers": "no window is open then, and no worker",
    "zone": "the shop's is not that of the machine on which it is tried",
}
"""The lines of the doctor that say something good to know, and why."""
DOCTOR_LOOKS_AT = {
    *("program", "python", "qt", "sqlite", "parts", "disk", "folder", "database", "pages", "head"),
    *("printer", "drawer", "scanner", "queue", "network", "clock", "crashes"),
}
REFERENCE = {"setup": 34.6, "msi": 51.8, "start": "1.0-1.7"}
"""Of a small program of the same parts, in MB and seconds."""


class Trial:
    """One Windows with what is installed in it."""

    def __init__(self, wine: Wine) -> None:
        self.wine = wine

    def fresh(self) -> None:
        """Make the Windows anew."""
        with step("a fresh Windows under wine"):
            self.wine.make(MADE / "python/Lib/site-packages/PySide6/Qt6Core.dll")

    @contextmanager
    def windows_8(self) -> Iterator[None]:
        """Let it be a Windows that is too old; nothing may be installed in it."""
        with step("a Windows that is too old is refused"):
            self.run("winecfg", "-v", "win81")
            yield
            need(not self.there(PROGRAMS), "it was installed")
            self.run("winecfg", "-v", "win10")

    def run(self, *command: str | Path, code: int = 0, timeout: float = 600) -> str:
        """Run a program that must end with an exit code; return what it said."""
        ended = self.wine.run(*command, timeout=timeout)
        said = ended.stdout + ended.stderr
        # wine hands on only the lowest eight bits of an exit code
        if ended.returncode != code & 0xFF:
            raise Failed(f"{command} ended with {ended.returncode}, not {code & 0xFF}: {said}")
        return ended.stdout

    def batch(self, line: str, code: int = 0) -> str:
        """Run a line as a person types it, where quotes stand in other places than wine puts."""
        file = self.wine.place("C:\\line.bat")
        file.write_bytes(f"@{line}\r\n@exit /b %errorlevel%\r\n".encode())
        return self.run("cmd", "/c", "C:\\line.bat", code=code)

    def typed(self, name: str, code: int = 0) -> str:
        """Run a line of docs/installing-windows.md as it stands there, where the installers lie."""
        return self.batch(f"cd /d {windows_path(OUT)}\r\n@{documented()[name]}", code=code)

    def posctl(self, *words: str) -> str:
        """Run the installed console program, which must succeed."""
        return self.run(POSCTL, *words)

    def there(self, path: str) -> bool:
        """Tell whether something is on drive C:."""
        return self.wine.place(path).exists()

    def opens_at_sign_in(self) -> bool:
        """Tell whether the till is opened when somebody signs in."""
        drive = self.wine.drive
        return any(
            (place / STARTUP).exists()
            for place in (drive / "ProgramData", *drive.glob("users/*/AppData/Roaming"))
        )

    def registered(self, key: str, name: str) -> str:
        """Return a value of the registry; empty where it is not there."""
        said = self.wine.run("reg", "query", key, "/v", name).stdout
        line = next((line for line in said.splitlines() if line.split()[:1] == [name]), "")
        return line.split(None, 2)[2].strip() if line else ""

    @contextmanager
    def window(self, picture: Path | None = None) -> Iterator[float]:
        """Keep the installed till open; yield how long it took until its window was painted."""
        shown = ScreenPicture(MADE / "screen")
        began = time.monotonic()
        program = self.wine.start(WINDOW)
        try:
            wait_until(lambda: shown.is_painted() or program.poll() is not None, WINDOW_SECONDS)
            need(program.poll() is None, "the till ended, and shows no window")
            seconds = time.monotonic() - began
            if picture is not None:
                time.sleep(2)  # what fades in is there
                shown.save(picture)
            yield seconds
            self.run("taskkill", "/im", "pos-desktop.exe")
            program.wait(timeout=60)
        finally:
            if program.poll() is None:
                self.wine.end()
            self.wine.wait()


def documented() -> dict[str, str]:
    """Return the lines of docs/installing-windows.md that are typed here as they stand there."""
    setup_name, msi_name = setup_file().name, msi_file().name
    return {
        "install": f"start /wait {setup_name} /S",
        "install, open at sign-in": f"start /wait {setup_name} /S /AUTOSTART=yes",
        "install elsewhere": f"start /wait {setup_name} /S /D={ON_D}",
        "install the msi": f"msiexec /i {msi_name} /qn AUTOSTART=yes /l*v install.log",
        "doctor": f'"{POSCTL}" doctor',
        "remove": f'"{PROGRAMS}\\uninstall.exe" /S',
    }


def windows_path(file: Path) -> str:
    """Return what a file of this machine is called under wine."""
    return "Z:" + str(file).replace("/", "\\")


def try_setup(trial: Trial, notes: dict[str, str]) -> None:
    """Install by the setup program, work with it, upgrade, and remove it."""
    trial.fresh()
    with trial.windows_8():
        trial.run(setup_file(), "/S", code=TOO_OLD)
    with step("setup /S /AUTOSTART=yes"):
        trial.typed("install, open at sign-in")
        need(trial.there(WINDOW) and trial.there(POSCTL), "the programs are not there")
        need(trial.opens_at_sign_in(), "the till does not open at sign-in")
        need(trial.there(SHOP), "there is no folder for the shop")
        need(trial.registered(LISTED, "DisplayVersion") == version(), "it is not listed")
        need(trial.registered(LISTED, "Publisher"), "its publisher is not listed")
        need(int(trial.registered(LISTED, "EstimatedSize"), 16) > 50_000, "its size is not listed")
    with step("both programs tell Windows what they are"):
        for program in DESCRIPTIONS:
            held = trial.wine.place(f"{PROGRAMS}\\{program}.exe").read_bytes()
            lost = [
                text for text in strings(program).values() if text.encode("utf-16-le") not in held
            ]
            need(not lost, f"{program}.exe does not tell {lost}")
    try_posctl(trial)
    try_jobs(trial)
    with step("cmd /c ver: what wine itself takes"):
        began = time.monotonic()
        trial.run("cmd", "/c", "ver")
        notes["wine"] = f"{time.monotonic() - began:.1f}"
    with (
        step("the window") as told,
        trial.window(MADE / "out" / "window.png") as seconds,
    ):
        notes["start"] = f"{seconds:.1f}"
        told.append(f"{seconds:.1f} s from start to window")
        try_beside_the_window(trial)
    with step("setup /S again: what an earlier version left is gone, the shop is as it was"):
        stray = trial.wine.place(f"{PROGRAMS}\\_internal\\of-an-earlier-version.dll")
        stray.write_bytes(b"")
        trial.typed("install")
        need(not stray.exists(), "a file of an earlier version is still there")
        need(not trial.there(f"{PROGRAMS}\\previous"), "the earlier version is still there")
        need(trial.opens_at_sign_in(), "an upgrade forgot that the till opens at sign-in")
        need(json.loads(trial.posctl("verify", "--json"))["ok"], "the shop is not in order")
    with step("setup /S over a newer version is refused"):
        trial.run("reg", "add", LISTED, "/v", "DisplayVersion", "/d", NEWER, "/f")
        trial.run(setup_file(), "/S", code=NEWER_IS_HERE)
        trial.run("reg", "add", LISTED, "/v", "DisplayVersion", "/d", version(), "/f")
    with step("setup /S /D=C:\\Elsewhere stays where the program is"):
        trial.batch(f'"{windows_path(setup_file())}" /S /AUTOSTART=no /D=C:\\Elsewhere')
        need(not trial.there("C:\\Elsewhere"), "the program is there twice")
        need(not trial.opens_at_sign_in(), "the till still opens at sign-in")
    with step("uninstall /S keeps the shop"):
        trial.typed("remove")
        trial.wine.wait()
        need(not trial.there(PROGRAMS), "something is left of the programs")
        need(not trial.opens_at_sign_in(), "the till would still open at sign-in")
        need(not trial.registered(LISTED, "DisplayName"), "it is still listed")
        need(trial.there(f"{SHOP}\\shop.sqlite"), "the shop is gone")
    with step(f"setup /S /D={ON_D}, and its removal that is waited for"):
        trial.typed("install elsewhere")
        need(trial.there(f"{ON_D}\\posctl.exe"), "the program is not there")
        need(not trial.there(PROGRAMS), "the program is elsewhere")
        said = trial.batch(f'"{ON_D}\\uninstall.exe" /S _?={ON_D}')
        need(SHOP in said, f"it does not say where the shop lies: {said!r}")
        need(not trial.there(f"{ON_D}\\posctl.exe"), "something is left of the programs")


def try_posctl(trial: Trial) -> None:
    """Make a shop where every login looks for it, and sell in it on a printer in the network."""
    from pos_hardware.testing.simulator import PrinterSimulator

    with step("posctl --version, --help"):
        need(version() in trial.posctl("--version"), "posctl tells another version")
        need("doctor" in trial.posctl("--help"), "posctl tells nothing of its commands")
    with step("posctl init --demo"):
        trial.posctl("init", "--demo")
        need(trial.there(f"{SHOP}\\shop.sqlite"), "the shop is elsewhere")
    with step("posctl play, receipts over TCP") as told, PrinterSimulator() as printer:
        trial.posctl("config", "set", "printer.address", printer.address)
        day = ROOT / "resources" / "pos_resources" / "sample" / "day.txt"
        said = [json.loads(line) for line in trial.posctl("play", str(day), "--json").splitlines()]
        receipts = {line["receipt"] for line in said if line.get("receipt")}
        printed = printer.paper.text
        need(receipts, "nothing was sold")
        lost = [number for number in receipts if number not in printed]
        need(not lost, f"these receipts were not printed: {lost}")
        told.append(f"{len(receipts)} receipts")
        trial.posctl("config", "set", "printer.address", "windows://EPSON%20TM-T20")
        trial.posctl("printers")
        trial.posctl("scanners")
        trial.posctl("config", "set", "printer.address", "virtual:///C:/prints")
    with step("posctl verify"):
        need(json.loads(trial.posctl("verify", "--json"))["ok"], "the books do not agree")
    with step("posctl doctor: each line is as it should be here") as told:
        try_doctor(trial, told)


def try_doctor(trial: Trial, told: list[str]) -> None:
    """Let the doctor look, and compare what is broken with what wine breaks."""
    ended = trial.wine.run(POSCTL, "doctor", "--json")
    checks = json.loads(ended.stdout)["checks"]
    broken = {one["check"]: one for one in checks if not one["ok"]}
    strange = [one for name, one in broken.items() if name not in BROKEN_UNDER_WINE]
    need(not strange, f"these should be in order: {strange}")
    mended = set(BROKEN_UNDER_WINE) - set(broken)
    need(not mended, f"these are in order here now: {mended}")
    lost = DOCTOR_LOOKS_AT - {one["check"] for one in checks}
    need(not lost, f"the doctor does not look at {lost}")
    said = trial.typed("doctor", code=int(bool(broken)))
    marks = [line[:1] for line in said.splitlines() if line[1:2] == " " and line[:1] in "!?+"]
    need(marks.count("!") >= len(broken), f"its lines say something else: {said}")
    (OUT / "doctor.txt").write_text(said, encoding="utf-8")
    notes = {one["check"]: one for one in checks if one["state"] == "note"}
    need(set(notes) <= set(TOLD_UNDER_WINE), f"it tells something else to know: {notes}")
    told += [f"{len(checks)} lines", f"broken: {len(broken)}", f"to know: {len(notes)}"]


@contextmanager
def children_seen() -> Iterator[set[str]]:
    """Yield the programs whose children are seen at work meanwhile, by the names of their files."""
    seen: set[str] = set()
    is_over = threading.Event()

    def look() -> None:
        while not is_over.wait(0.02):
            for place in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    words = place.read_bytes().decode(errors="replace").split("\0")
                    if FROZEN_ARGUMENT in words and words[0].startswith(PROGRAMS):
                        seen.add(words[0].rpartition("\\")[2])

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        is_over.set()
        watcher.join()


def many_rows(place: Path, price: int) -> None:
    """Write a file of many products."""
    rows = [f"W{n:05},Goods number {n},{price}.00,B" for n in range(MANY_ROWS)]
    place.write_text("\n".join(["code,name,price,vat", *rows, ""]), encoding="utf-8")


def imported(trial: Trial, price: int) -> dict[str, int]:
    """Import many products, and return what posctl says of it."""
    file = trial.wine.place("C:\\many.csv")
    many_rows(file, price)
    found: dict[str, int] = json.loads(trial.posctl("import", "products", "C:\\many.csv", "--json"))
    return found


def try_jobs(trial: Trial) -> None:
    """Let a job run in a child of the frozen console program."""
    with step(f"an import of {MANY_ROWS} rows: a job in a child of posctl"):
        with children_seen() as seen:
            need(imported(trial, 10)["imported"] == MANY_ROWS, "not all rows were imported")
        need(seen == {"posctl.exe"}, f"the job ran in {seen}")
    with step("posctl queue work --stop-when-empty"):
        trial.posctl("queue", "work", "--stop-when-empty")
        counts = json.loads(trial.posctl("queue", "monitor", "--json"))
        need(not counts["failed"] and not counts["queued"], f"jobs are left: {counts}")


def try_beside_the_window(trial: Trial) -> None:
    """Let the window's own queue work, and refuse to upgrade what runs."""
    with step(f"beside it, an import of {MANY_ROWS} rows: a job in a child of the window"):
        with children_seen() as seen:
            need(imported(trial, 11)["updated"] == MANY_ROWS, "not all rows were updated")
        need("pos-desktop.exe" in seen, f"the job ran in {seen}")
    with step("beside it, setup /S is refused"):
        said = trial.run(setup_file(), "/S", code=TILL_RUNS)
        need("is running" in said, f"the setup does not say why: {said!r}")
        need(trial.there(POSCTL), "a refused upgrade changed something")
    with step("beside it, uninstall /S is refused"):
        trial.batch(f'"{PROGRAMS}\\uninstall.exe" /S _?={PROGRAMS}', code=TILL_RUNS)
        need(trial.there(POSCTL), "a refused removal changed something")


def try_msi(trial: Trial, notes: dict[str, str]) -> None:
    """Install by Windows Installer, upgrade, and remove it."""
    trial.fresh()
    with trial.windows_8():
        trial.run("msiexec", "/i", msi_file(), "/qn", code=MSI_FAILED)
    with step("msiexec /i /qn"):
        trial.typed("install the msi")
        need((OUT / "install.log").exists(), "there is no log of it")
        (OUT / "install.log").unlink()
        need(trial.there(WINDOW) and trial.there(POSCTL), "the programs are not there")
        need(trial.opens_at_sign_in(), "the till does not open at sign-in")
        need(trial.there(SHOP), "there is no folder for the shop")
    with step("posctl init --demo, verify"):
        trial.posctl("init", "--demo")
        need(json.loads(trial.posctl("verify", "--json"))["ok"], "the shop is not in order")
    with step("setup /S beside the .msi is refused"):
        trial.run(setup_file(), "/S", code=MSI_IS_HERE)
    with step("a newer .msi, to upgrade with"):
        newer = msi.make(number=NEWER, package=MADE / "newer.msi")
    with (
        step("the window") as told,
        trial.window() as seconds,
    ):
        notes["start from the msi"] = f"{seconds:.1f}"
        told.append(f"{seconds:.1f} s from start to window")
        with step("beside it, the newer .msi is refused"):
            log = trial.wine.place("C:\\refused.log")
            trial.run("msiexec", "/i", newer, "/qn", "/l*v", "C:\\refused.log", code=MSI_FAILED)
            need(b"is running" in log.read_bytes(), f"{log} does not say why")
            need(trial.there(POSCTL), "a refused upgrade changed something")
    with step("msiexec /i of the newer .msi"):
        trial.run("msiexec", "/i", newer, "/qn")
        need(trial.opens_at_sign_in(), "an upgrade forgot that the till opens at sign-in")
        need(json.loads(trial.posctl("verify", "--json"))["ok"], "the shop is not in order")
    with step("msiexec /x keeps the shop"):
        trial.run("msiexec", "/x", newer, "/qn")
        need(not trial.there(POSCTL), "something is left of the programs")
        need(trial.there(f"{SHOP}\\shop.sqlite"), "the shop is gone")


def tell_sizes(notes: dict[str, str]) -> None:
    """Print sizes and times, beside those of a small program of the same parts."""
    sizes = {"setup": setup_file(), "msi": msi_file()}
    for name, file in sizes.items():
        size = file.stat().st_size / 1e6
        print(f"{file.name}: {size:.1f} MB (a small program: {REFERENCE[name]} MB)")
    frozen = sum(file.stat().st_size for file in FROZEN.rglob("*") if file.is_file())
    print(f"installed: {frozen / 1e6:.0f} MB")
    starts = " and ".join(notes[kind] for kind in ("start", "start from the msi") if kind in notes)
    print(f"start to window: {starts} s (a small program: {REFERENCE['start']} s)")
    if "wine" in notes:
        print(f"of that, wine itself: {notes['wine']} s")


def main() -> int:
    """Try all; 0, or 1 with the reason on standard error."""
    return outcome(_try)


def _try() -> None:
    notes: dict[str, str] = {}
    kinds = {"setup": try_setup, "msi": try_msi}
    (MADE / "screen").mkdir(parents=True, exist_ok=True)
    with screen(MADE / "screen") as display:
        for attempt in [kinds[word] for word in sys.argv[1:]] or list(kinds.values()):
            wine = Wine(MADE / "trial", display)
            try:
                attempt(Trial(wine), notes)
            finally:
                wine.end()
    tell_sizes(notes)
    print(f"a picture of the window: {(OUT / 'window.png').relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
