"""The reports that go out by themselves."""

from __future__ import annotations

from dataclasses import replace

from pos_desktop.domain.contact import ContactForm
from pos_desktop.storage import schedules as schedule_rows
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.schedules import LastRun
from pos_desktop.ui.screens.office.list_page import ListPage
from scripts.pictures.goods import has_rows, with_goods
from scripts.pictures.steps import LONG_NAME, K, States, asked
from scripts.player import Player, Step


def _with_schedules(player: Player) -> None:
    """Let a report go to people with long names, one come with each Z, and one have failed."""
    shop = player.program.shop
    people = shop.schedules.people
    for name in ("Njoki", LONG_NAME):
        form = ContactForm(name=name, email=f"{name[:5].lower().strip()}@example.com")
        shop.mail.contacts.add(form, actor=None)
    for name, to in (("weekly-sales", ("Njoki", LONG_NAME)), ("daily-z", ("owner@example.com",))):
        seen = people.find(name, actor=None)
        wanted = replace(seen.form, is_on=True, parties=people.meant(to))
        people.change(seen, wanted, actor=None)
    at = to_stored(shop.clock.now())
    for name, is_good, words in (
        ("weekly-sales", False, "It was tried 5 times and did not succeed."),
        ("daily-z", True, "Mail 12 was left for 1 person."),
    ):
        run = LastRun(at=at, is_good=is_good, words=words, job=7)
        with shop.database.write():
            schedule_rows.set_run(shop.database, name, run)


def _open_schedules(place: int) -> Step:
    """Open the list of schedules, and go to one."""

    def show(player: Player) -> None:
        with_goods(player)
        page = player.office_page("schedules", ListPage)
        has_rows(player, page, 5)
        page.step(place)
        player.settle()

    return show


def _told(player: Player) -> None:
    player.settle(player.page("schedules", ListPage).strip.isVisible)


STATES: States = {
    "schedules": (_with_schedules, _open_schedules(1)),
    "schedule_form": (_with_schedules, _open_schedules(2), K.Key_Return, asked("schedules")),
    "schedule_refused": (_open_schedules(2), K.Key_F5, _told),
}
