"""Every text for people is there in every language, whole, and made when it is shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from pos_desktop.domain.text import ENGLISH, LANGUAGES
from scripts.catalogues import FOLDER
from scripts.texts import collect, update
from tests.house.sources import ROOT, modules, tree, within

OTHERS = [one for one in LANGUAGES if one != ENGLISH]
FORMS = {"sw": 2}
"""How many forms of a number each language has."""
SAME = {
    "{name} ({id})", "{table} ({count:,})",
    "#", "Consumer key", "Consumer secret", "Passkey", "QR",
    "Data", "Id", "KRA PIN", "Kenya", "M-Pesa", "PIN", "PIN {pin}", "POS Desktop", "PayBill",
    "Rwanda", "Tanzania", "Till", "Till {code}", "Uganda", "VAT", "VAT {amount}", "X",
    "Z {number} · {day}", "eTIMS", "posctl", "{field}: {reason}.", "{number}. {outcome}",
    "{weekday} {day} {month} {year}", "{weight} kg", "{what}: {which}", "{which}: {period}",
}  # fmt: skip
"""What is written alike in all languages."""
_FIELD = re.compile(r"\{[^}]*\}|%(?:\([a-z_]+\))?[sdr]")
_END = re.compile(r"[.,:;?!…)\n]*$")
PASSED_ON = {
    "pos_desktop.domain.errors", "pos_desktop.domain.text", "pos_desktop.environment",
    "pos_desktop.cli.queue_shown",
}  # fmt: skip
"""Who translates a text that another room wrote: a docstring, or a sentence of a component."""
FOLLOWING = {
    "setAccessibleDescription", "setAccessibleName", "setPlaceholderText", "setToolTip",
    "setWindowTitle",
}  # fmt: skip


@cache
def _catalogue(language: str) -> tuple[Message, ...]:
    with (ROOT / FOLDER / f"{language}.po").open("rb") as file:
        return tuple(one for one in read_po(file, locale=language) if one.id)


def _forms(text: object) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)  # type: ignore[arg-type]


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Yield each form of each text beside its translation."""
    for message in _catalogue(language):
        yield from zip(_forms(message.id), _forms(message.string), strict=True)


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_is_missing_and_none_is_left_over(language: str) -> None:
    """`scripts/texts.py` mends what this finds, but for the translations themselves."""
    known = {one.id for one in _catalogue(language)}
    collected = collect(ROOT)
    wanted = set(collected)
    assert (wanted - known, known - wanted) == (set(), set())
    source = ROOT / FOLDER / f"{language}.po"
    assert update(source, collected) == source.read_bytes(), "run scripts/texts.py"


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_in_all_its_forms(language: str) -> None:
    wrong = [one.id for one in _catalogue(language) if one.fuzzy or not all(_forms(one.string))]
    assert not wrong
    assert not [
        one.id
        for one in _catalogue(language)
        if isinstance(one.id, tuple) and len(_forms(one.string)) != FORMS[language]
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_fields_of_its_text_and_no_other(language: str) -> None:
    wrong = [
        (text, said)
        for text, said in _pairs(language)
        if sorted(_FIELD.findall(text)) != sorted(_FIELD.findall(said))
    ]
    assert not wrong


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_begins_and_ends_as_its_text(language: str) -> None:
    wrong = [(text, said) for text, said in _pairs(language) if _frame(text) != _frame(said)]
    assert not wrong


def _frame(text: str) -> tuple[str, str, str]:
    """Return the blanks before a text and behind it, and the signs at its end."""
    ending = _END.search(text.rstrip(" "))
    assert ending
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip(" ")) :], ending[0]


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_the_same_in_both_languages_is_known_to_be(language: str) -> None:
    assert {text for text, said in _pairs(language) if text == said} == SAME


def test_the_compiled_catalogue_says_what_the_source_says() -> None:
    for language in OTHERS:
        with (ROOT / FOLDER / f"{language}.mo").open("rb") as file:
            compiled = GNUTranslations(file)
        for message in _catalogue(language):
            one, *many = _forms(message.id)
            said = [compiled.gettext(one)]
            if many:
                said = [compiled.ngettext(one, many[0], count) for count in (1, 2)]
            assert said == [*_forms(message.string)], "run scripts/ready.py"


def _calls(parsed: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(parsed):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "ngettext")
        ):
            yield node


def _not_collected(parsed: ast.Module) -> Iterator[int]:
    for call in _calls(parsed):
        count = 1 if isinstance(call.func, ast.Name) and call.func.id == "_" else 2
        if not all(isinstance(one, ast.Constant) for one in call.args[:count]):
            yield call.lineno


def test_every_text_stands_where_it_can_be_collected() -> None:
    """A text that comes in a variable, or has an f before it, is in no catalogue."""
    wrong = [
        f"{module}:{line}"
        for module, path in modules().items()
        if within(module, "pos_desktop") and module not in PASSED_ON
        for line in _not_collected(tree(path))
    ]
    assert not wrong


def _made_too_early(parsed: ast.Module) -> Iterator[int]:
    """Yield the lines where a text is made while its module is imported."""
    waiting: list[ast.AST] = [parsed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += [*node.args.defaults, *(one for one in node.args.kw_defaults if one)]
        elif not isinstance(node, ast.Lambda):
            if isinstance(node, ast.Call) and node in [*_calls(node)]:
                yield node.lineno
            waiting += ast.iter_child_nodes(node)


def test_no_text_is_made_before_it_is_shown() -> None:
    """It would stay in the language of the start."""
    wrong = [
        f"{module}:{line}"
        for module, path in modules().items()
        if within(module, "pos_desktop")
        for line in _made_too_early(tree(path))
    ]
    assert not wrong


def test_a_text_at_the_wrong_place_is_known_when_it_is_seen() -> None:
    for code in ('A = _("x")', 'def f(a=_("x")): pass', 'class A:\n    b = [_("x")]'):
        assert [*_made_too_early(ast.parse(code))], code
    for code in ('def f(): return _("x")', 'A = lambda: _("x")'):
        assert not [*_made_too_early(ast.parse(code))], code
    for code in ("_(words)", 'ngettext("one", many, 2)', '_(f"{x}")'):
        assert [*_not_collected(ast.parse(code))] == [1], code


def _deaf(parsed: ast.Module) -> Iterator[str]:
    """Yield the widgets that tell Qt a text of their own, and do not say it again."""
    for node in ast.walk(parsed):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        tells = any(
            isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and one.func.attr in FOLLOWING
            and isinstance(one.func.value, ast.Name)
            and one.func.value.id == "self"
            for one in ast.walk(node)
        )
        if tells and any(base.startswith("Q") for base in bases) and "Spoken" not in bases:
            yield node.name


def test_every_widget_with_texts_follows_the_language() -> None:
    wrong = [
        f"{module}.{name}"
        for module, path in modules().items()
        if within(module, "pos_desktop.ui")
        for name in _deaf(tree(path))
    ]
    assert not wrong, "`Spoken` of ui/kit/spoken stands first among the bases"
