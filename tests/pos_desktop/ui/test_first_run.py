"""The first run: from an empty directory to the first receipt, by keys alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pos_hardware.discovery import DeviceKind, FoundDevice
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from pos_desktop import settings
from pos_desktop.app import Program
from pos_desktop.domain import text
from pos_desktop.languages import learn_languages
from pos_desktop.security.recovery import derive_keys
from pos_desktop.shop import open_shop
from pos_desktop.shops.new_shop import NewShop, make_shop
from pos_desktop.ui.kit.choice import Choice
from pos_desktop.ui.kit.tile import Tile
from pos_desktop.ui.screens.first_run.first_run import FirstRun, MadeShop
from tests.pos_desktop.ui.conftest import LAYOUT_TURNS, Cashier, Hands
from tests.pos_desktop.ui.pseudo import Pseudo, seen, words_left

K = Qt.Key
MOST_FIELDS = 6
SHOP = "Duka la Amina\rAmina Otieno\r2468\r2468\r"


class Owner:
    """Somebody who makes a shop."""

    def __init__(self, directory: Path, qtbot: QtBot, prints: Path) -> None:
        self.directory = directory
        self.qtbot = qtbot
        self.prints = prints
        serial = FoundDevice(DeviceKind.SERIAL, "serial:///dev/ttyS0", "s", "A serial line")
        printer = FoundDevice(
            DeviceKind.CUPS, f"virtual://{prints.as_posix()}", "p", "EPSON TM-T20III Receipt"
        )
        self.found = [serial, printer]
        self.beside: list[FoundDevice] = []
        """What is found in the network besides."""
        self.makers: list[threading.Thread] = []
        self.window = FirstRun(
            directory, lambda: self.found, self._make, lambda: self.found + self.beside
        )
        self.window.resize(1024, 600)
        self.window.show()
        self.window.start()
        handle = self.window.windowHandle()
        assert handle is not None
        self.hands = Hands(handle)

    def _make(self, directory: Path, new: NewShop) -> str:
        self.makers.append(threading.current_thread())
        return make_shop(directory, new)

    def until(self, truth: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(truth()), timeout=15_000)

    def said(self) -> str:
        return self.window.strip.notice.text if self.window.strip.notice else ""

    def fill_shop(self, kra_pin: str = "") -> None:
        self.until(lambda: self.window.goods_step.printer.key)
        self.hands.type(SHOP + kra_pin + "\r")
        self.until(lambda: self.window.step is self.window.goods_step)

    def make(self, product: str = "Milk 500 ml 65") -> str:
        """Go through to the recovery key; return it."""
        self.fill_shop()
        self.hands.type("\r" + product + "\r")
        self.until(lambda: self.window.step is self.window.key_step)
        return self.window.key_step.recovery_key


@pytest.fixture
def owner(
    dressed: QApplication, qtbot: QtBot, tmp_path: Path, kept_books: Callable[[Path], None]
) -> Iterator[Owner]:
    learn_languages()
    kept_books(tmp_path / "shop")
    owner = Owner(tmp_path / "shop", qtbot, tmp_path / "prints")
    yield owner
    owner.window.close()
    owner.window.close()
    qtbot.waitUntil(owner.window.isHidden, timeout=15_000)
    text.speak(text.ENGLISH)


def _lay_out() -> None:
    for _turn in range(LAYOUT_TURNS):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def test_from_an_empty_directory_to_the_first_receipt(owner: Owner, qtbot: QtBot) -> None:
    window = owner.window
    asked = [
        part
        for step in (window.shop_step, window.goods_step, window.key_step)
        for kind in (QLineEdit, Choice)
        for part in step.findChildren(kind)
        if part is not window.shop_step.again.field
    ]
    assert len(asked) <= MOST_FIELDS
    key = owner.make()
    owner.hands.press(K.Key_F8)
    owner.until(window.isHidden)
    assert window.made == MadeShop("amina", "2468")
    made = window.made
    with closing(_Opened(owner.directory, qtbot)) as opened:
        opened.program.come_in(made)
        _sell_the_first(opened.cashier)
        owner.until(lambda: list(owner.prints.glob("*.png")))
        shop = opened.program.shop
        assert shop.configuration.get(settings.SHOP_NAME) == "Duka la Amina"
        assert not shop.configuration.get(settings.SHOP_DEMO)
        assert derive_keys(key, shop.books.node.shop_id)["journal"] == shop.key


class _Opened:
    """The till on the shop that was made."""

    def __init__(self, directory: Path, qtbot: QtBot) -> None:
        self.program = Program(directory, sound=False)
        self.program.window.resize(1024, 600)
        self.program.window.show()
        self.program.start()
        self.cashier = Cashier(self.program, qtbot)

    def close(self) -> None:
        self.cashier.leave()
        self.program.window.deleteLater()


def _sell_the_first(cashier: Cashier) -> None:
    """Open the first shift and sell the first product, from the page that is open by itself."""
    window = cashier.window
    cashier.until(lambda: window.screen_shown is window.open_shift)
    assert window.open_shift.field.text() == "0.00"
    cashier.hands.type("\r")
    cashier.until(lambda: window.screen_shown is cashier.sell)
    cashier.hands.type("1\r")
    cashier.until(lambda: cashier.lines() == [("Milk 500 ml", 1, 65_00)])
    cashier.hands.press(K.Key_F8)
    cashier.until(lambda: cashier.page() is cashier.sell.change)
    cashier.drained()
    assert window.counter.last is not None
    assert window.counter.last.receipt == "T1-000001"


def test_the_shop_is_made_off_the_screen_s_thread(owner: Owner) -> None:
    owner.make(product="")
    assert [one is threading.main_thread() for one in owner.makers] == [False]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("\r\r\r\r\r", "A shop has a name"),
        ("Duka\r\r\r\r\r", "The manager has a name"),
        ("Duka\rAmina\r12\r12\r\r", "four to eight digits"),
        ("Duka\rAmina\r2468\r2486\r\r", "two different PINs"),
        ("Duka\rAmina\r2468\r2468\r12\r", "KRA PIN"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(owner: Owner, typed: str, why: str) -> None:
    owner.hands.type(typed)
    owner.until(owner.said)
    assert why in owner.said()
    assert owner.window.step is owner.window.shop_step
    assert not owner.directory.exists()


def test_a_product_without_a_price_is_refused(owner: Owner) -> None:
    owner.fill_shop()
    owner.hands.type("\rMilk\r")
    owner.until(owner.said)
    assert owner.said() == "Type a name and then its price, such as: Milk 500 ml 65"
    assert owner.window.step is owner.window.goods_step


def test_what_was_typed_stays_on_the_way_back(owner: Owner) -> None:
    owner.fill_shop()
    owner.hands.press(K.Key_Escape)
    assert owner.window.step is owner.window.shop_step
    assert owner.window.shop_step.manager.text == "Amina Otieno"
    owner.hands.press(K.Key_Return, modifiers=Qt.KeyboardModifier.ControlModifier)
    owner.until(lambda: owner.window.step is owner.window.goods_step)


def test_printers_are_found_and_tested_and_none_is_an_answer(owner: Owner) -> None:
    owner.fill_shop()
    step = owner.window.goods_step
    assert step.printer.key.startswith("virtual://")
    assert "serial:///dev/ttyS0" not in step.printer._tiles
    owner.hands.press(K.Key_F5)
    owner.until(lambda: "was printed" in owner.said())
    assert list(owner.prints.glob("*.png"))
    owner.hands.press(K.Key_Right)
    assert step.printer.key == ""
    assert "F5" not in [act.cap for act in step.acts()]
    owner.hands.type("\r\r")
    owner.until(lambda: owner.window.step is owner.window.key_step)
    with closing(open_shop(owner.directory)) as shop:
        assert shop.configuration.get(settings.PRINTER_ADDRESS) == ""


def test_a_printer_that_does_not_answer_says_what_to_do(owner: Owner, tmp_path: Path) -> None:
    gone = f"usb://{tmp_path}/lp0"
    owner.found = [FoundDevice(DeviceKind.USB_PRINTER, gone, "x", "Gone")]
    owner.window.goods_step.printer.key = ""
    owner.window._look_for_printers(lambda: owner.found)
    owner.until(lambda: owner.window.goods_step.printer.key == gone)
    owner.fill_shop()
    owner.hands.press(K.Key_F5)
    owner.until(lambda: "does not answer" in owner.said())


def test_a_printer_in_the_network_is_looked_for_by_a_key_and_not_typed(owner: Owner) -> None:
    owner.beside = [FoundDevice(DeviceKind.NETWORK, "tcp://10.0.0.9:9100", "x", "10.0.0.9")]
    owner.found = []
    owner.window._look_for_printers(lambda: owner.found)
    step = owner.window.goods_step
    owner.until(lambda: not step.printer.key)
    owner.hands.type(SHOP + "\r")
    owner.until(lambda: owner.window.step is step)
    assert "looks in the network too" in step._printer_words()
    owner.hands.press(K.Key_F6)
    owner.until(lambda: step.printer.key == "tcp://10.0.0.9:9100")
    owner.until(lambda: owner.said() == "A printer is found: F5 prints a test page.")
    assert step.printer._tiles[step.printer.key].text() == "In the network: 10.0.0.9"


def test_a_network_without_a_printer_is_said(owner: Owner) -> None:
    owner.found = []
    owner.hands.type(SHOP + "\r")
    owner.until(lambda: owner.window.step is owner.window.goods_step)
    owner.hands.press(K.Key_F6)
    owner.until(lambda: "in the network neither" in owner.said())


def test_sample_goods_instead_of_a_product(owner: Owner) -> None:
    owner.fill_shop()
    owner.hands.press(K.Key_F4)
    owner.hands.type("\r")
    owner.until(lambda: owner.window.step is owner.window.key_step)
    with closing(open_shop(owner.directory)) as shop:
        assert shop.catalogue.item("P001").price_cents == 190_00


def test_the_key_is_printed_and_left_by_its_own_key_alone(owner: Owner) -> None:
    key = owner.make(product="")
    shown = "-".join(line.text() for line in owner.window.key_step._lines)
    assert shown == key
    owner.hands.type("\r")
    assert owner.said() == "Write the key down first, then press F8."
    owner.hands.press(K.Key_F5)
    owner.until(lambda: "was printed" in owner.said())
    assert list(owner.prints.glob("*.png"))


def test_the_window_closes_over_an_unkept_key_only_when_asked_again(owner: Owner) -> None:
    owner.make(product="")
    owner.window.close()
    assert owner.window.isVisible()
    assert "shown only now" in owner.said()
    owner.window.close()
    owner.until(owner.window.isHidden)
    assert owner.window.made is None


def test_the_language_is_chosen_and_kept(owner: Owner) -> None:
    QTest.mouseClick(owner.window.languages.tiles["sw"], Qt.MouseButton.LeftButton)
    assert text.language() == "sw"
    owner.make(product="")
    with closing(open_shop(owner.directory)) as shop:
        assert shop.configuration.get(settings.LANGUAGE) == "sw"


def test_every_step_follows_the_language(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(text._spoken.loads, "xx", Pseudo)
    keys = {"Ctrl", "Esc", "F4", "F5", "F6", "F8"}
    data = keys | {"English", "Kiswahili", owner.found[1].label, str(owner.directory), "Milk"}

    def speaks() -> None:
        _lay_out()
        before = seen(owner.window)
        owner.window.speak("xx")
        _lay_out()
        assert not words_left(owner.window, data)
        owner.window.speak("en")
        _lay_out()
        assert seen(owner.window) ^ before == set()

    speaks()
    owner.fill_shop()
    owner.hands.type("\rMilk 65")
    owner.until(lambda: owner.window.goods_step.product.text == "Milk 65")
    speaks()


def test_what_is_typed_as_fast_as_a_scan_is_typed_nevertheless(owner: Owner) -> None:
    step = owner.window.shop_step
    for words in ("Duka la Amina", "Amina Otieno"):
        owner.hands.scan(words)
    assert (step.name.text, step.manager.text) == ("Duka la Amina", "Amina Otieno")
    assert step.pin.field.hasFocus()


def test_letters_for_fingers_type_a_name(owner: Owner) -> None:
    window = owner.window

    def touch(*words: str) -> None:
        for word in words:
            _lay_out()
            tile = next(
                one for one in window.findChildren(Tile) if one.text() == word and one.isVisible()
            )
            assert window.childAt(tile.mapTo(window, tile.rect().center())) is tile
            QTest.mouseClick(tile, Qt.MouseButton.LeftButton)

    touch("Letters", *"DUKA", "Space", "L", "A", "⌫", "↵", *"AMINA", "Done")
    assert window.shop_step.name.text == "Duka L"
    assert window.shop_step.manager.text == "Amina"
    assert window.letters.isHidden()


def test_all_of_it_is_in_sight_in_a_small_window(owner: Owner) -> None:
    window = owner.window

    def all_in_sight() -> None:
        _lay_out()
        for widget in (*window.findChildren(Tile), *window.findChildren(QLineEdit)):
            if widget.isVisible():
                area = QRect(widget.mapTo(window, QPoint()), widget.size())
                assert window.rect().contains(area), widget.accessibleName()
                assert window.childAt(area.center()) is widget, widget.accessibleName()
                assert min(area.width(), area.height()) >= 44

    all_in_sight()
    owner.fill_shop()
    all_in_sight()
    owner.hands.type("\r\r")
    owner.until(lambda: window.step is window.key_step)
    all_in_sight()
