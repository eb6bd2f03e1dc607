"""The page of M-Pesa behind the counter: what is to be done is seen, understood, and settled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from pos_desktop.domain.mpesa_event import EventKind
from pos_desktop.domain.mpesa_money import MoneySource, MoneyState
from pos_desktop.services.mpesa.payment_list import PULL_MPESA
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage import mpesa_events, mpesa_money
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.mpesa_money import Money
from pos_desktop.ui.screens.mpesa.tray_forms import CustomerForm, ReasonForm, TargetForm
from pos_desktop.ui.screens.mpesa.tray_page import TrayPage
from pos_desktop.ui.screens.office.menu_page import MenuPage
from tests.pos_desktop.services.mpesa.statement_rows import paid, statement
from tests.pos_desktop.ui.behind_counter import choose, offered, open_page, said, titles
from tests.pos_desktop.ui.conftest import Cashier
from tests.pos_desktop.ui.names import nameless
from tests.pos_desktop.ui.pseudo import pseudo, seen, words_left
from tests.pos_desktop.ui.room import squeezed_in_any
from tests.pos_desktop.ui.test_language import _data

__all__ = ["pseudo"]

K = Qt.Key
CODE, OTHER = "RKL51ZDR4F", "RKL51ZDR5G"
LONG = "WANJIKU MUTHONI WA NJOROGE KIPROTICH ACHIENG OTIENO"
OWN = {CODE, OTHER, "M-Pesa", "AMINA", "HASSAN", "RENT", *LONG.split()}


def put(
    shop: Shop,
    receipt: str = CODE,
    cents: int = 1_450_00,
    *,
    state: MoneyState = MoneyState.UNMATCHED,
    is_confirmed: bool = True,
    name: str = "AMINA HASSAN",
) -> None:
    """Let M-Pesa have told of a payment."""
    at = to_stored(shop.clock.base.now())
    money = Money(
        receipt=receipt,
        amount_cents=cents,
        paid_at=at - cents,
        short_code="174379",
        reference="RENT",
        payer_phone="254712345678",
        payer_name=name,
        source=MoneySource.PULL,
        is_confirmed=is_confirmed,
        state=state,
        told_at=at,
        changed_at=at,
    )
    with shop.database.write():
        mpesa_money.put(shop.database, money)
        mpesa_events.add(shop.database, EventKind.MONEY_TOLD, at, receipt=receipt, source="pull")


@pytest.fixture
def furnish() -> Callable[[Shop], None]:
    return put


@pytest.fixture
def manager(
    open_window: Callable[[Path], Cashier], shop_folder: Path, furnish: Callable[[Shop], None]
) -> Cashier:
    with closing(open_shop(shop_folder)) as shop:
        furnish(shop)
        shop.customers.add(Particulars(name="Amina", phone="0712345678"), actor=None)
    cashier = open_window(shop_folder)
    cashier.sign_in_only("manager", "1234")
    return cashier


@pytest.fixture
def page(manager: Cashier) -> TrayPage:
    page = open_page(manager, TrayPage, "mpesa")
    manager.until(lambda: page.list.lines.rows)
    return page


def look_at(manager: Cashier, page: TrayPage) -> None:
    manager.hands.press(K.Key_Return)
    manager.until(lambda: page.below is page.view)


def state(manager: Cashier, receipt: str = CODE) -> MoneyState:
    found = mpesa_money.find(manager.program.shop.reader, receipt)
    assert found is not None
    return found.state


def act_titles(page: TrayPage) -> list[str]:
    return [str(one.title) for one in page.acts]


def test_the_menu_says_how_much_is_to_be_done(manager: Cashier) -> None:
    offered(manager)
    menu = manager.window.screen_shown
    assert isinstance(menu, MenuPage)
    place = [one.name for one in menu.shown].index("mpesa")
    manager.until(lambda: menu.page_tiles[place]._note == "1 to be done")


def test_a_cashier_has_no_such_page(at_door: Cashier) -> None:
    at_door.sign_in()
    assert "mpesa" not in offered(at_door)


def test_it_lists_what_is_to_be_done_and_what_has_happened(
    manager: Cashier, page: TrayPage
) -> None:
    assert titles(page) == ["AMINA HASSAN"]
    [row] = page.list.lines.rows
    assert (row.right, row.chip) == ("1,450.00", "No sale")
    assert CODE in row.note
    look_at(manager, page)
    assert page.view.amount.text() == "1,450.00"
    assert ("M-Pesa code", CODE) in page.view.facts.facts
    assert ("Payer", "AMINA HASSAN · 0712 *** 678") in page.view.facts.facts
    assert [one.title for one in page.view.list.lines.rows] == ["Told by M-Pesa"]
    assert act_titles(page) == ["Attach", "Back in portal", "In cash", "As credit", "Not ours"]


def test_cash_is_given_when_the_key_is_pressed_twice(manager: Cashier, page: TrayPage) -> None:
    shop = manager.program.shop
    done: list[object] = []
    person = shop.till.person
    manager.program.lane.submit(lambda: shop.closing.open_shift(person, 5_000_00), done.append)
    manager.until(lambda: done)
    look_at(manager, page)
    manager.hands.press(K.Key_F3)
    assert said(page) == "Give 1,450.00 out of the drawer? F3 does it."
    assert state(manager) is MoneyState.UNMATCHED
    manager.hands.press(K.Key_Escape)
    assert (said(page), page.below) == ("", page.view)
    manager.hands.press(K.Key_F3)
    manager.hands.press(K.Key_F3)
    manager.until(lambda: "the drawer is open" in said(page))
    manager.until(lambda: titles(page) == [])
    assert (state(manager), page.below) == (MoneyState.REFUNDED, None)
    assert page.list._empty == ("Nothing is left to do", "Every M-Pesa payment has its sale.")


def test_without_a_shift_it_says_why_no_cash_is_given(manager: Cashier, page: TrayPage) -> None:
    look_at(manager, page)
    manager.hands.press(K.Key_F3)
    manager.hands.press(K.Key_F3)
    manager.until(lambda: "shift" in said(page))
    assert state(manager) is MoneyState.UNMATCHED


def test_it_goes_to_a_sale_on_hold(manager: Cashier, page: TrayPage) -> None:
    look_at(manager, page)
    manager.hands.press(K.Key_F2)
    manager.until(lambda: "No sale is open or on hold" in said(page))
    _hold(manager)
    manager.hands.press(K.Key_F2)
    manager.until(lambda: isinstance(page.form, TargetForm))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "It is attached." in said(page))
    assert state(manager) is MoneyState.MATCHED


def _hold(manager: Cashier) -> None:
    """Put a sale on hold, as another till of the folder might."""
    from pos_desktop.storage import carts

    shop, done = manager.program.shop, list[object]()
    cart = carts.StoredCart(shop.books.new_id(), carts.HELD, "Mama Njeri", None, {}, 0)

    def write() -> None:
        with shop.database.write():
            carts.put(shop.database, cart, till_id=shop.books.node.till_id)

    manager.program.lane.submit(write, done.append)
    manager.until(lambda: done)


def test_whose_it_is_has_to_be_said(manager: Cashier, page: TrayPage) -> None:
    look_at(manager, page)
    manager.hands.press(K.Key_Delete)
    manager.until(lambda: isinstance(page.form, ReasonForm))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "Say whose payment it is" in said(page))
    manager.hands.type("Rent\r")
    manager.until(lambda: state(manager) is MoneyState.ELSEWHERE)


def test_it_stands_in_favour_of_who_has_paid(manager: Cashier, page: TrayPage) -> None:
    shop, done = manager.program.shop, list[object]()
    person = shop.till.person
    manager.program.lane.submit(lambda: shop.closing.open_shift(person, 0), done.append)
    manager.until(lambda: done)
    look_at(manager, page)
    manager.hands.press(K.Key_F4)
    manager.until(lambda: isinstance(page.form, CustomerForm))
    assert page.form is not None
    assert page.form.parts[0].text == "0712345678"  # type: ignore[union-attr]
    manager.hands.press(K.Key_Return)
    manager.until(lambda: "in favour of the customer" in said(page))
    assert state(manager) is MoneyState.REFUNDED
    assert shop.customers.balance(shop.customers.search("Amina")[0].id) == -1_450_00


def test_what_is_done_stays_among_those_of_today(manager: Cashier, page: TrayPage) -> None:
    look_at(manager, page)
    manager.hands.press(K.Key_F6)
    manager.hands.press(K.Key_F6)
    manager.until(lambda: state(manager) is MoneyState.REFUNDED)
    manager.until(lambda: titles(page) == [])
    manager.hands.press(K.Key_Right)
    manager.until(lambda: titles(page) == ["AMINA HASSAN"])
    assert page.list.lines.rows[0].chip == "Given back"


def _all_kinds(shop: Shop) -> None:
    put(shop)
    put(shop, OTHER, 2_50, state=MoneyState.SUSPENSE, name=LONG)
    put(shop, "RKL51ZDR6H", 99_00, is_confirmed=False, name="")
    put(shop, "RKL51ZDR7J", 500_00, state=MoneyState.DIFFERS)
    put(shop, "RKL51ZDR8K", 250_000_00, state=MoneyState.REFUND_ASKED, name=LONG)


@pytest.mark.parametrize("furnish", [_all_kinds])
def test_everything_finds_room_and_has_a_name(manager: Cashier, page: TrayPage) -> None:
    manager.until(lambda: len(page.list.lines.rows) == 5)
    assert not nameless(page)
    assert not squeezed_in_any(manager)
    for place in range(5):
        choose(page, str(page.list.lines.rows[place].key))
        look_at(manager, page)
        assert not nameless(page)
        assert not squeezed_in_any(manager)
        manager.hands.press(K.Key_Escape)
        manager.until(lambda: page.below is None)


@pytest.mark.parametrize("furnish", [_all_kinds])
def test_all_of_the_page_is_said_anew(manager: Cashier, page: TrayPage, pseudo: str) -> None:
    look_at(manager, page)
    manager.lay_out()
    before = seen(page)
    manager.window.speak(pseudo)
    manager.lay_out()
    assert not words_left(page, _data(manager) | OWN)
    manager.window.speak("en")
    manager.lay_out()
    assert seen(page) == before


def test_the_list_is_read_by_a_job(manager: Cashier) -> None:
    page = open_page(manager, TrayPage, "mpesa")
    manager.hands.press(K.Key_F6)
    manager.until(lambda: "is being read" in said(page))
    queue = manager.program.shop.queue
    manager.until(lambda: not [one for one in queue.views.unfinished() if one.job == PULL_MPESA])


def test_a_statement_is_chosen_and_left_to_a_job(manager: Cashier, tmp_path: Path) -> None:
    statement(tmp_path / "org.csv", paid("TKO1AB2CD3"))
    page = open_page(manager, TrayPage, "mpesa")
    manager.hands.press(K.Key_F2)
    manager.until(lambda: page.below is page.files.view)
    page.files.view.field.setText(str(tmp_path / "org.csv"))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: page.below is page.statement.view)
    database = manager.program.shop.database
    manager.until(lambda: mpesa_money.find(database, "TKO1AB2CD3"))
    manager.until(lambda: "org.csv: 1 payment" in shown_words(page))
    assert not shown_rows(page)
    manager.hands.press(K.Key_Escape)
    assert page.below is None


def import_it(manager: Cashier, page: TrayPage, file: Path) -> None:
    manager.hands.press(K.Key_F2)
    manager.until(lambda: page.below is page.files.view)
    page.files.view.field.setText(str(file))
    manager.hands.press(K.Key_Return)
    manager.until(lambda: page.below is page.statement.view)


def shown_words(page: TrayPage) -> str:
    return page.statement.view.words.text


def shown_rows(page: TrayPage) -> list[str]:
    return [one.spoken for one in page.statement.view.list.lines.rows]


def test_the_page_names_what_is_wrong_in_a_statement(manager: Cashier, tmp_path: Path) -> None:
    """Also when it is looked at again: nobody has to find a console for it."""
    page = open_page(manager, TrayPage, "mpesa")
    statement(tmp_path / "first.csv", paid("TKO1AB2CD3", "100.00"))
    import_it(manager, page, tmp_path / "first.csv")
    manager.until(lambda: "first.csv: 1 payment" in shown_words(page))
    manager.hands.press(K.Key_Escape)
    statement(tmp_path / "second.csv", paid("TKO1AB2CD3", "150.00"), paid("TKO1AB2CD4", "a lot"))
    import_it(manager, page, tmp_path / "second.csv")
    manager.until(lambda: len(shown_rows(page)) == 2)
    bad, differs = shown_rows(page)
    assert "“a lot” is no amount" in bad
    assert "150.00 here, and 100.00 by what M-Pesa told before" in differs
    manager.hands.press(K.Key_Escape)
    manager.hands.press(K.Key_F8)
    manager.until(lambda: page.below is page.statement.view and len(shown_rows(page)) == 2)


def test_a_statement_that_fails_says_so(manager: Cashier, tmp_path: Path) -> None:
    page = open_page(manager, TrayPage, "mpesa")
    (tmp_path / "org.csv").write_text("Nothing of M-Pesa", encoding="utf-8")
    import_it(manager, page, tmp_path / "org.csv")
    manager.until(lambda: "was not taken in" in shown_words(page))
    manager.hands.press(K.Key_Escape)
    assert page.below is None
