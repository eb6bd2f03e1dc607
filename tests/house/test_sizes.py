"""Modules and functions stay small, or say in their docstring why not."""

from __future__ import annotations

import ast

from tests.house.sources import modules, scripts, tree

MODULE_LINES = 500
FUNCTION_LINES = 50
REASON = "Long because"


def test_a_long_module_gives_its_reason() -> None:
    unexplained = [
        module
        for module, path in (modules() | scripts()).items()
        if len(path.read_text(encoding="utf-8").splitlines()) > MODULE_LINES
        and REASON not in (ast.get_docstring(tree(path)) or "")
    ]
    assert not unexplained


def test_a_long_function_gives_its_reason() -> None:
    unexplained = [
        f"{module}.{node.name}"
        for module, path in (modules() | scripts()).items()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES
        and REASON not in (ast.get_docstring(node) or "")
    ]
    assert not unexplained
