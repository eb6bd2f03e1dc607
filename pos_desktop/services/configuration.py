"""The settings of the shop as the program reads and changes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pos_sync.mpesa.addresses import split_shop_url

from pos_desktop import settings
from pos_desktop.domain import country
from pos_desktop.domain.clock import Clock
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.ids import Id
from pos_desktop.domain.licence import parse_plans
from pos_desktop.domain.pack_labels import LabelPattern, parse_label_patterns
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.tender import RoundingRules
from pos_desktop.domain.text import _
from pos_desktop.services.device_addresses import check_device_address
from pos_desktop.services.people.acting import hand_of
from pos_desktop.services.people.sign_in import Person
from pos_desktop.settings import Setting
from pos_desktop.storage import node, sales, shifts
from pos_desktop.storage.books import Books
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.settings_table import changed_settings, put_setting

T = TypeVar("T", str, int, bool)
Listener = Callable[[frozenset[str]], None]
"""Hears which settings, by their keys, have other values than before."""
Change = tuple[Setting[Any], Any]
"""A setting, and the value it is to have."""

_ADDRESSES = (
    settings.PRINTER_ADDRESS,
    settings.DRAWER_ADDRESS,
    settings.SCANNER_ADDRESS,
    settings.SCALE_ADDRESS,
    settings.DISPLAY_ADDRESS,
)
_OF_RELAY = (settings.MPESA_CALLBACK_URL, settings.MPESA_RELAY_URL)
_FOLDERS = (settings.BACKUP_FOLDER, settings.BACKUP_COPY_FOLDER)


class Configuration:
    """Settings with their present values; `refresh` sees what another program changed."""

    def __init__(self, database: ShopDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._values: dict[str, Any] = {}
        self._turns = Lock()
        self._begun = self._shown = 0
        self._listeners: list[Listener] = []
        self.refresh()

    def subscribe(self, listener: Listener) -> None:
        """Call a listener when settings have changed, in whichever thread has seen it."""
        self._listeners.append(listener)

    def refresh(self) -> None:
        """Read the changed settings again; amounts and dates follow the shop's country.

        Any thread may: of two that read at once, who began later has seen at least as much, and
        the other's values are not shown any more when they arrive after those.
        """
        with self._turns:
            self._begun = begun = self._begun + 1
        values = changed_settings(self._database)
        with self._turns:
            if begun < self._shown:
                return
            before, self._shown, self._values = self._values, begun, values
        with suppress(Refused):  # of a newer version: amounts are not worth a shop that stays shut
            country.follow(self.get(settings.SHOP_COUNTRY))
        self._tell(key for key in {*before, *values} if before.get(key) != values.get(key))

    def _tell(self, keys: Iterable[str]) -> None:
        if changed := frozenset(keys):
            for listener in self._listeners:
                listener(changed)

    def get(self, setting: Setting[T]) -> T:
        """Return the value of a setting: what was set, else its default."""
        if setting.key not in self._values:
            return setting.default
        return setting.check(self._values[setting.key])

    def set(self, setting: Setting[T], value: T, books: Books, *, actor: Person | None) -> None:
        """Change a setting and write it into the journal; raise Refused where it does not fit."""
        self._keep([(setting, value)], books, actor)

    def change(self, values: Sequence[Change], books: Books, *, actor: Person | None) -> None:
        """Change those settings of several that have another value now, all of them or none.

        Raises what `set` raises.
        """
        self._keep([one for one in values if self.get(one[0]) != one[1]], books, actor)

    def _keep(self, values: Sequence[Change], books: Books, actor: Person | None) -> None:
        checked = []
        for setting, value in values:
            hand = hand_of(actor, Permission.SELL if setting.anybody else Permission.SETTINGS)
            checked.append((setting, setting.check(value), hand.actor_id))
            _check_further(setting, value)
        with self._database.write():
            for setting, value, actor_id in checked:
                self._keep_one(setting, value, books, actor_id)
        self.refresh()

    def _keep_one(
        self, setting: Setting[Any], value: Any, books: Books, actor_id: Id | None
    ) -> None:
        before = changed_settings(self._database).get(setting.key, setting.default)
        self._check_time_for(setting, before, value)
        if setting is settings.TILL_CODE:
            self._change_till_code(str(value), books)
        self.put(setting, value)
        detail = {"key": setting.key, "value": value, "before": before}
        books.note("setting", actor_id=actor_id, detail=detail, sealed=["setting"])

    def put(self, setting: Setting[T], value: T) -> None:
        """Keep a value inside the caller's transaction, without the journal; Refused if wrong."""
        put_setting(
            self._database,
            scope=setting.scope,
            key=setting.key,
            value=setting.check(value),
            at=to_stored(self._clock.now()),
        )

    def _check_time_for(self, setting: Setting[Any], stored: object, value: object) -> None:
        """Raise Refused where this cannot change any more, or not while a day is open."""
        if setting is settings.SHOP_DEMO:
            raise Refused(
                _(
                    "Whether a shop is there to try things out is decided when it is made; make "
                    "another one with posctl init in a folder of its own."
                )
            )
        if setting is settings.SHOP_TRAINING:
            raise Refused(_("Training begins and ends at the till: open its menu there."))
        if value == stored:
            return
        if setting is settings.SHOP_CURRENCY and sales.any_sold(self._database):
            raise Refused(
                _(
                    "This shop has sold in {currency} and keeps it; make a new shop with posctl "
                    "init for another currency."
                ).format(currency=stored)
            )
        if setting is settings.SHOP_TIME_ZONE and shifts.open_business_day(self._database):
            raise Refused(_("Close the day with z first; then change the time zone."))

    def _change_till_code(self, code: str, books: Books) -> None:
        """Begin a new epoch: receipts of the new code are numbered on their own."""
        if shifts.open_shifts(self._database):
            raise Refused(_("Close the day with z first; then change the till's code."))
        now = books.node
        begun = node.begin_epoch(
            self._database, self._clock, shop_id=now.shop_id, till_id=now.till_id, till_code=code
        )
        self._database.after_commit(lambda: setattr(books, "node", begun))

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the shop's days and hours are shown."""
        return ZoneInfo(self.get(settings.SHOP_TIME_ZONE))

    @property
    def now(self) -> datetime:
        """The moment, as the shop's clocks show it."""
        return self._clock.now().astimezone(self.zone)

    @property
    def today(self) -> date:
        """Today's date in the shop."""
        return self.now.date()

    @property
    def rounding(self) -> RoundingRules:
        """How the shop rounds its tenders."""
        return RoundingRules(cash_step_cents=self.get(settings.CASH_ROUNDING_CENTS))

    @property
    def label_patterns(self) -> tuple[LabelPattern, ...]:
        """The patterns of the shop's weight and price labels."""
        return parse_label_patterns(self.get(settings.LABEL_PATTERNS))


def _check_further(setting: Setting[Any], value: object) -> None:
    if setting in _ADDRESSES and value:
        check_device_address(setting, str(value))
    if setting in _FOLDERS and value and not Path(str(value)).is_absolute():
        raise Refused(
            _("{folder} is no whole path: name it from the root, such as {example}.").format(
                folder=value, example=Path.home() / "backups"
            )
        )
    if setting in _OF_RELAY and split_shop_url(str(value))[1]:
        raise Refused(
            _("The address is kept without /s/ and its secret: every list of settings shows it.")
        )
    if setting is settings.SHOP_NAME and not str(value).strip():
        raise Refused(_("A shop has a name: it stands at the head of every receipt. Type it."))
    if setting is settings.TILL_CODE:
        check_till_code(str(value))
    if setting is settings.LABEL_PATTERNS:
        parse_label_patterns(str(value))
    if setting is settings.LICENCE_PLANS:
        parse_plans(str(value))
    if setting is settings.SHOP_TIME_ZONE:
        try:
            ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Refused(
                _("There is no time zone {name}; type one such as Africa/Nairobi.").format(
                    name=value
                )
            ) from error
