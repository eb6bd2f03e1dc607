"""A guided stock take: counts that hold for their moment, by several people, in one fact."""

from __future__ import annotations

import pytest

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.product import ProductForm
from pos_desktop.domain.stock_take import StockTake, TakeState, Uncounted
from pos_desktop.services.catalogue import UnknownCode
from pos_desktop.services.sign_in import Approval, NeedsApproval, Person
from pos_desktop.services.stock_taking import StockTaking
from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.audit import run_checks
from tests.pos_desktop.conftest import CASHIER, MANAGER, bad_books, person, product_id
from tests.pos_desktop.services.test_till import play


@pytest.fixture
def stocked(selling_shop: Shop) -> Shop:
    """A shop with 20 milk, 12 sugar and 5 kg of tomatoes by the books."""
    levels = {"MILK": 20_000, "SUGAR": 12_000, "TOM": 5_000}
    changes = {product_id(selling_shop, code): level for code, level in levels.items()}
    selling_shop.goods.correcting.correct(changes, "found")
    return selling_shop


@pytest.fixture
def taking(stocked: Shop) -> StockTaking:
    return stocked.goods.taking


@pytest.fixture
def take(taking: StockTaking) -> StockTake:
    return taking.begin()


@pytest.fixture
def manager(stocked: Shop) -> Person:
    return person(stocked, MANAGER)


def level(shop: Shop, code: str) -> int:
    return shop.goods.products.card(product_id(shop, code)).in_stock


def test_a_count_brings_the_stock_to_what_is_there(
    stocked: Shop, taking: StockTaking, manager: Person
) -> None:
    take = taking.begin(actor=manager)
    taking.scan(take.id, "6161100000014", 11_000, actor=manager)
    line = taking.count(take.id, product_id(stocked, "TOM"), 5_250, actor=manager)
    assert (line.counted, line.level, line.difference()) == (5_250, 5_000, 250)
    found = taking.finish(take.id, actor=manager)
    assert [(one.code, one.difference()) for one in found] == [("SUGAR", -1_000), ("TOM", 250)]
    assert [level(stocked, code) for code in ("SUGAR", "TOM", "MILK")] == [11_000, 5_250, 20_000]
    assert taking.under_way() == []
    (ended,) = taking.latest()
    assert (ended.state, ended.number) == (TakeState.FINISHED, take.number)
    assert taking.lines(take.id) == found
    assert bad_books(stocked) == set()


def test_a_product_without_a_code_is_known_by_its_barcode_also_after_the_end(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    stocked.goods.products.add(
        ProductForm(name="Soap", price_cents=50_00, barcodes=("6161100000124",))
    )
    taking.scan(take.id, "6161100000124", 3_000)
    assert [line.code for line in taking.finish(take.id)] == ["6161100000124"]
    assert [line.code for line in taking.lines(take.id)] == ["6161100000124"]


def test_a_count_holds_for_the_moment_of_counting(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    milk = product_id(stocked, "MILK")
    play(stocked, "MILK", "pay cash")
    taking.count(take.id, milk, 18_000)
    play(stocked, "3*MILK", "2*SUGAR", "pay cash")
    (wrong,) = taking.differences(take.id)
    assert (wrong.level, wrong.counted, wrong.difference()) == (19_000, 18_000, -1_000)
    taking.finish(take.id)
    assert level(stocked, "MILK") == 15_000, "18 were counted, and 3 of them sold since"
    assert level(stocked, "SUGAR") == 10_000
    move = stocked.goods.correcting.moves(milk)[0]
    assert (move.kind, move.quantity) == ("stock take", -1_000)
    assert bad_books(stocked) == set()


def test_what_is_sold_between_two_counts_was_on_the_shelf(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    milk = product_id(stocked, "MILK")
    taking.count(take.id, milk, 8_000)
    play(stocked, "3*MILK", "pay cash")
    line = taking.count(take.id, milk, 12_000)
    assert (line.counted, line.level) == (20_000, 20_000)
    taking.finish(take.id)
    assert level(stocked, "MILK") == 17_000


def test_counts_add_up_or_replace(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    milk = product_id(stocked, "MILK")
    for _scan in range(3):
        taking.scan(take.id, "MILK")
    assert taking.count(take.id, milk, 24_000).counted == 27_000
    assert taking.count(take.id, milk, -2_000).counted == 25_000
    play(stocked, "MILK", "pay cash")
    again = taking.count(take.id, milk, 19_000, replacing=True)
    assert (again.counted, again.level) == (19_000, 19_000)
    assert taking.scan(take.id, "MILK").counted == 20_000
    entries = taking.entries(take.id, milk)
    assert [one.replaced for one in entries] == [True] * 5 + [False] * 2
    taking.uncount(take.id, milk)
    assert [line.counted for line in taking.lines(take.id)] == [None, None, None]


def test_several_people_count_at_once(
    stocked: Shop, taking: StockTaking, take: StockTake, manager: Person
) -> None:
    other = open_shop(stocked.directory)
    try:
        cashier = person(other, CASHIER)
        taking.scan(take.id, "MILK", 8_000, actor=manager)
        line = other.goods.taking.scan(
            take.id, "MILK", 12_000, actor=cashier, approval=Approval(manager)
        )
        assert line.counted == 20_000
    finally:
        other.close()
    found = taking.entries(take.id, product_id(stocked, "MILK"))
    assert [(one.quantity, one.staff_id) for one in found] == [
        (8_000, manager.id),
        (12_000, cashier.id),
    ]


@pytest.mark.parametrize(("uncounted", "left"), [(Uncounted.LEFT, 12_000), (Uncounted.ZERO, 0)])
def test_what_nobody_counted_is_left_or_is_none(
    stocked: Shop, taking: StockTaking, take: StockTake, uncounted: Uncounted, left: int
) -> None:
    taking.scan(take.id, "MILK", 20_000)
    told = [line.code for line in taking.differences(take.id, uncounted)]
    taking.finish(take.id, uncounted)
    assert told == ([] if left else ["SUGAR", "TOM"])
    assert (level(stocked, "SUGAR"), level(stocked, "MILK")) == (left, 20_000)
    assert [line.code for line in taking.differences(take.id)] == told
    assert bad_books(stocked) == set()


def test_a_take_of_a_category_minds_its_own_goods(stocked: Shop, taking: StockTaking) -> None:
    form = ProductForm(name="Bleach", price_cents=90_00, code="BL", category="Household")
    bleach = stocked.goods.products.add(form)
    stocked.goods.correcting.correct({bleach.id: 4_000}, "found")
    take = taking.begin("Household")
    assert [line.code for line in taking.lines(take.id)] == ["BL"]
    with pytest.raises(Refused, match="Milk 500 ml is not of the category Household"):
        taking.scan(take.id, "MILK")
    assert taking.finish(take.id, Uncounted.ZERO)[0].difference(Uncounted.ZERO) == -4_000
    assert (level(stocked, "BL"), level(stocked, "MILK")) == (0, 20_000)


def test_nothing_is_counted_in_two_takes(taking: StockTaking) -> None:
    first = taking.begin("Household")
    taking.begin("Dairy")
    for category in ("Household", None):
        with pytest.raises(Refused, match=f"Stock take {first.number} counts the same"):
            taking.begin(category)
    taking.cancel(first.id)
    taking.begin("Household")


def test_a_blind_take_shows_nobody_what_is_expected(
    stocked: Shop, taking: StockTaking, manager: Person
) -> None:
    take = taking.begin(blind=True)
    cashier = person(stocked, CASHIER)
    line = taking.scan(take.id, "MILK", 19_000, actor=cashier, approval=Approval(manager))
    assert (line.counted, line.level, line.difference()) == (19_000, None, 0)
    assert {one.level for one in taking.lines(take.id)} == {None}
    with pytest.raises(NeedsApproval):
        taking.differences(take.id, actor=cashier)
    (wrong,) = taking.differences(take.id, actor=cashier, approval=Approval(manager))
    assert wrong.difference() == -1_000
    assert taking.finish(take.id)[0].difference() == -1_000
    assert [one.level for one in taking.lines(take.id)] == [20_000]


def test_a_draft_survives_the_program(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    taking.scan(take.id, "MILK", 7_000)
    again = open_shop(stocked.directory)
    try:
        (found,) = again.goods.taking.under_way()
        assert found == take
        counted = {line.code: line.counted for line in again.goods.taking.lines(take.id)}
        assert counted == {"MILK": 7_000, "SUGAR": None, "TOM": None}
    finally:
        again.close()


def test_a_cancelled_take_changes_nothing(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    taking.scan(take.id, "MILK", 7_000)
    taking.cancel(take.id)
    assert level(stocked, "MILK") == 20_000
    for act in (
        lambda: taking.scan(take.id, "MILK"),
        lambda: taking.finish(take.id),
        lambda: taking.cancel(take.id),
    ):
        with pytest.raises(Refused, match="was cancelled"):
            act()
    kinds = stocked.database.rows("SELECT kind FROM journal WHERE kind LIKE 'stock take%'")
    assert [row["kind"] for row in kinds] == ["stock take begun", "stock take cancelled"]


def test_what_cannot_be_is_refused(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    milk = product_id(stocked, "MILK")
    with pytest.raises(Refused, match="a count is zero or more"):
        taking.count(take.id, milk, -1_000)
    with pytest.raises(Refused, match="a count is zero or more"):
        taking.count(take.id, milk, -1_000, replacing=True)
    with pytest.raises(Refused, match="counted by the piece"):
        taking.count(take.id, milk, 1_500)
    with pytest.raises(UnknownCode):
        taking.scan(take.id, "NEVER")
    with pytest.raises(Refused, match="no such stock take"):
        taking.scan(Id("0" * 32), "MILK")
    with pytest.raises(Refused, match="Nothing was counted"):
        taking.finish(take.id)
    taking.count(take.id, milk, 0)
    taking.finish(take.id)
    with pytest.raises(Refused, match="is finished"):
        taking.finish(take.id)
    assert level(stocked, "MILK") == 0


def test_an_empty_shelf_and_the_exact_number_stand_in_the_books(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    taking.scan(take.id, "MILK", 20_000)
    taking.finish(take.id)
    assert stocked.database.value("SELECT count(*) FROM stock_take_line") == 1
    fact = stocked.database.value("SELECT id FROM stock_take_end")
    moves = stocked.database.value("SELECT count(*) FROM stock_move WHERE fact_id = ?", (fact,))
    assert moves == 0


@pytest.mark.spoils_books
def test_a_count_that_is_changed_afterwards_is_found_by_its_name(
    stocked: Shop, taking: StockTaking, take: StockTake
) -> None:
    taking.scan(take.id, "MILK", 19_000)
    taking.finish(take.id)
    stocked.database.execute_sql("DROP TRIGGER stock_take_line_no_update")
    stocked.database.execute_sql("UPDATE stock_take_line SET counted = 20000")
    checks = run_checks(stocked.database, stocked.key, stocked.head)
    (detail,) = [check.detail for check in checks if check.check == "facts"]
    assert detail.startswith("the stock take that ended at")


def test_a_cashier_may_not(stocked: Shop, taking: StockTaking, take: StockTake) -> None:
    cashier = person(stocked, CASHIER)
    for act in (
        lambda: taking.begin("Dairy", actor=cashier),
        lambda: taking.scan(take.id, "MILK", actor=cashier),
        lambda: taking.uncount(take.id, product_id(stocked, "MILK"), actor=cashier),
        lambda: taking.differences(take.id, actor=cashier),
        lambda: taking.finish(take.id, actor=cashier),
        lambda: taking.cancel(take.id, actor=cashier),
    ):
        with pytest.raises(NeedsApproval):
            act()
