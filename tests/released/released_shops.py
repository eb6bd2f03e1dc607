"""Small shops of every schema that was ever released, as the programs of their time left them.

`schema-NNNN.tar.xz` holds the shop's file, its secrets, the journal's head and its recovery key.
One that was released is never made anew. Whoever adds a migration makes its shop by
`.venv/bin/python -m tests.released.released_shops` (from the root), and where the step changes
before it is released, removes the archive and makes it again.
"""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from pos_desktop.cli.main import main as posctl
from pos_desktop.storage.migrations import LATEST

FOLDER = Path(__file__).parent
FILES = ("secrets", "journal.head", "shop.sqlite", "recovery-key")
PIN = "1234"

GOODS = """code,name,price,barcode,stock
MILK,Milk 500 ml,65.00,5449000000996,40
SUGAR,Sugar 1 kg,165.00,,25
"""
MORE = "code,name,price\nTEA,Tea 250 g,90.00\n"
DAY = """login manager 1234
shift open 1000
2*MILK
pay cash 200
SUGAR
10%
pay cash 200
cash out 50 tea
shift close 1228.50
z
shift open 500
MILK
pay cash
SUGAR
hold Otieno
refund T1-000001 1*1
SUGAR
pay card 165 A1
"""
"""A day that is closed, and one that is not, with a sale on hold."""


def archive(schema: int) -> Path:
    """Return where the shop of a schema lies."""
    return FOLDER / f"schema-{schema:04}.tar.xz"


def unpack(schema: int, directory: Path) -> Path:
    """Put the shop of a schema into a directory, and return that."""
    directory.mkdir(mode=0o700)
    with tarfile.open(archive(schema)) as packed:
        packed.extractall(directory, filter="data")
    return directory


def recovery_key(directory: Path) -> str:
    """Return the recovery key of a shop that was unpacked there."""
    return (directory / "recovery-key").read_text().strip()


def make(directory: Path) -> None:
    """Make the shop of this program's schema in a directory, as a technician would."""
    import contextlib
    import io
    import json

    def run(*arguments: str) -> str:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            assert posctl([*arguments, "--json", "--data", str(directory)]) == 0, arguments
        return out.getvalue()

    beside = directory.parent
    for name, text in (("goods.csv", GOODS), ("more.csv", MORE), ("day.txt", DAY)):
        (beside / name).write_text(text)
    made = run(
        *("init", "--name", "Duka", "--kra-pin", "P051234567X", "--till-code", "T1"),
        *("--manager", "Njeri", "--manager-pin", PIN),
    )
    run("staff", "add", "cashier", "--name", "Wanjiku", "--role", "cashier", "--pin", "1111")
    run("import", "products", str(beside / "goods.csv"))
    run("config", "set", "queue.import_rows_threshold", "1")
    run("import", "products", str(beside / "more.csv"))
    run("play", "--strict", str(beside / "day.txt"))
    (directory / "recovery-key").write_text(json.loads(made)["recovery_key"])


def pack(directory: Path, target: Path) -> None:
    """Pack a shop that nobody has open."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        return member

    with tarfile.open(target, "w:xz", preset=9) as packed:
        for name in FILES:
            packed.add(directory / name, name, filter=plain)


if __name__ == "__main__":
    if archive(LATEST).exists():
        raise SystemExit(f"{archive(LATEST)} is there; what was released stays.")
    with tempfile.TemporaryDirectory() as place:
        make(Path(place) / "shop")
        pack(Path(place) / "shop", archive(LATEST))
