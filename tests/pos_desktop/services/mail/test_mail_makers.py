"""The files of mails, read back by pdftotext: whole, once, and each with its totals."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pos_queue.premises import Terms

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.mail import MailKind, Party, PartyKind
from pos_desktop.services.mail.mail_attachments import report_attachment
from pos_desktop.services.mail.mail_post import Draft
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from pos_desktop.storage import mail_recipients, print_jobs
from pos_desktop.storage.mails import Mail
from tests.pos_desktop.services.customers import add_customer
from tests.pos_desktop.services.play import play

SOMEBODY = Party(PartyKind.TYPED, address="a@example.com")


def read(path: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not done.stderr, "a sound file"
    return done.stdout


def left(shop: Shop, *attachments: dict[str, Any], to: Sequence[Party] = (SOMEBODY,)) -> Mail:
    draft = Draft(kind=MailKind.REPORT, subject="x", body="y", attachments=attachments)
    with shop.database.write():
        return shop.mail.post.leave(draft, to, started_by=None)


def make(shop: Shop, mail: Mail) -> list[Path]:
    """Make the files of a mail twice, as after a kill; return those of its first recipient."""
    waiting = mail_recipients.listed(shop.database, mail.id)
    times = []
    for _attempt in range(2):
        for attachment in mail.attachments:
            assert [*shop.mail.papers.make(mail, attachment, waiting)][-1] == len(waiting)
        files = shop.mail.files.of(mail.id, 1)
        times.append([path.stat().st_mtime_ns for path in files])
    assert times[0] == times[1], "what is there is not made again"
    return files


@pytest.fixture
def sold(selling_shop: Shop) -> Shop:
    """A shop that has sold to a customer, partly on account, and was paid of it."""
    customer = add_customer(selling_shop)
    selling_shop.customers.set_limit(customer, 1_000_00, actor=None)
    play(
        selling_shop,
        f"customer {customer.code}",
        "2*SUGAR",
        "pay credit",
        f"customer {customer.code}",
        "MILK",
        "pay cash 100",
    )
    return selling_shop


def test_a_report_goes_along_as_pdf_and_as_a_workbook(sold: Shop) -> None:
    wishes = [ExportWish(what="sales-by-day", form=form) for form in (FileForm.PDF, FileForm.XLSX)]
    files = make(sold, left(sold, *map(report_attachment, wishes)))
    assert [path.name for path in files] == ["sales-by-day.pdf", "sales-by-day.xlsx"]
    assert "395.00" in read(files[0])
    sheet = openpyxl.load_workbook(files[1]).active
    assert sheet is not None
    assert 395 in {cell.value for row in sheet.iter_rows() for cell in row}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_an_export_that_was_made_goes_along(sold: Shop) -> None:
    export = sold.exports.leave(ExportWish(what="vat", form=FileForm.CSV), actor=None)
    mail = left(sold, {"kind": "export", "export": export.id})
    with pytest.raises(Refused, match="make the export again"):
        make(sold, mail)
    sold.queue.runner(Terms(queues=["papers"], when_empty=True)).run()
    made = sold.exports.file(sold.exports.find(export.number), actor=None)
    (file,) = make(sold, mail)
    assert (file.name, file.read_bytes()) == (made.name, made.read_bytes())
    made.unlink()
    assert make(sold, mail) == [file], "a copy is whole, whatever becomes of the export"


def test_each_customer_gets_their_own_statement(sold: Shop) -> None:
    (buyer,) = sold.customers.search("")
    other = sold.customers.add(Particulars(name="Somebody else"), actor=None)
    to = [Party(PartyKind.CUSTOMER, buyer.id), Party(PartyKind.CUSTOMER, other.id), SOMEBODY]
    mail = left(sold, {"kind": "statement"}, to=to)
    (file,) = make(sold, mail)
    text = read(file)
    assert buyer.name in text
    assert "Owed before" in text
    rows = [line.split()[-3:] for line in text.splitlines() if "Sale" in line]
    assert rows == [["330.00", "0.00", "330.00"], ["65.00", "65.00", "330.00"]]
    (totals,) = (line.split() for line in text.splitlines() if "TOTAL" in line)
    assert totals[-3:] == ["395.00", "65.00", "330.00"]
    (second,) = sold.mail.files.of(mail.id, 2)
    assert buyer.name not in read(second)
    assert not sold.mail.files.of(mail.id, 3)


def test_who_is_erased_before_their_statement_is_made_holds_nobody_up(sold: Shop) -> None:
    (buyer,) = sold.customers.search("")
    gone = sold.customers.add(Particulars(name="Somebody else"), actor=None)
    to = [Party(PartyKind.CUSTOMER, gone.id), Party(PartyKind.CUSTOMER, buyer.id)]
    mail = left(sold, {"kind": "statement"}, to=to)
    sold.customers.erase(gone, actor=None)
    assert not make(sold, mail)
    (file,) = sold.mail.files.of(mail.id, 2)
    assert buyer.name in read(file)


def test_a_statement_begins_with_what_was_owed_before(sold: Shop) -> None:
    (buyer,) = sold.customers.search("")
    days = {"kind": "statement", "first": "2099-01-01", "end": "2099-02-01"}
    (file,) = make(sold, left(sold, days, to=[Party(PartyKind.CUSTOMER, buyer.id)]))
    (line,) = (one for one in read(file).splitlines() if "Owed before" in one)
    assert line.split()[-1] == "330.00"


def test_a_receipt_is_a_page_whose_words_can_be_copied(sold: Shop) -> None:
    (file,) = make(sold, left(sold, {"kind": "receipt", "receipt": "T1-000001"}))
    text = read(file)
    assert file.name == "T1-000001.pdf"
    for words in ("COPY", "Sugar 1 kg", "330.00", "TOTAL KES", "THIS IS NOT A FISCAL RECEIPT"):
        assert words in text
    size = subprocess.run(
        ["pdfinfo", str(file)], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert "Pages:           1" in size
    assert "226.77" in size, "80 mm"


def test_a_z_is_a_page_as_it_was_printed(sold: Shop) -> None:
    play(sold, "logout", "login manager 1234", "z")
    paper = print_jobs.latest(sold.database, "z")
    assert paper is not None
    mail = left(sold, {"kind": "paper", "paper": paper.id, "name": "T1-Z00001"})
    (file,) = make(sold, mail)
    assert "Z REPORT 1" in read(file)
    with pytest.raises(Refused, match="is gone"):
        make(sold, left(sold, {"kind": "paper", "paper": "none", "name": "x"}))


def test_a_mail_of_a_schedule_is_prepared_in_a_child(sold: Shop) -> None:
    wish = ExportWish(what="low-stock", form=FileForm.PDF, language="sw")
    mail = left(sold, report_attachment(wish), {"kind": "receipt", "receipt": "T1-000002"})
    sold.queue.runner(Terms(queues=["papers"], when_empty=True)).run()
    names = [path.name for path in sold.mail.files.of(mail.id, 1)]
    assert names == ["T1-000002.pdf", "low-stock.pdf"]
