"""A database that fails: nothing is said to be kept that is not, and all goes on afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from pos_sync.relay import sqlite
from pos_sync.relay.database import DatabaseFailed, DatabaseRefused, Transaction
from pos_sync.relay.engines import open_engine
from pos_sync.relay.errors import NoAnswer, WhyNoAnswer
from pos_sync.relay.lane import Lane

from tests.pos_sync.relay.postgres_server import new_database
from tests.pos_sync.relay.scene import make_shop, paid_in, running, within


def test_what_a_file_says_is_kept_outlives_a_power_cut(file: str) -> None:
    for _time in ("made", "opened again"):
        with closing(open_engine(file)) as engine, engine.transaction() as transaction:
            assert transaction.run("PRAGMA journal_mode") == [("wal",)]
            assert transaction.run("PRAGMA synchronous") == [(2,)]


def test_a_file_that_is_locked_costs_what_came_meanwhile(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE_SECONDS", 0.05)
    shop = make_shop(file)
    path = f"/s/{shop.secret}/confirm"
    with running(file) as relay:
        reader = relay.reader(shop.keys["T1"])
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert relay.post(path, paid_in()) == 503
            with pytest.raises(NoAnswer) as raised:
                reader.close_wait("w1")
            assert raised.value.why is WhyNoAnswer.BUSY
            other.execute("ROLLBACK")
        assert relay.post(path, paid_in(1)) == 200
        assert [one.number for one in reader.messages(0)] == [1]
        assert relay.counts.failed == 2


def test_connections_that_a_server_ends_are_made_anew() -> None:
    database = new_database()
    shop = make_shop(database)

    def end_all(transaction: Transaction) -> None:
        transaction.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with running(database) as relay:
        reader = relay.reader(shop.keys["T1"])
        for number in range(3):
            within(database, end_all)
            assert relay.post(f"/s/{shop.secret}/confirm", paid_in(number)) == 200
            assert len(reader.messages(number)) == 1
        assert relay.counts.failed == 0


def test_work_that_fails_spoils_none_that_shares_its_commit(database: str) -> None:
    make_shop(database)
    lane = Lane(lambda: open_engine(database))

    def wrong(transaction: Transaction) -> None:
        transaction.run("UPDATE relay_shop SET made_at = 7")
        transaction.run("SELECT nothing FROM nowhere")

    def bug(transaction: Transaction) -> None:
        raise ZeroDivisionError

    def right(transaction: Transaction) -> int:
        transaction.run("UPDATE relay_shop SET last_number = last_number + 1")
        return 1

    with lane._changed:
        # none is begun with before all are there
        asked = [lane.ask("duka", work) for work in (right, wrong, right, bug, right)]
    assert [asked[place].result(20) for place in (0, 2, 4)] == [1, 1, 1]
    with pytest.raises(DatabaseFailed):
        asked[1].result(20)
    with pytest.raises(ZeroDivisionError):
        asked[3].result(20)
    lane.close()
    found = within(database, lambda one: one.run("SELECT last_number, made_at FROM relay_shop"))
    assert found[0][0] == 3
    assert found[0][1] != 7


def test_tables_of_a_newer_relay_are_left_alone(database: str) -> None:
    make_shop(database)
    within(database, lambda one: one.run("UPDATE relay_schema SET version = 99"))
    with pytest.raises(DatabaseRefused, match="newer"):
        open_engine(database)
