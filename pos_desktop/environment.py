"""What the environment asks of the program: checked once, before anything is opened."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

from pos_queue.drivers.driver_choice import DriverChoice, DriverRefused, chosen_driver

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.text import LANGUAGES, _

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DEFAULT_LEVEL = logging.INFO


def check_environment() -> list[str]:
    """Return a sentence for each thing that cannot be as asked for, but does no harm.

    Raises Refused where going on would not be what was asked for.
    """
    if os.environ.get("POS_DATABASE_URL"):
        raise Refused(
            _(
                "POS_DATABASE_URL names a shop server, which this version cannot use yet: remove "
                "it from the environment and name the shop's folder with --data or POS_DATA_DIR."
            )
        )
    queue_driver()
    return list(_warnings())


def queue_driver() -> DriverChoice:
    """Return which driver carries the jobs of the queue; raise Refused where it cannot be had."""
    try:
        return chosen_driver(os.environ)
    except DriverRefused as error:
        raise Refused(
            _(
                "Background jobs cannot be run as the environment asks: {why}. Change that, or "
                "remove POS_QUEUE_CONNECTION from it; then start again."
            ).format(why=_(error.sentence).format(**error.fields))
        ) from error


def _warnings() -> Iterator[str]:
    level, language = os.environ.get("POS_LOG_LEVEL", ""), os.environ.get("POS_LANG", "")
    if level and level.upper() not in LEVELS:
        yield _(
            "POS_LOG_LEVEL cannot be “{value}”; it takes one of {names}. It is left out."
        ).format(value=level, names=", ".join(LEVELS))
    if language and language.lower() not in LANGUAGES:
        yield _("POS_LANG cannot be “{value}”; it takes en or sw. The till speaks English.").format(
            value=language
        )


def log_level() -> int:
    """Return from which level on is logged; what is not known counts as not set."""
    name = os.environ.get("POS_LOG_LEVEL", "").upper()
    return logging.getLevelNamesMapping()[name] if name in LEVELS else DEFAULT_LEVEL


def log_level_is_set() -> bool:
    """Tell whether a level was asked for."""
    return os.environ.get("POS_LOG_LEVEL", "").upper() in LEVELS
