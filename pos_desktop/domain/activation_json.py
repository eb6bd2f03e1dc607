"""What an activation says, as the supplier writes it: JSON whose every value may be wrong."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from pos_desktop.domain.errors import Refused
from pos_desktop.domain.licence import (
    GRACE_DAYS,
    MOST_DAYS,
    MOST_MONTHS,
    TRIAL_DAYS,
    Activation,
    Plan,
)
from pos_desktop.domain.money import LARGEST_AMOUNT

FORM = 1
"""The form of activations that this program reads."""

_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,40}")
_RECEIPT = re.compile(r"([A-Z0-9]{10})?")
_LARGEST_SERIAL = 2**53
_YEARS = range(2020, 2200)


class BadActivation(Refused):
    """This activation cannot be read: ask the supplier of the program for it again."""


class NewerActivation(BadActivation):
    """This activation is for a newer version of the program: bring the program up to date."""


def read_activation(payload: bytes) -> Activation:
    """Return the activation of a payload; raises BadActivation where it says what none does."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BadActivation from error
    if not isinstance(found, dict):
        raise BadActivation
    if found.get("form") != FORM:
        raise NewerActivation if isinstance(found.get("form"), int) else BadActivation
    try:
        return _activation(found)
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise BadActivation from error


def _activation(found: dict[str, Any]) -> Activation:
    plan = found["plan"]
    activation = Activation(
        serial=_number(found["serial"], 1, _LARGEST_SERIAL),
        shop_id=_text(found["shop"], _ID),
        till_id=_text(found["till"], _ID),
        plan=Plan(
            _text(plan["name"], _NAME),
            _number(plan["price_cents"], 0, LARGEST_AMOUNT),
            _number(plan["months"], 1, MOST_MONTHS),
        ),
        valid_from=_moment(found["valid_from"]),
        valid_until=_moment(found["valid_until"]),
        receipt=_text(found["receipt"], _RECEIPT),
        grace_days=_number(found.get("grace_days", GRACE_DAYS), 0, MOST_DAYS),
        trial_days=_number(found.get("trial_days", TRIAL_DAYS), 0, MOST_DAYS),
    )
    if activation.valid_until <= activation.valid_from:
        raise ValueError("it ends before it begins")
    return activation


def _text(value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(value)
    return value


def _number(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(value)
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise ValueError(value)
    return moment
