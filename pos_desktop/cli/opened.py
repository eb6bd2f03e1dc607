"""A shop that is open while a command runs, with the jobs that this program knows."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from pos_desktop.shop import Shop, open_shop
from pos_desktop.storage.errors import translated


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Shop]:
    """Open the shop of a command line; faults of its file are told in people's words."""
    shop = open_shop(options.data, jobs=options.jobs)
    try:
        with translated(shop.database.path):
            yield shop
    finally:
        shop.close()
