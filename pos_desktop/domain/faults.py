"""A fault of the program itself: told to people under a reference, by which it is found again."""

from __future__ import annotations

import logging

from pos_desktop.domain.chance import unguessable

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two that nobody mistakes for one another over a telephone."""


def new_reference() -> str:
    """Return six signs that are read out over a telephone without mistakes."""
    return "".join(SIGNS[one % len(SIGNS)] for one in unguessable(6))


def logged_fault(
    logger: logging.Logger,
    error: Exception,
    told: str = "unexpected error",
    level: int = logging.ERROR,
) -> str:
    """Log a fault under a new reference, and return that; a report is written of such a record."""
    reference = new_reference()
    extra = {"reference": reference}
    logger.log(level, "%s (reference %s): %s", told, reference, error, exc_info=error, extra=extra)
    return reference
