"""What may change in a shop, and when: some of it is decided for good."""

from __future__ import annotations

import json
from threading import Event, Thread
from typing import Any

import pytest

from pos_desktop import settings
from pos_desktop.domain import country
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.money import format_amount
from pos_desktop.services import configuration
from pos_desktop.services.configuration import Change, Configuration
from pos_desktop.services.shown_dates import shown_day
from pos_desktop.settings import Setting
from pos_desktop.shop import Shop
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.settings_table import changed_settings, put_setting
from tests.pos_desktop.services.play import play


def _set(shop: Shop, setting: Setting[str], value: str) -> None:
    shop.configuration.set(setting, value, shop.books, actor=None)


def test_amounts_and_days_are_written_as_in_the_shop_s_country(shop: Shop) -> None:
    assert format_amount(1240_00) == "1,240.00"
    _set(shop, settings.SHOP_COUNTRY, "UG")
    assert format_amount(1240_00) == "1,240"
    assert shown_day("2026-11-24") == "24/11/2026"
    with pytest.raises(Refused, match="one of KE, UG, TZ, RW"):
        _set(shop, settings.SHOP_COUNTRY, "ZZ")
    country.follow("KE")
    Configuration(shop.database, shop.clock)
    assert country.here().code == "UG"


@pytest.mark.spoils_books
def test_a_country_of_a_newer_version_leaves_the_shop_open(shop: Shop) -> None:
    with shop.database.write():
        put_setting(shop.database, scope="shop", key="shop.country", value="ZZ", at=0)
    shop.configuration.refresh()
    assert country.here().code == "KE"


def test_what_was_read_before_a_change_is_not_shown_after_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    has_read, may_arrive, read = Event(), Event(), changed_settings

    def late(database: ShopDatabase) -> dict[str, Any]:
        values = read(database)
        has_read.set()
        assert may_arrive.wait(10)
        return values

    monkeypatch.setattr(configuration, "changed_settings", late)
    other = Thread(target=shop.configuration.refresh)
    other.start()
    assert has_read.wait(10)
    monkeypatch.setattr(configuration, "changed_settings", read)
    _set(shop, settings.SHOP_NAME, "Duka la Amina")
    may_arrive.set()
    other.join()
    assert shop.configuration.get(settings.SHOP_NAME) == "Duka la Amina"


@pytest.mark.parametrize("value", [True, False])
def test_a_real_shop_never_becomes_a_demo_shop(shop: Shop, value: bool) -> None:
    with pytest.raises(Refused, match="when it is made"):
        shop.configuration.set(settings.SHOP_DEMO, value, shop.books, actor=None)
    assert shop.configuration.get(settings.SHOP_DEMO) is False


def test_the_currency_stays_once_something_is_sold(selling_shop: Shop) -> None:
    _set(selling_shop, settings.SHOP_CURRENCY, "UGX")
    play(selling_shop, "SUGAR", "pay cash")
    with pytest.raises(Refused, match="sold in UGX"):
        _set(selling_shop, settings.SHOP_CURRENCY, "KES")
    _set(selling_shop, settings.SHOP_CURRENCY, "UGX")
    assert selling_shop.configuration.get(settings.SHOP_CURRENCY) == "UGX"


def test_the_time_zone_changes_between_two_days_alone(selling_shop: Shop) -> None:
    with pytest.raises(Refused, match="z first"):
        _set(selling_shop, settings.SHOP_TIME_ZONE, "Africa/Lagos")
    play(selling_shop, "z")
    _set(selling_shop, settings.SHOP_TIME_ZONE, "Africa/Lagos")
    assert selling_shop.configuration.get(settings.SHOP_TIME_ZONE) == "Africa/Lagos"


@pytest.mark.parametrize("name", ["", "  "])
def test_a_shop_keeps_its_name(shop: Shop, name: str) -> None:
    with pytest.raises(Refused, match="has a name"):
        _set(shop, settings.SHOP_NAME, name)


@pytest.mark.parametrize(
    ("setting", "address", "form"),
    [
        (settings.PRINTER_ADDRESS, "the one on the desk", "cups://receipts"),
        (settings.PRINTER_ADDRESS, "win://EPSON", "windows://"),
        (settings.DRAWER_ADDRESS, "COM3", "serial://port/COM3"),
        (settings.SCANNER_ADDRESS, "tcp://192.168.1.50:9100", "serial://port/COM3"),
        (settings.SCANNER_ADDRESS, "serial://?baud=fast", "serial:///dev/ttyUSB0"),
        (settings.SCALE_ADDRESS, "tcp://192.168.1.50:9100", "serial:///dev/ttyUSB0"),
        (settings.DISPLAY_ADDRESS, "virtual:///home/me/prints", "serial://port/COM3"),
    ],
)
def test_a_wrong_address_is_refused_with_forms_that_fit(
    shop: Shop, setting: Setting[str], address: str, form: str
) -> None:
    with pytest.raises(Refused) as refused:
        _set(shop, setting, address)
    assert setting.key in str(refused.value)
    assert form in str(refused.value)


def test_every_form_that_is_shown_can_be_set(shop: Shop) -> None:
    for address in settings.PRINTER_FORMS.split(", "):
        _set(shop, settings.PRINTER_ADDRESS, address)
    for address in settings.SERIAL_FORMS.split(", "):
        _set(shop, settings.SCANNER_ADDRESS, address)
        _set(shop, settings.DRAWER_ADDRESS, address)


def test_who_listens_hears_which_settings_have_changed(shop: Shop) -> None:
    heard: list[frozenset[str]] = []
    shop.configuration.subscribe(heard.append)
    _set(shop, settings.DISPLAY_GREETING, "Karibu sana")
    _set(shop, settings.DISPLAY_GREETING, "Karibu sana")
    assert heard == [{"display.greeting"}]
    other = Configuration(shop.database, shop.clock)
    other.set(settings.SHOP_NAME, "Duka la Njeri", shop.books, actor=None)
    assert heard == [{"display.greeting"}]
    shop.configuration.refresh()
    assert heard == [{"display.greeting"}, {"shop.name"}]


def test_several_are_changed_or_none_and_only_what_differs_is_in_the_journal(shop: Shop) -> None:
    change = shop.configuration.change
    values: list[Change] = [
        (settings.PRINTER_PAPER_MM, 58),
        (settings.DRAWER_PIN, 2),
        (settings.SHOP_NAME, ""),
    ]
    with pytest.raises(Refused, match="A shop has a name"):
        change(values, shop.books, actor=None)
    assert shop.configuration.get(settings.PRINTER_PAPER_MM) == 80
    change(values[:2], shop.books, actor=None)
    assert shop.configuration.get(settings.PRINTER_PAPER_MM) == 58
    noted = shop.database.rows("SELECT detail FROM journal WHERE kind = 'setting'")
    assert [json.loads(row["detail"])["key"] for row in noted] == ["printer.paper_mm"]


def test_a_change_of_several_that_fails_at_the_last_leaves_the_first(shop: Shop) -> None:
    values: list[Change] = [(settings.SHOP_NAME, "Duka la Njeri"), (settings.SHOP_DEMO, True)]
    with pytest.raises(Refused, match="decided when it is made"):
        shop.configuration.change(values, shop.books, actor=None)
    shop.configuration.refresh()
    assert shop.configuration.get(settings.SHOP_NAME) == "Duka"
