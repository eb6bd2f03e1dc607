"""posctl as scripts use it: JSON on standard output, sentences on standard error, exit codes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.pos_desktop.cli.conftest import Posctl

ROOT = Path(__file__).parents[3]


def _play(demo: Posctl, tmp_path: Path, *lines: str) -> list[dict[str, Any]]:
    file = tmp_path / "play.txt"
    file.write_text("\n".join(lines) + "\n")
    out = demo("play", str(file), "--json")
    return [json.loads(line) for line in out.splitlines()]


def test_init_makes_a_shop_once(posctl: Posctl) -> None:
    arguments = ("init", "--name", "Duka", "--manager", "Amina", "--manager-pin", "2468")
    made = posctl.json(*arguments)
    assert len(made["recovery_key"]) > 40
    posctl(*arguments, code=1)
    assert "already" in posctl.err
    assert posctl.out == ""


def test_init_says_what_is_missing_where_nobody_can_be_asked(posctl: Posctl) -> None:
    posctl("init", "--name", "Duka", code=2)
    assert "--manager" in posctl.err


def test_a_place_without_a_shop_is_told(posctl: Posctl) -> None:
    for command in (["verify"], ["config", "list"], ["report", "vat"], ["printers"]):
        posctl(*command, code=1)
        assert "posctl init" in posctl.err


def test_wrong_usage_exits_with_2(posctl: Posctl) -> None:
    for command in ([], ["sell"], ["report", "nonsense"], ["import", "undo", "x"]):
        with pytest.raises(SystemExit) as exit_info:
            posctl(*command)
        assert exit_info.value.code == 2


def test_a_play_answers_every_line(demo: Posctl, tmp_path: Path) -> None:
    answers = _play(
        demo,
        tmp_path,
        "login cashier 1111",
        "shift open 2000",
        "P001",
        "nonsense",
        "2*P010",
        "pay cash 500",
        "# a comment",
        "",
    )
    assert [answer["line"] for answer in answers] == list(range(1, 9))
    assert answers[0]["input"] == "login cashier ****"
    assert "1111" not in json.dumps(answers)
    assert answers[3]["ok"] is False
    assert "No product" in answers[3]["error"]
    assert (answers[4]["total"], answers[4]["due"], answers[4]["lines"]) == (32000, 32000, 2)
    sold = answers[5]
    assert (sold["receipt"], sold["change"], sold["total"], sold["due"]) == (
        "T1-000001",
        18000,
        32000,
        0,
    )
    assert all(answer["ok"] for answer in answers if answer["line"] != 4)


def test_no_pin_of_a_play_is_shown(demo: Posctl, tmp_path: Path) -> None:
    answers = _play(
        demo, tmp_path, "login cashier 1111", "  approve manager 1234", "approve\tmanager 1234"
    )
    assert [answer["input"][-4:] for answer in answers] == ["****"] * 3
    assert not [pin for pin in ("1111", "1234") if pin in json.dumps(answers)]


def test_a_strict_play_stops_at_a_refused_line(demo: Posctl, tmp_path: Path) -> None:
    file = tmp_path / "play.txt"
    file.write_text("login cashier 1111\nP001\nlogout\n")
    out = demo("play", str(file), "--strict", "--json", code=1)
    assert [json.loads(line)["ok"] for line in out.splitlines()] == [True, False]
    assert "line 2" in demo.err


def test_an_exchange_names_both_of_its_receipts(demo: Posctl, tmp_path: Path) -> None:
    lines = ("login manager 1234", "shift open 0", "return P020", "P021", "pay cash")
    *_others, paid = _play(demo, tmp_path, *lines)
    assert (paid["receipt"], paid["refund"]) == ("T1-000001", "T1-000002")
    assert "T1-000003 · T1-000004" in demo("play", str(tmp_path / "play.txt"))


def test_a_play_that_cannot_be_read_is_refused(demo: Posctl, tmp_path: Path) -> None:
    binary = tmp_path / "play.bin"
    binary.write_bytes(b"\xff\xfe\x00\x80" * 50)
    for name in (binary, tmp_path / "missing.txt"):
        demo("play", str(name), code=1)
        assert "cannot be read" in demo.err


def test_reports_agree_with_the_z(demo: Posctl, tmp_path: Path) -> None:
    answers = _play(
        demo,
        tmp_path,
        "at 2026-11-24T09:00:00",
        "login cashier 1111",
        "shift open 1000",
        "3*P001",
        "0.333*P026",
        "7%",
        "pay cash 1000",
        "P010",
        "pay cash",
        "z",
    )
    z = answers[-1]["report"]
    period = ("--from", "2026-11-24", "--to", "2026-11-25")
    summary = demo.json("report", "sales-summary", *period)
    shared = ("sales", "refunds", "gross_cents", "net_cents", "vat_cents", "discount_cents")
    assert {key: summary[key] for key in shared} == {key: z[key] for key in shared}
    assert summary["tenders"] == z["tenders"]
    bands = demo.json("report", "vat", *period)["bands"]
    assert sum(band["gross_cents"] for band in bands) == summary["gross_cents"]
    by_product = demo.json("report", "sales-by-product", *period)
    assert by_product["totals"]["gross_cents"] == summary["gross_cents"]
    assert {row["quantity"] for row in by_product["rows"]} == {"3", "0.333", "1"}
    assert summary["from"] == "2026-11-24"
    nothing = demo.json("report", "sales-summary", "--from", "2026-11-25", "--to", "2026-11-26")
    assert nothing["sales"] == 0


def test_a_report_goes_into_a_csv_file(demo: Posctl, tmp_path: Path) -> None:
    out = tmp_path / "stock.csv"
    demo("report", "stock-value", "--format", "csv", "--out", str(out))
    lines = out.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("Code,Product")
    assert len(lines) == 42
    assert "190.00" in "\n".join(lines)
    demo("report", "stock-value", "--format", "csv", "--out", str(tmp_path / "no" / "x"), code=1)
    assert "cannot be written" in demo.err


def test_a_name_that_looks_like_a_formula_computes_in_no_report(
    demo: Posctl, tmp_path: Path
) -> None:
    names = ["=1+1", "+1", "-1", "@SUM(A1)"]
    file, out = tmp_path / "goods.csv", tmp_path / "stock.csv"
    lines = [f"F{number},{name},10,1" for number, name in enumerate(names)]
    file.write_text("\n".join(["code,name,price,stock", *lines]))
    assert demo.json("import", "products", str(file))["imported"] == len(names)
    demo("report", "stock-value", "--format", "csv", "--out", str(out))
    with out.open(encoding="utf-8-sig", newline="") as text:
        shown = {row["Product"] for row in csv.DictReader(text)}
    assert {f"'{name}" for name in names} <= shown
    assert not [cell for cell in shown if cell.startswith(("=", "+", "-", "@"))]


def test_a_wrong_date_is_refused(demo: Posctl) -> None:
    demo("report", "vat", "--from", "yesterday", code=1)
    assert "2026-11-24" in demo.err


def test_settings_are_listed_read_and_changed(demo: Posctl) -> None:
    listed = demo.json("config", "list")["settings"]
    assert "sale.cash_rounding_cents" in {setting["key"] for setting in listed}
    demo("config", "set", "sale.cash_rounding_cents", "500")
    assert demo.json("config", "get", "sale.cash_rounding_cents")["value"] == 500
    demo("config", "set", "sale.cash_rounding_cents", "much", code=1)
    assert "number from" in demo.err
    demo("config", "set", "sale.cash_roundin", "1", code=1)
    assert "sale.cash_rounding_cents" in demo.err


def test_another_till_code_numbers_on_its_own(demo: Posctl, tmp_path: Path) -> None:
    sale = ("login cashier 1111", "shift open 0", "P001", "pay cash", "z")
    _play(demo, tmp_path, *sale)
    demo("config", "set", "till.code", "K2")
    again = ("login manager 1234", "shift open 0", "P001", "pay cash", "z")
    answers = _play(demo, tmp_path, *again)
    assert answers[3]["receipt"] == "K2-000001"
    assert demo.json("verify")["ok"]


@pytest.mark.spoils_books
def test_verify_finds_an_edit_and_fails(demo: Posctl, tmp_path: Path) -> None:
    import sqlite3

    _play(demo, tmp_path, "login cashier 1111", "shift open 0", "P001", "pay cash")
    assert demo.json("verify")["ok"]
    with sqlite3.connect(demo.directory / "shop.sqlite") as edit:
        edit.execute("DROP TRIGGER sale_line_no_update")
        edit.execute("UPDATE sale_line SET quantity = quantity + 1000")
    edit.close()
    found = demo.json("verify", code=1)
    assert [check["check"] for check in found["checks"] if not check["ok"]] == [
        "facts",
        "schema",
    ]


def test_an_import_is_answered_in_the_agreed_words(demo: Posctl, tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("code,name,price\nA1,Tea,10\nA2,,10\nA3,Salt,-1\n")
    found = demo.json("import", "products", str(file))
    assert {key: found[key] for key in ("rows", "imported", "rejected")} == {
        "rows": 3,
        "imported": 1,
        "rejected": 2,
    }
    assert set(found["errors"][0]) == {"sheet", "row", "column", "value", "reason"}
    demo("import", "products", str(file), "--strict", code=1)
    assert demo.json("import", "undo", str(found["import_id"]))["removed"] == 1
    odd = tmp_path / "odd.csv"
    odd.write_text("Bezeichnung;Artikel Nr;Betrag\nTee;A9;10,50\n")
    mapping = ("--map", "Bezeichnung=name", "Artikel Nr=code", "Betrag=price")
    assert demo.json("import", "products", str(odd), *mapping)["imported"] == 1
    demo("import", "products", str(odd), "--map", "Bezeichnung", code=1)
    assert "column=field" in demo.err


def test_a_printer_is_tested_and_a_drawer_opened(demo: Posctl) -> None:
    assert demo.json("printers")["configured"][0]["name"] == "receipt"
    assert demo.json("printers", "test", "receipt")["state"] == "printed"
    assert demo.json("drawer", "open")["state"] == "sent"
    demo("printers", "test", "kitchen", code=1)
    assert "receipt" in demo.err
    (demo.directory / "prints" / "fault").write_text("paper_out")
    demo("printers", "test", "receipt", code=1)
    assert "paper" in demo.err


def test_posctl_needs_neither_qt_nor_a_screen(tmp_path: Path) -> None:
    script = (
        "import sys; from pos_desktop.cli.main import main; "
        f"main(['init', '--demo', '--data', {str(tmp_path / 'shop')!r}]); "
        f"main(['report', 'vat', '--data', {str(tmp_path / 'shop')!r}]); "
        "assert not [name for name in sys.modules if name.startswith('PySide6')]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60, cwd=ROOT)
