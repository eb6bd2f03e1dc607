"""posctl queue: works on jobs, shows them, and acts on them while tills and workers run."""

from __future__ import annotations

import argparse
from typing import Any

from pos_desktop.cli import queue_acts, queue_monitor, queue_shown, queue_work
from pos_desktop.domain.text import _


def add_to(groups: Any, common: argparse.ArgumentParser) -> None:
    """Add the parsers of this group."""
    queue = groups.add_parser("queue", parents=[common], help=_("background jobs"))
    acts = queue.add_subparsers(metavar="ACT", required=True)
    for module in (queue_work, queue_monitor, queue_shown, queue_acts):
        module.add_to(acts, common)
