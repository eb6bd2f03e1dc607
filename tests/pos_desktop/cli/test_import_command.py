"""posctl import products: what was read and what came of it is said, in words that fit."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from pos_desktop.cli import import_by_job, import_command
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.product_row import ProductRow
from pos_desktop.services.imports.import_writers import Writer
from pos_desktop.shop import open_shop
from pos_desktop.shop_locks import one_import
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.documents import workbooks
from tests.pos_desktop.services.imports.halted import pause_an_import


def goods(path: Path, text: str) -> str:
    """Write a CSV file and return its name."""
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def price_list(tmp_path: Path) -> str:
    """A workbook of two sheets whose tax column numbers its bands, with two prices."""
    path = workbooks.save(
        tmp_path / "list.xlsx",
        [
            ["Item code", "Item", "Price", "Selling price", "Tax", "Shelf"],
            ["A1", "Tea", 90, 100, 1, "left"],
            ["A2", "Maize flour", 80, 90, 0, "right"],
        ],
        title="Price list",
    )
    book = openpyxl.load_workbook(path)
    book.create_sheet("Notes")
    book.save(path)
    book.close()
    return str(path)


def test_a_dry_run_says_what_it_read_and_that_nothing_is_written(
    demo: Posctl, price_list: str
) -> None:
    said = demo("import", "products", price_list, "--dry-run")
    assert "Sheet Price list (of 2); not read: Notes." in said
    assert "VAT = Tax (0 is A, 1 is B, 2 is E)" in said
    assert "Not used: Selling price, Shelf." in said
    assert "A new product gets VAT B" in said
    assert "2 new, 0 changed" in said
    assert "nothing is written" in said
    assert "To take it back" not in said


def test_of_two_columns_of_one_field_it_is_said_which_and_map_changes_it(
    demo: Posctl, price_list: str
) -> None:
    said = demo("import", "products", price_list, "--dry-run")
    assert "claims price: Price (column C) was taken, not Selling price (column D)" in said
    assert "--map D=price changes it" in said
    again = demo("import", "products", price_list, "--map", "D=price")
    assert "price = Selling price" in again
    assert "claims price" not in again


def test_json_carries_the_same(demo: Posctl, price_list: str) -> None:
    found = demo.json("import", "products", price_list, "--dry-run")
    assert found["dry_run"] is True
    read = found["read"]
    assert (read["sheet"], read["sheets"]) == ("Price list", ["Price list", "Notes"])
    assert read["vat_meanings"] == {"0": "A", "1": "B", "2": "E"}
    assert read["claimed_twice"] == {"price": ["Selling price"]}
    assert read["columns"]["tax_band"] == "Tax"
    assert demo.json("import", "products", price_list)["dry_run"] is False


def test_a_column_of_rates_says_so_and_a_missing_one_too(demo: Posctl, tmp_path: Path) -> None:
    rates = goods(tmp_path / "rates.csv", "code,name,price,tax\nA,a,1,16\nB,b,1,0\nC,c,1,B\n")
    assert "VAT = tax (0 is C, 16 is B)" in demo("import", "products", rates, "--dry-run")
    none = goods(tmp_path / "none.csv", "code,name,price\nA,a,1\n")
    assert "every new product gets VAT B" in demo("import", "products", none)


def test_words_fit_the_number_and_nothing_is_taken_back_that_was_not_done(
    demo: Posctl, tmp_path: Path
) -> None:
    file = goods(tmp_path / "one.csv", "code,name,price,stock\nA,a,1,5\n")
    said = demo("import", "products", file)
    newest = json.loads(demo("--json", "import", "list"))["imports"][0]["import_id"]
    assert said.endswith(f"To take it back: posctl import undo {newest}\n")
    again = demo("import", "products", file)
    assert "Stock of 1 known product was passed over" in again
    assert "To take it back" not in again


def test_what_is_read_is_said_with_the_first_rows(
    demo: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import that breaks off after its first rows has said by then what it took for what."""
    writes: list[object] = []
    write = Writer.write

    def broken(writer: Writer, rows: list[ProductRow]) -> None:
        writes.append(rows)
        if len(writes) > 1:
            raise Unavailable("The disk is full; free some room, then try again.")
        write(writer, rows)

    rows = "".join(f"N{number};Tea {number};100\n" for number in range(5000))
    file = goods(tmp_path / "goods.csv", f"code;name;price\n{rows}")
    demo("config", "set", "queue.import_rows_threshold", "10000")
    monkeypatch.setattr(Writer, "write", broken)
    said = demo("import", "products", file, code=1)
    assert len(writes) == 2
    assert "A text in UTF-8, its columns set apart by semicolons." in said
    assert "Columns: code = code, name = name, price = price." in said
    assert "imported" not in said


def long_list(path: Path) -> str:
    prices = ["x" if number == 7 else "100" for number in range(60)]
    rows = "".join(f"N{number};Tea {number};{price}\n" for number, price in enumerate(prices))
    return goods(path / "long.csv", f"code;name;price\n{rows}")


def test_a_long_import_is_a_job_that_the_command_does_itself_where_nobody_works(
    demo: Posctl, tmp_path: Path
) -> None:
    listed = tmp_path / "rejected.xlsx"
    found = demo.json("import", "products", long_list(tmp_path), "--errors", str(listed))
    assert (found["rows"], found["imported"], found["rejected"]) == (60, 59, 1)
    assert (found["import_id"], found["dry_run"], found["errors"][0]["row"]) == (2, False, 9)
    assert set(found) >= {"updated", "unchanged", "seconds", "read"}
    assert listed.exists()
    assert demo.json("queue", "monitor")["done"] == 1
    again = demo("import", "products", long_list(tmp_path), "--strict", code=1)
    assert "60 rows: 0 new, 0 changed, 59 unchanged, 1 rejected." in again
    assert "Columns: code = code" in again
    number = next(line for line in again.splitlines() if line.startswith("Job ")).split()[1]
    assert "    file: long.csv\n" in demo("queue", "show", number)


def test_where_not_all_rejected_cells_are_shown_it_is_said_where_they_are(
    demo: Posctl, tmp_path: Path
) -> None:
    rows = "".join(f"N{number};Tea {number};x\n" for number in range(120))
    path = goods(tmp_path / "wrong.csv", f"code;name;price\n{rows}")
    assert "--errors OUT.xlsx lists all" in demo("import", "products", path)
    listed = str(tmp_path / "rejected.xlsx")
    assert f"listed in {listed}." in demo("import", "products", path, "--errors", listed)
    assert "--errors" not in demo("import", "products", long_list(tmp_path))


def test_a_short_import_is_no_job(demo: Posctl, tmp_path: Path) -> None:
    demo("import", "products", goods(tmp_path / "one.csv", "code,name,price\nA,a,1\n"))
    assert demo.json("queue", "monitor")["done"] == 0


def test_a_long_import_is_done_by_the_worker_of_the_shop(demo: Posctl, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pos_desktop.cli.main", "queue", "work", "--json", "--data"]
    worker = subprocess.Popen(
        [*command, str(demo.directory)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert worker.stderr is not None
        worker.stderr.readline()
        assert demo.json("import", "products", long_list(tmp_path))["imported"] == 59
    finally:
        worker.terminate()
        out, _err = worker.communicate(timeout=30)
    assert [json.loads(line)["state"] for line in out.splitlines()] == ["done"]


def test_a_restart_of_all_workers_does_not_end_an_import_that_works_itself(
    demo: Posctl, tmp_path: Path
) -> None:
    demo("queue", "pause", "imports")
    command = [sys.executable, "-m", "pos_desktop.cli.main", "import", "products"]
    importing = subprocess.Popen(
        [*command, long_list(tmp_path), "--json", "--data", str(demo.directory)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert importing.stderr is not None
        importing.stderr.readline()
        pause = threading.Event()
        while demo.json("queue", "restart")["workers"] == 0:
            pause.wait(0.05)
        demo("queue", "resume")
        out, _err = importing.communicate(timeout=30)
    finally:
        importing.kill()
        importing.wait()
    assert json.loads(out)["imported"] == 59


def test_ctrl_c_asks_the_job_to_end_and_says_so(
    demo: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []
    sleep = SystemClock.sleep

    def interrupted(clock: SystemClock, seconds: float) -> None:
        if seconds == import_by_job.LOOK_SECONDS:
            looks.append(seconds)
            if len(looks) == 1:
                raise KeyboardInterrupt
        sleep(clock, seconds)

    demo("queue", "pause", "imports")
    monkeypatch.setattr(SystemClock, "sleep", interrupted)
    demo("import", "products", long_list(tmp_path), code=1)
    assert "is asked to end" in demo.err
    assert "posctl queue resume imports" in demo.err
    assert "ended before it began" in demo.err


def test_a_list_without_names_is_told_so_once(demo: Posctl, tmp_path: Path) -> None:
    said = demo("import", "products", goods(tmp_path / "a.csv", "sku,price\nA1,50\nA2,60\n"))
    assert said.count("No column says the name") == 1
    assert "--map Item=name" in said


def test_imports_are_listed_with_what_came_of_them(demo: Posctl, tmp_path: Path) -> None:
    text = "code,name,price\nZ1,Soap,50\nZ2,,60\n"
    number = json.loads(demo("--json", "import", "products", goods(tmp_path / "a.csv", text)))
    demo("import", "undo", str(number["import_id"]))
    assert "a.csv" in demo("import", "list")
    assert "taken back" in demo("import", "list")
    (run,) = [
        one
        for one in json.loads(demo("--json", "import", "list"))["imports"]
        if one["import_id"] == number["import_id"]
    ]
    assert (run["file"], run["imported"], run["rejected"]) == ("a.csv", 1, 1)


def test_what_a_later_import_has_changed_is_left_with_what_to_do(
    demo: Posctl, tmp_path: Path
) -> None:
    demo("import", "products", goods(tmp_path / "a.csv", "code,name,price\nZ1,Soap,50\n"))
    demo("import", "products", goods(tmp_path / "b.csv", "code,name,price\nZ1,Edited,60\n"))
    (earlier, _later) = sorted(
        one["import_id"] for one in json.loads(demo("--json", "import", "list"))["imports"]
    )[-2:]
    assert demo("import", "undo", str(earlier)).splitlines() == [
        "0 brought back, 0 removed, 0 made inactive.",
        "1 product was changed since and stays as it is; correct it by hand on its page:",
        "  Edited",
    ]


def test_what_was_brought_back_removed_and_made_inactive_is_counted_apart(
    demo: Posctl, tmp_path: Path
) -> None:
    demo("import", "products", goods(tmp_path / "a.csv", "code,name,price\nZ1,Soap,50\n"))
    text = "code,name,price\nZ1,Soap,60\nZ2,Milk,60\nZ3,Salt,60\nZ4,Tea,60\nZ5,Oil,60\nZ6,Jam,9\n"
    found = json.loads(demo("--json", "import", "products", goods(tmp_path / "b.csv", text)))
    day = "login cashier 1111\nshift open 500\nZ2\nZ3\npay cash\n"
    demo("play", goods(tmp_path / "day.txt", day))
    assert demo("import", "undo", str(found["import_id"])).splitlines() == [
        "1 brought back, 3 removed, 2 made inactive."
    ]


def test_a_large_import_is_taken_back_by_a_job(
    demo: Posctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_command, "MOST_AT_ONCE", 1)
    text = "code,name,price\nZ1,Soap,50\nZ2,Milk,60\n"
    for as_json in (True, False):
        found = json.loads(demo("--json", "import", "products", goods(tmp_path / "a.csv", text)))
        number = str(found["import_id"])
        said = demo(*(["--json"] if as_json else []), "import", "undo", number)
        if as_json:
            assert json.loads(said)["removed"] == 2
        else:
            assert "takes it back" in said
            assert "0 brought back, 2 removed" in said
    assert "taken back before" in demo("import", "undo", number, code=1) + demo.err


def test_an_import_that_goes_on_says_how_and_how_far(demo: Posctl, tmp_path: Path) -> None:
    with closing(open_shop(demo.directory)) as shop:
        job = pause_an_import(shop, tmp_path, rows=1200)
    said = demo("import", "list")
    assert "paused, 1,200 rows" in said
    assert "The queue imports is paused: posctl queue resume imports" in said
    (run, *_others) = json.loads(demo("--json", "import", "list"))["imports"]
    assert (run["state"], run["course"], run["job"], run["rows"]) == (
        "running",
        "paused",
        job,
        1200,
    )
    with one_import(demo.directory):
        assert "runs, 1,200 rows" in demo("import", "list")
        refused = demo("import", "undo", str(run["import_id"]), code=1) + demo.err
        assert f"or cancel its job {job} first" in refused
    demo("import", "undo", str(run["import_id"]))
    assert "taken back" in demo("import", "list")
    assert demo.json("queue", "show", str(job))["state"] == "cancelled"
