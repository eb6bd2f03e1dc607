"""Reads XML block by block with expat, without a tree in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from pos_desktop.documents.reasons import FileFault, FileRefused
from pos_desktop.documents.workbook_guard import BROKEN_ARCHIVE

BLOCK = 1 << 16
LONGEST_TOKEN = 8 << 20
"""Bytes without a single tag; a cell holds 32,767 signs at most."""

NOT_LOOKED_AT = -1
"""Where a newer expat says it is after a block that it only kept, as it ends within a token."""

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]


class XmlStream:
    """Feeds XML to handlers by block; tags lose their prefix; refuses what could unpack itself."""

    def __init__(self, source: IO[bytes], name: str) -> None:
        """Read from source; name is the file that a refusal names."""
        self._source = source
        self._name = name
        self.bytes_read = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def blocks(self) -> Iterator[None]:
        """Parse block after block, yielding after each; raises FileRefused for broken XML."""
        silent, reached = 0, -1
        try:
            while block := self._next_block():
                self.parser.Parse(block)
                index = self.parser.CurrentByteIndex
                waits = index in (reached, NOT_LOOKED_AT)
                silent, reached = (silent + len(block), reached) if waits else (0, index)
                if silent > LONGEST_TOKEN:
                    raise FileRefused(FileFault.ENDLESS, file=self._name)
                yield
            is_final = True
            self.parser.Parse(b"", is_final)
            yield
        except expat.ExpatError as error:
            raise FileRefused(FileFault.DAMAGED, file=self._name) from error

    def _next_block(self) -> bytes:
        try:
            block = self._source.read(BLOCK)
        except BROKEN_ARCHIVE as error:
            raise FileRefused(FileFault.DAMAGED, file=self._name) from error

        self.bytes_read += len(block)
        return block

    def _refuse_doctype(self, *_declared: object) -> None:
        raise FileRefused(FileFault.ENDLESS, file=self._name)


def local(tag: str) -> str:
    """Return a tag without its prefix."""
    return tag.rpartition(":")[2]


def each_start(source: IO[bytes], name: str, seen: Callable[[str, Attributes], None]) -> None:
    """Call seen with the local name and attributes of every element."""
    stream = XmlStream(source, name)
    stream.parser.StartElementHandler = lambda tag, attributes: seen(local(tag), attributes)
    for _block in stream.blocks():
        pass


def plain_tags(
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    parser: expat.XMLParserType,
) -> None:
    """Set handlers that see tags without a prefix; only where there are prefixes, they cost."""

    def first(tag: str, attributes: Attributes) -> None:
        if ":" in tag:
            parser.StartElementHandler = lambda tag, given: start(local(tag), given)
            parser.EndElementHandler = lambda tag: end(local(tag))
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartElementHandler(tag, attributes)

    parser.StartElementHandler = first
