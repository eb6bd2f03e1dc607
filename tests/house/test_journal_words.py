"""Each kind of entry that the program notes in the journal has words for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pos_desktop.domain.controlled_acts import Act
from pos_desktop.services.reports.audit_words import act_words
from tests.house.sources import ROOT


def _noted(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what stands for a kind in a module, also where a helper of its own hands it on."""
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
    handed: dict[str, int] = {}
    for function in functions:
        names = [one.arg for one in function.args.args if one.arg != "self"]
        for called, call in _calls(function):
            if called.attr == "note" and "books" in ast.unparse(called.value) and call.args:
                yield from _told(tree, function, call.args[0])
                if isinstance(call.args[0], ast.Name) and call.args[0].id in names:
                    handed[function.name] = names.index(call.args[0].id)
    for function in functions:
        for called, call in _calls(function):
            if called.attr in handed and len(call.args) > handed[called.attr]:
                yield from _told(tree, function, call.args[handed[called.attr]])


def _calls(function: ast.FunctionDef) -> Iterator[tuple[ast.Attribute, ast.Call]]:
    for one in ast.walk(function):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            yield one.func, one


def _told(tree: ast.Module, function: ast.FunctionDef, given: ast.expr) -> Iterator[ast.expr]:
    """Yield the texts of an argument, or of what was assigned to its name there."""
    if isinstance(given, ast.Name):
        for one in (*ast.walk(function), *tree.body):
            if isinstance(one, ast.Assign) and given.id in map(ast.unparse, one.targets):
                yield one.value
    yield given


def _kinds() -> set[str]:
    found = {act.value for act in Act}
    for path in (ROOT / "pos_desktop").rglob("*.py"):
        for given in _noted(ast.parse(path.read_text())):
            parts = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
            for part in parts:
                found |= set(_texts(path, part))
    return found


def _texts(path: Path, given: ast.expr) -> Iterator[str]:
    """Yield the texts that stand for a kind, also one from elsewhere or that is put together."""
    if isinstance(given, ast.Constant):
        yield str(given.value)
    elif isinstance(given, ast.Name):
        value = getattr(_module(path), given.id, None)
        if isinstance(value, str):
            yield str(value)
    elif isinstance(given, ast.JoinedStr):
        yield from _put_together(path, given)


def _put_together(path: Path, given: ast.JoinedStr) -> Iterator[str]:
    """Yield what `mpesa {kind}` becomes for each kind that is handed to who notes it so."""
    (named,) = [one.value for one in given.values if isinstance(one, ast.FormattedValue)]
    begins, _name, ends = ast.unparse(given)[2:-1].partition(f"{{{ast.unparse(named)}}}")
    for kind in _handed_on(ast.parse(path.read_text()), ast.unparse(named)):
        yield f"{begins}{kind}{ends}"


def _handed_on(tree: ast.Module, name: str) -> Iterator[str]:
    """Yield the values of an enumeration that callers hand to functions with this argument."""
    takers, kinds = set(), set()
    for function in (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)):
        for argument in function.args.args:
            if argument.arg == name and argument.annotation:
                takers.add(function.name)
                kinds.add(ast.unparse(argument.annotation))
    (kind,) = kinds
    for path in (ROOT / "pos_desktop").rglob("*.py"):
        text = path.read_text()
        for handed in _handed(ast.parse(text), takers, kind) if f"{kind}." in text else ():
            yield str(getattr(getattr(_module(path), kind), handed))


def _handed(tree: ast.Module, takers: set[str], kind: str) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            is_somebodys = "hand" in map(ast.unparse, call.args)  # what comes by itself is no entry
            for given in call.args if call.func.attr in takers and is_somebodys else ():
                for one in ast.walk(given):
                    if isinstance(one, ast.Attribute) and ast.unparse(one.value) == kind:
                        yield one.attr


def _module(path: Path) -> ModuleType:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return import_module(name.removesuffix(".__init__"))


def test_each_kind_has_words() -> None:
    kinds = _kinds()
    assert {
        "export",
        "mail left",
        "clock",
        "job retried",
        "contact added",
        "product changed",
        "head missing",
        "mpesa accepted",
    } <= kinds
    assert not [kind for kind in sorted(kinds) if act_words(kind) == kind]
