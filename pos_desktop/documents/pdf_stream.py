"""A canvas that writes each page of a PDF to its file as soon as the page is done.

reportlab keeps all pages until the end and then makes the whole file in memory at once. Here a page
and what stands on it are written and forgotten; only where they lie is kept. What all pages share
(fonts, the number of pages) is written at the end: pages point at it before it is there.
"""

from __future__ import annotations

from functools import cache
from typing import IO, Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas


@cache
def _colour(name: str) -> Any:
    return HexColor(name)


class _StreamedFile(pdfdoc.PDFFile):  # type: ignore[misc]
    """What reportlab adds up as a file; it goes to the disk instead."""

    def __init__(self, out: IO[bytes], version: Any) -> None:
        super().__init__(version)
        out.write(self.format(None))
        self.write = out.write


class _StreamedDocument(pdfdoc.PDFDocument):  # type: ignore[misc]
    """The objects of a PDF; those of pages that are done have been written."""

    def __init__(self, out: IO[bytes], language: str) -> None:
        super().__init__(compression=1, invariant=1, lang=language)
        self._out = _StreamedFile(out, self._pdfVersion)

    def addPage(self, page: Any) -> None:  # noqa: N802 - reportlab's word
        """Take a page over and write it."""
        name = self.thisPageName()
        page.Contents = pdfdoc.PDFStream(content=page.stream, filters=[pdfdoc.PDFZCompress])
        super().addPage(page)
        known = len(self.numberToId)
        self._write(name)
        for number in range(known + 1, len(self.numberToId) + 1):
            if isinstance(self.idToObject[self.numberToId[number]], pdfdoc.PDFStream):
                self._write(self.numberToId[number])
        self.Pages.pages[-1] = pdfdoc.PDFObjectReference(name)

    def announce(self, form: str) -> None:
        """Let pages point at a drawing that is made at the end."""
        self.Reference(None, pdfdoc.xObjectName(form))

    def addForm(self, name: str, form: Any) -> None:  # noqa: N802 - reportlab's word
        """Take over a drawing that was announced."""
        known = pdfdoc.xObjectName(name)
        form.__InternalName__ = known
        self.idToObject[known] = form
        self.inObject = None

    def format(self) -> bytes:
        """Write what is left, and where everything lies; nothing remains to be written then."""
        number = 0
        while (number := number + 1) in self.numberToId:  # writing one may make others
            if self.numberToId[number] not in self.idToOffset:
                self._write(self.numberToId[number])
        names = [self.numberToId[one] for one in range(1, number)]
        places = pdfdoc.PDFCrossReferenceTable()
        places.addsection(0, names)
        trailer = pdfdoc.PDFTrailer(
            startxref=self._out.add(places.format(self)),
            Size=number,
            Root=self.Reference(self.Catalog),
            Info=self.Reference(self.info),
            ID=self.ID(),
        )
        self._out.add(trailer.format(self))
        return b""

    def _write(self, name: str) -> None:
        written = pdfdoc.PDFIndirectObject(name, self.idToObject[name]).format(self)
        self.idToOffset[name] = self._out.add(written)
        self.idToObject[name] = None


class StreamedCanvas(Canvas):  # type: ignore[misc]
    """Draws pages into a file; the same drawing makes the same bytes.

    `last_form` is the one drawing that pages may point at before it is made.
    """

    def __init__(
        self, out: IO[bytes], size: tuple[float, float], language: str, last_form: str
    ) -> None:
        super().__init__(out, pagesize=size, pageCompression=1, invariant=1, lang=language)
        self._doc = _StreamedDocument(out, language)
        self._doc.announce(last_form)

    def setFillColor(self, colour: str, alpha: float | None = None) -> None:  # noqa: N802
        """Fill and write in a colour, `#rrggbb`."""
        super().setFillColor(_colour(colour), alpha)

    def setStrokeColor(self, colour: str, alpha: float | None = None) -> None:  # noqa: N802
        """Draw lines in a colour, `#rrggbb`."""
        super().setStrokeColor(_colour(colour), alpha)

    def _make_preamble(self) -> None:
        """Begin pages without a font of reportlab's own: only letters of the file are used."""
        self._preamble = "1 0 0 1 0 0 cm"
