"""The demo day shows what a day at the till is made of, and leaves its books in order."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest
from python_calamine import load_workbook

from pos_desktop.services.reports.report_kinds import REPORTS
from scripts import demo
from scripts.demo_office import office_of
from tests.pos_desktop.services.mail.test_mail_makers import read

EXPORTED = "sales-summary.pdf (6 rows), sales-by-product.xlsx (12 rows), products.csv (42 rows)"
SAID = [
    "imported by the queue: 5 rows, 2 new, 3 rejected",
    f"exported by the queue: {EXPORTED}",
    "mailed by the queue: 3 mails to 7 people; 6 of them waited until the network was back",
    "received by the mail server: 7 letters, each once",
]


def test_the_demo_day_shows_every_act_and_adds_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "OUT", tmp_path)
    monkeypatch.setattr(demo, "SHOP", tmp_path / "shop")
    monkeypatch.setattr(demo, "sell_at_the_window", lambda: None)  # tests of the window sell there
    demo.posctl("init", "--demo")
    with office_of(demo.SHOP, tmp_path / "mails") as office:
        demo.play_day(office)
        assert office.imported["imported"] == 2
        assert [*office.summary()] == SAID
    assert _refused(tmp_path / "morning.txt") == [
        "No product has the",
        "This needs a manager",
        "This needs a manager",
    ]
    assert _refused(tmp_path / "afternoon.txt") == ["Achieng Otieno owes 1,040.00"]
    assert _refused(tmp_path / "mpesa.txt") == ["The customer has cancelled"]
    left = demo.answer("mpesa", "unmatched")
    assert [(one["what"], one["amount_cents"]) for one in left["payments"]] == [
        ("unmatched", 250_00)
    ]
    assert demo.answer("report", "mpesa", *demo.PERIOD)["totals"]["sales_cents"] == 2 * 520_00
    sums = demo.answer("report", "sales-summary", *demo.PERIOD)
    assert sums["refunds"] == 2
    assert {tender["tender"] for tender in sums["tenders"]} == {
        "cash",
        "card",
        "credit",
        "voucher",
        "exchange",
        "mpesa",
    }
    assert demo.answer("report", "shifts", *demo.PERIOD)["totals"]["variance_cents"] == -8_00
    assert demo.answer("verify")["ok"]
    papers = demo.printed_pictures()
    every = list((tmp_path / "shop" / "prints").glob("*.png"))
    assert 20 < len(papers) < len(every)
    _check_files(tmp_path, sums["gross_cents"])
    _check_mails(tmp_path / "mails")


def _check_files(day: Path, gross_cents: int) -> None:
    """The files of the day can be read, and say what the reports say."""
    gross = f"{gross_cents // 100:,}.{gross_cents % 100:02}"
    assert gross in read(day / "exports" / "sales-summary.pdf")
    sheet = load_workbook(str(day / "exports" / "sales-by-product.xlsx")).get_sheet_by_index(0)
    sums = [row for row in sheet.to_python() if row[0] == "TOTAL"]
    assert gross_cents / 100 in sums[0]
    products = (day / "exports" / "products.csv").read_text("utf-8-sig").splitlines()
    assert [line for line in products if line.startswith("N001,")]
    assert len([*(day / "reports").glob("*.csv")]) == len(REPORTS)
    rejected = load_workbook(str(day / "rejected.xlsx")).get_sheet_by_index(0).to_python()
    assert {row[1] for row in rejected[-3:]} == {5, 6, 7}


def _check_mails(folder: Path) -> None:
    """Everybody got what was for them, once, and the accountant the reports as files."""
    mails = [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]
    got = Counter((mail["To"].split("<")[-1].strip(">"), mail["Subject"][:3]) for mail in mails)
    assert set(got.values()) == {1}
    assert ("achieng@example.com", "Rec") in got
    (figures,) = [mail for mail in mails if "figures" in mail["Subject"]]
    files = [part.get_filename() for part in figures.walk() if part.get_filename()]
    assert {Path(name or "").suffix for name in files} == {".pdf", ".xlsx"}


def _refused(told: Path) -> list[str]:
    """Return how each line that was refused begins to say why."""
    sentences = told.read_text("utf-8").split("\n  ! ")[1:]
    return [" ".join(sentence.split(":")[0].split()[:4]) for sentence in sentences]
