"""The language changes while the till is used: all is said anew, and nothing else changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from gettext import GNUTranslations
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop import settings
from pos_desktop.domain import text
from pos_desktop.languages import ENDONYMS
from pos_desktop.services.imports.import_jobs import IMPORT_PRODUCTS
from pos_desktop.storage.notifications import Notification
from pos_desktop.ui.kit.language_switch import LanguageSwitch
from pos_desktop.ui.kit.strip import Notice
from pos_desktop.ui.kit.tile import Rank
from pos_desktop.ui.screens.jobs.herald import News
from tests.pos_desktop.ui.conftest import FLOUR, MILK, SALT, Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any

__all__ = ["pseudo"]

KEYS = {"Ctrl", "Del", "Esc", "Ins", "ABC"} | {f"F{number}" for number in range(1, 13)}
State = Callable[[Cashier], None]


def _data(cashier: Cashier) -> set[str]:
    """Return what is nobody's language: names, codes, keys, and languages by their own names."""
    shop = cashier.program.shop
    rows = shop.reader.rows("SELECT name, code, category, unit FROM product")
    goods = {str(value) for row in rows for value in row.values() if value}
    people = {one for person in shop.sign_in.people() for one in (person.name, person.login)}
    labels = {cart.label for cart in shop.carts.held()}
    own = {shop.configuration.get(settings.SHOP_NAME), "KES", *ENDONYMS.values()}
    names = {word for name in goods | labels for word in name.split()}
    jobs = shop.reader.rows("SELECT job, queue, payload, error FROM job_history")
    stored = {
        word
        for row in jobs
        for value in row.values()
        if value is not None
        for word in re.findall(r"\w+", bytes(value).decode() if isinstance(value, bytes) else value)
    }
    return goods | people | labels | own | names | stored | KEYS


def _begin_a_minute(cashier: Cashier) -> None:
    """Let the clock of the till be at the start of a minute: it is shown, and is not to move."""
    clock = cashier.program.shop.clock
    clock.set((clock.now() + timedelta(minutes=1)).replace(second=0, microsecond=0))
    cashier.window.wall_clock.tick()


def _come_to_rest(cashier: Cashier) -> None:
    """Wait until nothing is written, printed or laid out any more."""
    reader, pill = cashier.program.shop.reader, cashier.window.top_bar.printer
    busy = "SELECT 1 FROM print_job WHERE state IN ('queued', 'sending')"
    cashier.until(lambda: not reader.rows(busy))
    cashier.drained()
    cashier.lay_out()
    cashier.until(lambda: pill.text != "Printing")
    cashier.lay_out()


def at_the_door(cashier: Cashier) -> None:
    cashier.window.sign_in.scanned(FLOUR)


def locked_out(cashier: Cashier) -> None:
    cashier.window.sign_in.lock(30)


def no_shift(cashier: Cashier) -> None:
    cashier.sign_in_only()
    cashier.window.open_shift.scanned(FLOUR)


def empty(cashier: Cashier) -> None:
    cashier.sign_in()


def selling(cashier: Cashier) -> None:
    cashier.sign_in()
    for code in (FLOUR, MILK, MILK):
        cashier.hands.scan(code)
    cashier.until(lambda: len(cashier.lines()) == 2)
    cashier.hands.type("10%\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval or cashier.total() != "320.00")


def unknown(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.scan("6161999999999")
    cashier.until(cashier.notice)


def paying(cashier: Cashier) -> None:
    cashier.sign_in()
    for code in (FLOUR, MILK):
        cashier.hands.scan(code)
    cashier.hands.type("\r100\r")
    cashier.until(lambda: "100.00" in cashier.notice())
    cashier.hands.type("\r50")
    cashier.until(lambda: cashier.sell.pay.field.text() == "50")


def changed(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.scan(FLOUR)
    cashier.hands.type("\r500\r")
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.drained()


def held(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.scan(FLOUR)
    cashier.hands.press(Qt.Key.Key_F5)
    cashier.until(lambda: cashier.window.counter.held)
    cashier.hands.scan(SALT)
    cashier.hands.press(Qt.Key.Key_F6)
    cashier.until(lambda: cashier.page() is cashier.sell.recall)


def priced(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.type(f"5*?{FLOUR}\r")
    cashier.until(lambda: cashier.page() is cashier.sell.price)


def searching(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.type("/+++")
    cashier.box_holds("/+++")


def approving(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.scan(FLOUR)
    cashier.hands.type("=10\r")
    cashier.until(lambda: cashier.page() is cashier.sell.approval)


def clearing(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.scan(FLOUR)
    cashier.sell.clear()
    cashier.until(cashier.notice)


def shift_now(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.chord(Qt.Key.Key_S, "\x13")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)


def counting(cashier: Cashier) -> None:
    shift_now(cashier)
    cashier.hands.type("\r1\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.count and cashier.notice())


def shift_closed(cashier: Cashier) -> None:
    shift_now(cashier)
    cashier.hands.type("\r2000\r")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.closed)


def day_asked(cashier: Cashier) -> None:
    held(cashier)
    cashier.sell.clear()
    cashier.sell.clear()
    cashier.until(lambda: not cashier.lines())
    cashier.hands.chord(Qt.Key.Key_S, "\x13")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.now)
    cashier.hands.type("z")
    cashier.until(lambda: cashier.page() is cashier.sell.shift.day)


def helped(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.press(Qt.Key.Key_F1)
    cashier.until(cashier.window.help.isVisible)


def letters(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.sell.toggle_pad()
    cashier.sell.do_key(Qt.Key.Key_F2)
    cashier.until(cashier.sell.letters.isVisible)


def papers(cashier: Cashier) -> None:
    changed(cashier)
    shop = cashier.program.shop
    on_its_way = "SELECT count(*) FROM print_job WHERE state IN ('queued', 'sending')"
    cashier.until(lambda: not shop.reader.value(on_its_way))
    with shop.database.write():
        shop.database.execute_sql("UPDATE print_job SET state = 'unknown', fault = 'lost'")
    cashier.hands.chord(Qt.Key.Key_P, "\x10")
    cashier.until(lambda: cashier.page() is cashier.window.papers.page)


def jobs(cashier: Cashier) -> None:
    cashier.sign_in("manager", "1234")
    cashier.hands.chord(Qt.Key.Key_W, "\x17")
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.jobs.screen)
    cashier.window.jobs.stop()


def failed_job(cashier: Cashier) -> None:
    cashier.sign_in("manager", "1234")
    queue = cashier.program.shop.queue
    queue.enqueue(IMPORT_PRODUCTS, {"file": "12.csv", "sheet": None, "mapping": {}})
    cashier.until(lambda: queue.views.counts().failed == 1)
    cashier.hands.chord(Qt.Key.Key_W, "\x17")
    screen = cashier.window.jobs.screen
    cashier.until(lambda: cashier.window.screen_shown is screen)
    cashier.hands.press(Qt.Key.Key_Right)
    cashier.until(screen.detail.cause.isVisible)


def told(cashier: Cashier) -> None:
    cashier.sign_in()
    message = Notification(number=1, text="7", at=0, job=7, batch=None, has_failed=True)
    cashier.window.jobs_door._tell(News(message, more=2))


def card_in_part(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.scan(FLOUR)
    cashier.hands.press(Qt.Key.Key_F10)
    cashier.hands.press(Qt.Key.Key_Up)
    cashier.hands.type("100\r12\r")
    cashier.until(lambda: cashier.total() == "90.00")
    cashier.hands.press(Qt.Key.Key_F10)
    cashier.until(lambda: cashier.page() is cashier.sell.money.page)


def card_and_tenders(cashier: Cashier) -> None:
    card_in_part(cashier)
    cashier.hands.press(Qt.Key.Key_Escape)
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)


def voucher(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.press(Qt.Key.Key_5, modifiers=Qt.KeyboardModifier.ControlModifier)
    cashier.until(lambda: cashier.page() is cashier.sell.money.voucher)


def finding(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.press(Qt.Key.Key_F4)
    find = cashier.sell.customers.find
    cashier.until(lambda: cashier.page() is find and find._found is not None)


def customer(cashier: Cashier) -> None:
    finding(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.customers.new)
    cashier.hands.type("12\r0722000111\r\r")
    cashier.until(lambda: cashier.sell.total.buyer.text() != "")
    cashier.hands.press(Qt.Key.Key_F4)
    cashier.until(lambda: cashier.page() is cashier.sell.customers.now)


def owing(cashier: Cashier) -> None:
    customer(cashier)
    cashier.hands.type("p")
    cashier.until(lambda: cashier.page() is cashier.sell.customers.settle)


def receipts(cashier: Cashier) -> None:
    cashier.sign_in()
    cashier.hands.press(Qt.Key.Key_F11)
    cashier.until(lambda: cashier.page() is cashier.sell.returns.ask)


def loose(cashier: Cashier) -> None:
    receipts(cashier)
    cashier.hands.press(Qt.Key.Key_F11)
    cashier.until(lambda: cashier.page() is cashier.sell.returns.loose)


def returning(cashier: Cashier) -> None:
    changed(cashier)
    cashier.sell.returns.open("1")
    cashier.until(lambda: cashier.page() is cashier.sell.returns.lines)
    cashier.hands.type("a")


def giving_back(cashier: Cashier) -> None:
    returning(cashier)
    cashier.hands.type("\r")
    cashier.until(lambda: cashier.page() is cashier.sell.tenders)
    cashier.hands.press(Qt.Key.Key_F10)
    cashier.until(lambda: cashier.page() is cashier.sell.money.page)


def given_back(cashier: Cashier) -> None:
    giving_back(cashier)
    cashier.hands.press(Qt.Key.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.drained()


def changed_by_touch(cashier: Cashier) -> None:
    changed(cashier)
    cashier.sell.toggle_pad()


STATES: tuple[State, ...] = (
    at_the_door, locked_out, no_shift, empty, selling, unknown, paying, changed, held, priced,
    searching, approving, clearing, shift_now, counting, shift_closed, day_asked, helped, letters,
    papers, jobs, failed_job, told, card_in_part, card_and_tenders, voucher, finding, customer,
    owing, receipts, loose, returning, giving_back, given_back, changed_by_touch,
)  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut_in_any_size_and_language(at_door: Cashier, state: State) -> None:
    state(at_door)
    _come_to_rest(at_door)
    assert not squeezed_in_any(at_door)


@pytest.mark.parametrize("state", STATES)
def test_all_is_said_anew_and_comes_back_as_it_was(
    at_door: Cashier, pseudo: str, state: State
) -> None:
    _begin_a_minute(at_door)
    state(at_door)
    _come_to_rest(at_door)
    window = at_door.window
    data = _data(at_door)
    assert not nameless(window)
    window.wall_clock.stop()
    window.jobs.stop()
    before = seen(window)
    window.speak(pseudo)
    at_door.lay_out()
    assert not words_left(window, data)
    window.speak("en")
    at_door.lay_out()
    assert seen(window) ^ before == set()


def test_an_open_sale_and_half_a_payment_stay_as_they_are(at_door: Cashier) -> None:
    paying(at_door)
    window, sell, counter = at_door.window, at_door.sell, at_door.window.counter
    lines, paid, field = at_door.lines(), counter.payment, sell.pay.field
    field.setSelection(0, 1)
    thread, person = at_door.program.queue, at_door.program.shop.till.person
    window.speak("sw")
    assert (at_door.lines(), counter.payment) == (lines, paid)
    assert (sell.page, field.text(), field.selectedText()) == (sell.pay, "50", "5")
    assert window.focusWidget() is field
    assert (at_door.program.queue, at_door.program.shop.till.person) == (thread, person)
    assert thread.isRunning()
    assert at_door.program.shop.print_room.devices()
    at_door.hands.type("500\r")
    at_door.until(lambda: sell.page is sell.change)
    assert "Chenji" in sell.change.amount.accessibleName()
    assert [sale.sale.totals.gross_cents for sale in at_door.sales()] == [255_00]


def test_swahili_is_what_the_catalogue_says(at_door: Cashier) -> None:
    selling(at_door)
    at_door.window.speak("sw")
    catalogue = text._spoken.catalogue()
    assert isinstance(catalogue, GNUTranslations)
    english = {one for one in seen(at_door.window) if catalogue.gettext(one) not in (one, "")}
    assert english == set()
    assert at_door.sell.accessibleName() == "Uza"


def test_a_finger_and_a_key_change_the_language_at_the_door_and_it_is_kept(
    at_door: Cashier, open_window: Callable[[Path], Cashier]
) -> None:
    window, configuration = at_door.window, at_door.program.shop.configuration
    at_door.qtbot.mouseClick(window.sign_in.languages.tiles["sw"], Qt.MouseButton.LeftButton)
    assert window.sign_in.accessibleName() == "Ingia"
    assert _chosen(window.sign_in.languages) == ["sw"]
    at_door.drained()
    assert configuration.get(settings.LANGUAGE) == "sw"
    at_door.hands.chord(Qt.Key.Key_L, "\x0c")
    assert window.sign_in.accessibleName() == "Sign in"
    at_door.hands.chord(Qt.Key.Key_L, "\x0c")
    at_door.drained()
    at_door.leave()
    text.speak("en")
    later = open_window(at_door.program.shop.directory)
    assert later.window.sign_in.accessibleName() == "Ingia"


def test_what_somebody_chooses_while_signed_in_is_not_the_machine_s(cashier: Cashier) -> None:
    cashier.hands.chord(Qt.Key.Key_L, "\x0c")
    assert cashier.sell.accessibleName() == "Uza"
    cashier.drained()
    assert cashier.program.shop.configuration.get(settings.LANGUAGE) == "en"
    cashier.hands.press(Qt.Key.Key_F12)
    cashier.until(lambda: cashier.window.screen_shown is cashier.window.sign_in)
    assert cashier.window.sign_in.accessibleName() == "Sign in"


def test_the_environment_comes_before_the_setting(
    shop_folder: Path, open_window: Callable[[Path], Cashier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POS_LANG", "sw")
    assert open_window(shop_folder).window.sign_in.accessibleName() == "Ingia"


def test_a_language_that_nobody_knows_changes_nothing(at_door: Cashier) -> None:
    with pytest.raises(ValueError, match="tlh"):
        at_door.window.speak("tlh")
    assert at_door.window.sign_in.accessibleName() == "Sign in"


def test_a_question_is_answered_in_another_language_too(at_door: Cashier) -> None:
    clearing(at_door)
    at_door.window.speak("sw")
    assert "Futa tena" in at_door.notice()
    at_door.sell.clear()
    at_door.until(lambda: not at_door.lines())


def test_what_was_on_its_way_is_said_in_the_new_language(cashier: Cashier) -> None:
    late = Notice(text._("The sale is back."))
    cashier.window.speak("sw")
    cashier.sell.strip.say(late)
    assert cashier.notice() == "Mauzo yamerudi."


def _chosen(switch: LanguageSwitch) -> list[str]:
    return [language for language, tile in switch.tiles.items() if tile.rank is Rank.CHOSEN]
