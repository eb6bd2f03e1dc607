"""Collects every text for people and brings the catalogues up to it.

    .venv/bin/python scripts/texts.py           # renews resources/pos_resources/translations/*.po
    .venv/bin/python scripts/texts.py --check   # writes nothing; exit 1 where something is missing

Translations stay, texts that are gone leave, new ones come with an empty translation: fill those
in, in the same change. `docs/translating.md` has the words to use.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from scripts.catalogues import FOLDER, compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("pos_desktop", "hardware/pos_hardware", "queue/pos_queue", "sync/pos_sync")
PLAIN = ("_", "DriverRefused", "Unreadable")
"""What is called with a text first: it is translated there, or by who stands above a component."""
COUNTED = "ngettext"
BASE_ERROR = "PosError"
"""The docstrings of its family begin with a sentence that people read."""
WIDTH = 100

Text = str | tuple[str, str]
"""A text, or its forms for one and for many."""


def collect(root: Path) -> dict[Text, list[str]]:
    """Return every text of a checkout, and the files in which it stands."""
    found: dict[Text, set[str]] = {}
    files = [path for source in SOURCES for path in sorted((root / source).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    family = _family(trees.values())
    for path, tree in trees.items():
        for text in (*_called(tree), *_default_messages(tree, family)):
            found.setdefault(text, set()).add(path.relative_to(root).as_posix())
    return {text: sorted(places) for text, places in sorted(found.items(), key=_by_text)}


def update(source: Path, found: dict[Text, list[str]]) -> bytes:
    """Return the catalogue of a file as it has to be for these texts."""
    with source.open("rb") as file:
        before = read_po(file, locale=source.stem)
    after = Catalog(
        locale=source.stem,
        project=before.project,
        version=before.version,
        msgid_bugs_address=before.msgid_bugs_address,
        header_comment=before.header_comment,
        creation_date=before.creation_date,
        revision_date=before.revision_date,
        last_translator=before.last_translator,
        language_team=before.language_team,
        copyright_holder=before.copyright_holder,
        fuzzy=False,
    )
    for text, places in found.items():
        known = before.get(text if isinstance(text, str) else text[0])
        kept = known.string if known is not None and known.id == text else _empty(text)
        after.add(text, kept, locations=[(place, 0) for place in places])
    written = BytesIO()
    write_po(written, after, width=WIDTH, include_lineno=False)
    return written.getvalue()


def untranslated(catalogue: bytes) -> list[Message]:
    """Return what has no translation yet, or one that nobody has read over."""
    messages = [message for message in read_po(BytesIO(catalogue)) if message.id]
    return [one for one in messages if one.fuzzy or not all(_strings(one))]


def main(arguments: list[str]) -> int:
    """Renew the catalogues, or only tell whether that is needed."""
    found = collect(ROOT)
    wanting = False
    for source in sorted((ROOT / FOLDER).glob("*.po")):
        fresh = update(source, found)
        if fresh != source.read_bytes():
            if "--check" in arguments:
                wanting = True
                print(f"{source.name}: run scripts/texts.py")
            else:
                source.write_bytes(fresh)
        left = untranslated(fresh)
        wanting = wanting or bool(left)
        for message in left:
            print(f"{source.name}: not translated: {message.id!r}")
    if "--check" not in arguments:
        compile_catalogues(ROOT)
    return 1 if wanting else 0


def _called(tree: ast.Module) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
        texts = [one for one in words if isinstance(one, str)]
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in PLAIN and texts:
            yield texts[0]
        elif name == COUNTED and len(texts) == 2:
            yield texts[0], texts[1]


def _family(trees: Iterable[ast.Module]) -> set[str]:
    """Return the names of all errors for people."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    family, before = {BASE_ERROR}, 0
    while len(family) > before:
        before = len(family)
        for one in classes:
            if any(isinstance(base, ast.Name) and base.id in family for base in one.bases):
                family.add(one.name)
    return family


def _default_messages(tree: ast.Module, family: set[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in family:
            yield (ast.get_docstring(node) or "").splitlines()[0]


def _by_text(item: tuple[Text, object]) -> tuple[str, str]:
    text = item[0]
    return (text, "") if isinstance(text, str) else text


def _empty(text: Text) -> Text:
    return "" if isinstance(text, str) else ("", "")


def _strings(message: Message) -> tuple[str, ...]:
    strings = message.string or ""
    return (strings,) if isinstance(strings, str) else tuple(strings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
