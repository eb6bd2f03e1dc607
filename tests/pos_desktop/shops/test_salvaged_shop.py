"""What is good of a damaged shop is saved into a new file, and the damaged one is put aside."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from pos_desktop import settings
from pos_desktop.cli.main import main as posctl
from pos_desktop.domain.clock import SystemClock
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.tax import KENYA_RATES
from pos_desktop.shop import open_shop
from pos_desktop.shop_door import OpenElsewhere
from pos_desktop.shop_folder import (
    DAMAGED_FOLDER,
    DATABASE_FILE,
    HEAD_FILE,
    SECRETS_FILE,
)
from pos_desktop.shops import put_back, salvaged_shop
from pos_desktop.shops.damage import is_whole
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.shops.outcomes import salvaged_sentences
from pos_desktop.shops.put_back import Demo
from pos_desktop.shops.salvaged_shop import NotDamaged, salvage_shop
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.salvage import salvage
from tests.pos_desktop.conftest import bad_books
from tests.pos_desktop.services.play import play
from tests.pos_desktop.shops.spoiling import PAGE, blank, root_of, rows
from tests.released.released_shops import recovery_key


def test_all_is_saved_where_only_an_index_is_spoilt(closed: Path) -> None:
    kept = {name: rows(closed / DATABASE_FILE, name) for name in ("sale", "sale_line", "staff")}
    blank(closed, root_of(closed, "sale_day"))
    saved, aside = salvage_shop(closed)
    assert (saved.missing, saved.findings, saved.strange_pages) == ({}, (), 0)
    assert (saved.till_code, saved.is_whole) == (saved.old_till_code, True)
    for name, before in kept.items():
        assert rows(closed / DATABASE_FILE, name) == before
    with closing(open_shop(closed)) as shop:
        assert all(check.ok for check in run_checks(shop.database, shop.key, shop.head))
        play(shop, "login manager 1234", "/milk", "MILK", "pay cash")
    assert {one.name for one in aside.iterdir()} >= {DATABASE_FILE, HEAD_FILE, SECRETS_FILE}


def test_a_till_whose_sales_are_missing_becomes_another_one(closed: Path) -> None:
    blank(closed, root_of(closed, "sale"))
    saved, _aside = salvage_shop(closed)
    assert saved.missing["sale"].lost_pages == 1
    assert (saved.old_till_code, saved.till_code[:2]) == ("T1", "T1")
    assert saved.till_code != "T1"
    assert {"facts", "head"} <= {check.check for check in saved.findings}
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        numbers = shop.database.rows("SELECT till_code, receipt_number FROM sale")
        assert numbers == [{"till_code": saved.till_code, "receipt_number": 1}]


def test_the_schema_itself_may_be_gone(closed: Path) -> None:
    before = rows(closed / DATABASE_FILE, "sale_line")
    blank(closed, 1)
    with pytest.raises(FileUnusable):
        open_shop(closed)
    saved, _aside = salvage_shop(closed)
    assert sorted(rows(closed / DATABASE_FILE, "sale_line")) == sorted(before)
    assert saved.till_code != saved.old_till_code


def test_a_word_that_is_spoilt_in_a_trigger_is_damage_and_made_anew(closed: Path) -> None:
    file = closed / DATABASE_FILE
    spoilt = file.read_bytes().replace(b"CAST(OLD.body AS", b"CAST(OLD.bodx AS")
    assert spoilt != file.read_bytes()
    file.write_bytes(spoilt)
    assert not is_whole(closed, SystemClock())
    saved, _aside = salvage_shop(closed)
    assert (saved.missing, saved.doubtful) == ({}, {})
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        assert bad_books(shop) == set()


def test_the_till_sells_though_its_tax_rates_are_lost(closed: Path) -> None:
    before = rows(closed / DATABASE_FILE, "tax_rate")
    with (closed / DATABASE_FILE).open("rb+") as file:
        file.seek((root_of(closed, "tax_rate") - 1) * PAGE)
        file.write(random.Random(7).randbytes(PAGE))
    saved, aside = salvage_shop(closed)
    assert saved.missing["tax_rate"].lost_pages == 1
    assert saved.put_back.rates == ("A", "B", "C", "D", "E")
    assert any("rates of bands A, B" in one for one in salvaged_sentences(saved, aside))
    assert rows(closed / DATABASE_FILE, "tax_rate") == before
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        assert "seals" not in bad_books(shop)


def test_rates_that_are_not_as_they_were_are_sealed_anew(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put_back, "KENYA_RATES", KENYA_RATES[:3])
    blank(closed, root_of(closed, "tax_rate"))
    assert salvage_shop(closed)[0].put_back.rates == ("A", "B", "C")
    with closing(open_shop(closed)) as shop:
        assert "seals" not in bad_books(shop)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A demo shop that nobody has open."""
    make_shop(tmp_path / "demo", demo_shop())
    with closing(open_shop(tmp_path / "demo")):
        pass
    return tmp_path / "demo"


def _is_demo(directory: Path) -> bool:
    with closing(open_shop(directory)) as shop:
        return shop.configuration.get(settings.SHOP_DEMO)


def test_a_demo_shop_stays_one_though_its_settings_are_lost(demo: Path) -> None:
    blank(demo, root_of(demo, "setting"))
    saved, _aside = salvage_shop(demo)
    assert saved.put_back.demo is Demo.FOUND
    assert _is_demo(demo)


@pytest.mark.parametrize("silent", ["setting", "shop made"])
def test_a_demo_shop_is_known_by_either_thing_that_the_journal_says(
    demo: Path, silent: str
) -> None:
    with closing(sqlite3.connect(demo / DATABASE_FILE)) as connection, connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("UPDATE journal SET detail = '{}' WHERE kind = ?", (silent,))
    blank(demo, root_of(demo, "setting"))
    assert salvage_shop(demo)[0].put_back.demo is Demo.FOUND
    assert _is_demo(demo)


def test_a_shop_of_which_nothing_says_what_it_was_is_a_real_one(demo: Path) -> None:
    with closing(sqlite3.connect(demo / DATABASE_FILE)) as connection, connection:
        connection.execute("DROP TRIGGER journal_no_delete")
        connection.execute("DELETE FROM journal")
    for name in ("journal", "setting"):
        blank(demo, root_of(demo, name))
    saved, aside = salvage_shop(demo)
    assert saved.put_back.demo is Demo.UNKNOWN
    assert any("it is a real one now" in one for one in salvaged_sentences(saved, aside))
    assert not _is_demo(demo)


def test_what_was_deleted_does_not_come_back(closed: Path) -> None:
    with closing(sqlite3.connect(closed / DATABASE_FILE)) as connection, connection:
        connection.execute("DROP TRIGGER sale_line_no_delete")
        connection.execute("DELETE FROM sale_line")
    blank(closed, root_of(closed, "sale_day"))
    salvage_shop(closed)
    assert rows(closed / DATABASE_FILE, "sale_line") == []


def test_a_whole_file_is_left_alone(closed: Path) -> None:
    before = (closed / DATABASE_FILE).read_bytes()
    with pytest.raises(NotDamaged):
        salvage_shop(closed)
    assert (closed / DATABASE_FILE).read_bytes() == before
    assert not (closed / DAMAGED_FOLDER).exists()


def test_of_an_empty_file_the_console_names_the_backup(
    closed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (closed / DATABASE_FILE).write_bytes(b"")
    assert posctl(["salvage", "--data", str(closed)]) == 1
    assert "posctl restore FILE --over" in capsys.readouterr().err


def test_a_till_whose_file_is_older_than_its_head_becomes_another_one(closed: Path) -> None:
    old = (closed / DATABASE_FILE).read_bytes()
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
    (closed / DATABASE_FILE).write_bytes(old)
    blank(closed, root_of(closed, "sale_day"))
    saved, _aside = salvage_shop(closed)
    assert (saved.missing, saved.strange_pages, saved.log_is_spoilt) == ({}, 0, False)
    assert "head" in {one.check for one in saved.findings}
    assert saved.till_code != saved.old_till_code


def test_nothing_is_saved_under_a_till_that_is_open(closed: Path) -> None:
    with closing(open_shop(closed)) as shop:
        shop.database.value("SELECT count(*) FROM sale")
        with pytest.raises(OpenElsewhere):
            salvage_shop(closed)
    assert not (closed / DAMAGED_FOLDER).exists()


def test_a_failing_salvage_changes_nothing(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank(closed, root_of(closed, "sale"))
    before = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}

    def failing(damaged: Path, target: Path, clock: SystemClock) -> None:
        salvage(damaged, target, clock)
        raise Unavailable("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(salvaged_shop, "salvage", failing)
        with pytest.raises(Unavailable, match="the disk is gone"):
            salvage_shop(closed)
    after = {one.name: one.read_bytes() for one in closed.iterdir() if one.is_file()}
    assert {name: after.get(name) for name in before} == before
    assert not (closed / DAMAGED_FOLDER).exists()
    assert not list(closed.glob(".bringing*"))


def test_the_log_is_not_lost_where_the_new_file_cannot_take_its_place(
    closed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_shop(closed)) as shop:
        play(shop, "login manager 1234", "MILK", "pay cash")
        cut = shutil.copytree(closed, tmp_path / "cut")
    wanted = len(rows(closed / DATABASE_FILE, "sale"))
    give_name = Path.replace

    def held(self: Path, target: Path) -> Path:
        if target == cut / DATABASE_FILE:
            raise PermissionError(13, "a scanner holds it")
        return give_name(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        with monkeypatch.context() as closing_nothing:
            # neither of them opens the file, which would take the log in:
            closing_nothing.setattr(salvaged_shop, "is_whole", lambda *_, **_named: False)
            closing_nothing.setattr(salvaged_shop, "alone_in_place", lambda *_: nullcontext())
            with pytest.raises(Unavailable, match="a scanner holds it"):
                salvage_shop(cut)
        assert not (cut / f"{DATABASE_FILE}-wal").exists()
        for opens in (open_shop, salvage_shop):
            with pytest.raises(Unavailable, match="a scanner holds it"):
                opens(cut)
    with closing(open_shop(cut)) as shop:
        assert [one for one in run_checks(shop.database, shop.key, shop.head) if not one.ok] == []
    assert len(rows(cut / DATABASE_FILE, "sale")) == wanted


def test_posctl_saves_and_makes_keys(closed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, data = recovery_key(closed), ["--data", str(closed)]
    (closed / SECRETS_FILE).unlink()
    assert posctl(["keys", "--recovery-key", key, *data]) == 0
    assert "has its keys again" in capsys.readouterr().out
    blank(closed, root_of(closed, "tender"))
    assert posctl(["salvage", "--json", *data]) == 0
    saved = json.loads(capsys.readouterr().out)
    assert saved["missing"] == {"tender": {"rows": 0, "pages": 1}}
    assert Path(saved["aside"]).parent == closed / DAMAGED_FOLDER
    assert not saved["ok"]
    assert posctl(["salvage", *data]) == 1
    assert "nothing to save it from" in capsys.readouterr().err
