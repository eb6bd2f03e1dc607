"""A mail that was not ready when the backup was made: trying it again says what is to be done."""

from __future__ import annotations

import pytest
from pos_queue.job import RunsIn
from pos_queue.premises import Terms

from pos_desktop.domain.mail import Fate
from pos_desktop.services.background.queue_words import cause
from pos_desktop.services.backup.after_restore import after_restore
from pos_desktop.services.mail import mail_addresses
from pos_desktop.services.mail.mail_post import PREPARE_MAIL
from pos_desktop.shop import Shop
from pos_desktop.storage.moments import to_stored
from tests.pos_desktop.services.mails import CONTACTS, LETTER, add_contacts, fates

ANEW = "write it anew"


@pytest.fixture
def restored(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop restored from a backup in which a job was about to choose who gets a mail."""
    monkeypatch.setattr(mail_addresses, "_FEW", 1)
    add_contacts(shop, 3)
    shop.mail.mailing.send(LETTER, CONTACTS, actor=None)
    _restore(shop)
    return shop


def _restore(shop: Shop) -> None:
    with shop.database.write():
        after_restore(shop.database, to_stored(shop.clock.base.now()))


def _cause_once_tried_again(shop: Shop) -> str:
    """Return why the job has failed again, in the words that everybody may read."""
    (laid_aside,) = shop.queue.views.failed(most=9)
    assert laid_aside.job == PREPARE_MAIL
    shop.queue.desk.retry(laid_aside.number, actor=None)
    shop.queue.runner(Terms(when_empty=True), runs_in=RunsIn.THREAD).run()
    (failed,) = shop.queue.views.failed(most=9)
    assert (failed.number, shop.queue.views.unfinished()) == (laid_aside.number, [])
    return cause(failed)


def test_one_for_nobody_is_to_be_written_anew(restored: Shop) -> None:
    assert fates(restored) == {}
    words = _cause_once_tried_again(restored)
    assert words.startswith("Since the shop was restored, mail 1 is for nobody")
    assert ANEW in words


def test_one_that_is_gone_is_to_be_written_anew(restored: Shop) -> None:
    restored.database.execute_sql("DELETE FROM mail")
    words = _cause_once_tried_again(restored)
    assert words.startswith("The mail is not there any more")
    assert ANEW in words


def test_of_some_it_is_to_be_asked_whether_they_have_it(restored: Shop) -> None:
    """The backup was made between two lots of those who were chosen."""
    mail = restored.mail.post.find(1)
    restored.database.insert(
        "mail_recipient",
        [{"mail_id": mail.id, "no": 1, "party": "contact", "state": "unknown", "changed_at": 0}],
    )
    assert fates(restored) == {Fate.UNKNOWN: 1}
    words = _cause_once_tried_again(restored)
    assert "page E-mail shows of whom" in words
    assert ANEW in words
