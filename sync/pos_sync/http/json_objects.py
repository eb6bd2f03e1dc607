"""JSON that somebody else has written: each value is read by the type that it should have."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

Json = dict[str, Any]

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def read_object(body: bytes) -> Json | None:
    """Return a JSON object; None where that is none.

    Numbers with a point are Decimal, so that no amount is rounded on its way.
    """
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError):
        return None
    return found if isinstance(found, dict) else None


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def text_of(value: object, most: int = 200) -> str:
    """Return a text or a number as one line without control characters, cut; else nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f") if value.is_finite() and abs(value.adjusted()) < most else ""
    else:
        text = str(value) if isinstance(value, str) or abs(value) < 10**most else ""
    return _UNSEEN.sub(" ", text).strip()[:most]


def object_of(value: object) -> Json:
    """Return a JSON object, an empty one where that is none."""
    return value if isinstance(value, dict) else {}


def objects_of(value: object) -> list[Json]:
    """Return the objects of a list; of a single object a list of it: both forms are sent."""
    if isinstance(value, dict):
        return [value]
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def first_of(found: Json, *names: str) -> Any:
    """Return what stands under the first of these names that is there, else None.

    Spaces in a name do not count: some answers write `Response Status`, others `ResponseStatus`.
    """
    by_name = {key.replace(" ", ""): value for key, value in found.items()}
    return next((by_name[name] for name in names if name in by_name), None)
