"""posctl mail: the mail server tried step by step, the password kept, mails looked after."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest
from pos_sync.testing.mail_simulator import MailSimulator

from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.conftest import Posctl
from tests.pos_desktop.services.mails import CONTACTS, LETTER, add_contacts, set_up, work


def _refusal(posctl: Posctl, *arguments: str, code: int = 1) -> str:
    """Return the sentence with which a command is refused."""
    posctl(*arguments, code=code)
    return posctl.err


@pytest.fixture
def mailing(demo: Posctl) -> Posctl:
    """A demo shop that has left a mail to two people."""
    with closing(open_shop(Path(demo.directory))) as shop:
        add_contacts(shop, 2)
        set_up(shop, 1)
        shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    return demo


def test_the_way_to_the_server_is_tried_step_by_step(mailing: Posctl) -> None:
    wrong = mailing("mail", "check", code=1)
    assert "Nothing answers at this port" in wrong
    with MailSimulator() as server:
        mailing("config", "set", "mail.smtp_port", str(server.port))
        found = mailing.json("mail", "check")
    assert found["ok"]
    assert [one["step"] for one in found["steps"]][-1] == "may send from this address"
    assert not server.letters


def test_a_password_is_kept_and_never_shown(
    mailing: Posctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("hush hush\n"))
    assert "hush" not in mailing("mail", "password")
    folder = Path(mailing.directory)
    with closing(open_shop(folder)) as shop:
        assert shop.mail.setup.password() == "hush hush"
    assert b"hush" not in (folder / "shop.sqlite").read_bytes()


def test_a_mail_is_looked_after(mailing: Posctl) -> None:
    assert "waits 2" in mailing("mail", "list")
    assert "p002@example.com" in mailing("mail", "show", "1")
    assert "paused" in mailing("mail", "pause", "1")
    assert mailing.json("mail", "list")["mails"][0]["state"] == "paused"
    mailing("mail", "resume", "1")
    mailing("mail", "stop", "1")
    shown = mailing.json("mail", "show", "1", "--only", "skipped")
    assert [one["state"] for one in shown["recipients"]] == ["skipped", "skipped"]
    assert mailing.json("mail", "retry", "1")["again"] == 0
    assert "failed for nobody" in mailing("mail", "retry", "1")
    assert mailing.json("mail", "resend", "1", "1")["again"] == 0
    assert "--only unknown" in mailing("mail", "resend", "1", "1")
    assert "no mail 9, or none any more" in _refusal(mailing, "mail", "show", "9")
    for act in (["show", "0"], ["retry", "x"], ["resend", "1", "0"], ["list", "--most", "0"]):
        with pytest.raises(SystemExit):
            mailing("mail", *act)


def test_why_a_mail_waits_is_said_where_it_is_listed(mailing: Posctl) -> None:
    assert "waits:" not in mailing("mail", "list")
    assert "why" not in mailing.json("mail", "show", "1")
    with closing(open_shop(Path(mailing.directory))) as shop:
        work(shop)
    why = "Nothing answers at this port of the mail server: look at the port. It goes out by itself"
    assert f"Mail 1 waits: {why}" in mailing("mail", "list")
    assert f"It waits: {why}" in mailing("mail", "show", "1")
    assert mailing.json("mail", "list")["mails"][0]["why"].startswith(why)


def test_what_is_missing_is_called_as_the_settings_call_it(demo: Posctl) -> None:
    assert "from which address mail comes" in _refusal(demo, "mail", "check")
