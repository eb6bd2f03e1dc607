"""Receipts that a shop would really print."""

from __future__ import annotations

import io

import PIL.Image
from PIL import ImageDraw
from pos_hardware.document import (
    Align,
    Barcode,
    Block,
    Cell,
    Columns,
    Cut,
    Feed,
    Image,
    QrCode,
    ReceiptDocument,
    Rule,
    Size,
    Text,
)

MONEY = Align.RIGHT


def line(name: str, quantity: str, amount: str) -> Columns:
    return Columns(
        (
            Cell(name, share=1),
            Cell(quantity, width=5, align=MONEY),
            Cell(amount, width=9, align=MONEY),
        )
    )


def pair(label: str, amount: str, *, bold: bool = False, size: Size = Size.NORMAL) -> Columns:
    return Columns((Cell(label, share=1), Cell(amount, align=MONEY)), bold, size)


def logo(width: int = 160, height: int = 64) -> bytes:
    picture = PIL.Image.new("RGBA", (width, height), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((2, 2, height - 3, height - 3), fill="black")
    draw.rectangle((width // 2, height // 3, width - 2, height * 2 // 3), fill="black")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def receipt(lines: int = 0, *, with_logo: bool = True) -> ReceiptDocument:
    """A sale of four things, or of so many."""
    sold: list[Block] = [
        line("Brookside Fresh Milk 500ml", "4", "260.00"),
        line("Jogoo Maize Meal 2kg", "2", "378.00"),
        line("Café Espresso Añejo", "1", "1,150.00"),
        line("Tomatoes, Grade 1 (loose)", "0.750", "97.50"),
    ]
    if lines:
        sold = [
            line(f"Item {number:03} of a very long list", "1", f"{number}.00")
            for number in range(1, lines + 1)
        ]
    head: list[Block] = [Image(logo())] if with_logo else []
    head += [
        Text("Mama Njeri Stores", Align.CENTER, bold=True, size=Size.DOUBLE),
        Text("Moi Avenue 12, Nairobi", Align.CENTER),
        Text("Tel 0712 345 678 · PIN P051234567X", Align.CENTER),
        Feed(1),
        pair("Receipt T1-000123", "24 Nov 2026 14:32"),
        pair("Cashier Wanjiku", "Till T1"),
        Rule(),
    ]
    foot: list[Block] = [
        Rule(),
        pair("Subtotal", "1,885.50"),
        pair("VAT 16 % incl.", "260.07"),
        Rule(heavy=True),
        pair("TOTAL", "KES 1,886.00", bold=True, size=Size.DOUBLE),
        Rule(heavy=True),
        pair("Cash", "2,000.00"),
        pair("Change", "114.00", bold=True),
        Feed(1),
        Text("Thank you, karibu tena!", Align.CENTER, bold=True),
        Text("Goods can be exchanged within 7 days with this receipt.", Align.CENTER),
        Feed(1),
        Barcode("T1-000123"),
        Feed(1),
        QrCode("https://example.org/r/T1-000123"),
        Cut(),
    ]
    return ReceiptDocument((*head, *sold, *foot))
