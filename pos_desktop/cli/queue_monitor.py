"""posctl queue monitor: how many jobs there are of each state, once or again and again."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from pos_queue.views.shown import Counts

from pos_desktop.cli.numbers import seconds
from pos_desktop.cli.opened import opened
from pos_desktop.cli.output import complain, print_json, print_table
from pos_desktop.cli.queue_advice import alerts
from pos_desktop.cli.queue_json import counts_json
from pos_desktop.domain.text import _
from pos_desktop.environment import queue_driver
from pos_desktop.services.background.queue_words import state_words
from pos_desktop.shop import Shop

_EVERY_SECONDS = 2.0
_STATES = ("queued", "scheduled", "running", "waiting_for_network", "failed", "quarantined")


def add_to(acts: Any, common: argparse.ArgumentParser) -> None:
    """Add the parser of this act."""
    monitor = acts.add_parser(
        "monitor",
        parents=[common],
        help=_("how many jobs wait, run, have failed"),
        description=_(
            "Count the jobs of each state. With --check a figure above queue.alert_wait_seconds "
            "or queue.alert_failed is told, and the exit code is 1."
        ),
    )
    add = monitor.add_argument
    add("--watch", action="store_true", help=_("count again and again, until Ctrl C"))
    add("--check", action="store_true", help=_("exit 1 where a figure is above its limit"))
    add("--every", metavar="S", type=seconds, default=_EVERY_SECONDS, help=_("with --watch"))
    add("--seconds", metavar="S", type=seconds, help=_("watch no longer than this"))
    monitor.set_defaults(run=_monitor)


def _monitor(options: argparse.Namespace) -> int:
    with opened(options) as shop:
        if not options.watch:
            return _look(shop, options)
        try:
            return _watch(shop, options)
        except KeyboardInterrupt:
            return 0


def _watch(shop: Shop, options: argparse.Namespace) -> int:
    clock = shop.clock.base
    ends = None if options.seconds is None else clock.monotonic() + options.seconds
    while True:
        if code := _look(shop, options):
            return code
        if ends is not None and clock.monotonic() >= ends:
            return 0
        clock.sleep(max(0.0, options.every))


def _look(shop: Shop, options: argparse.Namespace) -> int:
    counts, done = shop.queue.views.counts(), shop.queue.views.done()
    shop.configuration.refresh()
    sentences = [*alerts(counts, shop.queue.board.limits())] if options.check else []
    if options.json:
        print_json(
            {**counts_json(counts, done), **({"alerts": sentences} if options.check else {})}
        )
    elif options.watch:
        print(_line(counts, done, shop), flush=True)
    else:
        _show(counts, done, shop)
    for sentence in sentences:
        complain(sentence)
    return 1 if sentences else 0


def _numbers(counts: Counts, done: int) -> dict[str, int]:
    """Return how many jobs there are, by the words for their states."""
    numbers = {state: getattr(counts, state) for state in _STATES}
    numbers |= {"done": done, "let_go": counts.let_go}
    return {state_words(state): number for state, number in numbers.items()}


def _line(counts: Counts, done: int, shop: Shop) -> str:
    parts = [f"{words} {number}" for words, number in _numbers(counts, done).items()]
    oldest = _("oldest {seconds} s").format(seconds=int(counts.oldest_wait_seconds))
    parts.append(oldest)
    if counts.paused:
        parts.append(_("paused: {names}").format(names=" ".join(counts.paused)))
    if not shop.queue.workers():
        parts.append(_("no worker runs"))
    return ", ".join(parts)


def _show(counts: Counts, done: int, shop: Shop) -> None:
    rows = [[words, str(number)] for words, number in _numbers(counts, done).items()]
    print_table((_("State"), _("Jobs")), rows, {1})
    if counts.queued:
        waited = int(counts.oldest_wait_seconds)
        print(_("The oldest has waited for {seconds} s.").format(seconds=waited))
        if server := server_words():
            print(server)
    if counts.paused:
        print(paused_words(counts.paused))
    if not shop.queue.workers():
        print(left_behind() if counts.running else no_worker())


def paused_words(names: Sequence[str]) -> str:
    """Say which queues begin no job, and what lets them go on."""
    text = _("Paused: {names}. To go on: posctl queue resume {words}")
    return text.format(names=", ".join(names), words=" ".join(names))


def no_worker() -> str:
    """Say that nobody runs jobs, and who would."""
    return _("No worker runs now: jobs begin when a till is open or posctl queue work runs.")


def server_words() -> str:
    """Say which server jobs go by, and what helps while it is away; empty where none is needed."""
    address = queue_driver().redis
    if address is None:
        return ""
    return _(
        "Jobs go by {server}: while it is away they wait, and go on by themselves. To do without "
        "it, remove POS_QUEUE_CONNECTION from the environment of till and workers."
    ).format(server=address)


def left_behind() -> str:
    """Say that whoever ran a job is gone, and who goes on with it."""
    return _(
        "No worker of this machine lives: what one had begun goes on when a till is open or posctl "
        "queue work runs."
    )
