"""Makes pictures of every state of the window, for people to look at.

    .venv/bin/python scripts/screenshots.py [--language sw] [--size 1024x600] [--turn 1/2] [PART]

Each state is seen in every language and size (or in those named) and theme: the till is brought
there once and then speaks another language, as it does for people. The pictures go to
build/screenshots; with PART those alone whose names hold it. With a turn such as 1/2 only each
second state is done, beginning with the first, so that two processes share the work. The shop is
the demo shop, in a folder that is thrown away.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pos_hardware.discovery import DeviceKind, FoundDevice
from pos_hardware.displays.display import DisplayState
from pos_hardware.faults import Fault
from pos_hardware.scales.reading import ScaleFault, Weight
from pos_hardware.testing.scale_simulator import ToledoSimulator
from pos_queue.context import JobContext
from pos_queue.errors import JobCancelled
from pos_queue.job import Job
from pos_sync.testing.mail_simulator import MailSimulator
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pos_desktop import settings
from pos_desktop.app import Program
from pos_desktop.domain import commands as do
from pos_desktop.domain import text
from pos_desktop.domain.basket import Basket
from pos_desktop.domain.contact import ContactForm, ContactKind
from pos_desktop.domain.errors import Unavailable
from pos_desktop.domain.export import ExportWish, FileForm
from pos_desktop.domain.goods import Delivery, GoodsLine
from pos_desktop.domain.licence import Activation, Plan, standing
from pos_desktop.domain.mail import Audience, PartyKind
from pos_desktop.domain.mail_template import TemplateForm
from pos_desktop.domain.product import ProductChoice
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.sale import Sale
from pos_desktop.domain.staff import CASHIER
from pos_desktop.domain.supplier import SupplierForm
from pos_desktop.domain.tender import Payment, TenderKind
from pos_desktop.domain.text import ENGLISH, LANGUAGES, _, ngettext
from pos_desktop.languages import learn_languages
from pos_desktop.services.background.enqueueing import JobName
from pos_desktop.services.imports.import_words import job_sentence
from pos_desktop.services.licence.subscription import Subscription
from pos_desktop.services.mail.mailing import Letter
from pos_desktop.services.people.customers import Particulars
from pos_desktop.services.people.staffing import suggest_login
from pos_desktop.services.printing.faults import fault_words
from pos_desktop.services.reports.named_periods import PeriodName
from pos_desktop.services.reports.report_filters import By
from pos_desktop.services.sales.selling import Checkout, Recorded
from pos_desktop.services.stock import take_jobs
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shops.new_shop import demo_shop, make_shop
from pos_desktop.storage import licence_rows, product_imports, sales
from pos_desktop.storage import schedules as schedule_rows
from pos_desktop.storage.job_states import Begun
from pos_desktop.storage.licence_rows import LicencePayment, PaymentState
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.notifications import add
from pos_desktop.storage.sales import SaleFrame
from pos_desktop.storage.schedules import LastRun
from pos_desktop.ui.kit import fonts, theme
from pos_desktop.ui.kit.pill import Tone
from pos_desktop.ui.kit.spoken import retell
from pos_desktop.ui.kit.tokens import THEMES
from pos_desktop.ui.screens.catalogue.catalogue_page import CataloguePage
from pos_desktop.ui.screens.catalogue.import_page import ImportPage
from pos_desktop.ui.screens.catalogue.price_form import PriceForm
from pos_desktop.ui.screens.customer.customer_window import CustomerWindow
from pos_desktop.ui.screens.devices.device_state import devices_pill, display_trouble
from pos_desktop.ui.screens.first_run.first_run import FirstRun
from pos_desktop.ui.screens.licence.subscription_page import SubscriptionPage
from pos_desktop.ui.screens.mail.mail_page import MailPage
from pos_desktop.ui.screens.mail.mail_setup_page import MailSetupPage
from pos_desktop.ui.screens.mail.write_page import WritePage
from pos_desktop.ui.screens.office.layout_page import LayoutPage
from pos_desktop.ui.screens.office.list_page import ListPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from pos_desktop.ui.screens.reports.ask_forms import PeriodForm
from pos_desktop.ui.screens.reports.reports_page import ReportsPage
from pos_desktop.ui.screens.stock.take_page import TakePage
from pos_desktop.ui.shell.top_bar import TopBar
from pos_desktop.ui.shell.window import Window
from scripts.backups_states import BACKUPS_STATES
from scripts.devices_states import DEVICES_STATES
from scripts.doctor_states import DOCTOR_STATES
from scripts.mpesa_states import MPESA_STATES
from scripts.player import Player, State
from scripts.recovery_states import RECOVERY_STATES

OUT = Path(__file__).resolve().parent.parent / "build" / "screenshots"
IMPORT, MAIL, HELD = map(JobName, ("import_prices", "mail_receipt", "mail_statements"))
LONG_JOB = JobName("work_out_what_every_customer_of_the_last_five_years_has_bought_and_returned")
HOUR = timedelta(hours=1)
SIZES = ((1366, 768), (1024, 600), (1024, 580), (1920, 1080), (960, 540))
ALL_SIZES = tuple(f"{width}x{height}" for width, height in SIZES)
LONG_NAME = "Blue Band Original Spread for Bread with Vitamins A, D, E and Omega, family tub 1 kg"


LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


MAIL_TEXT = """Dear {name},

the beans of the new harvest are here: yellow, red and black, from 140 a kilo. Come by between eight
and eight; whoever brings their own bag gets a tenth off.

Your account with us stands at {balance}.

Karibu sana,
{shop}
{shop_address}"""
MAIL_HTML = """<h2>The beans are here</h2><p>Dear {name},</p>
<p>yellow, red and black, from <b>140 a kilo</b>.</p><img src="http://example.com/beans.png">
<p><a href="http://example.com">More</a></p>"""


def sign_in(player: Player) -> None:
    player.settle()


def sign_in_wrong(player: Player) -> None:
    player.type("nj9999")
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sign_in.who.strip.isVisible())


def open_shift(player: Player) -> None:
    player.window.sign_in.submitted.emit("cashier", "1111")
    player.settle(lambda: player.window.screen_shown is player.window.open_shift)
    player.type("2000")


def empty(player: Player) -> None:
    player.sign_in()


def selling(player: Player) -> None:
    player.sign_in()
    player.scan(0, 0, 5, 9, 9, 9, 9)
    player.type("10%")
    player.press(Qt.Key.Key_Return)
    player.scan(14, 20, 20, 25)


def held(player: Player) -> None:
    player.sign_in()
    for places in ((3, 4, 6), (12,), (7, 8, 9, 10)):
        player.scan(*places)
        count = len(player.window.counter.held)
        player.press(Qt.Key.Key_F5)
        player.settle(partial(_more_held, player, count))
    player.scan(0, 0, 5)


def _more_held(player: Player, before: int) -> bool:
    return len(player.window.counter.held) > before


def recall(player: Player) -> None:
    held(player)
    player.press(Qt.Key.Key_F6)


def recalled_at_old_prices(player: Player) -> None:
    held(player)
    products = player.program.shop.goods.products

    def change() -> None:
        for card in products.listed(ProductChoice(), 200):
            form = replace(card.form, price_cents=card.form.price_cents + 5_00)
            products.change(card, form, actor=None)

    done: list[bool] = []
    player.program.lane.submit(change, lambda _done: done.append(True))
    player.settle(lambda: bool(done))
    sell = player.window.sell
    player.press(Qt.Key.Key_F6)
    player.settle(lambda: sell.page is sell.recall)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: sell.strip.notice is not None and sell.strip.notice.act is not None)


def long_cart(player: Player) -> None:
    player.sign_in()
    player.scan(*range(3, 16), -1, 16)


def long_names(player: Player) -> None:
    player.sign_in()
    player.scan(-1, 3, -1, 8)
    player.window.sell.box.begin("12*")


def one_word(player: Player) -> None:
    player.sign_in()
    player.scan(3, -2, 8)


def one_word_price(player: Player) -> None:
    selling(player)
    player.window.sell.box.begin("?")
    player.scan(-2)


def one_word_approval(player: Player) -> None:
    one_word(player)
    player.press(Qt.Key.Key_Up)
    player.type("=150")
    player.press(Qt.Key.Key_Return)


def large(player: Player) -> None:
    player.sign_in()
    player.scan(*range(9), 25, -3)
    for typed in ("*53", "5%"):
        player.type(typed)
        player.press(Qt.Key.Key_Return)
    player.press(Qt.Key.Key_Up)
    player.type("*12.345")
    player.press(Qt.Key.Key_Return)


def large_change(player: Player) -> None:
    large(player)
    player.press(Qt.Key.Key_Return)
    player.type("99000000")
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    player.scan(3, 3)


def many(player: Player) -> None:
    player.sign_in()
    player.scan(*range(30))


def unknown(player: Player) -> None:
    selling(player)
    player.window.sell.scanned("6161109999999")
    player.settle()


def long_error(player: Player) -> None:
    selling(player)
    player.type("0.5*P001")
    player.press(Qt.Key.Key_Return)


def search(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_F2)
    player.type("rise")


def search_typing(player: Player) -> None:
    selling(player)
    player.type("milk")


def search_nothing(player: Player) -> None:
    selling(player)
    player.type("/zzzzq")


def price(player: Player) -> None:
    selling(player)
    player.window.sell.box.begin("?")
    player.scan(7)


def price_of_five(player: Player) -> None:
    selling(player)
    player.type("5*")
    player.press(Qt.Key.Key_F3)
    player.scan(7)


def pay(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_Return)


def pay_more(player: Player) -> None:
    pay(player)
    player.type("4000")


def pay_part(player: Player) -> None:
    pay(player)
    player.type("500")
    player.press(Qt.Key.Key_Return)


def pay_rest(player: Player) -> None:
    pay_part(player)
    player.press(Qt.Key.Key_Return)


def change(player: Player) -> None:
    pay_more(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)


def next_sale(player: Player) -> None:
    change(player)
    player.scan(3, 3)


def approval(player: Player) -> None:
    selling(player)
    player.type("=150")
    player.press(Qt.Key.Key_Return)


def approval_held(player: Player) -> None:
    approval_reason(player)
    player.type("12")
    player.press(Qt.Key.Key_F8)


def approval_wrong(player: Player) -> None:
    approval_reason(player)
    player.type("0000")
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.approval.who.strip.isVisible())


def keypad(player: Player) -> None:
    selling(player)
    player.window.sell.toggle_pad()
    player.settle()


def keypad_pay(player: Player) -> None:
    keypad(player)
    player.press(Qt.Key.Key_Return)
    player.type("4000")


def change_without_paper(player: Player) -> None:
    change(player)
    _paper_runs_out(player)


def keypad_change_without_paper(player: Player) -> None:
    keypad_change(player)
    _paper_runs_out(player)


def _paper_runs_out(player: Player) -> None:
    player.settle(lambda: not _states(player) & {"queued", "sending"})
    _tell_trouble(player, Fault.PAPER_OUT)


def _tell_trouble(player: Player, fault: Fault) -> None:
    trouble = fault_words(fault)
    player.window.top_bar.show_printer(trouble, Tone.DANGER, "")
    player.window.counter.printer.tell(trouble, holds_papers=True)
    player.settle()


def keypad_change(player: Player) -> None:
    change(player)
    player.window.sell.toggle_pad()
    player.settle()


def keypad_approval(player: Player) -> None:
    selling(player)
    player.type("=150")
    player.press(Qt.Key.Key_Return)
    player.window.sell.toggle_pad()
    player.settle()


def keypad_approval_wrong(player: Player) -> None:
    approval_wrong(player)
    player.window.sell.toggle_pad()
    player.settle()


def letters(player: Player) -> None:
    selling(player)
    player.window.sell.box.letters_wanted.emit()
    player.settle()


def letters_search(player: Player) -> None:
    letters(player)
    for letter in "mil":
        player.window.sell.letters.pressed.emit(letter)
    player.settle()


def letters_keypad(player: Player) -> None:
    keypad(player)
    player.window.sell.do_key(Qt.Key.Key_F2)
    player.settle()


def help_shown(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_F1)


def clear_asked(player: Player) -> None:
    selling(player)
    _ask_clear(player)


def _ask_clear(player: Player) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(player.window.windowHandle(), Qt.Key.Key_Delete, shift)
    player.settle(player.window.sell.strip.isVisible)


def clear_asked_paid(player: Player) -> None:
    tender_split(player)
    _ask_clear(player)


def clear_asked_given_back(player: Player) -> None:
    return_by_card(player)
    player.type("A78")
    player.press(Qt.Key.Key_Up)
    player.type("200")
    for _press in range(2):
        player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.approval)
    player.press(Qt.Key.Key_Down)
    player.type("1234")
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.tenders)
    _ask_clear(player)


def shift_now(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    player.open_shift_page()


def shift_count(player: Player) -> None:
    shift_now(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.count)
    player.type("5112.50")


def count_doubted(player: Player) -> None:
    shift_count(player)
    player.press(Qt.Key.Key_Return)
    player.settle(player.window.sell.strip.isVisible)


def shift_pieces(player: Player) -> None:
    shift_now(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.count)
    player.type("n4")
    player.press(Qt.Key.Key_Return)
    player.type("2")


def shift_variance(player: Player) -> None:
    shift_now(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.count)
    player.type("3360")
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.variance)


def shift_variance_asked(player: Player) -> None:
    shift_variance(player)
    player.press(Qt.Key.Key_Return)


def shift_closed(player: Player) -> None:
    shift_variance_asked(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.closed)


def cash_out(player: Player) -> None:
    shift_now(player)
    player.type("o500")


def no_sale(player: Player) -> None:
    shift_now(player)
    player.type("d")


def receipt_layout(player: Player) -> None:
    shop = player.program.shop
    player.press(Qt.Key.Key_F12)
    player.settle(lambda: player.window.screen_shown is player.window.sign_in)
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: shop.till.state.person is not None)
    player.window.office.show_page("receipt")
    page = player.window.office.page("receipt")
    assert isinstance(page, LayoutPage)
    player.settle(lambda: not page.preview.pixmap().isNull())


def training(player: Player) -> None:
    menu(player)
    player.window.office.show_page("training")


def menu(player: Player) -> None:
    selling(player)
    player.window.office.show_menu()


def day_asked(player: Player) -> None:
    shift_now(player)
    player.type("z")
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.day)


def day_asked_on_hold(player: Player) -> None:
    held(player)
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    player.open_shift_page()
    player.type("z")
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.day)


def day_closed(player: Player) -> None:
    day_asked(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.shift.closed)


def day_closed_with_refund(player: Player) -> None:
    day_closed(player)
    rows = (_("Sales"), "16"), (_("Refunds"), "1"), (_("VAT included"), "535.53")
    player.window.sell.shift.closed.facts.show_rows(*rows)


def x_without_paper(player: Player) -> None:
    shift_now(player)
    player.type("x")
    player.settle(player.window.sell.strip.isVisible)
    _paper_runs_out(player)


def day_closed_without_paper(player: Player) -> None:
    day_closed(player)
    _paper_runs_out(player)


def no_shift(player: Player) -> None:
    player.window.sign_in.submitted.emit("cashier", "1111")
    player.settle(lambda: player.window.screen_shown is player.window.open_shift)
    player.open_shift_page()


def shift_lost(player: Player) -> None:
    selling(player)
    other = open_shop(player.program.shop.directory)
    other.closing.close_shift(player.program.shop.till.person, 0)
    other.close()
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.screen_shown is player.window.open_shift)


def not_recorded(player: Player) -> None:
    selling(player)

    def full(checkout: Checkout) -> Recorded:  # noqa: ARG001 - whatever is sold
        raise Unavailable(_("The disk is full; free some room, then try again."))

    player.program.shop.till.record = full  # type: ignore[method-assign]
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.strip.isVisible())


def papers(player: Player) -> None:
    shop = player.program.shop
    selling(player)
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    player.settle(lambda: not _states(player) & {"queued", "sending"})
    with shop.database.write():
        shop.database.execute_sql("UPDATE print_job SET state = 'unknown', fault = 'lost'")
    player.scan(3)
    player.window.papers.show()
    player.settle(lambda: player.window.sell.page is player.window.papers.page)


def papers_waiting(player: Player) -> None:
    player.sign_in()
    for place in (0, 5):
        player.scan(place)
        player.press(Qt.Key.Key_F8)
        player.settle(lambda: player.window.sell.page is player.window.sell.change)
    player.settle(lambda: not _states(player) & {"queued", "sending"})
    player.program.shop.print_room.stop()
    _set_papers(player, "queued", Fault.PAPER_OUT)
    player.window.papers.show()
    player.settle(lambda: player.window.sell.page is player.window.papers.page)
    _tell_trouble(player, Fault.PAPER_OUT)


def papers_no_drawer(player: Player) -> None:
    papers_waiting(player)
    database = player.program.shop.database
    with database.write():
        sql = "UPDATE print_job SET state = 'failed', fault = ? WHERE kind = 'drawer'"
        database.execute_sql(sql, (Fault.TOO_LATE.value,))
    player.window.papers.refresh()
    player.settle()


def papers_failed(player: Player) -> None:
    papers(player)
    _set_papers(player, "failed", Fault.BAD_DOCUMENT)
    player.window.papers.refresh()
    player.settle()


def papers_unreachable(player: Player) -> None:
    papers_waiting(player)
    _set_papers(player, "queued", Fault.UNREACHABLE)
    player.window.papers.refresh()
    player.settle()
    _tell_trouble(player, Fault.UNREACHABLE)


def _set_papers(player: Player, state: str, fault: Fault) -> None:
    database = player.program.shop.database
    with database.write():
        sql = "UPDATE print_job SET state = ?, fault = ? WHERE kind <> 'drawer'"
        database.execute_sql(sql, (state, fault.value))


def _states(player: Player) -> set[str]:
    rows = player.program.shop.reader.rows("SELECT DISTINCT state FROM print_job")
    return {row["state"] for row in rows}


def _job_work(player: Player) -> None:
    """Put jobs in: two run, some wait, one for the network, and some have failed."""
    queue, clock = player.program.shop.queue, player.program.shop.clock
    for number in range(3):
        payload = {"to": f"a{number}@example.com", "password": "hidden"}
        queue.enqueue(MAIL, payload, started_by="Njeri")
    counts = queue.views.counts
    player.settle(lambda: counts().failed == 3)
    for place in range(2):
        queue.enqueue(IMPORT, {"file": f"price-list-{place + 1}.xlsx", "rows": 12_480})
    player.settle(lambda: counts().running == 2)
    queue.desk.pause("statements", actor=None)
    queue.enqueue(HELD)
    queue.enqueue(LONG_JOB)
    queue.enqueue(MAIL, {"to": "b@example.com", "password": "x"}, at=clock.now() + HOUR)
    _spread(player)


def _spread(player: Player) -> None:
    """Let the day have had work in it."""
    database = player.program.shop.database
    now = int(player.program.shop.clock.now().timestamp() * 1000)
    columns = "job, queue, payload, priority, sensitive, created_at, attempts, failures"
    with database.write():
        for number in range(400):
            ended = now - (number * number * 7_919) % 86_000_000
            database.execute_sql(
                f"INSERT INTO job_history (number, {columns}, state, run_at, started_at, "
                f"finished_at) SELECT {50_000 + number}, {columns}, 'done', ?, ?, ? "
                "FROM job_history WHERE state = 'failed' LIMIT 1",
                (ended - 900 - number * 20, ended - 900, ended),
            )


def _open_jobs(player: Player) -> None:
    window = player.window
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_W, control)
    player.settle(lambda: window.screen_shown is window.jobs.screen)
    player.settle(lambda: window.jobs.screen.detail.isVisible())


def jobs_empty(player: Player) -> None:
    player.sign_in("manager", "1234")
    _open_jobs(player)


def jobs_work(player: Player) -> None:
    player.sign_in("manager", "1234")
    _job_work(player)
    _open_jobs(player)
    player.window.top_bar.show_clock_doubt(_clock_words())
    player.window.top_bar.show_printer(_paper_words(), Tone.WARNING)


def jobs_failed(player: Player) -> None:
    jobs_work(player)
    player.press(Qt.Key.Key_Right)
    player.press(Qt.Key.Key_F4)
    player.settle(lambda: "Traceback" in player.window.jobs.screen.detail.words())


def jobs_queues(player: Player) -> None:
    jobs_work(player)
    player.press(Qt.Key.Key_Right)
    player.press(Qt.Key.Key_Right)
    player.settle(lambda: player.window.jobs.screen.list.lines.rowCount() > 2)
    player.press(Qt.Key.Key_Down)
    player.press(Qt.Key.Key_Down)


def jobs_queue_asked(player: Player) -> None:
    jobs_queues(player)
    player.press(Qt.Key.Key_Return)


def jobs_pill_paused(player: Player) -> None:
    player.sign_in("manager", "1234")
    player.program.shop.queue.desk.pause("statements", actor=None)
    player.settle(player.window.top_bar.jobs.isVisible)


def jobs_pill_quiet(player: Player) -> None:
    player.sign_in("manager", "1234")
    player.program.shop.queue.desk.pause("statements", actor=None)
    player.program.shop.queue.enqueue(HELD)
    player.settle(player.window.top_bar.jobs.isVisible)


def jobs_pill_all(player: Player) -> None:
    selling(player)
    bar = player.window.top_bar
    bar.show_clock_doubt(_clock_words())
    bar.show_printer(_paper_words(), Tone.WARNING)
    _miss_display(bar)
    player.settle(lambda: player.program.queue.isRunning())
    player.program.queue.working.disconnect()
    player.window.jobs.show_working(False)  # noqa: FBT003 - a signal has no names


def _long_message() -> str:
    why = _("{file} has no column with a barcode or a code; name it with --map column=barcode.")
    return _("{job} (job {number}) has failed: {why}").format(
        job=LONG_JOB.replace("_", " ").capitalize(),
        number=4711,
        why=why.format(file=f"{LONG_WORD}.xlsx"),
    )


def _clock_words() -> str:
    sentence = _(
        "The computer's clock says {clock}, but the books were last written at {believed}. Set the "
        "computer's date and time if they are wrong; selling goes on."
    )
    return sentence.format(clock="01/01/2020 08:00", believed="24/11/2026 15:00")


def _paper_words() -> str:
    text = ngettext("{count} paper to look at", "{count} papers to look at", 3)
    return text.format(count=3)


Told = tuple[str, str]
"""What a message says, and how its job has ended: done, partly or failed."""


def _leave(player: Player, login: str, *told: Told) -> None:
    """Leave messages of jobs, as the jobs of another program do."""
    shop = player.program.shop
    owner = next(one.id for one in shop.sign_in.people() if one.login == login)
    now = int(shop.clock.now().timestamp() * 1000)
    with shop.database.write():
        for number, (text, ended) in enumerate(told, start=12):
            add(
                shop.database,
                owner,
                text,
                now,
                job=number,
                has_failed=ended == "failed",
                is_partly=ended == "partly",
            )


def _done(*, rejected: int = 0) -> Told:
    counts = {"rows": 214, "imported": 184 - rejected, "updated": 30, "unchanged": 0}
    kept = {
        "import": 12,
        "file": "prices of November.xlsx",
        "counts": {**counts, "rejected": rejected, "stock_ignored": 0},
        "reactivated": 0,
    }
    return job_sentence(kept).text, "partly" if rejected else "done"


def _failed() -> Told:
    tries = ngettext(
        "It was tried once and did not succeed.",
        "It was tried {count} times and did not succeed.",
        5,
    )
    sentence = _("{job} (job {number}) has failed: {why}")
    return sentence.format(job="Mail receipt", number=31, why=tries.format(count=5)), "failed"


def _toast(player: Player, *told: Told) -> None:
    selling(player)
    _leave(player, "cashier", *told)
    player.settle(player.window.toast.isVisible)


def toast_done(player: Player) -> None:
    _toast(player, _done())


def toast_partly(player: Player) -> None:
    _toast(player, _done(rejected=4))


def toast_failed(player: Player) -> None:
    _toast(player, _done(), _done(), _failed())


def toast_long(player: Player) -> None:
    bar = player.window.top_bar
    bar.show_clock_doubt(_clock_words())
    bar.show_printer(_paper_words(), Tone.WARNING)
    _toast(player, *[_done()] * 12, (_long_message(), "failed"))


def toast_pill(player: Player) -> None:
    toast_failed(player)
    player.window.toast.leave()


def messages(player: Player) -> None:
    player.sign_in("manager", "1234")
    _job_work(player)
    _leave(player, "manager", _done(), _done(rejected=4), (_long_message(), "failed"), _failed())
    player.settle(player.window.toast.isVisible)
    player.window.toast.leave()
    _open_jobs(player)
    for _step in range(3):
        player.press(Qt.Key.Key_Right)
    screen = player.window.jobs.screen
    player.settle(lambda: screen.list.lines.rowCount() == 4)
    player.press(Qt.Key.Key_Down)


def messages_many(player: Player) -> None:
    player.sign_in("manager", "1234")
    _leave(player, "manager", *[_done(), _failed()] * 120)
    player.settle(player.window.toast.isVisible)
    _open_jobs(player)


def messages_of_cashier(player: Player) -> None:
    toast_failed(player)
    _open_jobs(player)


def toast_in_office(player: Player) -> None:
    office_menu(player)
    _leave(player, "manager", _done(rejected=4))
    player.settle(player.window.toast.isVisible)


def messages_from_office(player: Player) -> None:
    toast_in_office(player)
    _open_jobs(player)


def messages_of_import(player: Player) -> None:
    office_menu(player)
    shop = player.program.shop
    file = shop.directory.parent / "tea and coffee, prices of November.csv"
    file.write_text(TEA.format(name=LONG_NAME))
    shop.import_jobs.leave(file, actor=shop.till.person)
    player.settle(player.window.toast.isVisible)
    _open_jobs(player)
    player.settle(player.window.jobs.screen.first.isVisible)


def messages_empty(player: Player) -> None:
    player.sign_in("manager", "1234")
    _open_jobs(player)
    for _step in range(3):
        player.press(Qt.Key.Key_Right)


def jobs_help(player: Player) -> None:
    jobs_empty(player)
    player.press(Qt.Key.Key_F1)


def jobs_refused(player: Player) -> None:
    jobs_work(player)
    player.press(Qt.Key.Key_Right)
    screen = player.window.jobs.screen
    player.settle(lambda: screen.job is not None)
    player.window.jobs.stop()
    assert screen.job is not None
    player.program.shop.queue.desk.forget(screen.job, actor=None)
    screen.forget_wanted.emit(screen.job)
    player.settle(screen.strip.isVisible)


def _chord(player: Player, key: Qt.Key) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(player.window.windowHandle(), key, control)
    player.settle()


def tender_card(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_F10)
    player.type("A77")


def tender_split(player: Player) -> None:
    tender_card(player)
    player.press(Qt.Key.Key_Up)
    player.type("300")
    for _press in range(2):
        player.press(Qt.Key.Key_Return)
    for amount in ("100", "50"):
        player.press(Qt.Key.Key_Return)
        player.type(amount)
        player.press(Qt.Key.Key_Return)


def keypad_split(player: Player) -> None:
    tender_split(player)
    player.window.sell.toggle_pad()
    player.settle()


def keypad_card(player: Player) -> None:
    tender_card(player)
    player.window.sell.toggle_pad()
    player.settle()


def tender_voucher(player: Player) -> None:
    selling(player)
    _chord(player, Qt.Key.Key_5)


def voucher_change(player: Player) -> None:
    player.sign_in()
    _chord(player, Qt.Key.Key_5)
    player.settle(lambda: player.window.sell.page is player.window.sell.money.voucher)
    player.type("s1500")
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.page is player.window.sell.tenders)
    player.scan(0, 5, 9)
    row = player.program.shop.reader.row("SELECT code FROM voucher")
    assert row is not None
    player.type(str(row["code"]))
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    player.settle(lambda: not player.window.counter.is_recording)


def _add_customers(player: Player) -> None:
    shop = player.program.shop
    for number, name in enumerate(("Akinyi Otieno", f"Wanjiku {LONG_WORD}", "Zuhura Said")):
        phone = f"07123456{number:02}"
        added = shop.customers.add(Particulars(name=name, phone=phone), actor=None)
        shop.customers.set_limit(added, 1000_00, actor=None)


def customer_find(player: Player) -> None:
    selling(player)
    _add_customers(player)
    player.press(Qt.Key.Key_F4)
    player.settle(lambda: bool(player.window.sell.customers.find.list.lines.rows))


def customer_none(player: Player) -> None:
    customer_find(player)
    player.type("xyz")
    player.settle(lambda: not player.window.sell.customers.find.list.lines.rows)


def customer_new(player: Player) -> None:
    customer_none(player)
    player.press(Qt.Key.Key_Return)


def customer_new_agrees(player: Player) -> None:
    customer_new(player)
    player.press(Qt.Key.Key_Return)
    player.type("w@example.org")
    player.press(Qt.Key.Key_Return)
    player.press(Qt.Key.Key_Right)


def customer_buys(player: Player) -> None:
    customer_find(player)
    player.press(Qt.Key.Key_Down)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.tenders)


def customer_now(player: Player) -> None:
    customer_buys(player)
    player.press(Qt.Key.Key_F4)
    player.settle(lambda: player.window.sell.page is player.window.sell.customers.now)


def customer_settles(player: Player) -> None:
    customer_now(player)
    player.type("p")


def tender_account(player: Player) -> None:
    customer_buys(player)
    _chord(player, Qt.Key.Key_4)


def account_approval(player: Player) -> None:
    tender_account(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.approval)


def approval_reason(player: Player) -> None:
    approval(player)
    player.press(Qt.Key.Key_Down)


def keypad_approval_reason(player: Player) -> None:
    keypad_approval(player)
    player.press(Qt.Key.Key_Down)


def return_ask(player: Player) -> None:
    change(player)
    player.press(Qt.Key.Key_F11)
    player.settle(lambda: player.window.sell.page is player.window.sell.returns.ask)


def return_lines(player: Player) -> None:
    return_ask(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.returns.lines)
    player.press(Qt.Key.Key_Right)
    player.press(Qt.Key.Key_Down)
    player.press(Qt.Key.Key_Down)
    player.type("2")


def return_nothing_chosen(player: Player) -> None:
    return_ask(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.returns.lines)
    player.press(Qt.Key.Key_Return)
    player.settle(player.window.sell.strip.isVisible)


def return_in_cart(player: Player) -> None:
    return_lines(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.tenders)


def return_by_card(player: Player) -> None:
    return_in_cart(player)
    player.press(Qt.Key.Key_F10)


def exchange(player: Player) -> None:
    return_in_cart(player)
    player.scan(5, 12, 20)


def exchange_done(player: Player) -> None:
    exchange(player)
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)


def exchange_next(player: Player) -> None:
    exchange_done(player)
    player.settle(lambda: not player.window.counter.is_recording)
    player.scan(3)


def return_loose(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_F11)
    player.settle(lambda: player.window.sell.page is player.window.sell.returns.ask)
    player.press(Qt.Key.Key_F11)
    player.scan(3, 8, 3, -1)


def return_loose_approval(player: Player) -> None:
    return_loose(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: player.window.sell.page is player.window.sell.approval)


def keypad_return_approval(player: Player) -> None:
    return_loose_approval(player)
    player.window.sell.toggle_pad()
    player.press(Qt.Key.Key_Down)


def locked(player: Player) -> None:
    selling(player)
    player.press(Qt.Key.Key_F12)
    player.settle(lambda: player.window.screen_shown is player.window.sign_in)


def _open_page(player: Player, name: str) -> ListPage:
    """Open a page behind the counter as the manager."""
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page(name)
    page = player.window.office.page(name)
    assert isinstance(page, ListPage)
    player.settle(lambda: page.list.lines.rowCount() > 0)
    return page


def _with_people(player: Player) -> None:
    """Let the shop have twelve people, one of whom has left, and customers with accounts."""
    shop = player.program.shop
    names = ("Amina Otieno", "Brian Mwangi", "Cherono Kiplagat", "Dorcas Achieng", LONG_NAME[:60])
    for name in (*names, "Esther", "Fatuma", "Grace", "Hassan", "Ibrahim Abdirahman Mohamud"):
        login = suggest_login(name, {one.login for one in shop.sign_in.people()})
        shop.staffing.add(login=login, name=name, role=CASHIER, pin="2468", actor=None)
    shop.staffing.let_go("dorcas", actor=None)


def _with_customers(player: Player) -> None:
    shop = player.program.shop
    for place, name in enumerate(("Akinyi Otieno", "Baraka Hotel", LONG_NAME, LONG_WORD)):
        one = Particulars(
            name=name,
            phone=f"071234567{place}",
            email=f"customer.{place}@example.com",
            kra_pin="P051234567X" if place == 1 else "",
            address="Tom Mboya Street 14, opposite the old post office, Nairobi",
            note="Pays at the end of the month",
        )
        shop.customers.set_limit(shop.customers.add(one, actor=None), 1_540_000_00, actor=None)
    code = shop.customers.search("Akinyi")[0].code
    player.sign_in()
    for _sale in range(2):
        player.scan(0, 0, 5, 9)
        for command in (do.SetCustomer(code), do.PayCredit()):
            player.window.counter.carry_out(command, lambda _reply: None, lambda _error: None)
            player.settle()
    player.window.counter.lock()
    player.settle(lambda: player.window.screen_shown is player.window.sign_in)


def sign_in_many(player: Player) -> None:
    _with_people(player)
    player.window.sign_in.show_people(player.program.shop.sign_in.people())
    player.type("h")


def staff(player: Player) -> None:
    _with_people(player)
    _open_page(player, "staff")
    player.press(Qt.Key.Key_F4)


def staff_add(player: Player) -> None:
    _open_page(player, "staff")
    player.press(Qt.Key.Key_F2)
    player.type("Amina Otieno")


def staff_refused(player: Player) -> None:
    page = _open_page(player, "staff")
    player.press(Qt.Key.Key_Down)
    player.press(Qt.Key.Key_Delete)
    player.press(Qt.Key.Key_Delete)
    player.settle(page.strip.isVisible)


def roles(player: Player) -> None:
    _open_page(player, "roles")
    player.press(Qt.Key.Key_Right)
    player.press(Qt.Key.Key_Return)
    player.press(Qt.Key.Key_Escape)


def customers_empty(player: Player) -> None:
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page("customers")
    player.settle()


def customers(player: Player) -> None:
    _with_customers(player)
    _open_page(player, "customers")


def customer(player: Player) -> None:
    customers(player)
    player.press(Qt.Key.Key_Return)
    player.settle()


def customer_form(player: Player) -> None:
    customer(player)
    QTest.qWait(400)
    player.press(Qt.Key.Key_Return)


def customer_erase(player: Player) -> None:
    customer(player)
    player.press(Qt.Key.Key_Delete)


TEA = """SKU,Jina,Bei,Remarks
T1,Green tea,185,new
T2,"{name}",120,
T3,White tea,no price,
T4,Red tea,1e9999,
T1,Green tea,190,again
"""


def _goods_page(player: Player, name: str) -> ListPage:
    """Open a page of goods as the manager, in a shop where some goods are low."""
    goods = player.program.shop.goods
    dairy = goods.suppliers.add(
        SupplierForm(name="Brookside Dairy Kenya Limited, Ruiru"), actor=None
    )
    cards = goods.products.listed(ProductChoice(), 8)
    for place, card in enumerate(cards):
        supplier_id = dairy.id if place % 2 else None
        form = replace(card.form, reorder_level=90_000, reorder_to=200_000, supplier_id=supplier_id)
        goods.products.change(card, form, actor=None)
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page(name)
    page = player.window.office.page(name)
    assert isinstance(page, ListPage)
    player.settle()
    return page


def low_stock(player: Player) -> None:
    page = _goods_page(player, "low")
    player.settle(lambda: page.list.lines.rowCount() > 0)


def files(player: Player) -> None:
    shop = player.program.shop
    for wish in (
        ExportWish(
            what="sales-by-product", form=FileForm.PDF, first="2026-11-01", end="2026-12-01"
        ),
        ExportWish(what="products", form=FileForm.CSV),
        ExportWish(what="stock", form=FileForm.XLSX),
    ):
        shop.exports.leave(wish, actor=None)
    shop.database.execute_sql(
        "UPDATE export SET state = 'done', file = 'f', row_count = 12345, byte_count = 345678 "
        "WHERE number = 1"
    )
    shop.database.execute_sql(
        "UPDATE export SET state = 'failed', reason = 'The disk is full: free some room, then make "
        "the file again.' WHERE number = 2"
    )
    _open_office(player, "files")
    page = player.window.office.page("files")
    assert isinstance(page, ListPage)
    player.settle(lambda: page.list.lines.rowCount() == 3)
    page.list.move(2)


def files_new(player: Player) -> None:
    _open_office(player, "files")
    player.press(Qt.Key.Key_F2)


def low_stock_none(player: Player) -> None:
    _open_office(player, "low")


def _open_office(player: Player, name: str) -> None:
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page(name)
    player.settle()


def _with_sales(player: Player) -> None:
    """Let two people have sold for nine weeks, on some days more than on others."""
    shop = player.program.shop
    shop.till.sign_in("cashier", "1111")
    now = datetime(2026, 11, 27, 14, 5, tzinfo=shop.configuration.zone)
    shop.clock.set(now - timedelta(days=63))
    shift = shop.closing.open_shift(shop.till.person, 2000_00)
    people = [one.id for one in shop.sign_in.people()]
    for day in range(63):
        for number in range(3 + day * 5 % 7 + day // 16):
            moment = now - timedelta(days=62 - day, hours=number % 7, minutes=number * 7)
            shop.clock.set(min(moment, now))
            _sell_one(player, shift.id, people[number % len(people)], day * 11 + number * 5)
    shop.clock.set(now)


def _sell_one(player: Player, shift_id: str, staff_id: str, place: int) -> None:
    shop, basket = player.program.shop, Basket()
    for step in range(1 + place % 4):
        code = player.codes[(place + step * 3) % len(player.codes)]
        basket = basket.add(shop.catalogue.item(code), (1 + step) * ONE)
    day = shop.configuration.today.isoformat()
    priced = shop.selling.price(basket, day)
    payment = Payment(due_cents=priced.totals.gross_cents)
    if place % 3:
        payment = payment.exact(TenderKind.MPESA, reference=f"QKL{place:07d}")
    else:
        payment = payment.cash(None)
    frame = SaleFrame(
        sale_id=shop.books.new_id(), shift_id=shift_id, staff_id=staff_id, business_day=day
    )
    with shop.database.write():
        receipt = sales.next_receipt(shop.database, shop.books.node.till_code)
        sales.record(shop.database, shop.books, Sale.of(receipt, priced, payment), frame)


def _report(player: Player, name: str, **asked: object) -> ReportsPage:
    """Show a report of a shop that has sold."""
    _with_sales(player)
    return _made_report(player, name, **asked)


def _made_report(player: Player, name: str, **asked: object) -> ReportsPage:
    page = _open_page(player, "reports")
    assert isinstance(page, ReportsPage)
    page.make(replace(page.asked.of(name), **asked))  # type: ignore[arg-type]
    player.settle(lambda: page.below is page.view)
    return page


def reports(player: Player) -> None:
    _open_page(player, "reports")


def report_by_day(player: Player) -> None:
    page = _report(player, "sales-by-day")
    for _step in range(9):
        page.step(1)


def report_year(player: Player) -> None:
    _report(player, "sales-by-day", period=PeriodName.THIS_YEAR)


def report_by_hour(player: Player) -> None:
    _report(player, "sales-by-hour", period=PeriodName.LAST_MONTH)


def report_by_product(player: Player) -> None:
    _report(player, "sales-by-product").step(1)


def report_table(player: Player) -> None:
    page = _report(player, "sales-by-product")
    page.view.toggle()
    for _step in range(2):
        player.press(Qt.Key.Key_F5)
    page.step(3)


def report_summary(player: Player) -> None:
    _report(player, "sales-summary")


def report_alone(player: Player) -> None:
    _report(player, "margin", compare=False).view.toggle()


def report_filtered(player: Player) -> None:
    _report(player, "vat", filters={By.CASHIER: "cashier", By.CATEGORY: "Dairy"})


def report_empty(player: Player) -> None:
    _made_report(player, "sales-by-product")


def report_x(player: Player) -> None:
    _report(player, "x")


def report_stock(player: Player) -> None:
    _report(player, "stock-value")


def report_period(player: Player) -> None:
    page = _report(player, "sales-by-day")
    player.press(Qt.Key.Key_F2)
    player.settle(lambda: page.form is not None)


def report_period_refused(player: Player) -> None:
    report_period(player)
    page = player.window.office.page("reports")
    assert isinstance(page, ReportsPage)
    assert isinstance(page.form, PeriodForm)
    page.form.name.choose("own")
    page.form.first.show_text("24/11/2026")
    page.form.last.show_text("1/11/2026")
    page.form.done.emit()


def report_filter(player: Player) -> None:
    page = _report(player, "sales-by-day")
    player.press(Qt.Key.Key_F3)
    player.settle(lambda: page.form is not None)


def report_behind(player: Player) -> None:
    page = _report(player, "sales-by-product")
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.below is page.behind)


def report_paper(player: Player) -> None:
    report_behind(player)
    page = player.window.office.page("reports")
    assert isinstance(page, ReportsPage)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.below is page.paper)


def report_refused(player: Player) -> None:
    page = _report(player, "sales-by-day")
    page.make(replace(page.asked, filters={By.PRODUCT: "4006381333931"}))
    player.settle(lambda: page.strip.notice is not None)


def goods_labels(player: Player) -> None:
    page = _goods_page(player, "labels")
    for place in (0, 5, 9, 38, 39):
        page.scanned(player.codes[place])
        player.settle()


def goods_labels_sheet(player: Player) -> None:
    goods_labels(player)
    _chord(player, Qt.Key.Key_Return)


def prices_empty(player: Player) -> None:
    _open_office(player, "prices")


def prices_rule(player: Player) -> None:
    _goods_page(player, "prices")
    player.press(Qt.Key.Key_F2)
    _chord(player, Qt.Key.Key_Return)


def prices_preview(player: Player) -> None:
    page = _goods_page(player, "prices")
    player.press(Qt.Key.Key_F2)
    player.settle(lambda: page.form is not None)
    form = page.form
    assert isinstance(form, PriceForm)
    form.way.choose("less percent")
    form.value.show_text("20")
    form.label.show_text("Easter")
    _chord(player, Qt.Key.Key_Return)
    player.settle(lambda: page.form is None)
    _chord(player, Qt.Key.Key_Return)


def prices_done(player: Player) -> None:
    prices_preview(player)
    page = player.window.office.page("prices")
    assert isinstance(page, ListPage)
    _chord(player, Qt.Key.Key_Return)
    player.settle(lambda: page.list.lines.rowCount() > 0)


def _import_page(player: Player) -> ImportPage:
    home = player.program.shop.directory.parent / "supplier lists"
    home.mkdir()
    (home / "tea and coffee, prices of November.csv").write_text(TEA.format(name=LONG_NAME))
    (home / "older").mkdir()
    _open_office(player, "import")
    page = player.window.office.page("import")
    assert isinstance(page, ImportPage)
    page.files.open(home)
    player.settle(lambda: page.files.folder is not None)
    return page


def import_list(player: Player) -> None:
    _open_office(player, "import")


def _begin_import(player: Player) -> int:
    shop = player.program.shop
    with shop.database.write():
        run = product_imports.begin(
            shop.database, shop.books, file_name="tea and coffee.csv", sheet="", staff_id=None
        )
    return run.number


def import_list_runs(player: Player) -> None:
    _begin_import(player)
    courses = player.program.shop.import_jobs.courses
    patch.object(courses, "is_running", return_value=True).start()
    _open_office(player, "import")
    player.settle(lambda: player.window.office.page("import").isVisible())


def import_list_paused(player: Player) -> None:
    job = Begun(number=7, is_running=False, queue="imports", is_paused=True, cursor=b"")
    courses = player.program.shop.import_jobs.courses
    patch.object(courses, "_jobs", return_value={_begin_import(player): job}).start()
    _open_office(player, "import")
    player.settle(lambda: player.window.office.page("import").isVisible())


def import_past_errors(player: Player) -> None:
    messages_of_import(player)
    player.window.office.show_page("import")
    player.settle()
    page = player.window.office.page("import")
    assert isinstance(page, ImportPage)
    player.press(Qt.Key.Key_Up)
    player.settle(lambda: len(page.acts) > 2)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.below is page.outcome)


def import_files(player: Player) -> None:
    _import_page(player)


def import_columns(player: Player) -> None:
    page = _import_page(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.columns.file is not None)


def import_column_form(player: Player) -> None:
    import_columns(player)
    player.press(Qt.Key.Key_Down)
    player.press(Qt.Key.Key_Return)


def import_tried(player: Player) -> None:
    import_columns(player)
    page = player.window.office.page("import")
    assert isinstance(page, ImportPage)
    _chord(player, Qt.Key.Key_Return)
    player.settle(lambda: page.result is not None)


def import_errors_form(player: Player) -> None:
    import_tried(player)
    player.press(Qt.Key.Key_F6)


def unknown_code(player: Player) -> None:
    player.sign_in()
    player.scan(3, 5)
    player.window.sell.scanned("5901234123457")
    player.settle(lambda: player.window.sell.strip.isVisible())


def new_item(player: Player) -> None:
    unknown_code(player)
    player.press(Qt.Key.Key_Insert)
    player.settle(lambda: player.window.sell.page is player.window.sell.new_items.page)
    player.type("Green tea")


def new_item_letters(player: Player) -> None:
    new_item(player)
    player.window.sell.box.letters_wanted.emit()
    player.settle()


def stock_take_long(player: Player) -> None:
    page = _goods_page(player, "take")
    player.press(Qt.Key.Key_F2)
    _chord(player, Qt.Key.Key_Return)
    page.scanned(player.codes[0])
    player.settle()


def office_menu(player: Player) -> None:
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.top_bar.menu.click()


def _with_goods(player: Player) -> None:
    """Let the shop have suppliers, goods received and corrected, and two stock takes."""
    goods = player.program.shop.goods
    for name, days in (("Brookside Dairy", 30), ("Bidco Africa", 14), (LONG_NAME, None)):
        form = SupplierForm(
            name=name, contact="Kamau", phone="0712345678", terms="M-Pesa", terms_days=days
        )
        supplier = goods.suppliers.add(form, actor=None)
    cards = goods.products.listed(ProductChoice(text=""), 6)
    lines = tuple(
        GoodsLine(product_id=card.id, quantity=12_000, cost_cents=45_50) for card in cards
    )
    delivery = Delivery(lines=lines, supplier_id=supplier.id, document="INV-2026-0041")
    goods.receiving.receive(delivery, set_costs=True, same_document=False, actor=None)
    goods.receiving.give_back(Delivery(lines=lines[:1], supplier_id=supplier.id), actor=None)
    goods.correcting.correct({cards[0].id: -2_000}, "broken", "", actor=None)
    goods.taking.cancel(goods.taking.begin(None, blind=True, actor=None).id, actor=None)


def _open_full_page(player: Player, name: str) -> ListPage:
    """Open a page that may begin with nothing, in a shop with goods that have moved."""
    _with_goods(player)
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page(name)
    player.settle()
    page = player.window.office.page(name)
    assert isinstance(page, ListPage)
    return page


def _open_catalogue(player: Player) -> CataloguePage:
    page = _open_full_page(player, "catalogue")
    assert isinstance(page, CataloguePage)
    player.settle(lambda: page.list.lines.rowCount() > 0)
    return page


def catalogue(player: Player) -> None:
    _open_catalogue(player)


def catalogue_product(player: Player) -> None:
    page = _open_catalogue(player)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.looked is not None)


def catalogue_moves(player: Player) -> None:
    catalogue_product(player)
    player.press(Qt.Key.Key_F6)


def catalogue_remove(player: Player) -> None:
    catalogue_product(player)
    player.press(Qt.Key.Key_Delete)


def catalogue_form(player: Player) -> None:
    page = _open_catalogue(player)
    player.press(Qt.Key.Key_F2)
    player.settle(lambda: page.form is not None)


def catalogue_nothing(player: Player) -> None:
    page = _open_catalogue(player)
    player.type("xyzzy")
    player.settle(lambda: page.list.lines.rowCount() == 0)


def suppliers(player: Player) -> None:
    _open_full_page(player, "suppliers")


def supplier_form(player: Player) -> None:
    page = _open_full_page(player, "suppliers")
    player.press(Qt.Key.Key_F2)
    player.settle(lambda: page.form is not None)


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


def schedules(player: Player) -> None:
    _with_schedules(player)
    _open_schedules(player, 1)


def _open_schedules(player: Player, place: int) -> ListPage:
    page = _open_full_page(player, "schedules")
    player.settle(partial(_has_rows, page, 5))
    page.step(place)
    player.settle()
    return page


def schedule_form(player: Player) -> None:
    _with_schedules(player)
    page = _open_schedules(player, 2)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.form is not None)


def schedule_refused(player: Player) -> None:
    page = _open_schedules(player, 2)
    player.press(Qt.Key.Key_F5)
    player.settle(lambda: page.strip.notice is not None)


def _gather(player: Player, page: ListPage) -> None:
    for count, place in enumerate((3, 8, -1, 20), start=1):
        page.scanned(player.codes[place])
        player.settle(partial(_has_rows, page, count))


def _has_rows(page: ListPage, count: int) -> bool:
    return page.list.lines.rowCount() == count


def receive_empty(player: Player) -> None:
    _open_full_page(player, "receive")


def receive(player: Player) -> None:
    page = _open_full_page(player, "receive")
    _gather(player, page)


def receive_head(player: Player) -> None:
    receive(player)
    player.press(Qt.Key.Key_F2)


def receive_line(player: Player) -> None:
    receive(player)
    player.press(Qt.Key.Key_Return)


def receive_back(player: Player) -> None:
    page = _open_full_page(player, "receive")
    player.press(Qt.Key.Key_F4)
    _gather(player, page)


def receive_before(player: Player) -> None:
    _open_full_page(player, "receive")
    player.press(Qt.Key.Key_F6)


def receive_new_item(player: Player) -> None:
    page = _open_full_page(player, "receive")
    page.scanned("5901234123457")
    player.settle(page.strip.isVisible)


def correct_empty(player: Player) -> None:
    _open_full_page(player, "correct")


def correct(player: Player) -> None:
    page = _open_full_page(player, "correct")
    player.press(Qt.Key.Key_F3)
    _gather(player, page)


def correct_before(player: Player) -> None:
    _open_full_page(player, "correct")
    player.press(Qt.Key.Key_F6)


def takes(player: Player) -> None:
    _open_full_page(player, "take")


def _begin_take(player: Player) -> TakePage:
    page = _open_full_page(player, "take")
    assert isinstance(page, TakePage)
    player.press(Qt.Key.Key_F2)
    player.settle(lambda: page.form is not None)
    return page


def take_begin(player: Player) -> None:
    _begin_take(player)


def take_count(player: Player) -> None:
    _count_some(player)


def _count_some(player: Player) -> TakePage:
    page = _begin_take(player)
    _chord(player, Qt.Key.Key_Return)
    player.settle(lambda: page.counting is not None)
    _gather(player, page)
    return page


def _turn_part(player: Player, page: TakePage) -> TakePage:
    before = page.part
    player.press(Qt.Key.Key_F3)
    player.settle(lambda: page.part is not before)
    return page


def take_missing(player: Player) -> None:
    _turn_part(player, _count_some(player))


def take_differences(player: Player) -> None:
    _turn_part(player, _turn_part(player, _count_some(player)))


def take_end(player: Player) -> None:
    page = _count_some(player)
    player.press(Qt.Key.Key_F5)
    player.settle(lambda: page.form is not None)


def take_left(player: Player) -> None:
    """Leave a take to a job, as long ones are."""
    page = _count_some(player)
    player.press(Qt.Key.Key_F5)
    player.settle(lambda: page.form is not None)
    with patch.object(take_jobs, "MOST_AT_ONCE", 0), patch.object(page.watch, "watch"):
        _chord(player, Qt.Key.Key_Return)
        player.settle(lambda: page.counting is None)


def take_give_up(player: Player) -> None:
    page = _count_some(player)
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(player.window.windowHandle(), Qt.Key.Key_Delete, shift)
    player.settle(page.strip.isVisible)


def first_run_shop(player: Player) -> None:
    """Make the first run the window of which pictures are taken, in its first step."""
    directory = player.program.shop.directory.parent / "new"
    device = FoundDevice(DeviceKind.CUPS, "virtual:///tmp", "p", "EPSON TM-T20III Receipt")
    window = FirstRun(directory, lambda: [device])
    window.show()
    window.start()
    player.settle(lambda: bool(window.goods_step.printer.key))
    player.shown = window


def _answered(player: Player, pin_again: str) -> FirstRun:
    first_run_shop(player)
    window = player.shown
    assert isinstance(window, FirstRun)
    step = window.shop_step
    for part, words in (
        (step.name, "Duka la Mama Njeri"),
        (step.manager, "Njeri Wanjiru"),
        (step.pin, "2468"),
        (step.again, pin_again),
    ):
        part.show_text(words)
    step.go_on()
    return window


def first_run_refused(player: Player) -> None:
    _answered(player, "2486")


def first_run_goods(player: Player) -> None:
    _answered(player, "2468").goods_step.product.show_text("Milk 500 ml 65")


def first_run_letters(player: Player) -> None:
    _answered(player, "2468").letters.toggle()


def first_run_key(player: Player) -> None:
    window = _answered(player, "2468")
    window.goods_step.go_on()
    player.settle(lambda: window.step is window.key_step)


def staff_letters(player: Player) -> None:
    staff_add(player)
    player.press(Qt.Key.Key_F9)


def _customers_screen(player: Player, *, training: bool = False) -> None:
    """Take pictures of what the customer sees, on whatever screen there is."""
    till = player.window
    name = player.program.shop.configuration.get(settings.SHOP_NAME)
    made = CustomerWindow(till, name, "Karibu | Duka la Mama", "KES", training=training)
    made.show_view(player.program.customer.view())
    player.program.customer.seen.connect(made.show_view)
    made.show()
    player.shown = made


def second_greeting(player: Player) -> None:
    player.sign_in()
    _customers_screen(player)


def second_closed(player: Player) -> None:
    _customers_screen(player)


def second_cart(player: Player) -> None:
    selling(player)
    _customers_screen(player)


def second_large(player: Player) -> None:
    large(player)
    _customers_screen(player)


def second_part_paid(player: Player) -> None:
    pay_part(player)
    _customers_screen(player)


def second_change(player: Player) -> None:
    change(player)
    _customers_screen(player)


def second_training(player: Player) -> None:
    selling(player)
    _customers_screen(player, training=True)


def display_missing(player: Player) -> None:
    selling(player)
    _miss_display(player.window.top_bar)


def _miss_display(bar: TopBar) -> None:
    trouble = display_trouble(DisplayState.MISSING, "serial:///dev/ttyUSB0")
    assert trouble is not None
    bar.show_devices(*devices_pill([trouble]))


@contextmanager
def _scale(player: Player) -> Iterator[ToledoSimulator]:
    """Put a scale on the counter."""
    shop = player.program.shop
    with ToledoSimulator(shop.directory / "scale") as scale:
        address = scale.address
        shop.configuration.set(settings.SCALE_ADDRESS, address, shop.books, actor=None)
        player.settle(lambda: shop.devices.scale.reading() == Weight(0))
        yield scale
        shop.configuration.set(settings.SCALE_ADDRESS, "", shop.books, actor=None)


def weigh(player: Player) -> None:
    selling(player)
    with _scale(player):
        player.scan(25, 26)


def weigh_moving(player: Player) -> None:
    selling(player)
    with _scale(player) as scale:
        scale.put(1_230, moving=True)
        player.settle(lambda: player.program.shop.devices.scale.reading() is ScaleFault.MOVING)
        player.scan(25)


def keypad_weigh(player: Player) -> None:
    keypad(player)
    with _scale(player):
        player.scan(25, 26)


def mail(player: Player) -> None:
    change(player)
    _chord(player, Qt.Key.Key_E)
    player.settle(lambda: player.window.sell.page is player.window.sell.mail.page)


def mail_own(player: Player) -> None:
    shop = player.program.shop
    customer = shop.customers.add(
        Particulars(name="Wanjiku Kamau", email="wanjiku.kamau@example.com"), actor=None
    )
    customer = shop.customers.consent(customer, given=True, actor=None)
    player.sign_in()
    shop.till.set_customer(customer)
    player.scan(3)
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: player.window.sell.page is player.window.sell.change)
    _chord(player, Qt.Key.Key_E)
    player.settle(lambda: player.window.sell.page is player.window.sell.mail.page)


def mail_refused(player: Player) -> None:
    mail(player)
    player.type("nobody")
    player.press(Qt.Key.Key_Return)


def mail_letters(player: Player) -> None:
    mail(player)
    player.window.sell.box.letters_wanted.emit()


def mail_again(player: Player) -> None:
    change(player)
    for _time in range(2):
        _chord(player, Qt.Key.Key_E)
        player.settle(lambda: player.window.sell.page is player.window.sell.mail.page)
        player.type("amina@example.com")
        player.press(Qt.Key.Key_Return)
        player.settle(lambda: player.window.sell.strip.notice is not None)


def _write_to_contacts(player: Player, *others: str) -> None:
    """Fill the address book, and let customers agree to mail."""
    shop = player.program.shop
    book = (
        ("Otieno & Daughters, certified public accountants", ContactKind.ACCOUNTANT),
        ("Duka la Mama, Kisumu branch", ContactKind.BRANCH),
        ("Njeri Wanjiru", ContactKind.OWNER),
        (LONG_NAME[:90], ContactKind.OTHER),
        *((name, ContactKind.OTHER) for name in others),
    )
    for place, (name, kind) in enumerate(book):
        email = f"person.{place}@example.com"
        form = ContactForm(name=name, email=email, kind=kind, phone="0712 345 678")
        shop.mail.contacts.add(form, actor=None)
    for place, name in enumerate(("Akinyi Otieno", "Baraka Hotel", "Chebet", "Dorcas", LONG_WORD)):
        one = Particulars(name=name, email=f"customer.{place}@example.com" if place < 4 else "")
        customer = shop.customers.add(one, actor=None)
        if place in (0, 1, 3):
            shop.customers.consent(customer, given=True, actor=None)
    for name in ("New prices", "Offers of the week"):
        shop.mail.templates.add(
            TemplateForm(name=name, subject=f"{name} at {{shop}}", body=MAIL_TEXT, html=MAIL_HTML),
            actor=None,
        )


def _set_up_mail(shop: Shop, port: int) -> None:
    """Let the shop mail to a server on this machine."""
    put = partial(shop.configuration.set, books=shop.books, actor=None)
    put(settings.MAIL_SMTP_HOST, "127.0.0.1")
    put(settings.MAIL_SMTP_PORT, port)
    put(settings.MAIL_SECURITY, "none")
    put(settings.MAIL_FROM_ADDRESS, "duka@example.com")


def _mails(player: Player) -> None:
    """Let there be mails in every state, with recipients of every fate."""
    _write_to_contacts(player, *(f"Person {number:02}" for number in range(1, 21)))
    shop = player.program.shop
    contacts, customers = Audience(kind=PartyKind.CONTACT), Audience(kind=PartyKind.CUSTOMER)
    text = MAIL_TEXT.replace("{balance}", "the same as before")
    letter = Letter(subject="News from {shop}", body=text)
    for audience in (customers, contacts, contacts, customers):
        shop.mail.mailing.send(letter, audience, actor=None)
    fates = ("sent", "failed", "unknown", "sent", "waiting", "skipped", "sent")
    reasons = {
        "failed": "550 5.1.1 The email account that you tried to reach does not exist",
        "unknown": "the program was closed before the server answered",
        "skipped": "wants no more mail",
    }
    with shop.database.write():
        shop.database.execute_sql("UPDATE mail SET state = 'done' WHERE number = 1")
        shop.database.execute_sql("UPDATE mail SET state = 'stopped' WHERE number = 2")
        shop.database.execute_sql("UPDATE mail SET state = 'paused' WHERE number = 4")
        shop.database.execute_sql(
            "UPDATE mail_recipient SET state = 'sent' "
            "WHERE mail_id IN (SELECT id FROM mail WHERE number = 1)"
        )
        for no in range(1, 25):
            fate = fates[no % len(fates)]
            shop.database.execute_sql(
                "UPDATE mail_recipient SET state = ?, reason = ? "
                "WHERE no = ? AND mail_id = (SELECT id FROM mail WHERE number = 3)",
                (fate, reasons.get(fate, ""), no),
            )


def _open_mail(player: Player) -> MailPage:
    _mails(player)
    page = _open_page(player, "mail")
    assert isinstance(page, MailPage)
    return page


def mail_list_empty(player: Player) -> None:
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page("mail")
    player.settle()


def mail_list(player: Player) -> None:
    _open_mail(player)


def _look_at_third(player: Player) -> MailPage:
    page = _open_mail(player)
    player.press(Qt.Key.Key_Down)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.below is page.view)
    return page


def mail_one(player: Player) -> None:
    _look_at_third(player)


def mail_one_unknown(player: Player) -> None:
    page = _look_at_third(player)
    player.press(Qt.Key.Key_Right)
    player.press(Qt.Key.Key_Right)
    player.settle(lambda: page.view.list.lines.rowCount() < 8)
    player.press(Qt.Key.Key_Insert)
    player.press(Qt.Key.Key_F8)


def mail_one_read(player: Player) -> None:
    _look_at_third(player)
    player.press(Qt.Key.Key_F3)


def _open_write(player: Player) -> WritePage:
    _write_to_contacts(player)
    page = _open_page(player, "mail_write")
    assert isinstance(page, WritePage)
    player.settle(lambda: page.sheet.chosen is not None)
    return page


def _written(player: Player) -> WritePage:
    page = _open_write(player)
    page.sheet.subject, page.sheet.body, page.sheet.html = "News for {name}", MAIL_TEXT, MAIL_HTML
    page.sheet.files.append(Path("/home/shop/price list of November, all branches.pdf"))
    page.sheet.exports["1"] = "Sales by product, October 2026"
    page.refresh()
    player.settle()
    return page


def mail_write_new(player: Player) -> None:
    _open_write(player)


def mail_write(player: Player) -> None:
    _written(player)


def mail_write_to(player: Player) -> None:
    _open_write(player)
    player.press(Qt.Key.Key_Return)
    player.settle()


def mail_write_to_contacts(player: Player) -> None:
    mail_write_to(player)
    player.press(Qt.Key.Key_Left)


def mail_write_words(player: Player) -> None:
    page = _written(player)
    page.list.move(2)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.form is not None)


def mail_write_letters(player: Player) -> None:
    mail_write_words(player)
    player.press(Qt.Key.Key_Tab)
    player.press(Qt.Key.Key_F9)


def mail_write_template(player: Player) -> None:
    page = _written(player)
    page.list.move(1)
    player.press(Qt.Key.Key_Return)
    player.settle(lambda: page.below is page.templates)


def mail_write_refused(player: Player) -> None:
    page = _open_write(player)
    page.sheet.subject, page.sheet.body = "News", "Dear {nme}"
    page.refresh()
    player.press(Qt.Key.Key_F5)
    player.settle(page.strip.isVisible)


def mail_write_preview(player: Player) -> None:
    page = _written(player)
    page.sheet.files.clear()
    player.press(Qt.Key.Key_F5)
    player.settle(lambda: page.below is page.preview)


def mail_write_send(player: Player) -> None:
    page = _written(player)
    page.sheet.files.clear()
    player.press(Qt.Key.Key_F8)
    player.settle(page.strip.isVisible)


def mail_contacts(player: Player) -> None:
    _write_to_contacts(player)
    _open_page(player, "contacts")


def mail_contact_form(player: Player) -> None:
    mail_contacts(player)
    player.press(Qt.Key.Key_F2)


def mail_templates(player: Player) -> None:
    _write_to_contacts(player)
    _open_page(player, "mail_templates")


def mail_template_form(player: Player) -> None:
    mail_templates(player)
    player.press(Qt.Key.Key_Return)


def _open_form_page(player: Player, name: str) -> None:
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_page(name)
    player.settle()


def mail_refusals(player: Player) -> None:
    _open_form_page(player, "mail_refusals")
    player.type("nobody")
    player.press(Qt.Key.Key_Return)


def mail_setup(player: Player) -> None:
    _open_form_page(player, "mail_setup")


def mail_setup_failed(player: Player) -> None:
    _set_up_mail(player.program.shop, 9)
    _open_form_page(player, "mail_setup")
    player.press(Qt.Key.Key_F7)
    page = player.window.office.page("mail_setup")
    assert isinstance(page, MailSetupPage)
    player.settle(lambda: page.steps.strips[0].notice is not None)


def mail_setup_works(player: Player) -> None:
    with MailSimulator() as server:
        _set_up_mail(player.program.shop, server.port)
        _open_form_page(player, "mail_setup")
        player.press(Qt.Key.Key_F7)
        page = player.window.office.page("mail_setup")
        assert isinstance(page, MailSetupPage)
        player.settle(lambda: page.steps.strips[0].notice is not None)


def _with_supplier(player: Player, port: int = 9) -> None:
    """Let the shop know a supplier, who is not there where no port is named."""
    configuration, books = player.program.shop.configuration, player.program.shop.books
    for setting, value in (
        (settings.LICENCE_SERVER, f"http://127.0.0.1:{port}"),
        (settings.LICENCE_PAY_TO, "Lipa na M-Pesa, Buy Goods, till 5551234 (POS Desktop Ltd)"),
    ):
        configuration.set(setting, value, books, actor=None)


def _days_later(player: Player, days: int) -> None:
    clock = player.program.shop.clock
    clock.set(clock.now() + timedelta(days=days))


def _open_subscription(player: Player) -> SubscriptionPage:
    _open_form_page(player, "subscription")
    page = player.window.office.page("subscription")
    assert isinstance(page, SubscriptionPage)
    player.settle(lambda: page.seen is not None)
    return page


def subscription(player: Player) -> None:
    _with_supplier(player)
    _open_subscription(player)


def subscription_refused(player: Player) -> None:
    page = _open_subscription(player)
    page.receipt.show_text("SKA1-2")
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: page.strip.notice is not None)


def subscription_kept(player: Player) -> None:
    """Type a receipt while the supplier is away; another one was refused before."""
    _with_supplier(player)
    rows = player.program.shop.database
    with rows.write():
        licence_rows.put_payment(
            rows,
            LicencePayment(
                receipt="SKA9Z8Y7X6",
                plan="yearly",
                amount_cents=15_000_00,
                is_confirmed=False,
                noted_at=to_stored(player.program.shop.clock.now() - HOUR),
                state=PaymentState.DECLINED,
                outcome="receipt_not_found",
            ),
        )
    _days_later(player, 33)
    page = _open_subscription(player)
    page.receipt.show_text("SKA1B2C3D4")
    player.press(Qt.Key.Key_F8)
    player.settle(lambda: page.strip.notice is not None)
    player.settle(lambda: bool(page.seen and len(page.seen.payments) == 2))


def subscription_expired(player: Player) -> None:
    _with_supplier(player)
    _days_later(player, 90)
    _open_subscription(player)


def subscription_paid(player: Player) -> None:
    _with_supplier(player)
    now, shop = player.program.shop.clock.now(), player.program.shop.books.node
    paid = Activation(
        serial=1,
        shop_id=shop.shop_id,
        till_id=shop.till_id,
        plan=Plan("yearly", 15_000_00, 12),
        valid_from=now,
        valid_until=now + timedelta(days=365),
        receipt="SKA1B2C3D4",
    )
    with patch.object(Subscription, "standing", lambda _self: standing(paid, now, now)):
        _open_subscription(player)


def subscription_letters(player: Player) -> None:
    _with_supplier(player)
    _open_subscription(player)
    player.press(Qt.Key.Key_F9)


def licence_line(player: Player) -> None:
    _days_later(player, 25)
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.licence_line.toast.saying is not None)


def licence_line_at_the_sale(player: Player) -> None:
    _days_later(player, 40)
    player.sign_in("manager", "1234")
    player.settle(lambda: player.window.licence_line.toast.saying is not None)


def licence_line_in_the_menu(player: Player) -> None:
    _days_later(player, 40)
    player.window.sign_in.submitted.emit("manager", "1234")
    player.settle(lambda: player.window.screen_shown is not player.window.sign_in)
    player.window.office.show_menu()
    menu = player.window.screen_shown
    assert isinstance(menu, MenuPage)
    player.settle(lambda: menu.strip.notice is not None)


STATES: tuple[State, ...] = (
    subscription,
    subscription_refused,
    subscription_kept,
    subscription_expired,
    subscription_paid,
    subscription_letters,
    licence_line,
    licence_line_at_the_sale,
    licence_line_in_the_menu,
    mail_list_empty,
    mail_list,
    mail_one,
    mail_one_unknown,
    mail_one_read,
    mail_write_new,
    mail_write,
    mail_write_to,
    mail_write_to_contacts,
    mail_write_words,
    mail_write_letters,
    mail_write_template,
    mail_write_refused,
    mail_write_preview,
    mail_write_send,
    mail_contacts,
    mail_contact_form,
    mail_templates,
    mail_template_form,
    mail_refusals,
    mail_setup,
    mail_setup_failed,
    mail_setup_works,
    mail,
    mail_own,
    mail_refused,
    mail_letters,
    mail_again,
    weigh,
    weigh_moving,
    keypad_weigh,
    second_greeting,
    second_closed,
    second_cart,
    second_large,
    second_part_paid,
    second_change,
    second_training,
    display_missing,
    sign_in,
    sign_in_wrong,
    open_shift,
    empty,
    selling,
    held,
    recall,
    recalled_at_old_prices,
    long_cart,
    long_names,
    one_word,
    one_word_price,
    one_word_approval,
    large,
    large_change,
    many,
    unknown,
    long_error,
    search,
    search_typing,
    search_nothing,
    price,
    price_of_five,
    pay,
    pay_more,
    pay_part,
    pay_rest,
    change,
    next_sale,
    approval,
    approval_held,
    approval_wrong,
    keypad,
    keypad_pay,
    change_without_paper,
    keypad_change_without_paper,
    keypad_change,
    keypad_approval,
    keypad_approval_wrong,
    letters,
    letters_search,
    letters_keypad,
    help_shown,
    clear_asked,
    clear_asked_paid,
    clear_asked_given_back,
    shift_now,
    shift_count,
    shift_pieces,
    shift_variance,
    shift_variance_asked,
    cash_out,
    no_sale,
    menu,
    training,
    receipt_layout,
    count_doubted,
    shift_closed,
    day_asked,
    day_asked_on_hold,
    x_without_paper,
    day_closed,
    day_closed_with_refund,
    day_closed_without_paper,
    no_shift,
    shift_lost,
    not_recorded,
    tender_card,
    tender_split,
    tender_voucher,
    voucher_change,
    tender_account,
    account_approval,
    approval_reason,
    keypad_approval_reason,
    keypad_split,
    keypad_card,
    customer_find,
    customer_none,
    customer_new,
    customer_new_agrees,
    customer_buys,
    customer_now,
    customer_settles,
    return_ask,
    return_lines,
    return_nothing_chosen,
    return_in_cart,
    return_by_card,
    return_loose,
    return_loose_approval,
    keypad_return_approval,
    exchange,
    exchange_done,
    exchange_next,
    papers,
    papers_waiting,
    papers_no_drawer,
    papers_failed,
    papers_unreachable,
    jobs_empty,
    jobs_work,
    jobs_failed,
    jobs_queues,
    jobs_queue_asked,
    jobs_pill_paused,
    jobs_pill_quiet,
    jobs_pill_all,
    toast_done,
    toast_partly,
    toast_failed,
    toast_long,
    toast_pill,
    messages,
    messages_many,
    messages_of_cashier,
    toast_in_office,
    messages_from_office,
    messages_of_import,
    messages_empty,
    jobs_help,
    jobs_refused,
    locked,
    sign_in_many,
    office_menu,
    low_stock,
    low_stock_none,
    files,
    files_new,
    reports,
    report_by_day,
    report_year,
    report_by_hour,
    report_by_product,
    report_table,
    report_summary,
    report_alone,
    report_filtered,
    report_empty,
    report_x,
    report_stock,
    report_period,
    report_period_refused,
    report_filter,
    report_behind,
    report_paper,
    report_refused,
    goods_labels,
    goods_labels_sheet,
    prices_empty,
    prices_rule,
    prices_preview,
    prices_done,
    import_list,
    import_list_runs,
    import_list_paused,
    import_past_errors,
    import_files,
    import_columns,
    import_column_form,
    import_tried,
    import_errors_form,
    unknown_code,
    new_item,
    new_item_letters,
    stock_take_long,
    staff,
    staff_add,
    staff_refused,
    roles,
    customers_empty,
    customers,
    customer,
    customer_form,
    customer_erase,
    staff_letters,
    catalogue,
    catalogue_product,
    catalogue_moves,
    catalogue_remove,
    catalogue_form,
    catalogue_nothing,
    suppliers,
    supplier_form,
    schedules,
    schedule_form,
    schedule_refused,
    receive_empty,
    receive,
    receive_head,
    receive_line,
    receive_back,
    receive_before,
    receive_new_item,
    correct_empty,
    correct,
    correct_before,
    takes,
    take_begin,
    take_left,
    take_count,
    take_missing,
    take_differences,
    take_end,
    take_give_up,
    first_run_shop,
    first_run_refused,
    first_run_goods,
    first_run_letters,
    first_run_key,
    *RECOVERY_STATES,
    *MPESA_STATES,
    *BACKUPS_STATES,
    *DEVICES_STATES,
    *DOCTOR_STATES,
)


def _test_jobs() -> list[Job]:
    """Return jobs that run on, fail, or wait."""
    ended = threading.Event()

    def import_prices(context: JobContext, *, file: str, rows: int) -> None:
        context.progress(rows * 2 // 3, rows, file)
        while not context.cancelled and not ended.wait(0.05):
            pass
        raise JobCancelled

    def mail_receipt(_context: JobContext, *, to: str, password: str) -> None:
        raise ValueError(f"the mail server refused {to} with {password}: no such user")

    def nothing(_context: JobContext) -> None:
        pass

    return [
        Job(name=IMPORT, body=import_prices, queue="prices"),
        Job(name=MAIL, body=mail_receipt, attempts=1, queue="mail"),
        Job(name=HELD, body=nothing, queue="statements"),
        Job(name=LONG_JOB, body=nothing, queue="statements"),
    ]


@contextmanager
def running(directory: Path) -> Iterator[Player]:
    """Run the program on a demo shop with a long name, a long word and a high price in it."""
    make_shop(directory, demo_shop())
    shop = open_shop(directory)
    with shop.database.write():
        for place, name in enumerate((LONG_NAME, LONG_WORD)):
            shop.database.execute_sql(
                "UPDATE product SET name = ? WHERE row = (SELECT max(row) FROM product) - ?",
                (name, place),
            )
        shop.database.execute_sql(
            "UPDATE product SET price_cents = 154405100 "
            "WHERE row = (SELECT max(row) FROM product) - 2"
        )
    codes = [row["code"] for row in shop.reader.rows("SELECT code FROM product ORDER BY row")]
    shop.close()
    program = Program(directory, sound=False)
    for one in _test_jobs():
        program.shop.queue.registry.add(one)
    program.window.show()
    program.start()
    player = Player(program, codes)
    player.settle(lambda: bool(program.window.sign_in.who.person))
    try:
        yield player
    finally:
        program.window.close()
        _destroy_windows()


def _destroy_windows() -> None:
    """Each change of the theme would dress the closed windows of all earlier states too."""
    for window in QApplication.topLevelWidgets():
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def main(arguments: list[str] | None = None) -> int:
    """Make the pictures whose names hold a part, of the till as it speaks these languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="")
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--size", action="append", choices=ALL_SIZES)
    parser.add_argument("--turn", default="1/1")
    options = parser.parse_args(arguments)
    turn, turns = map(int, options.turn.split("/"))
    app = QApplication([])
    fonts.load()
    learn_languages()
    OUT.mkdir(parents=True, exist_ok=True)
    for state in STATES[turn - 1 :: turns]:
        wanted = [
            look
            for look in _looks(options.language or LANGUAGES)
            if options.part in look.name_of(state) and look.size_name in (options.size or ALL_SIZES)
        ]
        if wanted:
            text.speak(ENGLISH)
            theme.use(app, "light")
            with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "shop") as player:
                player.window.resize(1366, 768)
                state(player)
                for look in wanted:
                    _take(app, player, look, OUT / f"{look.name_of(state)}.png")
    return 0


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is seen."""

    language: str
    theme: str
    size: tuple[int, int]

    def name_of(self, state: State) -> str:
        """Return the name of the picture of a state."""
        return f"{state.__name__}-{self.language}-{self.theme}-{self.size_name}"

    @property
    def size_name(self) -> str:
        """The size in points, such as 1024x600."""
        return "x".join(map(str, self.size))


def _looks(languages: Sequence[str]) -> Iterator[Look]:
    """Yield every look, so that what takes long to change changes seldom."""
    for language in languages:
        for name in THEMES:
            for size in SIZES:
                yield Look(language, name, size)


def _take(app: QApplication, player: Player, look: Look, path: Path) -> None:
    """Take a picture of what is shown, in this look."""
    shown = player.shown
    if text.language() != look.language:
        if isinstance(shown, Window):
            shown.speak(look.language)
        else:
            text.speak(look.language)
            retell(shown)
    theme.use(app, look.theme)
    shown.resize(*look.size)
    player.settle()
    shown.grab().save(str(path))
    print(path)


if __name__ == "__main__":
    sys.exit(main())
