"""Texts are said in the language that is spoken, and again in another one."""

from __future__ import annotations

import json
import pickle
import re
from gettext import NullTranslations
from threading import Thread

import pytest

from pos_desktop.domain import text
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import _, again, joined, ngettext, speaking

LOUD = "loud"


class Loud(NullTranslations):
    """A language of capital letters."""

    def gettext(self, message: str) -> str:
        return _loud(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _loud(msgid1 if n == 1 else msgid2)


def _loud(message: str) -> str:
    """Raise all but the fields."""
    return re.sub(r"(^|\})[^{]*", lambda found: found[0].upper(), message)


@pytest.fixture(autouse=True)
def loud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text._spoken, "loads", {LOUD: Loud})
    monkeypatch.setattr(text._spoken, "known", {"en": NullTranslations()})


def test_what_stands_in_the_code_is_english() -> None:
    assert _("Sell") == "Sell"
    assert ngettext("{count} sale", "{count} sales", 2).format(count=2) == "2 sales"
    assert text.languages() == ("en", LOUD)


def test_the_whole_process_speaks_another_language() -> None:
    text.speak(LOUD)
    heard = [_("Sell"), text.language()]
    thread = Thread(target=lambda: heard.append(_("Sell")))
    thread.start()
    thread.join()
    assert heard == ["SELL", LOUD, "SELL"]
    text.speak("en")


def test_a_block_speaks_for_its_own_thread_alone() -> None:
    heard: list[str] = []
    with speaking(LOUD):
        with speaking("en"):
            heard.append(_("a"))
        thread = Thread(target=lambda: heard.append(_("b")))
        thread.start()
        thread.join()
        heard.append(_("c"))
    heard.append(_("d"))
    assert heard == ["a", "b", "C", "d"]


def test_a_block_that_fails_speaks_on_as_before() -> None:
    with pytest.raises(Refused), speaking(LOUD):
        raise Refused
    assert text.language() == "en"


def test_a_language_that_nobody_knows_is_refused() -> None:
    for speak in (text.speak, lambda language: speaking(language).__enter__()):
        with pytest.raises(ValueError, match="tlh"):
            speak("tlh")
    assert _("Sell") == "Sell"


def test_a_catalogue_is_loaded_once_and_not_before_it_is_spoken() -> None:
    loaded: list[str] = []

    def load() -> NullTranslations:
        loaded.append(LOUD)
        return Loud()

    text.learn(LOUD, load)
    assert not loaded
    for _turn in range(2):
        with speaking(LOUD):
            assert _("Sell") == "SELL"
    assert loaded == [LOUD]


def test_a_text_is_said_again_with_the_texts_in_it() -> None:
    whole = _("{name} for {price}: {why}").format(name="Unga", price="190.00", why=_("no reason"))
    counted = ngettext("one", "many", 3)
    both = joined(" · ", (whole, "", counted))
    assert both == "Unga for 190.00: no reason · many"
    with speaking(LOUD):
        assert again(both) == "Unga FOR 190.00: NO REASON · MANY"
    assert again(both) == both
    assert again("no text of ours") == "no text of ours"


def test_an_error_keeps_its_sentence_as_a_text() -> None:
    error = Refused(_("Scan a product first."))
    assert type(str(error)) is str
    with speaking(LOUD):
        assert again(error.sentence) == "SCAN A PRODUCT FIRST."
        assert Refused().sentence == "A RULE OF THE SHOP DOES NOT ALLOW THIS."


def test_a_text_leaves_the_process_as_the_words_alone() -> None:
    for left in (pickle.loads(pickle.dumps(_("Sell"))), json.loads(json.dumps(_("Sell")))):
        assert (type(left), left) == (str, "Sell")


def test_no_text_is_no_text_in_any_language() -> None:
    """Of the empty text a catalogue would tell its own particulars."""
    with speaking(LOUD):
        assert _("") == ""
