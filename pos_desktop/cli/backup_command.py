"""posctl backup, restore: the shop sealed into one file, and brought back from it."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from pos_desktop.cli.far import Far
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import complain, print_json
from pos_desktop.cli.recovery_key import add_recovery_key, given_recovery_key
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.receipt_number import check_till_code
from pos_desktop.domain.sizes import size_words
from pos_desktop.domain.text import _
from pos_desktop.services.backup.backup_faults import folder_gone_words, told
from pos_desktop.services.backup.backup_words import sales_words
from pos_desktop.services.backup.backups import Made
from pos_desktop.shop_folder import nothing_of_a_shop, shop_exists
from pos_desktop.shops.outcomes import back_words
from pos_desktop.shops.restored_over import opens, restore_over
from pos_desktop.shops.restored_shop import (
    Restored,
    check_backup,
    check_can_restore,
    check_recovery_key,
    restore_shop,
)

_SLASHES = ("/", os.sep)


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    backup = groups.add_parser("backup", parents=[common], help=_("make a sealed copy of the shop"))
    backup.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help=_("file or folder; where the settings backup.* say if not given"),
    )
    backup.set_defaults(run=_backup)
    restore = groups.add_parser(
        "restore", parents=[common], help=_("bring a shop back into an empty place")
    )
    restore.add_argument("file", metavar="FILE", type=Path, help=_("the backup"))
    add_recovery_key(restore)
    restore.add_argument(
        "--till-code",
        metavar="CODE",
        default="",
        help=_("stands before the receipt numbers from now on; made from the old one if not given"),
    )
    restore.add_argument(
        "--over",
        action="store_true",
        help=_("put what is there of a shop aside first, for a shop that does not open"),
    )
    restore.add_argument(
        "--yes",
        action="store_true",
        help=_("with --over: yes, over a shop that opens, and go back to what it was then"),
    )
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    file = _named(options.file)
    with opened(options) as shop, Far(_("Backup")) as far:
        made = shop.backups.make(file, actor=None, progress=far.told)
    _show_made(made, as_json=options.json)
    if made.copy_trouble:
        raise Refused(_("The backup was made, but not copied. {why}").format(why=made.copy_trouble))
    return 0


def _named(text: str | None) -> Path | None:
    """Return the file or folder that was named; a slash at its end says that it is a folder."""
    if text is None:
        return None
    file = Path(text)
    if text.endswith(_SLASHES):
        with told(file.parent):
            if not file.is_dir():
                raise Refused(folder_gone_words(file))
    return file


def _show_made(made: Made, *, as_json: bool) -> None:
    if as_json:
        print_json(_made_json(made))
        return
    print(
        _("{file}: {size}, {sales}, read back and checked.").format(
            file=made.path,
            size=size_words(made.size),
            sales=sales_words(made.counts.sales, made.counts.refunds),
        )
    )
    if made.copy:
        print(_("Copied to {file}.").format(file=made.copy))
    for path in made.removed:
        print(_("Removed by the rule: {file}").format(file=path))
    if made.findings:
        complain(_("The books are not in order, in the shop as in the backup: see posctl verify."))


def _made_json(made: Made) -> dict[str, Any]:
    return {
        "file": str(made.path),
        "taken_at": made.taken_at.isoformat(),
        "bytes": made.size,
        "seconds": made.seconds,
        "journal": made.counts.journal,
        "sales": made.counts.sales,
        "refunds": made.counts.refunds,
        "gross_cents": made.counts.gross_cents,
        "ok": not made.findings,
        "findings": [vars(check) for check in made.findings],
        "copy": str(made.copy) if made.copy else None,
        "copy_trouble": made.copy_trouble,
        "removed": [str(path) for path in made.removed],
    }


def _restore(options: argparse.Namespace) -> int:
    is_over = options.over and not nothing_of_a_shop(options.data)
    if not is_over:
        _check_no_shop(options.data)
        check_can_restore(options.data)
    check_backup(options.file)
    if is_over and not options.yes and opens(options.data):
        raise Refused(
            _(
                "The shop in {place} opens, and sells without its backup: leave it as it is. Only "
                "to go back to what it was then on purpose add --yes; what was sold since is "
                "not in it any more."
            ).format(place=options.data.absolute())
        )
    if options.till_code:
        check_till_code(options.till_code)
    key = given_recovery_key(options, lambda text: check_recovery_key(options.file, text.strip()))
    aside, wanted = None, {"till_code": options.till_code}
    with Far(_("Restore")) as far:
        if is_over:
            restored, aside = restore_over(
                options.file, options.data, key, **wanted, progress=far.told
            )
        else:
            restored = restore_shop(options.file, options.data, key, **wanted, progress=far.told)
    _show_restored(restored, aside, as_json=options.json)
    return 0


def _check_no_shop(directory: Path) -> None:
    if shop_exists(directory):
        raise Refused(
            _(
                "There is a shop in {place} already: where it does not open put --over with it, "
                "and what is there is put aside first; else name an empty folder with --data."
            ).format(place=directory.absolute())
        )


def _show_restored(restored: Restored, aside: Path | None, *, as_json: bool) -> None:
    if as_json:
        print_json(_restored_json(restored, aside))
        return
    print(back_words(restored))
    print(
        _(
            "Its receipts begin with {code} from now on: those of {old} that were given out after "
            "the backup keep their numbers. Do not sell with the old till any more."
        ).format(code=restored.till_code, old=restored.old_till_code)
    )
    if aside:
        print(_("What was there before lies in {place}.").format(place=aside))
    if restored.left.get("prints"):
        print(_("Papers that waited: posctl printers jobs says which may be on paper already."))
    if restored.left.get("mails"):
        print(
            _("Of some people it is not known whether they got their mail since: posctl mail list.")
        )
    if restored.left.get("jobs"):
        print(_("Jobs that waited: posctl queue failed says which may have been done already."))
    if restored.findings:
        complain(_("The books are not in order, as when the backup was made: see posctl verify."))


def _restored_json(restored: Restored, aside: Path | None) -> dict[str, Any]:
    return {
        "data": str(restored.directory.absolute()),
        "taken_at": restored.taken_at.isoformat(),
        "journal": restored.counts.journal,
        "sales": restored.counts.sales,
        "refunds": restored.counts.refunds,
        "gross_cents": restored.counts.gross_cents,
        "till_code": restored.till_code,
        "old_till_code": restored.old_till_code,
        "ok": not restored.findings,
        "findings": [vars(check) for check in restored.findings],
        "left": restored.left,
        "aside": str(aside) if aside else None,
    }
