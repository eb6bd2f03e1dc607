"""The texts that the cells of an XLSX workbook share, in bounded memory."""

from __future__ import annotations

import marshal
import re
import tempfile
from array import array
from itertools import islice
from typing import IO

from pos_desktop.documents.xml_stream import Attributes, XmlStream, plain_tags

LONGEST_TEXT = 32_767
TEXTS_A_SHELF = 64
TEXTS_IN_MEMORY = 100_000
SHELVES_AT_HAND = 1024
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedTexts:
    """The texts that cells share, by number; those beyond a limit wait in a temporary file."""

    def __init__(self) -> None:
        self._at_hand: list[str] = []
        self._shelf: list[str] = []
        self._places = array("Q", [0])
        self._file: IO[bytes] | None = None
        self._read: dict[int, list[str]] = {}

    def add(self, text: str) -> None:
        """Add the next text."""
        if len(self._at_hand) < TEXTS_IN_MEMORY:
            self._at_hand.append(text)
            return
        self._shelf.append(text)
        if len(self._shelf) == TEXTS_A_SHELF:
            self.finish()

    def finish(self) -> None:
        """Write what is gathered; call once after the last text."""
        if not self._shelf:
            return
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - see close
        self._places.append(self._places[-1] + self._file.write(marshal.dumps(self._shelf)))
        self._shelf = []

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        beyond = number - len(self._at_hand)
        if beyond < 0:
            return self._at_hand[number]
        return self._shelved(beyond // TEXTS_A_SHELF)[beyond % TEXTS_A_SHELF]

    def _shelved(self, number: int) -> list[str]:
        shelf = self._read.get(number)
        if shelf is None:
            if self._file is None or number + 1 >= len(self._places):
                raise IndexError(number)
            if len(self._read) >= SHELVES_AT_HAND:
                for oldest in list(islice(self._read, SHELVES_AT_HAND // 8)):
                    del self._read[oldest]
            self._file.seek(self._places[number])
            packed = self._file.read(self._places[number + 1] - self._places[number])
            shelf = self._read[number] = marshal.loads(packed)  # noqa: S302 - written just above
        return shelf

    def close(self) -> None:
        """Give the temporary file back."""
        if self._file is not None:
            self._file.close()


def read_shared_texts(source: IO[bytes], name: str) -> SharedTexts:
    """Return the shared texts of a workbook; phonetic guides are left out."""
    texts = SharedTexts()
    stream = XmlStream(source, name)
    pieces: list[str] = []
    text = ""
    is_guide = False

    def start(tag: str, _attributes: Attributes) -> None:
        nonlocal text, is_guide
        if tag == "si":
            text = ""
        elif tag == "rPh":
            is_guide = True
        pieces.clear()

    def end(tag: str) -> None:
        nonlocal text, is_guide
        if tag == "t" and not is_guide:
            text += "".join(pieces)
        elif tag == "rPh":
            is_guide = False
        elif tag == "si":
            texts.add(unescaped(text))

    stream.parser.CharacterDataHandler = pieces.append
    plain_tags(start, end, stream.parser)
    for _block in stream.blocks():
        pass
    texts.finish()
    return texts


def unescaped(text: str) -> str:
    """Return a text with the signs that XLSX writes as _x000D_, cut to a cell's length."""
    if "_x" in text:
        text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text[: LONGEST_TEXT + 1]
