"""The worker is killed at random moments while it imports, exports and mails.

All of it is resumed: no row is imported twice, nobody gets a mail twice, whoever may or may not
have got one is listed as unknown, and no half file is ever to be seen. The server is aiosmtpd. The
full form, with --torture, is 200 kills.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from python_calamine import load_workbook

from pos_desktop import settings
from pos_desktop.domain.export import ExportState, ExportWish, FileForm
from pos_desktop.domain.mail import Fate
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.shop import Shop
from pos_desktop.storage import exports, mail_recipients, mails
from tests.pos_desktop.services.mails import CONTACTS, add_contacts, set_up
from tests.pos_sync.mail.foreign_server import Foreign, foreign_server

ROOT = Path(__file__).parents[4]
LINES = 4
PEOPLE = 40
ROWS = 300
CUSTOMERS = 1_000
LIMIT = 60.0
REST_SECONDS = 2.0
"""For what one round leaves to the last worker."""


@dataclass(frozen=True)
class Left:
    """What one round has left to the queue."""

    mail: int
    export: int


def worker(shop: Shop) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pos_desktop.cli.main", "queue", "work", "--data"]
    return subprocess.Popen(
        [*command, str(shop.directory)], cwd=ROOT, stderr=subprocess.DEVNULL, env={**os.environ}
    )


def wait_until(is_so: Callable[[], object], limit: float = LIMIT) -> None:
    ends = time.monotonic() + limit
    while not is_so():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.01)


def leave(shop: Shop, folder: Path, round_: int) -> Left:
    """Leave an import, an export and a mailing of this round to the queue."""
    file = folder / f"round-{round_}.csv"
    rows = [f"R{round_:03}-{row:04},Item {round_} {row},{row + 1}.50" for row in range(ROWS)]
    file.write_text("\n".join(["code,name,price", *rows]), encoding="utf-8")
    shop.import_jobs.leave(file, actor=None)
    export = shop.exports.leave(ExportWish(what="customers", form=FileForm.XLSX), actor=None)
    letter = Letter(subject=f"Round {round_}", body="Dear {name}")
    mail = shop.mail.mailing.send(letter, CONTACTS, actor=None)
    return Left(mail.number, export.number)


def whole_files(shop: Shop) -> Iterator[tuple[str, int]]:
    """Yield each file that can be seen, read to its end, with how many rows it has."""
    for path in (shop.directory / "exports").glob("[!.]*"):
        sheet = load_workbook(str(path)).get_sheet_by_index(0)
        yield path.name, len(sheet.to_python())


def unfinished(shop: Shop) -> int:
    return int(shop.database.value("SELECT count(*) FROM jobs"))


def test_no_kill_loses_or_doubles_anything(shop: Shop, tmp_path: Path, torture: bool) -> None:
    chance, kills = random.Random(20261127), 200 if torture else 3
    add_contacts(shop, PEOPLE)
    shop.configuration.set(settings.MAIL_CONNECTIONS, LINES, shop.books, actor=None)
    shop.configuration.set(settings.MAIL_MOST_PER_MINUTE, 60_000, shop.books, actor=None)
    with foreign_server() as server:
        server.pause = 0.01
        set_up(shop, server.port)
        left = [_round_with_a_kill(shop, tmp_path, number, chance) for number in range(kills)]
        last = worker(shop)
        try:
            wait_until(lambda: not unfinished(shop), LIMIT + REST_SECONDS * kills)
        finally:
            last.kill()
            last.wait()
        _check_mails(shop, server, left)
    interrupted = "SELECT count(*) FROM job_attempts WHERE outcome = 'interrupted'"
    assert shop.database.value(interrupted) > 0, "no kill met a running job"
    _check_imports(shop, kills)
    _check_exports(shop, left)


def _round_with_a_kill(shop: Shop, folder: Path, number: int, chance: random.Random) -> Left:
    left = leave(shop, folder, number)
    process = worker(shop)
    try:
        wait_until(lambda: shop.database.value("SELECT 1 FROM jobs WHERE state = 'running'"))
        time.sleep(chance.random() * 0.6)
    finally:
        process.kill()
        process.wait()
    assert all(rows > 1 for _name, rows in whole_files(shop))
    return left


def _check_mails(shop: Shop, server: Foreign, left: list[Left]) -> None:
    """Whoever is `sent` got it, `unknown` ones may have, and nobody got anything twice."""
    arrived = Counter(
        (str(message_from_bytes(one.content)["Subject"]), one.rcpt_tos[0])
        for one in server.envelopes
        if isinstance(one.content, bytes)
    )
    assert max(arrived.values()) == 1
    unknown = 0
    for number, one in enumerate(left):
        mail = mails.by_number(shop.database, one.mail)
        assert mail is not None
        fates = {row.no: row.state for row in mail_recipients.listed(shop.database, mail.id)}
        assert len(fates) == PEOPLE
        assert set(fates.values()) <= {Fate.SENT, Fate.UNKNOWN}
        for no, fate in fates.items():
            got_it = arrived[(f"Round {number}", f"p{no:03}@example.com")]
            assert got_it or fate is Fate.UNKNOWN
        unknown += [*fates.values()].count(Fate.UNKNOWN)
    assert unknown <= LINES * len(left)


def _check_imports(shop: Shop, rounds: int) -> None:
    assert shop.database.value("SELECT count(*) FROM product") == ROWS * rounds
    sums = shop.database.rows("SELECT state, sum(imported) AS rows FROM import_run GROUP BY 1")
    assert sums == [{"state": "done", "rows": ROWS * rounds}]


def _check_exports(shop: Shop, left: list[Left]) -> None:
    found = dict(whole_files(shop))
    for one in left:
        export = exports.by_number(shop.database, one.export)
        assert export is not None
        assert export.state is ExportState.DONE, export.reason
        assert export.file in found
        assert found[export.file] > (export.row_count or 0)
    assert not [*(shop.directory / "exports").glob(".*")]
    assert len(found) == len(left)
