"""Finding products by a few letters of their name or code, also with a typing error.

The full-text index gives a bounded set of candidates, unranked; ranking them here costs a
fraction of what bm25 costs over everything. Only where a search finds too little is the
vocabulary asked for words that look like what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pos_desktop.storage import products
from pos_desktop.storage.counters import MASTER_VERSION, counter
from pos_desktop.storage.database import ShopDatabase

CANDIDATES = 200
"""How many hits are ranked; a search with more is too short to be meant."""
MOST_CORRECTIONS = 12
_LONG_WORD = 6
_SHORTEST_CORRECTED = 3
_WORD = re.compile(r"\w+")
_MERGED_CHANGES = 2
"""A merge with nothing to do still counts as one change."""


@dataclass
class Vocabulary:
    """All words of the catalogue, and their beginnings by length, for corrections."""

    version: int = -1
    words: list[str] = field(default_factory=list)
    _beginnings: dict[int, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, database: ShopDatabase) -> Vocabulary:
        """Read the words of the index; some tens of milliseconds for 100,000 products."""
        version = counter(database, MASTER_VERSION)
        terms = database.execute_sql("SELECT term FROM product_word").fetchall()
        return cls(version, [term for (term,) in terms if term.isalpha()])

    def is_current(self, database: ShopDatabase) -> bool:
        """Tell whether no product has changed since the words were read."""
        return self.version == counter(database, MASTER_VERSION)

    def like(self, word: str) -> list[str]:
        """Return beginnings of words that a typing error may have made into this one."""
        if len(word) < _SHORTEST_CORRECTED or not word.isalpha():
            return []
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        errors = 2 if len(word) >= _LONG_WORD else 1
        found: dict[str, float] = {}
        for length in (len(word), len(word) + 1):
            for text, distance, _place in process.extract(
                word,
                self._of_length(length),
                scorer=OSA.distance,
                score_cutoff=errors,
                limit=MOST_CORRECTIONS,
            ):
                found[text] = min(distance, found.get(text, distance))
        return sorted(found, key=lambda text: (found[text], text))[:MOST_CORRECTIONS]

    def knows(self, word: str) -> bool:
        """Tell whether some word of the catalogue begins like this."""
        return word in self._of_length(len(word))

    def _of_length(self, length: int) -> dict[str, str]:
        if length not in self._beginnings:
            beginnings = (word[:length] for word in self.words)
            self._beginnings[length] = {beginning: beginning for beginning in beginnings}
        return self._beginnings[length]


def fold(text: str) -> str:
    """Return a text in small letters without accents, as the index keeps its words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def search(
    database: ShopDatabase, vocabulary: Vocabulary | None, text: str, limit: int = 8
) -> list[products.Found]:
    """Return the products that fit a text best; those no longer sold are left out.

    Without a vocabulary typing errors find nothing.
    """
    words = _WORD.findall(fold(text))
    if not words:
        return []
    hits = _candidates(database, [[word] for word in words])
    if not hits and vocabulary is not None:
        hits = _candidates(database, _corrected(vocabulary, words))
    best = sorted(hits, key=lambda hit: _rank(words, *hit[1:]))[:limit]
    found = products.by_rows(database, [row for row, *_ in best])
    return [found[row] for row, *_ in best if row in found]


def matching(text: str) -> str | None:
    """Return what the index is asked for all that fits a text as it is typed; None for no words."""
    words = _WORD.findall(fold(text))
    return _match([[word] for word in words]) if words else None


def merge(database: ShopDatabase, pages: int) -> bool:
    """Merge about so many pages of the index inside the caller's transaction.

    Every transaction that changes words leaves a segment, and a search looks into each. The index
    never merges by itself, since it would do so in the middle of a chunk, for ten milliseconds.
    Returns whether there was something to merge.
    """
    before = database.value("SELECT total_changes()")
    database.execute_sql(
        "INSERT INTO product_search (product_search, rank) VALUES ('merge', ?)", (pages,)
    )
    return bool(database.value("SELECT total_changes()") - before >= _MERGED_CHANGES)


def _corrected(vocabulary: Vocabulary, words: Sequence[str]) -> list[list[str]]:
    """Return what each word may have been meant as; one that the catalogue knows stays."""
    unknown = [word for word in words if not vocabulary.knows(word)] or words
    return [[word, *(vocabulary.like(word) if word in unknown else ())] for word in words]


def _candidates(
    database: ShopDatabase, alternatives: Sequence[Iterable[str]]
) -> list[tuple[int, str, str | None]]:
    cursor = database.execute_sql(
        "SELECT p.row, p.name, p.code FROM product_search s JOIN product p ON p.row = s.rowid "
        "WHERE s.product_search MATCH ? AND p.active = 1 AND p.deleted_at IS NULL LIMIT ?",
        (_match(alternatives), CANDIDATES),
    )
    return list(cursor.fetchall())


def _match(alternatives: Sequence[Iterable[str]]) -> str:
    return " AND ".join(
        "(" + " OR ".join(f'"{word}"*' for word in words) + ")" for words in alternatives
    )


def _rank(words: Sequence[str], name: str, code: str | None) -> tuple[int, int, int, str]:
    """Order hits: the code itself, then typed words as whole words, early in a short name."""
    folded = fold(name)
    parts = _WORD.findall(folded)
    if code is not None and fold(code) == " ".join(words):
        return (-2, 0, 0, folded)
    missed = sum(1 for word in words if not any(part.startswith(word) for part in parts))
    whole = sum(1 for word in words if word in parts)
    starts = 0 if folded.startswith(words[0]) else 1
    return (missed * 2 - whole, starts, len(parts), folded)
