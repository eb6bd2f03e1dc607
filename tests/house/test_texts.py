"""What people read goes through translation, and errors say it in a sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.sources import modules, tree, within

PEOPLES_ERRORS = {"Refused", "Cancelled", "Unavailable"}


def _errors_with_bare_texts() -> Iterator[str]:
    for module, path in modules().items():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in PEOPLES_ERRORS
                and any(
                    isinstance(argument, ast.Constant | ast.JoinedStr) for argument in node.args
                )
            ):
                yield f"{module}:{node.lineno}"


def test_no_error_for_people_has_a_text_of_one_language() -> None:
    assert not list(_errors_with_bare_texts())


def test_every_error_for_people_has_a_sentence_of_its_own() -> None:
    """The docstring is the default message, so it must be one sentence that can be shown."""
    wrong = []
    for module, path in modules().items():
        if not within(module, "pos_desktop"):
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            if bases & PEOPLES_ERRORS:
                sentence = (ast.get_docstring(node) or "").splitlines()[:1]
                if not sentence or not sentence[0].endswith("."):
                    wrong.append(f"{module}.{node.name}")
    assert not wrong
