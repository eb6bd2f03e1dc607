"""What people read goes through translation, and errors say it in a sentence."""

from __future__ import annotations

import ast
import re
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


SHOWS = {
    "Card", "EntryScreen", "HoursChart", "KeyCap", "LetterPad", "Notice", "Pill", "Saying",
    "ScreenKey", "Sheet", "SidePage", "Strip", "Tile", "TileList", "WrappedText",
    "drawText", "label", "paint_empty", "paint_text", "paint_words", "refuse", "say",
    "setAccessibleDescription", "setAccessibleName", "setPlaceholderText", "setText",
    "setToolTip", "setWindowTitle", "show_first_fitting", "show_note", "show_state",
    "show_text", "show_title", "warn",
}  # fmt: skip
"""What puts texts before people."""
NO_TEXTS = {"key", "look", "tone"}
"""Arguments that are names of keys and looks."""
KEY_OR_SIGN = re.compile(r"(F\d+|Ctrl|Del|Esc|Ins|ABC|[^A-Za-z]|[A-Za-z](?![A-Za-z]))*")
"""What all languages write alike: the caps of keys, and single letters."""


def _is_bare(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(_is_bare(part) for part in node.values if isinstance(part, ast.Constant))
    if isinstance(node, ast.IfExp):
        return _is_bare(node.body) or _is_bare(node.orelse)
    if isinstance(node, ast.BinOp):
        return _is_bare(node.left) or _is_bare(node.right)
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return KEY_OR_SIGN.fullmatch(node.value) is None


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _bare_texts(parsed: ast.Module) -> Iterator[int]:
    """Yield the lines where a text is shown that has not been translated."""
    for node in ast.walk(parsed):
        if isinstance(node, ast.Call) and _name(node.func) in SHOWS:
            named = [one.value for one in node.keywords if one.arg not in NO_TEXTS]
            yield from (one.lineno for one in (*node.args, *named) if _is_bare(one))


def test_no_widget_shows_a_text_of_one_language() -> None:
    wrong = [
        f"{module}:{line}"
        for module, path in modules().items()
        if within(module, "pos_desktop.ui")
        for line in _bare_texts(tree(path))
    ]
    assert not wrong


def test_a_bare_text_is_known_when_it_is_seen() -> None:
    for text in ('label("Jobs")', 'Tile(f"{n} jobs")', 'x.setText("Go" if y else "")',
                 'Notice(tone=t, text="Now")'):  # fmt: skip
        assert [*_bare_texts(ast.parse(text))] == [1], text
    for text in ('label(_("Jobs"))', 'Tile(t, key="Ctrl W")', 'KeyCap("F12")', 'say(f"{a} · {b}")'):
        assert [*_bare_texts(ast.parse(text))] == [], text


def test_the_window_names_no_command_of_the_console_where_it_speaks_of_jobs() -> None:
    speaking = ("pos_desktop.ui.screens.jobs", "pos_desktop.ui.shell.jobs_state")
    services = (
        "pos_desktop.services.background.notifications",
        "pos_desktop.services.background.queue_desk",
    )
    wrong = [
        f"{module}:{node.lineno}"
        for module, path in modules().items()
        if any(within(module, one) for one in speaking + services)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and "posctl" in str(node.value)
    ]
    assert not wrong
