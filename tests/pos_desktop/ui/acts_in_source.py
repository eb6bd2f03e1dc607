"""Finds in the source of the screens what can be done, and what leaves the screen's thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

UI = Path(__file__).parents[3] / "pos_desktop" / "ui"
WAYS = {
    ("lane", "submit"): "lane",
    ("lane", "later"): "lane",
    ("lane", "keep"): "lane",
    ("office", "ask"): "lane",
    ("self", "ask"): "lane",
    ("self", "submit"): "lane",
    ("counter", "learn"): "lane",
    ("counter", "carry_out"): "lane",
    ("self", "carry_out"): "lane",
    ("turns", "carry_out"): "lane",
    ("long_work", "run"): "beside",
    ("self", "submit_long"): "beside",
    ("self", "submit_reading"): "beside",
    ("long_work", "submit"): "beside",
    ("reading", "run"): "beside",
    ("pushes", "run"): "beside",
    ("looks", "run"): "beside",
}
"""By which words work leaves the screen's thread: for the database lane, or for beside it."""
_PAGES = ("OfficePage", "ListPage", "GatherPage")
"""Whose own `ask` and `submit…` hand work over; others have such names for others."""
_OWN = {"ask", "submit", "submit_long", "submit_reading"}
_ITS_PAGE = "self._page"
"""How what helps a page calls it: these acts are the page's own."""


@cache
def sources() -> dict[str, ast.Module]:
    """Return each module of the screens by its path below `ui`, without its ending."""
    return {
        str(path.relative_to(UI).with_suffix("")): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(UI.rglob("*.py"))
    }


def _last(node: ast.AST) -> str:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name.lstrip("_")


@cache
def _bases() -> dict[str, set[str]]:
    """Return for each class of the screens what it stands on, by name; one name may be two's."""
    found: dict[str, set[str]] = {}
    for module in sources().values():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(_last(base) for base in node.bases)
    return found


def is_page(name: str) -> bool:
    """Tell whether a class is a page behind the counter."""
    return name in _PAGES or any(is_page(base) for base in _bases().get(name, ()))


def _way(node: ast.AST, of_page: bool) -> str | None:
    """Return by which way a call hands work over; None where it does not."""
    if not isinstance(node, ast.Attribute):
        return None
    whose = _last(node.value)
    if node.attr in _OWN and ast.unparse(node.value) == _ITS_PAGE:
        return WAYS["self", node.attr]
    if whose == "self" and node.attr in _OWN and not of_page:
        return None
    return WAYS.get((whose, node.attr))


def _functions(
    module: ast.Module,
) -> Iterator[tuple[str, bool, ast.FunctionDef]]:
    """Yield each function and method with its name, and whether it is a page's."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, False, node
        elif isinstance(node, ast.ClassDef):
            for one in node.body:
                if isinstance(one, ast.FunctionDef):
                    yield f"{node.name}.{one.name}", is_page(node.name), one


def sites() -> dict[str, set[str]]:
    """Return where work leaves the screen's thread, and by which ways."""
    found: dict[str, set[str]] = {}
    for path, module in sources().items():
        for name, of_page, function in _functions(module):
            ways = {way for node in ast.walk(function) if (way := _way(node, of_page))}
            if ways:
                found[f"{path}:{name}"] = ways
    return found


def other_meanings() -> set[str]:
    """Return where the words of WAYS stand for something else, with what stands there."""
    words = {word for _whose, word in WAYS}
    return {
        f"{path}:{name} {ast.unparse(node)}"
        for path, module in sources().items()
        if not path.startswith("threads/")
        for name, of_page, function in _functions(module)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in words and not _way(node, of_page)
    }


def functions_named(path: str) -> set[str]:
    """Return what a module of the screens names in a function ("module:Class.function")."""
    module, _colon, wanted = path.partition(":")
    return {
        _last(node)
        for name, _of_page, function in _functions(sources()[module])
        if name == wanted
        for node in ast.walk(function)
    }


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield each text of an expression that is for people."""
    for one in ast.walk(node):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "_":
            (text,) = one.args
            assert isinstance(text, ast.Constant)
            yield str(text.value)


def _called(module: ast.Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _last(node.func) == name:
            yield node


def acts() -> dict[str, set[str]]:
    """Return what can be done on each screen by its title: acts, keys of the bar, ends of forms."""
    found: dict[str, set[str]] = {}
    for path, module in sources().items():
        titles: set[str] = set()
        for call in _called(module, "Act"):
            (title,) = (key.value for key in call.keywords if key.arg == "title")
            titles |= {*_texts(title)} or {ast.unparse(title)}
        for call in _called(module, "way_on"):
            titles |= {*_texts(call.args[0])} or {ast.unparse(call.args[0])}
        for call in _called(module, "ScreenKey"):
            titles |= {*_texts(call.args[2])}
        for call in _called(module, "open_form"):
            for key in call.keywords:
                if key.arg == "save":
                    titles |= {*_texts(key.value)} or {ast.unparse(key.value)}
        if titles:
            found[path] = titles
    return found
