"""The page that shows a technician whether a printer does all that receipts need."""

from __future__ import annotations

from pos_hardware.document import (
    Align,
    Barcode,
    Cell,
    Columns,
    Cut,
    QrCode,
    ReceiptDocument,
    Rule,
    Size,
    Text,
)

from pos_desktop.domain.text import _


def check_page(shop_name: str, moment: str) -> ReceiptDocument:
    """Return a page with every kind of mark: sizes, letters, amounts, bar code and QR code."""
    return ReceiptDocument(
        (
            Text(_("TEST PAGE"), Align.CENTER, bold=True, size=Size.DOUBLE),
            Text(shop_name, Align.CENTER),
            Text(moment, Align.CENTER),
            Rule(heavy=True),
            Text("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789"),
            Text("é ü ñ ß € £ ¥ ½ ×"),
            Text(_("bold"), bold=True),
            Columns((Cell(_("A name on the left"), share=1), Cell("1,240.00", align=Align.RIGHT))),
            Rule(),
            Barcode("T1-000000"),
            QrCode("POS:TEST"),
            Text(_("If all of this can be read and scanned, the printer is ready."), Align.CENTER),
            Cut(),
        )
    )
