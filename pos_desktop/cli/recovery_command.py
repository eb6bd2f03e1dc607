"""posctl salvage, keys: a damaged file's good data in a new one, and a shop's keys made anew."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pos_desktop.cli.output import print_json
from pos_desktop.cli.recovery_key import add_recovery_key, given_recovery_key
from pos_desktop.domain.text import _
from pos_desktop.security.recovery import check_spelling
from pos_desktop.shops.keys_anew import bring_keys_back
from pos_desktop.shops.outcomes import salvaged_sentences
from pos_desktop.shops.salvaged_shop import Salvaged, salvage_shop


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    save = groups.add_parser(
        "salvage",
        parents=[common],
        help=_("save what is good of a damaged shop's file into a new one"),
    )
    save.set_defaults(run=_salvage)
    keys = groups.add_parser(
        "keys", parents=[common], help=_("make the shop's keys anew from its recovery key")
    )
    add_recovery_key(keys)
    keys.set_defaults(run=_keys)


def _salvage(options: argparse.Namespace) -> int:
    saved, aside = salvage_shop(options.data)
    if options.json:
        print_json(_salvaged_json(saved, aside))
        return 0
    for sentence in salvaged_sentences(saved, aside):
        print(sentence)
    return 0


def _salvaged_json(saved: Salvaged, aside: Path) -> dict[str, Any]:
    return {
        "aside": str(aside),
        "rows": saved.rows,
        "missing": {
            name: {"rows": fate.spoilt, "pages": fate.lost_pages}
            for name, fate in saved.missing.items()
        },
        "doubtful": saved.doubtful,
        "strange_pages": saved.strange_pages,
        "rates_put_back": list(saved.put_back.rates),
        "demo": saved.put_back.demo.name.lower(),
        "log_is_spoilt": saved.log_is_spoilt,
        "ok": saved.is_whole,
        "findings": [vars(check) for check in saved.findings],
        "till_code": saved.till_code,
        "old_till_code": saved.old_till_code,
        "left": saved.left,
    }


def _keys(options: argparse.Namespace) -> int:
    aside: list[Path | None] = []

    def bring(text: str) -> str:
        aside.append(bring_keys_back(options.data, check_spelling(text.strip())))
        return text

    given_recovery_key(options, bring)
    where = aside[-1]
    if options.json:
        print_json({"data": str(options.data), "aside": str(where) if where else None})
        return 0
    print(
        _(
            "The shop has its keys again. Passwords of mail and M-Pesa that cannot be read are "
            "typed anew."
        )
    )
    if where:
        print(_("What could not be read lies in {place}.").format(place=where))
    return 0
