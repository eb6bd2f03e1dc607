"""What is said of a shop that came back names its moment so that it is known again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path

from pos_desktop.shops.outcomes import back_words
from pos_desktop.shops.restored_shop import Restored
from pos_desktop.storage.snapshot import Counts


class ShopsTime(tzinfo):
    """A zone that is not this computer's, though its clocks show the same."""

    def utcoffset(self, _moment: datetime | None, /) -> timedelta | None:
        return OWN.utcoffset()

    def dst(self, _moment: datetime | None, /) -> timedelta | None:
        return None

    def tzname(self, _moment: datetime | None, /) -> str:
        return "shop"


OWN = datetime(2026, 11, 26, 10, 15).astimezone()


def _restored(taken_at: datetime) -> Restored:
    return Restored(
        directory=Path("shop"),
        taken_at=taken_at,
        counts=Counts(journal=1, receipts=1, gross_cents=100),
        till_code="T1K7",
        old_till_code="T1",
        findings=(),
        left={},
    )


def test_the_moment_is_told_once_where_the_shop_has_the_time_of_this_computer() -> None:
    told = back_words(_restored(OWN.replace(tzinfo=ShopsTime())))
    place = Path("shop").absolute()
    assert told == f"The shop is back in {place}, as it was on 26/11/2026 at 10:15."


def test_the_time_by_which_a_backup_was_chosen_stands_beside_the_shops() -> None:
    own_offset = OWN.utcoffset()
    assert own_offset is not None
    shops = timezone(own_offset - timedelta(hours=11))
    assert back_words(_restored(OWN.astimezone(shops))).endswith(
        "as it was on 25/11/2026 at 23:15 (on this computer's clock: 26/11/2026 10:15)."
    )
