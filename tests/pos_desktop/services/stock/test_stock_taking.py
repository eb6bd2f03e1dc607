"""A guided stock take: counts that hold for their moment, by several people, in one fact."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.quantity import ONE
from pos_desktop.domain.staff import Permission, Role
from pos_desktop.domain.stock_take import StockTake, TakeLine, TakeState, Uncounted
from pos_desktop.services.people.acting import NeedsApproval
from pos_desktop.services.people.sign_in import Person
from pos_desktop.services.stock.stock_taking import StockTaking
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.audit import run_checks
from pos_desktop.storage.database import Row
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.play import play


@pytest.fixture
def stocked(selling_shop: Shop) -> Shop:
    """A shop with 20 milk, 12 sugar and 5 kg of tomatoes by the books."""
    levels = {"MILK": 20_000, "SUGAR": 12_000, "TOM": 5_000}
    changes = {product_id(selling_shop, code): level for code, level in levels.items()}
    selling_shop.goods.correcting.correct(changes, "found", actor=None)
    return selling_shop


@pytest.fixture
def taking(stocked: Shop) -> StockTaking:
    return stocked.goods.taking


@pytest.fixture
def take(taking: StockTaking) -> StockTake:
    return taking.begin(actor=None)


@pytest.fixture
def manager(stocked: Shop) -> Person:
    return person(stocked, MANAGER)


@pytest.fixture
def keeper(stocked: Shop) -> Person:
    """Somebody who keeps the stock, and changes no catalogue."""
    stocked.staffing.put_role(Role("keeper", frozenset({Permission.STOCK}), 0), actor=None)
    stocked.staffing.give_role("cashier", "keeper", actor=None)
    return person(stocked, CASHIER)


def scan(
    shop: Shop, take: StockTake, code: str, quantity: int = ONE, *, actor: Person | None = None
) -> TakeLine:
    return shop.goods.taking.count(take.id, product_id(shop, code), quantity, actor=actor)


def level(shop: Shop, code: str) -> int:
    return shop.goods.products.card(product_id(shop, code)).in_stock


def test_a_count_brings_the_stock_to_what_is_there(
    stocked: Shop, taking: StockTaking, manager: Person
) -> None:
    take = taking.begin(actor=manager)
    scan(stocked, take, "SUGAR", 11_000, actor=manager)
    line = taking.count(take.id, product_id(stocked, "TOM"), 5_250, actor=manager)
    assert (line.counted, line.level, line.difference()) == (5_250, 5_000, 250)
    found = taking.finish(take.id, actor=manager)
    assert [(one.code, one.difference()) for one in found] == [("SUGAR", -1_000), ("TOM", 250)]
    assert [level(stocked, code) for code in ("SUGAR", "TOM", "MILK")] == [11_000, 5_250, 20_000]
    (ended,) = taking.latest()
    assert (ended.state, ended.number) == (TakeState.FINISHED, take.number)
    assert taking.lines(take.id) == found
    assert bad_books(stocked) == set()


def test_a_product_without_a_code_is_known_by_its_barcode_also_after_the_end(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    form = ProductForm(name="Soap", price_cents=50_00, barcodes=("6161100000124",))
    soap = stocked.goods.products.add(form, actor=None)
    taking.count(take.id, soap.id, 3_000, actor=None)
    assert [line.code for line in taking.finish(take.id, actor=None)] == ["6161100000124"]
    assert [line.code for line in taking.lines(take.id)] == ["6161100000124"]


def test_a_count_holds_for_the_moment_of_counting(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    milk = product_id(stocked, "MILK")
    play(stocked, "MILK", "pay cash")
    taking.count(take.id, milk, 18_000, actor=None)
    play(stocked, "3*MILK", "2*SUGAR", "pay cash")
    (wrong,) = taking.finish(take.id, actor=None)
    assert (wrong.level, wrong.counted, wrong.difference()) == (19_000, 18_000, -1_000)
    assert level(stocked, "MILK") == 15_000, "18 were counted, and 3 of them sold since"
    assert level(stocked, "SUGAR") == 10_000
    move = stocked.goods.correcting.moves(milk)[0]
    assert (move.kind, move.quantity) == ("stock take", -1_000)
    assert bad_books(stocked) == set()


def test_what_is_sold_between_two_counts_was_on_the_shelf(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    milk = product_id(stocked, "MILK")
    taking.count(take.id, milk, 8_000, actor=None)
    play(stocked, "3*MILK", "pay cash")
    line = taking.count(take.id, milk, 12_000, actor=None)
    assert (line.counted, line.level) == (20_000, 20_000)
    taking.finish(take.id, actor=None)
    assert level(stocked, "MILK") == 17_000


def test_counts_add_up_or_replace(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    milk = product_id(stocked, "MILK")
    for _scan in range(3):
        scan(stocked, take, "MILK", actor=None)
    assert taking.count(take.id, milk, 24_000, actor=None).counted == 27_000
    assert taking.count(take.id, milk, -2_000, actor=None).counted == 25_000
    play(stocked, "MILK", "pay cash")
    again = taking.count(take.id, milk, 19_000, replacing=True, actor=None)
    assert (again.counted, again.level) == (19_000, 19_000)
    assert scan(stocked, take, "MILK", actor=None).counted == 20_000
    assert [one["replaced"] for one in _entries(stocked)] == [1] * 5 + [0] * 2
    taking.uncount(take.id, milk, actor=None)
    assert [line.counted for line in taking.lines(take.id)] == [None, None, None]


def _entries(shop: Shop) -> list[Row]:
    return shop.database.rows("SELECT quantity, staff_id, replaced FROM stock_count ORDER BY no")


def test_several_people_count_at_once(
    stocked: Shop, take: StockTake, manager: Person, keeper: Person
) -> None:
    other = open_shop(stocked.directory)
    try:
        scan(stocked, take, "MILK", 8_000, actor=manager)
        assert scan(other, take, "MILK", 12_000, actor=keeper).counted == 20_000
    finally:
        other.close()
    found = [(one["quantity"], one["staff_id"]) for one in _entries(stocked)]
    assert found == [(8_000, manager.id), (12_000, keeper.id)]


@pytest.mark.parametrize(("uncounted", "left"), [(Uncounted.LEFT, 12_000), (Uncounted.ZERO, 0)])
def test_what_nobody_counted_is_left_or_is_none(
    stocked: Shop, taking: StockTaking, take: StockTake, uncounted: Uncounted, left: int
) -> None:
    scan(stocked, take, "MILK", 20_000, actor=None)
    found = taking.finish(take.id, uncounted, actor=None)
    wrong = [line.code for line in found if line.difference(uncounted)]
    assert wrong == ([] if left else ["SUGAR", "TOM"])
    assert (level(stocked, "SUGAR"), level(stocked, "MILK")) == (left, 20_000)
    assert bad_books(stocked) == set()


def test_a_take_of_a_category_minds_its_own_goods(stocked: Shop, taking: StockTaking) -> None:
    form = ProductForm(name="Bleach", price_cents=90_00, code="BL", category="Household")
    bleach = stocked.goods.products.add(form, actor=None)
    stocked.goods.correcting.correct({bleach.id: 4_000}, "found", actor=None)
    take = taking.begin("Household", actor=None)
    assert [line.code for line in taking.lines(take.id)] == ["BL"]
    with pytest.raises(Refused, match="Milk 500 ml is not of the category Household"):
        scan(stocked, take, "MILK", actor=None)
    assert (
        taking.finish(take.id, Uncounted.ZERO, actor=None)[0].difference(Uncounted.ZERO) == -4_000
    )
    assert (level(stocked, "BL"), level(stocked, "MILK")) == (0, 20_000)


def test_nothing_is_counted_in_two_takes(taking: StockTaking) -> None:
    first = taking.begin("Household", actor=None)
    taking.begin("Dairy", actor=None)
    for category in ("Household", None):
        with pytest.raises(Refused, match=f"Stock take {first.number} counts the same"):
            taking.begin(category, actor=None)
    taking.cancel(first.id, actor=None)
    taking.begin("Household", actor=None)


def test_a_blind_take_shows_nobody_what_is_expected(
    stocked: Shop, taking: StockTaking, keeper: Person
) -> None:
    take = taking.begin(blind=True, actor=None)
    line = scan(stocked, take, "MILK", 19_000, actor=keeper)
    assert (line.counted, line.level, line.difference()) == (19_000, None, 0)
    assert {one.level for one in taking.lines(take.id)} == {None}
    assert taking.finish(take.id, actor=None)[0].difference() == -1_000
    assert [one.level for one in taking.lines(take.id)] == [20_000]


def test_a_draft_survives_the_program(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    scan(stocked, take, "MILK", 7_000, actor=None)
    again = open_shop(stocked.directory)
    try:
        (found,) = again.goods.taking.latest()
        assert found == take
        counted = {line.code: line.counted for line in again.goods.taking.lines(take.id)}
        assert counted == {"MILK": 7_000, "SUGAR": None, "TOM": None}
    finally:
        again.close()


def test_a_cancelled_take_changes_nothing(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    scan(stocked, take, "MILK", 7_000, actor=None)
    taking.cancel(take.id, actor=None)
    assert level(stocked, "MILK") == 20_000
    for act in (
        lambda: scan(stocked, take, "MILK", actor=None),
        lambda: taking.finish(take.id, actor=None),
        lambda: taking.cancel(take.id, actor=None),
    ):
        with pytest.raises(Refused, match="was cancelled"):
            act()
    kinds = stocked.database.rows("SELECT kind FROM journal WHERE kind LIKE 'stock take%'")
    assert [row["kind"] for row in kinds] == ["stock take begun", "stock take cancelled"]


def test_what_cannot_be_is_refused(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    milk = product_id(stocked, "MILK")
    with pytest.raises(Refused, match="a count is zero or more"):
        taking.count(take.id, milk, -1_000, actor=None)
    with pytest.raises(Refused, match="a count is zero or more"):
        taking.count(take.id, milk, -1_000, replacing=True, actor=None)
    with pytest.raises(Refused, match="counted by the piece"):
        taking.count(take.id, milk, 1_500, actor=None)
    with pytest.raises(Refused, match="no such stock take"):
        taking.count(Id("0" * 32), milk, ONE, actor=None)
    with pytest.raises(Refused, match="Nothing was counted"):
        taking.finish(take.id, actor=None)
    taking.count(take.id, milk, 0, actor=None)
    taking.finish(take.id, actor=None)
    with pytest.raises(Refused, match="is finished"):
        taking.finish(take.id, actor=None)
    assert level(stocked, "MILK") == 0


def test_an_empty_shelf_and_the_exact_number_stand_in_the_books(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    scan(stocked, take, "MILK", 20_000, actor=None)
    taking.finish(take.id, actor=None)
    assert stocked.database.value("SELECT count(*) FROM stock_take_line") == 1
    fact = stocked.database.value("SELECT id FROM stock_take_end")
    moves = stocked.database.value("SELECT count(*) FROM stock_move WHERE fact_id = ?", (fact,))
    assert moves == 0


@pytest.mark.spoils_books
def test_a_count_that_is_changed_afterwards_is_found_by_its_name(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    scan(stocked, take, "MILK", 19_000, actor=None)
    taking.finish(take.id, actor=None)
    stocked.database.execute_sql("DROP TRIGGER stock_take_line_no_update")
    stocked.database.execute_sql("UPDATE stock_take_line SET counted = 20000")
    checks = run_checks(stocked.database, stocked.key, stocked.head)
    (detail,) = [check.detail for check in checks if check.check == "facts"]
    assert detail.startswith("the stock take that ended at")


def test_a_cashier_may_not(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    cashier = person(stocked, CASHIER)
    for act in (
        lambda: taking.begin("Dairy", actor=cashier),
        lambda: scan(stocked, take, "MILK", actor=cashier),
        lambda: taking.uncount(take.id, product_id(stocked, "MILK"), actor=cashier),
        lambda: taking.finish(take.id, actor=cashier),
        lambda: taking.cancel(take.id, actor=cashier),
    ):
        with pytest.raises(NeedsApproval):
            act()
