"""An import beside the sqlite3 shell filling the same tables, indexes and search index."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from pos_desktop.cli.bench import goods
from pos_desktop.cli.bench.figure import Figure, of_times
from pos_desktop.shop import open_shop
from pos_desktop.shop_locks import till_open
from pos_desktop.shops.new_shop import NewShop, make_shop
from tests.benchmarks import scene

ROWS = 100_000
FEW = 200
_ID = "'0193aaaa0193aaaa0193aaaa0193aaaa'"
_AT = 1_795_000_000_000
_FILL = f"""
.mode csv
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
CREATE TEMP TABLE staging (code, barcode, name, category, unit, price, cost, tax, stock);
.import --skip 1 FILE staging
BEGIN;
DROP TRIGGER product_sealed;
DROP TRIGGER barcode_sealed;
DROP TRIGGER import_run_sealed;
DROP TRIGGER import_change_sealed;
INSERT INTO product (row, id, code, name, category, unit, price_cents, cost_cents, tax_band,
    origin, ver, changed_at)
SELECT rowid, printf('%032x', rowid), code, name, category, unit,
    CAST(round(price * 100) AS INTEGER), CAST(round(cost * 100) AS INTEGER), tax, {_ID}, rowid,
    {_AT}
FROM staging;
INSERT INTO barcode (code, product_id, origin, ver, changed_at)
SELECT barcode, printf('%032x', rowid), {_ID}, rowid, {_AT} FROM staging;
INSERT INTO fact (id, origin, epoch, seq, kind, version, at, business_day)
SELECT printf('f%031x', rowid), {_ID}, 1, rowid, 'stock opening', 1, {_AT}, '2026-11-24'
FROM staging WHERE rowid <= 1 + (SELECT max(rowid) FROM staging) / 500;
INSERT INTO stock_move (fact_id, no, product_id, quantity)
SELECT printf('f%031x', 1 + (rowid - 1) / 500), rowid % 500, printf('%032x', rowid), stock * 1000
FROM staging;
INSERT INTO stock_level (product_id, quantity)
SELECT printf('%032x', rowid), stock * 1000 FROM staging;
INSERT INTO import_run (id, number, file_name, sheet, state, began_at, changed_at)
VALUES (printf('e%031x', 1), 1, 'x', '', 'done', 0, 0);
INSERT INTO import_change (import_id, product_id, before, ver_after)
SELECT printf('e%031x', 1), printf('%032x', rowid), NULL, rowid FROM staging;
INSERT INTO product_search (rowid, name, code) SELECT row, name, code FROM product;
COMMIT;
SELECT (SELECT count(*) FROM product), (SELECT count(*) FROM stock_move),
    (SELECT count(*) FROM import_change);
"""
TIMES_ALONE, TIMES_BESIDE_A_TILL = 3.0, 5.0
FEW_MS = 200.0
FEW_TIMES = 30
RUNS = 3


def run() -> Iterator[Figure]:
    """Yield the figures: a few rows by the command, many alone and beside an open till."""
    with scene.folder() as folder:
        yield _few(folder)
        source = goods.write_csv(folder / "goods.csv", ROWS)
        shells: list[float] = []
        alone: list[float] = []
        beside: list[float] = []
        for number in range(RUNS):
            shells.append(_shell(folder / f"shell{number}", source))
            alone.append(_ours(folder / f"alone{number}", source, till=False))
            beside.append(_ours(folder / f"beside{number}", source, till=True))
        yield _ratio(f"import {ROWS} rows", alone, shells, TIMES_ALONE)
        yield _ratio("the same with a till open", beside, shells, TIMES_BESIDE_A_TILL)
        yield from _memory(folder)


def _ratio(what: str, ours: list[float], shells: list[float], most: float) -> Figure:
    """Compare the fastest runs: what else the machine does only ever makes one slower."""
    ratio = min(ours) / min(shells)
    return Figure(
        what=what,
        p50=1e3 * min(ours),
        p99=1e3 * max(ours),
        reference="sqlite3 shell, fastest / slowest",
        reference_p50=1e3 * min(shells),
        reference_p99=1e3 * max(shells),
        ratio=ratio,
        limit=f"ratio <= {most:g}",
        ok=ratio <= most,
        samples=len(ours),
    )


def _few(folder: Path) -> Figure:
    """Measure the command's work on 200 rows, as it tells it itself."""
    new_shop(folder / "few")
    command = [
        sys.executable,
        "-m",
        "pos_desktop.cli.main",
        "--data",
        str(folder / "few"),
        "--json",
    ]
    seconds = []
    for number in range(FEW_TIMES):
        source = goods.write_csv(folder / "few.csv", FEW, number * FEW)
        done = subprocess.run(
            [*command, "import", "products", str(source)],
            capture_output=True,
            check=True,
            timeout=60,
        )
        seconds.append(json.loads(done.stdout)["seconds"])
    return of_times(f"import {FEW} rows by the command", seconds, below=FEW_MS)


def new_shop(directory: Path) -> None:
    """Make an empty shop."""
    make_shop(directory, NewShop(name="Bench", manager_name="Bench", manager_pin="1234"))


def _ours(directory: Path, source: Path, *, till: bool) -> float:
    new_shop(directory)
    shop = open_shop(directory)
    with till_open(shop.directory, shop.till) if till else nullcontext():
        result = shop.importing.products(source, actor=None)
    assert result.imported == ROWS
    shop.close()
    shutil.rmtree(directory)
    return result.seconds


def _shell(directory: Path, source: Path) -> float:
    new_shop(directory)
    began = time.perf_counter()
    done = subprocess.run(
        ["sqlite3", str(directory / "shop.sqlite")],
        input=_FILL.replace("FILE", str(source)),
        text=True,
        capture_output=True,
        check=True,
        timeout=600,
    )
    seconds = time.perf_counter() - began
    assert not done.stderr, done.stderr
    assert done.stdout.strip().splitlines()[-1] == f"{ROWS},{ROWS},{ROWS}"
    shutil.rmtree(directory)
    return seconds


def _memory(folder: Path) -> Iterator[Figure]:
    """Compare the highest memory of the command on a file and on one ten times as long."""
    peaks = []
    for rows in (ROWS // 10, ROWS):
        new_shop(folder / f"memory{rows}")
        source = goods.write_csv(folder / "memory.csv", rows)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.shell_import",
                str(folder / f"memory{rows}"),
                str(source),
            ],
            capture_output=True,
            check=True,
            timeout=600,
        )
        peaks.append(json.loads(done.stdout))
    for place, who in enumerate(("import", "its child that reads")):
        small, large = (peak[place] / 1024 for peak in peaks)
        yield Figure(
            what=f"memory of the {who}, {ROWS} rows (MB)",
            p99=large,
            reference=f"{ROWS // 10} rows",
            reference_p99=small,
            ratio=large / small,
            limit="ratio <= 1.3",
            ok=large / small <= 1.3,
        )


def main(directory: Path, source: Path) -> None:
    """Import a file and print the peak memory of this process and of its child, in KB."""
    shop = open_shop(directory)
    shop.importing.products(source, actor=None)
    shop.close()
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    print(json.dumps([resource.getrusage(kind).ru_maxrss for kind in kinds]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
