"""posctl export and posctl report as files: complete, in the form that their ending says."""

from __future__ import annotations

import subprocess
from decimal import Decimal
from pathlib import Path

from python_calamine import load_workbook

from tests.pos_desktop.cli.conftest import Posctl


def _refusal(posctl: Posctl, *arguments: str, code: int = 1) -> str:
    """Return the sentence with which a command is refused."""
    posctl(*arguments, code=code)
    return posctl.err


def test_a_whole_list_is_written_by_its_ending(demo: Posctl, tmp_path: Path) -> None:
    for name in ("products.xlsx", "products.csv"):
        said = demo.json("export", "products", str(tmp_path / name))
        assert (said["file"], said["rows"]) == (str(tmp_path / name), 40)
    assert "40 rows" in demo("export", "stock", str(tmp_path / "stock.xlsx"))


def test_what_cannot_be_written_is_a_sentence(demo: Posctl, tmp_path: Path) -> None:
    assert "one of these endings" in _refusal(demo, "export", "products", str(tmp_path / "a.docx"))
    assert "XLSX or CSV" in _refusal(demo, "export", "products", str(tmp_path / "a.pdf"))
    gone = _refusal(demo, "export", "products", str(tmp_path / "no folder" / "a.csv"))
    assert "folder" in gone
    upside = _refusal(
        demo,
        *("export", "sales", str(tmp_path / "a.csv"), "--from", "2026-11-25", "--to", "2026-11-24"),
    )
    assert "end before it begins" in upside
    days = ("--from", "2026-11-24")
    timeless = _refusal(demo, "export", "stock", str(tmp_path / "a.csv"), *days, code=2)
    assert "Only sales have a period" in timeless
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_a_report_is_a_pdf_and_a_workbook_with_the_same_totals(
    demo: Posctl, tmp_path: Path
) -> None:
    pdf, workbook = tmp_path / "value.pdf", tmp_path / "value.xlsx"
    totals = demo.json("report", "stock-value")["totals"]
    demo("report", "stock-value", "--format", "pdf", "--out", str(pdf))
    demo("report", "stock-value", "--format", "xlsx", "--out", str(workbook))
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    (line,) = [line for line in text.splitlines() if "TOTAL" in line]
    assert f"{totals['cost_value_cents'] / 100:,.2f}" in line
    rows = load_workbook(str(workbook)).get_sheet_by_index(0).to_python()
    (row,) = [row for row in rows if "TOTAL" in row]
    assert Decimal(str(row[-2])) * 100 == totals["cost_value_cents"]


def test_a_document_needs_a_place(demo: Posctl) -> None:
    assert "--out" in _refusal(demo, "report", "vat", "--format", "pdf", code=2)
