"""A statement brings each payment to its sale, once, however it is broken off and begun again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pos_queue.errors import JobCancelled
from pos_sync.testing.endings import Then
from pos_sync.testing.mpesa.calls import Call
from pos_sync.testing.mpesa.scripts import Trouble

from pos_desktop import settings
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.statement_rows import CHUNK_ROWS
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.mpesa_attempt import AttemptState
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.services.background import pacing
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaNotSetUp
from pos_desktop.services.mpesa.statements.statement_counts import StatementCounts
from pos_desktop.services.mpesa.statements.statement_words import (
    imported_sentence,
    look_sentences,
    statement_sentences,
)
from pos_desktop.shop import Shop
from pos_desktop.storage import mpesa_attempts, mpesa_money
from pos_desktop.storage.mpesa_money import Money
from tests.pos_desktop.services.imports.test_import_jobs import ended, run_all
from tests.pos_desktop.services.mpesa.scene import Scene, opened
from tests.pos_desktop.services.mpesa.statement_rows import given_back, paid, statement
from tests.pos_desktop.services.products.test_price_jobs import AskedToEnd

M = MoneyState
ONE, TWO = "TKO1AB2CD3", "TKO1AB2CD4"


@pytest.fixture
def scene(shop_directory: Path) -> Iterator[Scene]:
    with opened(shop_directory) as scene:
        yield scene


@pytest.fixture
def imported(scene: Scene, tmp_path: Path) -> Callable[..., StatementCounts]:
    """Imports lines as a statement."""

    def run(*lines: str, **options: Any) -> StatementCounts:
        path = statement(tmp_path / "ORG_174379.csv", *lines)
        return scene.shop.mpesa_statements.run(path, actor=None, **options)

    return run


def found(scene: Scene, receipt: str = ONE) -> Money:
    money = mpesa_money.find(scene.shop.database, receipt)
    assert money is not None
    return money


def rows(shop: Shop) -> list[dict[str, Any]]:
    return shop.database.rows("SELECT * FROM mpesa_money ORDER BY receipt")


Imported = Callable[..., StatementCounts]


def test_money_that_nobody_has_heard_of_stands_in_the_tray(
    scene: Scene, imported: Imported
) -> None:
    counts = imported(paid(ONE), paid(TWO, "1,200.50"))
    assert (counts.payments, counts.new, counts.new_in_tray) == (2, 2, 2)
    assert counts.new_in_tray_cents == 1_450_00 + 1_200_50
    money = found(scene)
    assert (money.state, money.source, money.is_confirmed) == (
        M.UNMATCHED,
        MoneySource.STATEMENT,
        True,
    )
    assert (money.payer_mask, money.payer_name) == ("2547*678", "JANE DOE")


def test_imported_again_it_changes_nothing(scene: Scene, imported: Imported) -> None:
    lines = [paid(ONE), paid(TWO), given_back(TWO)]
    imported(*lines)
    before, events = rows(scene.shop), scene.shop.database.value("SELECT max(no) FROM mpesa_event")
    scene.clock.advance(timedelta(hours=1))
    counts = imported(*lines)
    assert (counts.payments, counts.new, counts.known, counts.given_back) == (2, 0, 2, 0)
    assert rows(scene.shop) == before
    assert scene.shop.database.value("SELECT max(no) FROM mpesa_event") == events


def test_it_pays_a_push_whose_answer_was_lost(scene: Scene, imported: Imported) -> None:
    scene.simulator.plan(Trouble(at=Call.PUSH, then=Then.CLOSE, times=1))
    cart = scene.cart()
    attempt = scene.ask(cart)
    counts = imported(paid(ONE, at="24-11-2026 12:00:20", reference=attempt.reference))
    assert (counts.new, counts.new_in_tray) == (1, 0)
    assert scene.mpesa.attempts.find(attempt.id).state is AttemptState.CONFIRMED
    assert (found(scene).state, found(scene).sale_id) == (M.MATCHED, cart)


def test_it_confirms_what_was_typed_and_names_what_it_does_not_list(
    scene: Scene, imported: Imported
) -> None:
    cart = scene.cart()
    for receipt in (ONE, TWO, "TKO1AB2CD5"):
        scene.mpesa.waits.take_code(cart, receipt, 1_450_00)
    lines = [
        paid("TKO0000001", at="24-11-2026 11:00:00"),
        paid(ONE, at="24-11-2026 12:00:20"),
        paid("TKO1AB2CD5", "450.00", at="24-11-2026 12:00:30"),
    ]
    counts = imported(*lines)
    assert (counts.confirmed, counts.new, counts.new_in_tray) == (2, 1, 2)
    assert (found(scene, ONE).state, found(scene, "TKO1AB2CD5").state) == (M.MATCHED, M.DIFFERS)
    assert counts.not_listed == [[TWO, 1_450_00]]
    assert any("perhaps never paid: 1" in one for one in look_sentences(counts))


def test_what_went_back_is_settled_where_no_sale_has_it(scene: Scene, imported: Imported) -> None:
    cart = scene.cart()
    imported(paid(ONE), paid(TWO))
    scene.mpesa.waits.pick(cart, ONE)
    counts = imported(given_back(TWO), given_back(ONE), given_back("TKO7777777"))
    assert (counts.given_back, found(scene, TWO).state) == (1, M.REFUNDED)
    assert counts.given_back_of_sales == [[5, ONE, 1_450_00]]
    assert found(scene, ONE).state is M.MATCHED


def test_a_return_may_stand_before_its_payment_and_must_be_whole(
    scene: Scene, imported: Imported
) -> None:
    counts = imported(given_back(ONE), given_back(TWO, "100.00"), paid(ONE), paid(TWO))
    assert (counts.given_back, found(scene, ONE).state) == (1, M.REFUNDED)
    assert (found(scene, TWO).state, len(counts.given_back_of_sales)) == (M.UNMATCHED, 1)


def test_another_amount_than_mpesa_told_before_changes_nothing_and_is_named(
    scene: Scene, imported: Imported
) -> None:
    imported(paid(ONE))
    counts = imported(paid(ONE, "1500.00"))
    assert counts.differing == [[4, ONE, 1_500_00, 1_450_00]]
    assert found(scene).amount_cents == 1_450_00
    assert "1,500.00" in "".join(look_sentences(counts))


def test_rows_are_counted_by_what_they_are(imported: Imported) -> None:
    counts = imported(
        paid(ONE),
        paid("X"),
        paid(TWO).replace("Completed", "Failed"),
        "TKO1AB2CD6,24-11-2026 12:00:00,,Pay Bill Charge,Completed,,-15.00,,,,,,",
        "TKO1AB2CD7,24-11-2026 12:00:00,,Funds received,Completed,9,,,,Organization Settlement,,,",
    )
    assert (counts.rows, counts.payments, counts.bad) == (5, 1, 1)
    assert (counts.not_done, counts.out, counts.own) == (1, 1, 1)
    assert counts.bad_rows == [[5, "receipt", "X"]]
    said = " ".join([*statement_sentences(counts), *look_sentences(counts)])
    assert "1 payment: 1 new" in said
    assert "line 5: “X” is no receipt" in said
    assert StatementCounts.of(counts.as_plain()) == counts


def test_only_what_was_paid_from_a_day_on(scene: Scene, imported: Imported) -> None:
    counts = imported(
        paid(ONE, at="23-11-2026 23:59:59"),
        paid(TWO, at="24-11-2026 00:00:00"),
        since=date(2026, 11, 24),
    )
    assert (counts.payments, counts.earlier) == (1, 1)
    assert [row["receipt"] for row in rows(scene.shop)] == [TWO]


def test_another_shops_statement_is_refused(scene: Scene, tmp_path: Path) -> None:
    path = statement(tmp_path / "x.csv", paid(ONE), before="Short Code:,600000\n")
    with pytest.raises(Refused, match=r"statement of 600000; this shop is paid by 174379"):
        scene.shop.mpesa_statements.run(path, actor=None)
    assert not rows(scene.shop)


def test_another_table_and_no_file_are_refused(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Name,Phone\nJane,0712\n")
    for name, fault in (("x.csv", FileFault.NO_STATEMENT), ("y.csv", FileFault.NOT_THERE)):
        with pytest.raises(FileRefused) as caught:
            scene.shop.mpesa_statements.run(tmp_path / name, actor=None)
        assert caught.value.fault is fault


def test_a_shop_without_a_number_imports_none(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(MpesaNotSetUp):
        shop.mpesa_statements.run(statement(tmp_path / "x.csv", paid(ONE)), actor=None)


@pytest.mark.spoils_books
def test_a_shop_that_trains_imports_none(scene: Scene, imported: Imported) -> None:
    scene.shop.configuration.put(settings.SHOP_TRAINING, True)
    scene.shop.configuration.refresh()
    with pytest.raises(Refused, match="training"):
        imported(paid(ONE))


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_spreadsheet_has_saved_it_again(scene: Scene, tmp_path: Path, encoding: str) -> None:
    lines = ["Receipt No.;Completion Time;Paid In;Other Party Info"]
    lines += [f"{ONE};24/11/2026 12:00;1450,5;254712345678 - JOS\u00c9"]
    path = tmp_path / "s.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    assert scene.shop.mpesa_statements.run(path, actor=None).new == 1
    money = found(scene)
    assert (money.amount_cents, money.payer_name) == (1_450_50, "JOS\u00c9")
    assert money.payer_phone == "254712345678"


def test_the_push_of_a_row_is_looked_for_by_an_index(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement asks for each of its rows: to read all attempts for each took minutes."""
    asked: list[str] = []

    def rows_of(sql: str, _values: object) -> list[object]:
        asked.append(sql)
        return []

    monkeypatch.setattr(scene.shop.database, "rows", rows_of)
    mpesa_attempts.without_receipt(scene.shop.database, 100, 0, 1)
    monkeypatch.undo()
    values = ["[]", *[0] * 5]
    plan = scene.shop.database.rows(f"EXPLAIN QUERY PLAN {asked[0]}", values)
    assert "mpesa_attempt_state (state=? AND created_at>? AND created_at<?)" in plan[0]["detail"]


def test_a_workbook_is_a_statement_too(scene: Scene, tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "statement.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Receipt No.", "Completion Time", "Paid In"])
        sheet.write(1, 0, ONE)
        sheet.write(1, 1, 46_350.5, book.add_format({"num_format": "dd-mm-yyyy hh:mm"}))
        sheet.write(1, 2, 1_450.5)
    counts = scene.shop.mpesa_statements.run(path, actor=None)
    assert (counts.new, found(scene).amount_cents) == (1, 1_450_50)


# as a job


def many(count: int) -> list[str]:
    return [paid(f"TKO{number:07}") for number in range(count)]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_FIRST_ROWS", 10)
    monkeypatch.setattr(pacing, "_MOST_ROWS", 10)


@pytest.mark.usefixtures("small_chunks")
def test_a_job_imports_it_and_its_copy_goes(scene: Scene, tmp_path: Path) -> None:
    path = statement(tmp_path / "nov.csv", *many(40), paid("X"))
    number = scene.shop.mpesa_statements.leave(path, actor=None)
    path.unlink()
    run_all(scene.shop)
    kept = ended(scene.shop, number).result
    assert (kept["file"], kept["new"], kept["bad"]) == ("nov.csv", 40, 1)
    assert len(rows(scene.shop)) == 40
    said = imported_sentence(kept)
    assert said.is_partly
    assert said.text.startswith("nov.csv: 40 payments: 40 new")
    with pytest.raises(Refused, match="copy of the file is gone"):
        scene.shop.import_jobs.spool.file(number)


def left(scene: Scene, path: Path) -> AskedToEnd:
    """Leave a statement to the first job of the shop, which is run here and not by a child."""
    assert scene.shop.mpesa_statements.leave(path, actor=None) == 1
    return AskedToEnd(scene.shop, 0)


def run(scene: Scene, job: AskedToEnd, steps: int = 1_000_000) -> dict[str, Any]:
    """Run an attempt, from where the one before has come to."""
    return scene.shop.mpesa_statements.run_job(job.context(steps), "nov.csv", None)


@pytest.mark.usefixtures("small_chunks")
def test_a_job_goes_on_where_it_was_killed(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts of both attempts are those of one; what was carried out is not looked at again."""
    lines = [*many(40), paid("X"), given_back("TKO0000001")]
    job = left(scene, statement(tmp_path / "nov.csv", *lines))
    taken: list[str] = []
    take_in = scene.mpesa.money.take_in

    def killed_at_26(told: Money) -> Money:
        if len(taken) == 25:
            taken.append("")
            raise MemoryError
        taken.append(told.receipt)
        return take_in(told)

    monkeypatch.setattr(scene.mpesa.money, "take_in", killed_at_26)
    with pytest.raises(MemoryError):
        run(scene, job)
    assert len(rows(scene.shop)) == 20
    kept = run(scene, job)
    assert (kept["payments"], kept["new"], kept["bad"], kept["given_back"]) == (40, 40, 1, 1)
    assert len(rows(scene.shop)) == 40
    assert taken.count("TKO0000000") == 1


def test_what_went_back_in_rows_before_the_kill_still_goes_back(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader hands over 500 rows at once: the first 500 are carried out, and not read again."""
    path = statement(tmp_path / "nov.csv", given_back("TKO0000001"), *many(CHUNK_ROWS + 10))
    job = left(scene, path)
    money, kill_at = scene.mpesa.money, f"TKO{CHUNK_ROWS + 5:07}"
    take_in = money.take_in

    def killed(told: Money) -> Money:
        if told.receipt == kill_at:
            monkeypatch.setattr(money, "take_in", take_in)
            raise MemoryError
        return take_in(told)

    monkeypatch.setattr(money, "take_in", killed)
    with pytest.raises(MemoryError):
        run(scene, job)
    assert found(scene, "TKO0000001").state is M.UNMATCHED
    kept = run(scene, job)
    assert (kept["payments"], kept["given_back"]) == (CHUNK_ROWS + 10, 1)
    assert found(scene, "TKO0000001").state is M.REFUNDED


@pytest.mark.usefixtures("small_chunks")
def test_a_job_that_is_asked_to_end_keeps_what_it_has_done(scene: Scene, tmp_path: Path) -> None:
    path = statement(tmp_path / "nov.csv", *many(100))
    job = left(scene, path)
    with pytest.raises(JobCancelled, match="in part"):
        run(scene, job, steps=2)
    assert len(rows(scene.shop)) == 30
