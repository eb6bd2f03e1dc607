"""What the bytes put on paper, and what the picture shows."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import PIL.Image
import pytest
from pos_hardware.document import (
    Align,
    Barcode,
    BarcodeKind,
    Cell,
    Columns,
    Cut,
    Feed,
    Image,
    KickDrawer,
    QrCode,
    ReceiptDocument,
    Rule,
    Size,
    Text,
)
from pos_hardware.drawer import DrawerPulse
from pos_hardware.errors import BadDocument
from pos_hardware.fonts import Fonts
from pos_hardware.layout import Raster, TextRow, lay_out
from pos_hardware.painting import Painter
from pos_hardware.profile import (
    PAPER_58,
    PAPER_80,
    PAPER_80_NARROW,
    CodePage,
    ImageMode,
    PrinterProfile,
    Symbols,
)
from pos_hardware.rendering import render_escpos, render_png, render_text
from pos_hardware.spelling import Speller
from pos_hardware.testing.interpreter import Interpreter

from tests.pos_hardware.receipts import logo, pair, receipt

PAPERS = [PAPER_58, PAPER_80, PAPER_80_NARROW]


def printed(document: ReceiptDocument, profile: PrinterProfile) -> Interpreter:
    paper = Interpreter(profile.columns)
    paper.feed(render_escpos(document, profile))
    assert paper.unknown == []
    return paper


def zbar(png: bytes, tmp_path: Path) -> list[str]:
    file = tmp_path / "paper.png"
    file.write_bytes(png)
    read = subprocess.run(
        ["zbarimg", "-q", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    return sorted(read.stdout.splitlines())


@pytest.mark.parametrize("profile", PAPERS)
@pytest.mark.parametrize("lines", [0, 300])
def test_the_paper_shows_the_rows_that_were_laid_out(profile: PrinterProfile, lines: int) -> None:
    document = receipt(lines)
    paper = printed(document, profile)
    spell = Speller(profile.code_page.codec).spell
    laid = [row for row in lay_out(document, profile.columns, spell) if isinstance(row, TextRow)]
    read = [row for row in paper.rows if isinstance(row, TextRow)]
    assert [(row.text, row.bold, row.size) for row in read] == [
        (row.text, row.bold, row.size) for row in laid
    ]
    assert sum(isinstance(row, Cut) for row in paper.rows) == profile.cutter


GOLDEN = ReceiptDocument(
    (
        Text("Duka", Align.CENTER, bold=True, size=Size.DOUBLE),
        pair("Café", "€1.50"),
        Rule(),
        Feed(2),
        KickDrawer(),
        Cut(),
    )
)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (
            PAPER_58,
            b"\x1b@\x1c.\x1bt\x13"
            b"\x1d!\x11\x1bE\x01      Duka\n"
            b"\x1d!\x00\x1bE\x00Caf\x82                       \xd51.50\n"
            + b"\xc4" * 32
            + b"\n\x1bd\x02\x1bp\x00\x32\xfa\x1bd\x04",
        ),
        (
            PAPER_80,
            b"\x1b@\x1c.\x1bt\x13"
            b"\x1d!\x11\x1bE\x01          Duka\n"
            b"\x1d!\x00\x1bE\x00Caf\x82                                       \xd51.50\n"
            + b"\xc4" * 48
            + b"\n\x1bd\x02\x1bp\x00\x32\xfa\x1bd\x04\x1dV\x00",
        ),
    ],
)
def test_golden_bytes(profile: PrinterProfile, expected: bytes) -> None:
    assert render_escpos(GOLDEN, profile) == expected


def test_golden_bytes_of_a_picture_and_of_native_symbols() -> None:
    picture = PIL.Image.new("1", (8, 2), 0)
    written = io.BytesIO()
    picture.save(written, "PNG")
    profile = PrinterProfile(columns=16, dots=16, symbols=Symbols.NATIVE)
    document = ReceiptDocument((Image(written.getvalue()),))
    head = b"\x1b@\x1c.\x1bt\x13"
    assert render_escpos(document, profile) == head + b"\x1dv0\x00\x02\x00\x02\x00\x0f\xf0\x0f\xf0"
    wide = replace(profile, columns=48, dots=576)
    document = ReceiptDocument((QrCode("abc"), Barcode("T1-1")))
    assert render_escpos(document, wide) == head + (
        b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1"
        b"\x1d(k\x06\x001P0abc\x1d(k\x03\x001Q0\x1ba\x00"
        b"\x1ba\x01\x1dhH\x1dw\x03\x1df\x00\x1dH\x00\x1dkI\x06{BT1-1\x1ba\x00"
        + b"T1-1".rjust(26)
        + b"\n"
    )


@pytest.mark.parametrize("profile", PAPERS)
def test_codes_can_be_read_off_the_picture(profile: PrinterProfile, tmp_path: Path) -> None:
    document = ReceiptDocument((*receipt().blocks, Barcode("4006381333931", BarcodeKind.EAN13)))
    codes = ["CODE-128:T1-000123", "EAN-13:4006381333931"]
    codes.append("QR-Code:https://example.org/r/T1-000123")
    assert zbar(render_png(document, profile), tmp_path) == codes
    paper = printed(document, profile)
    assert zbar(Painter(profile).page(paper.rows), tmp_path) == codes


@pytest.mark.parametrize("symbols", Symbols)
@pytest.mark.parametrize("mode", ImageMode)
def test_every_way_to_send_dots_prints_the_same(
    symbols: Symbols, mode: ImageMode, tmp_path: Path
) -> None:
    profile = replace(PAPER_58, symbols=symbols, image_mode=mode)
    paper = printed(receipt(), profile)
    read = zbar(Painter(profile).page(paper.rows), tmp_path)
    assert read == ["CODE-128:T1-000123", "QR-Code:https://example.org/r/T1-000123"]


def test_a_bar_code_too_long_for_the_paper_is_printed_as_letters() -> None:
    paper = printed(ReceiptDocument((Barcode("x" * 40),)), PAPER_58)
    assert not [row for row in paper.rows if isinstance(row, Raster)]
    assert [text.strip() for text in paper.lines] == ["x" * 32, "x" * 8]


def test_codes_keep_the_quiet_room_that_readers_need() -> None:
    fits, does_not = (
        printed(ReceiptDocument((Barcode("x" * length),)), PAPER_58).rows for length in (29, 30)
    )
    assert isinstance(fits[0], Raster)
    assert isinstance(does_not[0], TextRow)
    [square] = printed(ReceiptDocument((QrCode("quiet"),)), PAPER_58).rows
    assert isinstance(square, Raster)
    stride = square.width // 8
    quiet_rows = 4 * 5
    assert not any(square.bits[: quiet_rows * stride])
    assert any(square.bits[quiet_rows * stride : (quiet_rows + 1) * stride])


def edges(raster: Raster) -> tuple[int, int]:
    """Return the first and the last column that have ink."""
    stride = raster.width // 8
    columns = 0
    for start in range(0, len(raster.bits), stride):
        columns |= int.from_bytes(raster.bits[start : start + stride], "big")
    drawn = f"{columns:0{raster.width}b}"
    return drawn.index("1"), drawn.rindex("1")


def test_pictures_of_text_stand_where_the_text_would() -> None:
    name = "حليب طازج"
    rows = [printed(ReceiptDocument((Text(name, align),)), PAPER_58).rows[0] for align in Align]
    left, centre, right = (edges(row) for row in rows if isinstance(row, Raster))
    assert left[0] < 6
    assert right[1] > 384 - 6
    assert left[1] < right[0]
    assert abs(centre[0] + centre[1] - 384) < 24


def test_a_tall_picture_is_sliced_and_comes_out_whole() -> None:
    paper = printed(ReceiptDocument((Image(logo(100, 600)),)), PAPER_58)
    slices = [row for row in paper.rows if isinstance(row, Raster)]
    assert [row.height for row in slices] == [255, 255, 90]
    whole = PIL.Image.open(
        io.BytesIO(render_png(ReceiptDocument((Image(logo(100, 600)),)), PAPER_58))
    )
    painted = PIL.Image.open(io.BytesIO(Painter(PAPER_58).page(paper.rows)))
    assert whole.tobytes() == painted.tobytes()


def test_a_wide_picture_is_made_narrower_and_centred() -> None:
    paper = printed(ReceiptDocument((Image(logo(2000, 100)),)), PAPER_58)
    [raster] = [row for row in paper.rows if isinstance(row, Raster)]
    assert (raster.width, raster.height) == (384, 19)


def test_a_picture_that_claims_to_be_huge_is_refused() -> None:
    bomb = io.BytesIO()
    PIL.Image.new("1", (20_000, 20)).save(bomb, "PNG")
    document = ReceiptDocument((Image(bomb.getvalue()),))
    for render in (render_escpos, render_png):
        with pytest.raises(BadDocument):
            render(document, PAPER_80)
    broken = ReceiptDocument((Image(logo()[:60]),))
    with pytest.raises(BadDocument):
        render_escpos(broken, PAPER_80)


@pytest.mark.parametrize("name", ["حليب طازج", "นมสด", "鲜牛奶"])
def test_other_scripts_become_a_picture_of_one_line(name: str) -> None:
    row = Columns((Cell(name, 1), Cell("260.00", align=Align.RIGHT)))
    paper = printed(ReceiptDocument((Text("above"), row, Text("below"))), PAPER_58)
    above, picture, below = paper.rows
    assert isinstance(above, TextRow)
    assert isinstance(below, TextRow)
    assert isinstance(picture, Raster)
    assert picture.height == 30
    assert picture.bits.count(0) < len(picture.bits) - 40


def test_arabic_is_drawn_with_letters_that_differ() -> None:
    """A font that has the letters is found, so that they are not all the same box."""
    one, other = (
        printed(ReceiptDocument((Text(letter * 3),)), PAPER_58).rows[0] for letter in "حل"
    )
    assert isinstance(one, Raster)
    assert one != other


@pytest.mark.parametrize(
    ("page", "euro"),
    [(CodePage("cp858", 19), "€5"), (CodePage("cp437", 0), "EUR5"), (CodePage("cp1252", 16), "€5")],
)
def test_the_euro_sign_is_right_on_each_page(page: CodePage, euro: str) -> None:
    profile = replace(PAPER_80, code_page=page)
    assert printed(ReceiptDocument((Text("€5"),)), profile).lines == [euro]


def test_a_hostile_name_cannot_open_the_drawer() -> None:
    paper = printed(
        ReceiptDocument((Text("Milk \x1bp\x00\x19\xfa\x1d\x56\x00\x10\x14\x01"),)), PAPER_80
    )
    assert paper.pulses == []
    assert len(paper.rows) == 1


def test_a_hostile_code_cannot_open_the_drawer() -> None:
    """A printer that does not know the command of a QR code obeys what stands in it."""
    document = ReceiptDocument((QrCode("POS\x1bp\x00\x19\xfa\x10\x14\x01\x00\x01"),))
    data = render_escpos(document, replace(PAPER_80, symbols=Symbols.NATIVE))
    assert b"\x1bp" not in data
    assert b"\x10\x14" not in data


@pytest.mark.parametrize(("pin", "number"), [(2, 0), (5, 1)])
def test_the_drawer_opens_by_the_profiles_pulse(pin: int, number: int) -> None:
    profile = replace(PAPER_80, pulse=DrawerPulse(pin, 50, 500))
    assert bytes((0x1B, 0x70, number, 25, 250)) in render_escpos(
        ReceiptDocument((KickDrawer(),)), profile
    )
    assert printed(ReceiptDocument((KickDrawer(),)), profile).pulses == [pin]


def test_the_picture_is_as_wide_as_the_paper_and_shows_ink() -> None:
    for profile, width in ((PAPER_58, 464), (PAPER_80, 640)):
        picture = PIL.Image.open(io.BytesIO(render_png(receipt(), profile)))
        assert picture.width == width
        assert picture.height > 800
        assert picture.convert("L").getextrema() == (0, 255)


def test_a_font_can_be_handed_in_and_the_bundled_one_is_there() -> None:
    from pos_hardware import fonts

    bundled = fonts._bundled()
    assert bundled.is_file()
    handed = Fonts((bundled,))
    assert render_png(ReceiptDocument((Text("ﺡ"),)), PAPER_58, handed)


def test_text_shows_the_double_lines_in_place() -> None:
    shown = render_text(GOLDEN, 32).splitlines()
    assert shown[0] == "              Duka"
    assert shown[1] == "Café                       €1.50"
    assert shown[-1] == "- " * 16


def test_importing_the_generator_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import logging, sys\n"
        "from pos_hardware.document import ReceiptDocument, Text\n"
        "from pos_hardware.profile import PAPER_58\n"
        "from pos_hardware.rendering import render_escpos\n"
        "assert 'escpos' not in sys.modules and 'PIL' not in sys.modules\n"
        "render_escpos(ReceiptDocument((Text('a'),)), PAPER_58)\n"
        "assert 'escpos' in sys.modules and 'cups' not in sys.modules\n"
        "assert logging.root.handlers == [], logging.root.handlers\n"
    )
    (tmp_path / "cups").mkdir()
    (tmp_path / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"TMPDIR": str(tmp_path / "tmp"), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list((tmp_path / "tmp").iterdir()) == []


def test_nothing_is_printed_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    for symbols in Symbols:
        render_escpos(receipt(), replace(PAPER_80, symbols=symbols))
    assert capsys.readouterr() == ("", "")
