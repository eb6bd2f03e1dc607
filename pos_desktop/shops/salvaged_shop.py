"""What is good of a damaged shop's file is saved into a new one, which takes its place.

The damaged one is put aside with all that was beside it, and nothing of it is written.
"""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pos_desktop.domain.clock import Clock, SystemClock
from pos_desktop.domain.errors import Refused
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_folder import (
    BRINGING_BACK,
    DAMAGE_MARK,
    DATABASE_FILE,
    HEAD_FILE,
    OWN_FILES,
    SECRETS_FILE,
)
from pos_desktop.shops.alone import alone_in_place
from pos_desktop.shops.another_till import become_another_till
from pos_desktop.shops.damage import is_whole
from pos_desktop.shops.made_beside import made_beside, take_place
from pos_desktop.shops.put_aside import codes_given_out
from pos_desktop.shops.put_back import PutBack, put_back
from pos_desktop.storage import counters, stock
from pos_desktop.storage.audit import Check, run_checks
from pos_desktop.storage.database import ShopDatabase
from pos_desktop.storage.errors import FileUnusable
from pos_desktop.storage.file_look import check_shop_file
from pos_desktop.storage.room import check_room
from pos_desktop.storage.salvage import Fate, NothingToSave, Salvage, salvage


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """A shop whose good data is in a new file."""

    rows: int
    missing: dict[str, Fate]
    """The tables of which something is known to be missing."""
    doubtful: dict[str, int]
    """How many rows of which table were saved with a value that is another one."""
    strange_pages: int
    log_is_spoilt: bool
    findings: tuple[Check, ...]
    """What is not in order in the books that were saved."""
    till_code: str
    old_till_code: str
    """Another one where the end may be missing: no number is given out twice."""
    put_back: PutBack
    left: dict[str, int]
    """What a person must look at then, by the names of `services.after_restore`."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return not (self.missing or self.strange_pages or self.log_is_spoilt or self.findings)


class NotDamaged(Refused):
    """The shop's file can be read from end to end: there is nothing to save it from."""


def salvage_shop(directory: Path, clock: Clock | None = None) -> tuple[Salvaged, Path]:
    """Put a damaged file aside, and in its place a new one with all that can be read of it.

    Returns what was saved, and where the damaged file lies with all that was beside it.

    Raises NotDamaged for a file that is whole, NothingToSave where nothing of a shop can be read,
    OpenElsewhere while a program has it open, BeingBroughtBack while another one does this,
    DiskFull, and SecretsMissing without its keys: the shop's files are as they were then.
    """
    clock = clock or SystemClock()
    try:
        check_shop_file(directory)
    except FileUnusable as error:  # whose sentence sends to where salvages are offered
        raise NothingToSave from error
    with alone_in_place(directory, clock):
        if is_whole(directory, clock, is_alone=True):
            raise NotDamaged
        _check_room(directory)
        with made_beside(directory, BRINGING_BACK, clock) as making:
            saved = _saved(directory, making, clock)
            aside = take_place(making, directory, clock)
        (directory / DAMAGE_MARK).unlink(missing_ok=True)
    return saved, aside


def _saved(directory: Path, making: Path, clock: Clock) -> Salvaged:
    """Save what is good of a damaged file into a folder of its own."""
    done = salvage(directory / DATABASE_FILE, making / DATABASE_FILE, clock)
    for name in (HEAD_FILE, SECRETS_FILE):
        if (directory / name).exists():
            shutil.copy2(directory / name, making / name)
    with closing(ShopDatabase(making / DATABASE_FILE, clock)) as database:
        back = put_back(database, done, clock)
    with closing(open_shop(making, clock=clock)) as shop:
        saved = _looked_at(shop, done, back, codes_given_out(directory))
    (making / SECRETS_FILE).unlink(missing_ok=True)  # they are in their place already
    return saved


def _looked_at(shop: Shop, done: Salvage, back: PutBack, given_out: set[str]) -> Salvaged:
    """Bring what is counted up to what was saved, and note in the journal what that was."""
    with shop.database.write():
        counters.rebuild_counters(shop.database)
        if "stock_level" in done.missing:  # else they know more than moves that are missing
            stock.rebuild_levels(shop.database)
    checks = run_checks(shop.database, shop.key, shop.head)
    findings = tuple(check for check in checks if not check.ok)
    missing = done.missing
    detail = {
        "rows": done.saved,
        "missing": {name: [one.spoilt, one.lost_pages] for name, one in missing.items()},
        "doubtful": done.doubtful,
        "findings": [check.check for check in findings],
        "rates put back": list(back.rates),
        "demo": back.demo.name.lower(),
    }
    code = shop.books.node.till_code
    left: dict[str, int] = {}
    is_doubtful = missing or done.strange_pages or done.log_is_spoilt
    if is_doubtful or any(check.doubts_the_end for check in findings):
        code, left = become_another_till(
            shop, "shop salvaged", detail, given_out=given_out, sealed=back.sealed
        )
    else:
        with shop.database.write():
            shop.books.note("shop salvaged", actor_id=None, detail=detail, sealed=back.sealed)
    return Salvaged(
        rows=done.saved,
        missing=missing,
        doubtful=done.doubtful,
        strange_pages=done.strange_pages,
        log_is_spoilt=done.log_is_spoilt,
        findings=findings,
        till_code=shop.books.node.till_code,
        old_till_code=code,
        put_back=back,
        left=left,
    )


def _check_room(directory: Path) -> None:
    """Raise DiskFull where the copy that is put aside, the new file and selling have no room."""
    sizes = [(directory / name).stat().st_size for name in OWN_FILES if (directory / name).exists()]
    check_room(directory, 2 * sum(sizes))
