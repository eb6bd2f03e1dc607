"""What an entry of the journal says for people: about whom or what it is, and how much."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from pos_desktop.domain.goods import reason_words
from pos_desktop.domain.money import format_amount
from pos_desktop.domain.percent import format_percent
from pos_desktop.domain.runs import import_counts
from pos_desktop.domain.short_text import shortened
from pos_desktop.domain.staff import Permission
from pos_desktop.domain.text import _, ngettext
from pos_desktop.services.people.permission_words import permission_words
from pos_desktop.storage.database import Row

Detail = dict[str, Any]

_TAKEN_OFF = "taken_off_cents"
_MONEY = ("counted_cents", "paid_cents")
_WORDS = ("reason", "why", "receipt", "label")
_LONGEST = 60


def what(entry: Row) -> str:
    """Return what or whom an entry is about, and what its detail says for people.

    A reason that stands twice is told once, and nothing of an act that took nothing off.
    """
    detail = _detail(entry["detail"])
    parts = [entry["about"] or "", *_plain(entry, detail)]
    if entry["kind"] in _OF_A_KIND:
        parts += _OF_A_KIND[entry["kind"]](entry, detail)
    else:
        parts += _amounts(detail.get(_TAKEN_OFF) or None)
    return " · ".join(part for part in dict.fromkeys(parts) if part)


def _detail(text: str) -> Detail:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _plain(entry: Row, detail: Detail) -> list[str]:
    words = [str(detail[word]) for word in _WORDS if detail.get(word)]
    return words + _amounts(entry["amount_cents"], *(detail.get(word) for word in _MONEY))


def _amounts(*amounts: object) -> list[str]:
    return [format_amount(amount) for amount in amounts if isinstance(amount, int)]


def _turned(before: str, after: str) -> str:
    return f"{before} → {after}" if before else after


def _prices(before: object, after: object) -> list[str]:
    return [" → ".join(_amounts(before, after))]


def _price_set(_entry: Row, detail: Detail) -> list[str]:
    lines = detail.get("lines") or [{}]
    return _prices(lines[0].get("price_cents"), lines[0].get("new_price_cents"))


def _count(entry: Row, _detail: Detail) -> list[str]:
    """Say how far the count of a closed shift was off."""
    if entry["counted_cents"] is None:
        return [_("not counted")]
    off = entry["counted_cents"] - entry["expected_cents"]
    if not off:
        return []
    return [_("{amount} off").format(amount=format_amount(off))]


def _setting(_entry: Row, detail: Detail) -> list[str]:
    key = str(detail.get("key", ""))
    if key.endswith("_cents"):
        return [key, *_prices(detail.get("before"), detail.get("value"))]
    before, value = (_cut(detail.get(word, "")) for word in ("before", "value"))
    return [key, _turned(before, value)]


def _cut(value: object) -> str:
    return shortened(" / ".join(str(value).splitlines()), _LONGEST)


def _role(_entry: Row, detail: Detail) -> list[str]:
    """Say which permissions a role was given and has lost, and its ceiling where that changed."""
    now, before = (set(detail.get(word) or ()) for word in ("permissions", "before"))
    parts = [f"+ {_permission(word)}" for word in sorted(now - before)]
    parts += [f"− {_permission(word)}" for word in sorted(before - now)]
    ceiling, was = detail.get("ceiling_bp"), detail.get("ceiling_before_bp")
    if isinstance(ceiling, int) and ceiling != was:
        sentence = _("discounts up to {percent} %")
        parts.append(sentence.format(percent=format_percent(ceiling)))
    return [str(detail.get("role", "")), *parts]


def _permission(word: str) -> str:
    try:
        return permission_words(Permission(word))[0]
    except ValueError:
        return word


def _role_given(_entry: Row, detail: Detail) -> list[str]:
    return [_turned(str(detail.get("before", "")), str(detail.get("role", "")))]


def _limit(_entry: Row, detail: Detail) -> list[str]:
    return _prices(detail.get("before_cents"), detail.get("limit_cents"))


def _over_limit(_entry: Row, detail: Detail) -> list[str]:
    taken_off = detail.get(_TAKEN_OFF)
    return _amounts(-taken_off) if isinstance(taken_off, int) else []


def _adjusted(entry: Row, _detail: Detail) -> list[str]:
    return [reason_words(entry["stock_reason"] or "")]


def _import(_entry: Row, detail: Detail) -> list[str]:
    words = ("imported", "updated", "unchanged", "rejected")
    return [import_counts(**{word: detail.get(word, 0) for word in words})]


def _product(_entry: Row, detail: Detail) -> list[str]:
    return _prices(None, detail.get("price"))


def _product_changed(_entry: Row, detail: Detail) -> list[str]:
    changed = detail.get("changed")
    pair = changed.get("price_cents") if isinstance(changed, dict) else None
    return _prices(*pair) if isinstance(pair, list) and len(pair) == 2 else []


def _price_run(_entry: Row, detail: Detail) -> list[str]:
    count = detail.get("changed", 0)
    return [ngettext("{count:,} price", "{count:,} prices", count).format(count=count)]


_OF_A_KIND: dict[str, Callable[[Row, Detail], list[str]]] = {
    "price set": _price_set,
    "shift close": _count,
    "setting": _setting,
    "role": _role,
    "staff role": _role_given,
    "staff added": _role_given,
    "credit limit": _limit,
    "credit over limit": _over_limit,
    "stock adjustment": _adjusted,
    "import": _import,
    "product added": _product,
    "item added": _product,
    "product changed": _product_changed,
    "prices changed": _price_run,
    "prices taken back": _price_run,
}
