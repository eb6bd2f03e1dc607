"""The file for support: what is in it, and, byte by byte, what is not."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from pos_queue.premises import Terms

from pos_desktop import settings
from pos_desktop.documents.writing_faults import NotWritten
from pos_desktop.domain import staff
from pos_desktop.domain.errors import Refused
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.doctor import bundle
from pos_desktop.services.doctor.doctor import Doctor
from pos_desktop.services.doctor.known_texts import PERSONAL_SETTINGS
from pos_desktop.services.mpesa.setup.mpesa_setup import MpesaKey
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.queue_program import jobs
from tests.pos_desktop.conftest import add_product

SMTP = "pa55word-of-the-mail-server"
DARAJA = "daraja-consumer-secret-9ZkQ"
PHONE, MAIL = "+254712345678", "achieng@example.com"
CUSTOMER, CASHIER = "Achieng Odhiambo", "Kiprotich Barasa"
GOODS = "Sugar of Mumias, brown"
SHOP, KRA_PIN = "Duka la Wanjiru", "P051987654Q"


@pytest.fixture
def lived_in(shop_directory: Path) -> Path:
    """A shop with people, keys, a failed job that quotes them, and logs that do."""
    with closing(open_shop(shop_directory, jobs=jobs)) as shop:
        add_product(shop, "SUGAR", GOODS, 165_00)
        customer = Particulars(name=CUSTOMER, phone=PHONE, email=MAIL)
        shop.customers.add(customer, actor=None)
        shop.staffing.add(
            login="kiprotich", name=CASHIER, role=staff.CASHIER, pin="8642", actor=None
        )
        for setting, value in ((settings.SHOP_NAME, SHOP), (settings.SHOP_KRA_PIN, KRA_PIN)):
            shop.configuration.set(setting, value, shop.books, actor=None)
        shop.mail.setup.set_password(SMTP, actor=None)
        shop.mpesa.setup.put_keys(
            {MpesaKey.CONSUMER_KEY: "key-1234", MpesaKey.CONSUMER_SECRET: DARAJA}, actor=None
        )
        shop.queue.enqueue(JobName("flaky"), {"name": CUSTOMER, "password": PHONE})
        shop.queue.runner(Terms(when_empty=True), attempts=1).run()
        hashes = [row["pin_hash"] for row in shop.database.rows("SELECT pin_hash FROM staff")]
    logs = shop_directory / "logs"
    logs.mkdir(exist_ok=True)
    quoted = f"{SMTP} {DARAJA} {PHONE} {MAIL} {CUSTOMER} {CASHIER} {hashes[0]} {SHOP} {KRA_PIN}"
    quoted += (shop_directory / "secrets").read_text()
    (logs / "pos-desktop.log").write_text(f"2026-11-28 ERROR pos_desktop: an error {quoted}\n")
    crashes = shop_directory / "crashes"
    crashes.mkdir(exist_ok=True)
    (crashes / "posctl.crash").touch()  # every program keeps one open, for what it may have to say
    (crashes / "crash-1.txt").write_text(f"Fatal Python error {quoted}\n")
    return shop_directory


def _packed(directory: Path, path: Path) -> dict[str, bytes]:
    Doctor(directory).pack(path, actor=None)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_support_needs_is_in_it(lived_in: Path, tmp_path: Path) -> None:
    found = _packed(lived_in, tmp_path / "support.zip")
    assert {*found} == {
        *("report.txt", "report.json", "versions.json", "settings.json", "queue.json"),
        *("prints.json", "schema.sql", "logs/pos-desktop.log", "crashes/crash-1.txt"),
    }
    assert {one["check"] for one in json.loads(found["report.json"])["checks"]} >= {"database"}
    assert "peewee" in json.loads(found["versions.json"])
    values = json.loads(found["settings.json"])
    assert (values["queue.workers"], values["shop.name"]) == (2, "***")
    (failed,) = json.loads(found["queue.json"])["failed"]
    assert (failed["job"], failed["attempts"]) == ("flaky", 1)
    assert "ValueError" in failed["traceback"]
    assert b"CREATE TABLE sale" in found["schema.sql"]
    assert b"an error" in found["logs/pos-desktop.log"]


def test_no_secret_and_nobody_is_in_it(lived_in: Path, tmp_path: Path) -> None:
    found = _packed(lived_in, tmp_path / "support.zip")
    secrets = json.loads((lived_in / "secrets").read_text())
    del secrets["sum"]  # a digest, which opens nothing
    assert len(secrets) > 3
    kept = [*secrets.values(), *(bytes.fromhex(one).decode("latin-1") for one in secrets.values())]
    people = [PHONE, PHONE[1:], "0712345678", MAIL, CUSTOMER, CASHIER, SHOP, KRA_PIN]
    for wanted in (*kept, *people, SMTP, DARAJA, GOODS, "$argon2"):
        for name, content in found.items():
            assert wanted.encode("latin-1") not in content, (wanted, name)
    whole = (tmp_path / "support.zip").read_bytes()
    assert SMTP.encode() not in whole


@pytest.mark.parametrize("table", ["customer", "node", "setting", "sqlite_master"])
def test_no_secret_is_in_it_where_the_file_is_damaged(
    lived_in: Path, tmp_path: Path, table: str
) -> None:
    lived_in = shutil.copytree(lived_in, tmp_path / "damaged")
    with closing(sqlite3.connect(lived_in / "shop.sqlite")) as connection:
        sentence = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(sentence, (table,)).fetchone() or (1,)
    with (lived_in / "shop.sqlite").open("rb+") as file:
        file.seek((page - 1) * 4096)
        file.write(bytes(4096))
    _look_for_secrets(lived_in, tmp_path / "support.zip")


def test_no_secret_is_in_it_where_one_of_them_is_spoilt(lived_in: Path, tmp_path: Path) -> None:
    lived_in = shutil.copytree(lived_in, tmp_path / "damaged")
    kept = (lived_in / "secrets").read_text()
    journal = json.loads(kept)["journal"]
    (lived_in / "secrets").write_text(kept.replace(journal, journal[:-1] + "?"))
    (lived_in / "logs" / "pos-desktop.log").write_text(f"an error {SMTP} {DARAJA}")
    _look_for_secrets(lived_in, tmp_path / "support.zip", SMTP, DARAJA)


RECORD = "2026-11-28T05:08:54.123Z ERROR 4711 MainThread pos_desktop.services.mail: {quoted}"
TRACE = """Traceback (most recent call last):
  File "/opt/pos-desktop/mail.py", line 17, in send
    send("{quoted}")
ValueError: {quoted}
"""


@pytest.mark.parametrize("harm", ["file", "newer", "secrets", "customers"])
def test_of_a_shop_that_cannot_be_read_no_quoted_word_goes_out(
    lived_in: Path, tmp_path: Path, harm: str
) -> None:
    lived_in = shutil.copytree(lived_in, tmp_path / "damaged")
    quoted = f"{CUSTOMER} {CASHIER} {SHOP} {KRA_PIN} {SMTP} {DARAJA}"
    log = f"{RECORD}\n{TRACE}".format(quoted=quoted)
    (lived_in / "logs" / "pos-desktop.log").write_text(log)
    (lived_in / "crashes" / "crash-1.txt").write_text(f"Reference: ABC234\n{log}")
    _harm(lived_in, harm)
    report = Doctor(lived_in).pack(tmp_path / "support.zip", actor=None)
    with zipfile.ZipFile(tmp_path / "support.zip") as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, content in found.items():
        for word in (*quoted.split(), CUSTOMER, SHOP):
            assert word not in content.split(), (word, name)
            assert len(word) < 5 or word not in content, (word, name)
    assert '/mail.py", line 17, in send' in found["logs/pos-desktop.log"]
    assert "ValueError" in found["logs/pos-desktop.log"]
    assert "2026-11-28T05:08:54.123Z ERROR 4711" in found["logs/pos-desktop.log"]
    is_said = any(one.check == bundle.LEFT_OUT for one in report.findings)
    assert is_said == (harm != "newer")  # that can be read, so all of it is covered
    assert ("could not be covered" in found["report.txt"]) == is_said
    assert ("***" in found["logs/pos-desktop.log"]) == (harm == "newer")


def _harm(directory: Path, harm: str) -> None:
    file = directory / "shop.sqlite"
    if harm == "secrets":
        (directory / "secrets").unlink()
    elif harm == "file":
        file.write_bytes(os.urandom(4096) * 30)
    else:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("PRAGMA user_version = 9999")
            sentence = "SELECT rootpage FROM sqlite_master WHERE name = 'customer'"
            (page,) = connection.execute(sentence).fetchone()
        if harm == "customers":
            with file.open("rb+") as raw:
                raw.seek((page - 1) * 4096)
                raw.write(bytes(4096))


def test_nobody_else_reads_the_file(lived_in: Path, tmp_path: Path) -> None:
    _packed(lived_in, tmp_path / "support.zip")
    assert (tmp_path / "support.zip").stat().st_mode & 0o777 == 0o600


VALUES = {
    settings.SHOP_NAME: "Duka la Zebedayo",
    settings.SHOP_KRA_PIN: "P051987654Q",
    settings.SHOP_ADDRESS: "P.O. Box 4711, Eldoret",
    settings.RECEIPT_HEADER: "Karibuni Kapsabet",
    settings.RECEIPT_FOOTER: "Asanteni Kapkatet",
    settings.MAIL_LOGIN: "barua-ya-duka",
    settings.MAIL_FROM_ADDRESS: "duka@kapsowar.example",
    settings.MAIL_FROM_NAME: "Kapsowar Traders",
    settings.MPESA_SHORTCODE: "174379",
    settings.MPESA_HEAD_OFFICE: "274380",
    settings.LICENCE_PAY_TO: "374381",
}


def test_of_what_tells_whose_shop_it_is_only_that_it_is_set(lived_in: Path, tmp_path: Path) -> None:
    lived_in = shutil.copytree(lived_in, tmp_path / "named")
    assert {*VALUES} == {*PERSONAL_SETTINGS}
    with closing(open_shop(lived_in)) as shop:
        for setting, value in VALUES.items():
            shop.configuration.set(setting, value, shop.books, actor=None)
    log = "\n".join(f"an error of {value!r}" for value in VALUES.values())
    (lived_in / "logs" / "pos-desktop.log").write_text(log)
    found = _packed(lived_in, tmp_path / "support.zip")
    shown = json.loads(found["settings.json"])
    assert {shown[one.key] for one in VALUES} == {"***"}
    for name, content in found.items():
        assert not [one for one in VALUES.values() if one.encode() in content], name
    assert found["logs/pos-desktop.log"].count(b"an error of") == len(VALUES)


def test_settings_alone_are_masked_without_any_cover(
    lived_in: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lived_in = shutil.copytree(lived_in, tmp_path / "named")
    with closing(open_shop(lived_in)) as shop:
        for setting, value in VALUES.items():
            shop.configuration.set(setting, value, shop.books, actor=None)
    monkeypatch.setattr(bundle, "_text", lambda part, _cover: json.dumps(part, default=str))
    shown = json.loads(_packed(lived_in, tmp_path / "support.zip")["settings.json"])
    assert {shown[one.key] for one in VALUES} == {"***"}


def _look_for_secrets(directory: Path, file: Path, *wanted: str) -> None:
    """See that a file for support has no secret that its logs quote."""
    kept = json.loads((directory / "secrets").read_text())
    values = wanted or (SMTP, DARAJA, *(kept[name] for name in ("journal", "backup", "payload")))
    found = _packed(directory, file)
    assert "logs/pos-desktop.log" in found
    for name, content in found.items():
        for one in values:
            assert one.encode() not in content, (one, name)


def test_links_are_not_followed(lived_in: Path, tmp_path: Path) -> None:
    (lived_in / "logs" / "link.log").symlink_to(lived_in / "secrets")
    assert "logs/link.log" not in _packed(lived_in, tmp_path / "support.zip")


def test_it_never_passes_its_size(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "LARGEST_FILE", 50_000)
    monkeypatch.setattr(bundle, "LARGEST_BYTES", 300_000)
    for number in range(20):
        lines = "".join(f"{number} {os.urandom(20).hex()}\n" for _line in range(3_000))
        (lived_in / "logs" / f"old.{number}").write_text(lines)
    found = _packed(lived_in, tmp_path / "support.zip")
    assert sum(map(len, found.values())) <= 300_000
    assert "queue.json" in found
    cut = next(content for name, content in found.items() if name.startswith("logs/old"))
    assert len(cut) <= 50_000
    assert b"\n" in cut
    assert cut.partition(b" ")[0].isdigit()  # it begins where a line does


def test_words_of_the_program_stay_whatever_a_password_is(lived_in: Path, tmp_path: Path) -> None:
    lived_in = shutil.copytree(lived_in, tmp_path / "lived-in")
    with closing(open_shop(lived_in)) as shop:
        shop.mail.setup.set_password("queue", actor=None)
        shop.configuration.set(settings.MAIL_LOGIN, "shop", shop.books, actor=None)
    found = _packed(lived_in, tmp_path / "support.zip")
    assert {one.key for one in settings.every()} == {*json.loads(found["settings.json"])}
    assert {"counts", "failed"} == {*json.loads(found["queue.json"])}
    assert "queue" in json.loads(found["queue.json"])["failed"][0]
    assert b"***" not in found["schema.sql"]


TOLD = {
    *("backup.copy_folder", "backup.folder", "display.address", "display.dialect"),
    *("display.greeting", "display.second_screen", "drawer.address", "drawer.trigger"),
    *("licence.plans", "licence.public_key", "licence.server", "mail.security", "mail.smtp_host"),
    *("mpesa.base_url", "mpesa.callback_url", "mpesa.kind", "mpesa.part_refund"),
    *("mpesa.registered", "mpesa.relay_url", "printer.address", "refund.tender"),
    *("sale.label_patterns", "scale.address", "scale.protocol", "scanner.address"),
    *("shop.country", "shop.currency", "shop.time_zone", "till.code", "ui.language", "ui.theme"),
}
"""Settings of words that support reads: how the shop is set up, and nobody's name or number."""


def test_of_each_setting_of_words_it_is_decided_whether_support_reads_it() -> None:
    words = {one.key for one in settings.every() if isinstance(one.default, str)}
    hidden = {one.key for one in PERSONAL_SETTINGS}
    assert words == hidden | TOLD
    assert not hidden & TOLD


def test_without_a_shop_the_report_is_in_it(tmp_path: Path) -> None:
    found = _packed(tmp_path / "none", tmp_path / "support.zip")
    assert "report.txt" in found
    assert b"FileNotSeen" in found["settings.json"]


def test_a_name_that_is_no_archive_is_refused_and_no_file_written_over(lived_in: Path) -> None:
    file = lived_in / "shop.sqlite"
    before = file.stat().st_size
    with pytest.raises(Refused, match=r"ends in \.zip"):
        Doctor(lived_in).pack(file, actor=None)
    assert file.stat().st_size == before


def test_what_cannot_be_written_leaves_nothing(lived_in: Path, tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="no such folder"):
        Doctor(lived_in).pack(tmp_path / "gone" / "support.zip", actor=None)
    assert not [*tmp_path.glob("*.zip"), *tmp_path.glob(".*.part")]
