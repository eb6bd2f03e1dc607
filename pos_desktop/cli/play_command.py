"""posctl play: the till without a screen, line by line."""

from __future__ import annotations

import argparse
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pos_desktop.cli.output import complain, print_json
from pos_desktop.domain import commands as do
from pos_desktop.domain.errors import PosError, Refused
from pos_desktop.domain.grammar import parse_play
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.counter.clock_watch import ClockDoubt
from pos_desktop.services.counter.replies import Reply
from pos_desktop.shop import Shop, open_shop
from pos_desktop.shop_locks import till_open

logger = logging.getLogger(__name__)

_PAPER_SECONDS = 20.0
_SIGNING = re.compile(r"\s*(login|approve)(?!\S)", re.IGNORECASE)


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this command."""
    play = groups.add_parser("play", parents=[common], help=_("the till without a screen"))
    play.add_argument("file", help=_("what a cashier types or scans, a line each; - reads input"))
    play.add_argument("--strict", action="store_true", help=_("stop at a refused line"))
    play.set_defaults(run=_play)


def _play(options: argparse.Namespace) -> int:
    shop = open_shop(options.data)
    logger.info("a play of %s begins", options.file)
    shop.print_room.start()
    try:
        with till_open(shop.directory, shop.till):
            return _play_lines(shop, options)
    finally:
        shop.close()


def _play_lines(shop: Shop, options: argparse.Namespace) -> int:
    try:
        shop.till.resume()
    except Refused as on_hold:
        complain(on_hold.sentence)
    if shop.changed_outside:
        complain(_("The books may have been changed past the till: posctl verify says where."))
    doubt = shop.clock_watch.look()
    _tell_of_the_clock(shop, None)
    if room := shop.room_watch.words():
        complain(room)
    for number, line in enumerate(_lines(options.file), start=1):
        answer = play_line(shop, number, line)
        _show(answer, as_json=options.json)
        _tell_of_the_clock(shop, doubt)
        doubt = shop.clock_watch.doubt
        if options.strict and not answer["ok"]:
            raise Refused(_("Stopped at line {number}.").format(number=number))
    _wait_for_paper(shop)
    return 0


def _tell_of_the_clock(shop: Shop, before: ClockDoubt | None) -> None:
    """Say it once when the clock begins to look wrong."""
    doubt = shop.clock_watch.doubt
    if before is None and doubt is not None:
        complain(doubt.sentence(shop.configuration.zone))


def _wait_for_paper(shop: Shop) -> None:
    """Let the printer come to its end; what it cannot print stays queued for the till."""
    shop.print_room.wait_until_printed(_PAPER_SECONDS)
    if any(not paper.wants_a_person for paper in shop.unsettled_prints.papers()):
        complain(_("Some papers still wait for the printer: posctl printers jobs says why."))
    if count := shop.unsettled_prints.count():
        text = ngettext(
            "{count} paper failed or may be printed or not: posctl printers jobs says which.",
            "{count} papers failed or may be printed or not: posctl printers jobs says which.",
            count,
        )
        complain(text.format(count=count))


def _lines(name: str) -> Iterator[str]:
    if name == "-":
        yield from sys.stdin
        return
    try:
        with open(name, encoding="utf-8") as file:  # noqa: PTH123 - a name or a device
            yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            _("{name} cannot be read as text; check the name and the file.").format(
                name=Path(name).absolute()
            )
        ) from error


def play_line(shop: Shop, number: int, line: str) -> dict[str, Any]:
    """Carry one line out and return the answer, with the keys that apply.

    Nothing of what followed `login` or `approve` is shown where it was refused: whoever mixes the
    order up types the PIN first. Once it was right, the name is.
    """
    text = line.rstrip("\r\n")
    signing = _SIGNING.match(text)
    answer: dict[str, Any] = {"line": number, "input": f"{signing[1]} ****" if signing else text}
    try:
        command = parse_play(text)
        reply = shop.desk.execute(command)
    except PosError as error:
        return {**answer, "ok": False, "error": str(error), **_basket(shop)}
    if signing and isinstance(command, do.Login | do.Approve):
        answer["input"] = f"{signing[1]} {command.user} ****"
    return {**answer, "ok": True, **_basket(shop), **_reply(shop, reply)}


def _basket(shop: Shop) -> dict[str, Any]:
    basket = shop.till.state.basket
    if basket.is_empty:
        return {"total": 0, "due": 0, "lines": 0}
    payment = shop.till.payment()
    return {
        "total": payment.due_cents,
        "due": payment.remaining_cents,
        "lines": len(basket.lines) + (len(basket.returns.lines) if basket.returns else 0),
    }


def _reply(shop: Shop, reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if reply.message:
        found["message"] = reply.message
    if reply.receipt is not None:
        stored = shop.selling.find(reply.receipt)
        found["receipt"] = str(reply.receipt)
        found["total"] = stored.sale.totals.gross_cents
        found["lines"] = len(stored.sale.lines)
    if reply.refund is not None:
        found["refund"] = str(reply.refund)
    if reply.change_cents is not None:
        found["change"] = reply.change_cents
    if reply.report is not None:
        found["report"] = reply.report.as_json()
    return found


def _show(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    if not answer["ok"]:
        print(f"{answer['input']}\n  ! {answer['error']}", flush=True)
        return
    parts = [answer.get("message", ""), answer.get("receipt", ""), answer.get("refund", "")]
    if answer["lines"]:
        parts.append(_("total {amount}").format(amount=format_amount(answer["total"])))
    said = " · ".join(part for part in parts if part)
    print(f"{answer['input']}\n  {said}" if said else answer["input"], flush=True)
