"""Makes the letters of PDF files from those of the screen: `print_fonts.py FONTS_FOLDER`.

What draws PDF files embeds outlines of TrueType alone, and the screen's letters have PostScript's.
Only the outlines change; figures become those of one width, so that sums line up. Needs fontTools,
which nothing else here does: install it by hand for this.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

MADE = {"Regular": "Print-Regular.ttf", "SemiBold": "Print-SemiBold.ttf"}
MOST_ERROR = 1.0
"""How far an outline may be off, in parts of 2,816 of the letters' size."""
KEPT_TABLES = {"head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post"}

NO_PROGRAMS = (
    "maxTwilightPoints",
    "maxStorage",
    "maxFunctionDefs",
    "maxInstructionDefs",
    "maxStackElements",
    "maxSizeOfInstructions",
    "maxComponentElements",
)
"""What a font has none of whose outlines are drawn as they are."""


def figures_of_one_width(font: TTFont) -> dict[str, str]:
    """Return which glyph the font has in place of another where all figures are equally wide."""
    table = font["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == "tnum"
        for index in record.Feature.LookupListIndex
    }
    found: dict[str, str] = {}
    for index in lookups:
        for part in table.LookupList.Lookup[index].SubTable:
            found |= getattr(part, "ExtSubTable", part).mapping
    return found


def with_quadratic_outlines(font: TTFont) -> None:
    """Turn the outlines of a font into those of TrueType."""
    glyphs, drawn = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, MOST_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = font.getGlyphOrder(), drawn
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    maxp.maxZones = 1
    for field in NO_PROGRAMS:
        setattr(maxp, field, 0)
    font["post"].formatType, font["post"].extraNames = 3.0, []
    font.sfntVersion = "\x00\x01\x00\x00"


def make(folder: Path, face: str) -> None:
    """Make the letters of one weight."""
    font = TTFont(folder / f"Inter-{face}.otf", recalcTimestamp=False)
    with_quadratic_outlines(font)
    replaced = figures_of_one_width(font)
    for table in font["cmap"].tables:
        table.cmap = {sign: replaced.get(name, name) for sign, name in table.cmap.items()}
    for tag in set(font.keys()) - KEPT_TABLES - {"GlyphOrder"}:
        del font[tag]
    font.save(folder / MADE[face])


if __name__ == "__main__":
    for one in MADE:
        make(Path(sys.argv[1]), one)
