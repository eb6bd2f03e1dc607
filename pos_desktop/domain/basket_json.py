"""An open basket as plain values, so that it survives a crash and waits on hold."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pos_desktop.domain.basket import Basket, Item, Line, check_basket, check_line
from pos_desktop.domain.errors import Refused
from pos_desktop.domain.percent import WHOLE
from pos_desktop.domain.returns import Origin, Returned, Returns
from pos_desktop.domain.text import _

VERSION = 1
"""Raised when an older program could no longer make sense of what is written."""

_TYPES: dict[str, type] = {
    "str": str,
    "Id": str,
    "bool": bool,
    "int": int,
    "Cents": int,
    "Thousandths": int,
    "BasisPoints": int,
}


def _plain_fields(kind: type) -> dict[str, tuple[type, bool]]:
    """Return the fields of a kind that hold plain values: their type, and whether None is one."""
    found = {}
    for field in fields(kind):
        name, *none = str(field.type).split(" | ")
        if name in _TYPES:
            found[field.name] = _TYPES[name], bool(none)
    return found


_Kind = Basket | Line | Item | Returns | Returned | Origin
_FIELDS = {kind: _plain_fields(kind) for kind in (Basket, Line, Item, Returns, Returned, Origin)}


def basket_to_json(basket: Basket) -> dict[str, Any]:
    """Return a basket as a dict that `json` can write."""
    lines = [_plain(line) | {"item": _plain(line.item)} for line in basket.lines]
    found = {"version": VERSION, **_plain(basket), "lines": lines}
    if basket.returns is not None:
        found["returns"] = _returns_to_json(basket.returns)
    return found


def _returns_to_json(returns: Returns) -> dict[str, Any]:
    return {
        **_plain(returns),
        "origin": _plain(returns.origin) if returns.origin else None,
        "lines": [_plain(line) for line in returns.lines],
    }


def basket_from_json(data: object) -> Basket:
    """Read a basket back.

    Fields that this program does not know are passed over, and those that were not written yet
    take their default. Raises Refused where it is no basket, or one of a newer program.
    """
    try:
        return _basket(data)
    except (KeyError, TypeError, ValueError) as problem:
        raise Refused(_("The saved cart cannot be read: start a new sale.")) from problem


def _basket(data: object) -> Basket:
    if not isinstance(data, dict) or not isinstance(data["lines"], list):
        raise TypeError("not a basket")
    if data["version"] != VERSION:
        raise Refused(_("The saved cart is of another version: update this till to open it."))
    lines = tuple(_line(line) for line in data["lines"])
    returns = _returns(data["returns"]) if "returns" in data else None
    keys = [line.key for line in lines]
    basket = Basket(**_known(Basket, data) | {"lines": lines, "returns": returns})
    keys += [line.key for line in returns.lines] if returns else []
    if len(set(keys)) != len(keys) or not 0 <= basket.cart_discount_bp <= WHOLE:
        raise ValueError("keys or discount of the basket")
    check_basket(basket)
    return replace(
        basket,
        selected=_selected(basket),
        next_key=max(basket.next_key, *(key + 1 for key in keys), 1),
    )


def _selected(basket: Basket) -> int | None:
    keys = basket.keys
    return basket.selected if basket.selected in keys else max(keys, default=None)


def _returns(data: object) -> Returns:
    if not isinstance(data, dict) or not isinstance(data["lines"], list) or not data["lines"]:
        raise TypeError("no returns")
    origin = Origin(**_known(Origin, data["origin"])) if data["origin"] else None
    lines = tuple(Returned(**_known(Returned, line)) for line in data["lines"])
    if any(line.quantity <= 0 or line.gross_cents < 0 for line in lines):
        raise ValueError("quantities and amounts that come back")
    return Returns(**_known(Returns, data) | {"origin": origin, "lines": lines})


def _line(data: object) -> Line:
    if not isinstance(data, dict) or not isinstance(data["item"], dict):
        raise TypeError("not a line")
    line = Line(**_known(Line, data) | {"item": Item(**_known(Item, data["item"]))})
    check_line(line)
    return line


def _plain(value: _Kind) -> dict[str, Any]:
    return {name: getattr(value, name) for name in _FIELDS[type(value)]}


def _known(kind: type[_Kind], data: dict[str, Any]) -> dict[str, Any]:
    """Return the values in data that are plain fields of a kind; TypeError for a wrong one."""
    values = {}
    for name, (expected, optional) in _FIELDS[kind].items():
        if name not in data:
            continue
        value = data[name]
        if type(value) is not expected and not (optional and value is None):
            raise TypeError(f"{name} is {value!r}")
        values[name] = value
    return values
