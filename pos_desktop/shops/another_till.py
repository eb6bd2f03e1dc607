"""A till becomes another one: after a restore, and where a salvaged file may lack its end.

Nobody knows then which numbers were given out, nor what was printed, sent or done since.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from pos_desktop import settings
from pos_desktop.domain.chance import draw
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import check_till_code, code_after_restore
from pos_desktop.domain.text import _
from pos_desktop.services.backup.after_restore import after_restore
from pos_desktop.shop import Shop
from pos_desktop.storage import carts
from pos_desktop.storage.moments import to_stored
from pos_desktop.storage.node import begin_epoch, till_codes


def become_another_till(
    shop: Shop,
    kind: str,
    detail: Mapping[str, Any],
    *,
    till_code: str = "",
    given_out: Collection[str] = (),
    sealed: Sequence[str] = (),
    chance: Callable[[], float] = draw,
) -> tuple[str, dict[str, int]]:
    """Begin an epoch with an id and a code of its own, which does nothing by itself.

    `kind` is the entry of the journal that says why; it seals these tables beside the settings.
    Returns the old till's code, and what a person
    must look at.
    """
    old, database, now = shop.books.node, shop.database, shop.clock.now()
    taken = {*till_codes(database), *given_out}
    code = (
        check_till_code(till_code)
        if till_code
        else code_after_restore(old.till_code, taken, chance)
    )
    if code in taken:
        raise Refused(
            _(
                "Receipts of {code} were given out already, or may have been since the backup: "
                "choose another till code."
            ).format(code=code)
        )
    with database.write():
        begun = begin_epoch(
            database, shop.clock, shop_id=old.shop_id, till_id=shop.books.new_id(), till_code=code
        )
        carts.hand_over(database, old.till_id, begun.till_id)
        shop.configuration.put(settings.TILL_CODE, code)
        left = after_restore(database, to_stored(now))
        whole = {**detail, "till_code": code, "before": old.till_code}
        shop.books.note(kind, actor_id=None, detail=whole, sealed=["setting", *sealed])
        database.after_commit(lambda: setattr(shop.books, "node", begun))
    return old.till_code, left
