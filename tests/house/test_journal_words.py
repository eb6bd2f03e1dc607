"""Each kind of entry that the program notes in the journal has words for people."""

from __future__ import annotations

import ast
from collections.abc import Iterator

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
    else:
        yield given


def _kinds() -> set[str]:
    found = {act.value for act in Act}
    for path in (ROOT / "pos_desktop").rglob("*.py"):
        for given in _noted(ast.parse(path.read_text())):
            parts = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
            found |= {str(one.value) for one in parts if isinstance(one, ast.Constant)}
    return found


def test_each_kind_has_words() -> None:
    kinds = _kinds()
    assert {
        "export",
        "mail left",
        "clock",
        "job retried",
        "contact added",
        "product changed",
    } <= kinds
    assert not [kind for kind in sorted(kinds) if act_words(kind) == kind]
