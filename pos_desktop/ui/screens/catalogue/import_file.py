"""A file that is to be imported: what it begins with, and what its columns are taken for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pos_desktop.documents.columns import IGNORE, SYNONYMS, column_letters
from pos_desktop.documents.first_rows import FirstRows
from pos_desktop.documents.product_rows import Preview
from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.services.imports.importing import Importing

FIELDS = (IGNORE, *SYNONYMS)
"""What a column can hold, in the order in which it is offered."""
_EXAMPLES = 3
MANY = "barcode"
"""The one field that several columns may hold."""
_MENDED_BY_COLUMNS = frozenset(
    {FileFault.NO_COLUMNS, FileFault.NO_KEY, FileFault.BAD_MAP, FileFault.MAPPED_TWICE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumn:
    """A column: what stands above it, what stands in it, and what it is taken for."""

    place: int
    title: str
    """Empty where nothing stands above it."""
    letters: str
    examples: tuple[str, ...]
    holds: str
    """One of FIELDS."""
    is_chosen: bool
    """Whether a person has said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file as it was read, with what a person has said of its columns."""

    path: Path
    first: FirstRows
    chosen: Mapping[int, str] = field(default_factory=dict)
    """What a person has said that a column holds, by its place."""
    preview: Preview | None = None
    fault: FileRefused | None = None
    """Why it cannot be imported as its columns are now."""
    is_long: bool = False
    """Whether it has so many rows that a job imports it."""

    @property
    def sheet(self) -> str | None:
        """The sheet that is read, None for text."""
        return self.first.sheet or None

    def columns(self) -> list[ImportColumn]:
        """Return all columns that hold something, from the left."""
        titles, data = self._titles(), self._data()
        found = self._recognised()
        width = max([len(titles), *(len(row) for row in data)], default=0)
        columns = []
        for place in range(width):
            title = titles[place] if place < len(titles) else ""
            examples = tuple(row[place] for row in data if place < len(row) and row[place])
            if title or examples:
                columns.append(
                    ImportColumn(
                        place=place,
                        title=title,
                        letters=column_letters(place),
                        examples=examples[:_EXAMPLES],
                        holds=self.chosen.get(place, found.get(column_letters(place), IGNORE)),
                        is_chosen=place in self.chosen,
                    )
                )
        return columns

    def saying(self, place: int, holds: str) -> ImportFile:
        """Return the file with a column that a person has said to hold a field."""
        chosen = {
            at: one for at, one in self.chosen.items() if one != holds or one in (IGNORE, MANY)
        }
        return replace(self, chosen={**chosen, place: holds})

    def mapping(self) -> dict[str, str]:
        """Return what a person has said, as an import takes it: by titles, else by letters.

        A title is a surer sign than a letter: by it the row of titles is found, too.
        """
        titles = [title.casefold() for title in self._titles()]
        mapping = {}
        for place, holds in self.chosen.items():
            title = titles[place] if place < len(titles) else ""
            is_sure = title and titles.count(title) == 1
            mapping[self._titles()[place] if is_sure else column_letters(place)] = holds
        return mapping

    def _titles(self) -> tuple[str, ...]:
        if self.preview is not None:
            return self.preview.header
        return self.first.rows[0][1] if self.first.rows else ()

    def _data(self) -> list[tuple[str, ...]]:
        """Return the first rows below the titles."""
        if self.preview is not None:
            head = self.preview.header_row
        else:
            head = self.first.rows[0][0] if self.first.rows else 0
        return [cells for number, cells in self.first.rows if number > head]

    def _recognised(self) -> dict[str, str]:
        """Return what columns were taken for, by their letters."""
        if self.preview is None:
            return {}
        found = self.preview.letters.items()
        return {letters: name for name, columns in found for letters in columns}


def read_file(importing: Importing, path: Path, sheet: str | None, threshold: int) -> ImportFile:
    """Read how a file begins, and what it is taken for; raises FileRefused where it is none."""
    first = importing.first_rows(path, sheet=sheet)
    return recognised(importing, ImportFile(path=path, first=first), threshold)


def recognised(importing: Importing, file: ImportFile, threshold: int) -> ImportFile:
    """Return a file as it is read with what a person has said of its columns.

    What other columns can mend is its `fault`; anything else is raised as FileRefused.
    """
    try:
        preview, is_long = importing.preview(
            file.path, threshold, sheet=file.sheet, mapping=file.mapping()
        )
    except FileRefused as error:
        if error.fault not in _MENDED_BY_COLUMNS:
            raise
        return replace(file, preview=None, fault=error, is_long=False)
    return replace(file, preview=preview, fault=None, is_long=is_long)
