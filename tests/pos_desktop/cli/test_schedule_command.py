"""posctl schedule: what comes by itself is seen, set and run."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from pos_desktop.domain.contact import ContactForm
from pos_desktop.shop import open_shop
from tests.pos_desktop.cli.conftest import Posctl


@pytest.fixture
def known(demo: Posctl) -> Posctl:
    """A demo shop with an accountant in its address book."""
    with closing(open_shop(Path(demo.directory))) as shop:
        shop.mail.contacts.add(ContactForm(name="Otieno", email="o@example.com"), actor=None)
    return demo


def test_what_comes_by_itself_is_listed_set_and_run(known: Posctl) -> None:
    assert "every Monday at 07:00" in known("schedule", "list")
    told = known("schedule", "set", "weekly-sales", "--on", "--weekly", "tue", "6:30", "--to",
                 "Otieno", "--to", "owner@example.com", "--language", "sw")  # fmt: skip
    assert told == "weekly-sales · on · every Tuesday at 06:30 · Otieno, owner@example.com\n"
    found = known.json("schedule", "list")["schedules"]
    weekly = next(one for one in found if one["schedule"] == "weekly-sales")
    assert (weekly["at"], weekly["day"], weekly["language"]) == ("06:30", "tue", "sw")
    assert weekly["next_at"].endswith("T03:30:00+00:00")
    written = f"{weekly['next_at'][:10]} 06:30"
    assert written in known("schedule", "list")
    assert weekly["last_at"] is None
    job = known.json("schedule", "run", "weekly-sales")["job"]
    known("queue", "work", "--queue", "upkeep", "--stop-when-empty")
    found = known.json("schedule", "list")["schedules"]
    weekly = next(one for one in found if one["schedule"] == "weekly-sales")
    assert (weekly["last_ok"], weekly["last_job"]) == (True, job)
    assert "was left for 2 people" in known("schedule", "list")


def test_what_is_not_named_stays_as_it_was(known: Posctl) -> None:
    known("schedule", "set", "low-stock", "--to", "owner@example.com", "--at-z")
    assert known("schedule", "set", "low-stock", "--on") == (
        "low-stock · on · with each Z · owner@example.com\n"
    )
    found = known.json("schedule", "set", "low-stock", "--off", "--to-nobody")
    assert (found["on"], found["to"], found["when"], found["at"]) == (False, [], "at-z", None)
    assert "no job" not in known("schedule", "run", "prune")


@pytest.mark.parametrize(
    ("arguments", "told", "code"),
    [
        (("set", "daily-z", "--on"), "goes to nobody yet", 1),
        (
            ("set", "daily-z", "--on", "--to", "Nobody"),
            "Nobody of the address book",
            1,
        ),
        (("set", "low-stock", "--daily", "25:00"), "no time of the day", 1),
        (("set", "low-stock", "--weekly", "friday", "7:00"), "There is no day friday", 2),
        (("run", "weekly-sales"), "goes to nobody yet", 1),
        (("set", "daily-z", "--daily", "7:00"), "It can come thus: With each Z.", 1),
        (("set", "backup", "--at-z"), "It can come thus: Every day · Every week.", 1),
    ],
)
def test_what_cannot_be_is_a_sentence(
    known: Posctl, arguments: tuple[str, ...], told: str, code: int
) -> None:
    known("schedule", *arguments, code=code)
    assert told in known.err
